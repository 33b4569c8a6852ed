//! Where profiles come from: files of other tools, URLs, criterion's directories.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use cargo_perf::exit::Exit;

use crate::run::{Ran, cargo_perf, fixture};

/// Serves one answer on a loopback port and returns the URL.
fn serve(status: &'static str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request);
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
    });
    format!("http://{address}/debug/pprof/profile?seconds=1")
}

fn top(from: &str) -> Ran {
    cargo_perf(&["top", "--from", from, "--nodecount=1"])
}

#[test]
fn a_profile_is_fetched_from_a_url() {
    let body = std::fs::read(fixture("pprof/cpu.pb.gz")).unwrap();
    let ran = top(&serve("200 OK", body));
    assert_eq!(ran.exit, Exit::Clean, "{}", ran.err);
    assert!(ran.out.contains("runtime.tryDeferToSpanScan"));
}

#[test]
fn a_server_that_refuses_or_serves_no_profile_is_named() {
    let ran = top(&serve("404 Not Found", b"no\x1b[31m such page\n".to_vec()));
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("404") && ran.err.contains("/debug/pprof/profile"));
    assert!(!ran.err.contains('\x1b') && !ran.err.contains("seconds=1"));
    let ran = top(&serve("200 OK", b"<html>sign in</html>".to_vec()));
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("not a profile"), "{}", ran.err);
}

#[test]
fn a_server_that_is_not_there_is_an_environment_failure() {
    // None of the ports that are given to whoever asks for one.
    let ran = top("http://127.0.0.1:1/");
    assert_eq!(ran.exit, Exit::Environment);
}

#[test]
fn profiles_of_criterions_benches_are_merged_and_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    for bench in ["parse/long", "parse/short"] {
        let profile = dir.path().join(bench).join("profile");
        std::fs::create_dir_all(&profile).unwrap();
        std::fs::copy(fixture("pprof/cpu.pb.gz"), profile.join("profile.pb")).unwrap();
    }
    let from = dir.path().display().to_string();
    let ran = cargo_perf(&["top", "--from", &from, "--nodecount=1"]);
    assert!(
        ran.out.contains("of 1120ms total") || ran.out.contains("of 1.12s total"),
        "{}",
        ran.out
    );
    let ran = cargo_perf(&["top", "--from", &from, "--nodecount=1", "--bench", "parse/long"]);
    assert!(ran.out.contains("of 560ms total"), "{}", ran.out);
    let ran = cargo_perf(&["top", "--from", &from, "--bench", "parse"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("parse/long, parse/short"), "{}", ran.err);
}

#[test]
fn texts_of_other_tools_are_known_by_their_content() {
    let dir = tempfile::tempdir().unwrap();
    let show = |text: &str| {
        let path = dir.path().join("profile");
        std::fs::write(&path, text).unwrap();
        let ran = cargo_perf(&["top", "--from", &path.display().to_string()]);
        assert_eq!(ran.exit, Exit::Clean, "{}", ran.err);
        ran.out
    };
    assert!(show("main;work 30\nmain 10\n").contains("30 75.00% 75.00%         30 75.00%  work"));
    let script =
        "app 1 1.0:  2000000 cpu-clock: \n\tff work+0x1 (/bin/app)\n\tfe main (/bin/app)\n\n";
    let out = show(script);
    assert!(out.contains("Type: cpu") && out.contains("2ms   100%   100%        2ms   100%  work"));
}

#[test]
fn a_missing_profile_names_the_next_step() {
    let ran = cargo_perf(&["top", "--from", "/nowhere/profile.pb.gz"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("/nowhere/profile.pb.gz"));
}
