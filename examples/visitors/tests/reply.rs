//! The reply, byte by byte. The counter is shared, so each test reads its number from the reply.

use std::collections::HashSet;

use visitors::{Request, handle, serve};

fn reply_to(request: &Request) -> String {
    let mut reply = Vec::new();
    handle(request, &mut reply);
    String::from_utf8(reply).unwrap()
}

fn number_in(reply: &str) -> u64 {
    let (_, rest) = reply.rsplit_once("visitor number ").unwrap();
    rest.strip_suffix('!').unwrap().parse().unwrap()
}

fn greeting(color: &str, number: u64) -> String {
    let page = format!("<h1 style='color: {color}'>Welcome!</h1>You are visitor number {number}!");
    let length = page.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{page}"
    )
}

#[test]
fn a_visitor_is_greeted_in_the_asked_color() {
    for color in ["#ff00aa", "00ff00", ""] {
        let reply = reply_to(&Request::get("/hi").with("color", color));
        assert_eq!(reply, greeting(color, number_in(&reply)));
    }
}

#[test]
fn a_missing_color_is_an_empty_one() {
    let reply = reply_to(&Request::get("/hi").with("name", "gopher"));
    assert_eq!(reply, greeting("", number_in(&reply)));
}

#[test]
fn anything_but_a_color_is_refused() {
    for color in ["red", "#ff00a", "#ff00aag", "'><script>", "#FF00AA"] {
        let reply = reply_to(&Request::get("/hi").with("color", color));
        assert_eq!(
            reply,
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
             Content-Length: 25\r\n\r\nOptional color is invalid"
        );
    }
}

#[test]
fn each_visitor_of_each_thread_has_a_number_of_its_own() {
    let numbers: Vec<u64> = std::thread::scope(|scope| {
        let visits = || (0..50).map(|_| number_in(&reply_to(&Request::get("/hi")))).collect();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(visits)).collect();
        threads.into_iter().flat_map(|thread| -> Vec<u64> { thread.join().unwrap() }).collect()
    });
    assert_eq!(numbers.len(), 200);
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), 200);
}

#[test]
fn a_connection_carries_the_replies_in_order() {
    let requests: Vec<Request> =
        ["#000001", "no", "#000003"].map(|color| Request::get("/hi").with("color", color)).into();
    let mut wire = b"already sent".to_vec();
    serve(&requests, &mut wire);
    let wire = String::from_utf8(wire).unwrap();
    let replies: Vec<&str> = wire.split("HTTP/1.1 ").collect();
    assert_eq!(replies.len(), 4);
    assert_eq!(replies[0], "already sent");
    assert!(replies[1].contains("#000001"));
    assert!(replies[2].starts_with("400 "));
    assert!(replies[3].contains("#000003"));
}
