//! A page that greets its visitors and counts them.
//!
//! Written as a first version is written: plain, correct, and with everything made anew for each
//! request. `cargo perf fix --prove` takes it from here.

mod request;

use std::sync::Mutex;

use regex::Regex;

pub use request::Request;

const CHARSET: &str = "utf-8";

static VISITORS: Mutex<u64> = Mutex::new(0);

/// Answers one request: the reply is appended to `reply`, head and page.
pub fn handle(request: &Request, reply: &mut Vec<u8>) {
    let color = request.form_value("color").to_string();
    let optional_color = Regex::new(r"^(#?[0-9a-f]{6})?$").unwrap();
    if !optional_color.is_match(&color) {
        bad_request("Optional color is invalid", reply);
        return;
    }

    let visitor = {
        let mut visitors = VISITORS.lock().unwrap();
        *visitors += 1;
        *visitors
    };

    let mut page = String::new();
    page = page + "<h1 style='color: " + &color + "'>Welcome!</h1>";
    page += &format!("You are visitor number {}!", visitor);

    let mut head = String::new();
    head += "HTTP/1.1 200 OK\r\n";
    head += &format!("Content-Type: text/html; charset={}\r\n", CHARSET);
    head.push_str(&format!("Content-Length: {}\r\n\r\n", page.len()));

    reply.extend_from_slice(head.as_bytes());
    reply.extend_from_slice(page.as_bytes());
}

/// Answers the requests of one connection, in their order.
pub fn serve(requests: &[Request], connection: &mut Vec<u8>) {
    for request in requests {
        let mut reply = Vec::new();
        handle(request, &mut reply);
        connection.extend_from_slice(&reply);
    }
}

fn bad_request(reason: &str, reply: &mut Vec<u8>) {
    let head = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset={}\r\nContent-Length: {}\r\n\r\n",
        CHARSET,
        reason.len()
    );
    reply.extend_from_slice(head.as_bytes());
    reply.extend_from_slice(reason.as_bytes());
}
