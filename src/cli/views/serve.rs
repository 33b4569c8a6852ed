//! `--serve`: one page on a loopback port, for as long as the program runs.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use crate::cli::Context;
use crate::exit::{Exit, Failure};

/// A request's head is no longer than this.
const MAX_HEAD: u64 = 16 << 10;
const PATIENCE: Duration = Duration::from_secs(5);

/// Serves the page until the program is interrupted.
pub(super) fn serve(html: &[u8], port: u16, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let failed = |error: io::Error| {
        Failure::environment(format!("cannot serve on port {port} of this machine: {error}"))
            .help("leave out `--port` to take any that is free")
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    context.print(format!("http://{address}/\n").as_bytes())?;
    context.note("press Ctrl-C to end");
    let html: Arc<[u8]> = html.into();
    for stream in listener.incoming().flatten() {
        let html = Arc::clone(&html);
        // A request that takes its time holds up nobody else.
        std::thread::spawn(move || answer(&stream, &html, address));
    }
    Ok(Exit::Clean)
}

/// A connection that breaks is the browser's business.
fn answer(stream: &TcpStream, html: &[u8], address: SocketAddr) {
    let _ = stream.set_read_timeout(Some(PATIENCE));
    let _ = stream.set_write_timeout(Some(PATIENCE));
    let _ = respond(stream, html, address);
}

fn respond(mut stream: &TcpStream, html: &[u8], address: SocketAddr) -> io::Result<()> {
    let mut lines = BufReader::new(stream.take(MAX_HEAD)).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut host = String::new();
    for line in lines {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("host")
        {
            host = value.trim().to_owned();
        }
    }
    let mut words = request.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let path = path.split('?').next().unwrap_or_default();
    let (status, body) = if !is_ours(&host, address.port()) {
        // Another site's name that was made to point here: it must not read the page.
        ("403 Forbidden", &b"This page is served to this machine only.\n"[..])
    } else if method != "GET" && method != "HEAD" {
        ("405 Method Not Allowed", &b"Only GET.\n"[..])
    } else if path == "/" {
        ("200 OK", html)
    } else {
        ("404 Not Found", &b"There is one page: /\n"[..])
    };
    let kind = if status.starts_with("200") { "text/html" } else { "text/plain" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {}\r\n\
         X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    if method != "HEAD" {
        stream.write_all(body)?;
    }
    stream.flush()
}

fn is_ours(host: &str, port: u16) -> bool {
    let name = host.strip_suffix(&format!(":{port}")).unwrap_or(host);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(request: &str) -> String {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let mut client = TcpStream::connect(address).unwrap();
        client.write_all(request.replace("PORT", &address.port().to_string()).as_bytes()).unwrap();
        let (server, _) = listener.accept().unwrap();
        answer(&server, b"<p>page</p>", address);
        drop(server);
        let mut text = String::new();
        client.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn the_page_is_served_to_this_machine_only() {
        let page = ask("GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n");
        assert!(page.starts_with("HTTP/1.1 200") && page.ends_with("<p>page</p>"));
        let rebound = ask("GET / HTTP/1.1\r\nHost: example.org:PORT\r\n\r\n");
        assert!(rebound.starts_with("HTTP/1.1 403") && !rebound.contains("page</p>"));
    }

    #[test]
    fn nothing_else_is_served() {
        let host = "Host: 127.0.0.1:PORT\r\n\r\n";
        assert!(ask(&format!("GET /../etc/passwd HTTP/1.1\r\n{host}")).starts_with("HTTP/1.1 404"));
        assert!(ask(&format!("POST / HTTP/1.1\r\n{host}")).starts_with("HTTP/1.1 405"));
        assert!(ask("\r\n\r\n").starts_with("HTTP/1.1 403"));
    }
}
