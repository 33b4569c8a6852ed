//! pprof's flame graph is a page of its server: the time from its start to the page.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than this nobody waits.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long `go tool pprof` takes to serve the flame graph of a profile.
pub fn time_to_flame_graph(profile: &str) -> Option<Duration> {
    // The port is free now, and pprof wants to be told one.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?.local_addr().ok()?.port();
    let start = Instant::now();
    let mut server = Command::new("go")
        .args(["tool", "pprof", "-no_browser", &format!("-http=127.0.0.1:{port}"), profile])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut found = None;
    while found.is_none() && start.elapsed() < PATIENCE && matches!(server.try_wait(), Ok(None)) {
        match page(port) {
            Some(true) => found = Some(start.elapsed()),
            Some(false) => break,
            None => std::thread::sleep(Duration::from_millis(10)),
        }
    }
    // `go tool` hands on the signal that ends it no further than to itself.
    end_children(server.id());
    let _ = server.kill();
    let _ = server.wait();
    found
}

/// Whether the page is there; `None` where nobody listens yet.
fn page(port: u16) -> Option<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let request = format!(
        "GET /ui/flamegraph HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    Some(answer.get(9..12) == Some(b"200"))
}

fn end_children(pid: u32) {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children"));
    for child in children.unwrap_or_default().split_whitespace() {
        let _ = Command::new("kill").arg(child).status();
    }
}
