//! A GitHub on the loopback interface: it holds requests against GitHub's published OpenAPI
//! description (the part in `fixtures/github/openapi.json`) and keeps comments in memory.
//!
//! `GITHUB_PRISM=http://127.0.0.1:4010 cargo test --test forge` also sends each request, as it
//! came, to Prism, which holds it against the whole description:
//! `npm install @octokit/openapi @stoplight/prism-cli`, then
//! `npx prism mock node_modules/@octokit/openapi/generated/api.github.com.deref.json`.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};

use serde_json::{Value, json};

const DESCRIPTION: &str = include_str!("../fixtures/github/openapi.json");

/// Where GitHub Enterprise has its API.
const GITHUB: &str = "/api/v3";

/// What the mock knows and saw.
#[derive(Default)]
pub struct State {
    pub comments: BTreeMap<u64, Value>,
    pub line_comments: Vec<Value>,
    pub reviews: Vec<Value>,
    pub check_runs: Vec<Value>,
    pub pulls: Vec<Value>,
    pub files: Vec<Value>,
    /// `METHOD path`, in order.
    pub seen: Vec<String>,
    /// Requests that the description does not allow.
    pub violations: Vec<String>,
    /// Answers to give instead, for the next requests of this method.
    pub faults: VecDeque<Fault>,
    next_id: u64,
}

/// An answer given once instead of the right one.
pub struct Fault {
    pub method: &'static str,
    pub status: u16,
    pub headers: &'static [(&'static str, &'static str)],
    pub message: &'static str,
    /// The request takes effect all the same.
    pub done: bool,
}

impl State {
    pub fn comment(&mut self, author: &str, body: &str) -> u64 {
        self.next_id += 1;
        let id = self.next_id;
        self.comments.insert(id, json!({"id": id, "user": {"login": author}, "body": body}));
        id
    }
}

/// What a forge answers: method, target, body, what it knows, its own address.
pub type Answer = fn(&str, &str, &Value, &mut State, &str) -> (u16, Vec<String>, Value);
/// Why a forge's description does not allow a request.
pub type Violation = fn(&str, &str, &Value) -> Option<String>;

pub struct Mock {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Mock {
    /// A GitHub that serves until the test process ends.
    pub fn start() -> Mock {
        Mock::of(GITHUB, answer, violation)
    }

    /// A forge whose API lies below a path.
    pub fn of(below: &'static str, answer: Answer, violation: Violation) -> Mock {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}{below}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let base = url.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &shared, &base, below, answer, violation);
            }
        });
        Mock { url, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

fn serve(
    stream: TcpStream,
    state: &Mutex<State>,
    base: &str,
    below: &str,
    answer: Answer,
    violation: Violation,
) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    let mut length = 0;
    let mut authorized = false;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        authorized |= lower.starts_with("authorization: bearer ");
        head.push_str(&line);
    }
    let mut sent = vec![0; length];
    reader.read_exact(&mut sent).unwrap();
    let mut first = head.lines().next().unwrap_or_default().split(' ');
    let (method, target) = (first.next().unwrap_or_default(), first.next().unwrap_or_default());
    let body: Value = serde_json::from_slice(&sent).unwrap_or(Value::Null);
    let mut state = state.lock().unwrap();
    let path = target.strip_prefix(below).unwrap_or(target).to_owned();
    state.seen.push(format!("{method} {path}"));
    if !authorized {
        state.violations.push(format!("{method} {path}: no token"));
    }
    if let Some(violation) = violation(method, &path, &body) {
        state.violations.push(violation);
    }
    if below == GITHUB {
        state.violations.extend(prism(&head.replacen(below, "", 1), &sent));
    }
    let fault = state.faults.iter().position(|fault| fault.method == method);
    let fault = fault.and_then(|at| state.faults.remove(at));
    let (status, headers, answer) = match fault {
        Some(fault) => {
            if fault.done {
                answer(method, &path, &body, &mut state, base);
            }
            let headers: Vec<String> =
                fault.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
            (fault.status, headers, json!({"message": fault.message}))
        }
        None => answer(method, &path, &body, &mut state, base),
    };
    let text = if status == 204 { String::new() } else { answer.to_string() };
    let mut response = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
    for header in headers {
        response.push_str(&format!("{header}\r\n"));
    }
    response.push_str(&format!("content-length: {}\r\n\r\n{text}", text.len()));
    reader.into_inner().write_all(response.as_bytes()).ok();
}

/// What Prism says against a request, where there is one to ask.
fn prism(head: &str, body: &[u8]) -> Option<String> {
    let url = std::env::var("GITHUB_PRISM").ok()?;
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(b"connection: close\r\n\r\n").unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    // What it says against its own examples, in a header, is not about the request.
    let status = answer.split(' ').nth(1).unwrap_or_default();
    let first = head.lines().next().unwrap_or_default();
    (!status.starts_with('2')).then(|| format!("{first}: {answer}"))
}

fn answer(
    method: &str,
    target: &str,
    body: &Value,
    state: &mut State,
    base: &str,
) -> (u16, Vec<String>, Value) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let list = |items: Vec<Value>| page(&items, path, query, base);
    match (method, parts.as_slice()) {
        ("GET", ["user"]) => {
            (403, vec![], json!({"message": "Resource not accessible by integration"}))
        }
        ("GET", ["repos", _, _, "issues", _, "comments"]) => {
            list(state.comments.values().cloned().collect())
        }
        ("POST", ["repos", _, _, "issues", _, "comments"]) => {
            let id = state.comment("github-actions[bot]", body["body"].as_str().unwrap());
            (201, vec![], state.comments[&id].clone())
        }
        ("PATCH", ["repos", _, _, "issues", "comments", id]) => {
            match state.comments.get_mut(&id.parse::<u64>().unwrap()) {
                Some(comment) => {
                    comment["body"] = body["body"].clone();
                    (200, vec![], comment.clone())
                }
                None => (404, vec![], json!({"message": "Not Found"})),
            }
        }
        ("DELETE", ["repos", _, _, "issues", "comments", id]) => {
            state.comments.remove(&id.parse::<u64>().unwrap());
            (204, vec![], Value::Null)
        }
        ("GET", ["repos", _, _, "pulls"]) => {
            let open = state.pulls.iter().filter(|pull| pull["state"] == "open");
            list(open.cloned().collect())
        }
        ("GET", ["repos", _, _, "pulls", number]) => {
            let found =
                state.pulls.iter().find(|pull| pull["number"].as_u64() == number.parse().ok());
            found.map_or((404, vec![], json!({"message": "Not Found"})), |pull| {
                (200, vec![], pull.clone())
            })
        }
        ("GET", ["repos", _, _, "pulls", _, "comments"]) => list(state.line_comments.clone()),
        ("GET", ["repos", _, _, "pulls", _, "files"]) => list(state.files.clone()),
        ("POST", ["repos", _, _, "pulls", _, "reviews"]) => {
            state.reviews.push(body.clone());
            for comment in body["comments"].as_array().into_iter().flatten() {
                let text = comment["body"].clone();
                let user = json!({"login": "github-actions[bot]"});
                state.line_comments.push(json!({"id": 1, "user": user, "body": text}));
            }
            (200, vec![], json!({"id": 1}))
        }
        ("POST", ["repos", _, _, "check-runs"]) => {
            state.check_runs.push(body.clone());
            (201, vec![], json!({"id": 7}))
        }
        ("PATCH", ["repos", _, _, "check-runs", "7"]) => {
            state.check_runs.push(body.clone());
            (200, vec![], json!({"id": 7}))
        }
        _ => (404, vec![], json!({"message": "Not Found"})),
    }
}

pub fn page(items: &[Value], path: &str, query: &str, base: &str) -> (u16, Vec<String>, Value) {
    let number = |name: &str, default: usize| {
        query
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
            .map_or(default, |value| value.parse().unwrap())
    };
    let (size, at) = (number("per_page", 30).min(100), number("page", 1));
    let shown: Vec<Value> = items.iter().skip((at - 1) * size).take(size).cloned().collect();
    let mut headers = Vec::new();
    if at * size < items.len() {
        let next = at + 1;
        headers.push(format!(
            "link: <{base}{path}?per_page={size}&page=1>; rel=\"first\", \
             <{base}{path}?per_page={size}&page={next}>; rel=\"next\""
        ));
    }
    (200, headers, Value::Array(shown))
}

/// Why the description does not allow a request.
fn violation(method: &str, target: &str, body: &Value) -> Option<String> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let description: Value = serde_json::from_str(DESCRIPTION).unwrap();
    let operation = description["operations"].as_array().unwrap().iter().find(|operation| {
        operation["method"] == method && matches(operation["path"].as_str().unwrap(), path)
    });
    let Some(operation) = operation else { return Some(format!("{method} {path}: unknown")) };
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let name = pair.split('=').next().unwrap();
        let parameters = operation["parameters"].as_array().unwrap();
        if !parameters.iter().any(|p| p["in"] == "query" && p["name"] == name) {
            return Some(format!("{method} {path}: no parameter {name}"));
        }
    }
    if operation["body"].is_null() {
        return None;
    }
    let validator = jsonschema::validator_for(&operation["body"]).unwrap();
    let error = validator.iter_errors(body).next()?;
    Some(format!("{method} {path}: {error}"))
}

pub fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(want), Some(part)) if want.starts_with('{') || want == part => {}
            _ => return false,
        }
    }
}
