//! rust-analyzer itself runs `check` in the place of `cargo check`: findings become diagnostics at
//! the right characters, rewrites become quick fixes. Where it is not installed (`rustup component
//! add rust-analyzer`), the test says so and passes.
#![allow(clippy::print_stderr, reason = "shown by a test that was skipped")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A machine that is busy with other builds takes its time.
const PATIENCE: Duration = Duration::from_secs(120);

/// Letters of two and four bytes before and within what is found.
const SOURCE: &str = "pub fn größen(wörter: &[&str]) -> Vec<usize> {
\tlet mut längen = Vec::new();
\tfor wört in wörter { let 𝑥 = wört.len(); längen.push(𝑥); }
\tlängen
}
";

struct Server {
    child: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    next: u64,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(dir: &Path) -> Option<Server> {
        let version = Command::new("rust-analyzer").arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: rust-analyzer is not installed");
            return None;
        }
        let mut child = Command::new("rust-analyzer")
            .current_dir(dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        Some(Server { child, input, messages, next: 0 })
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(json!({"id": id, "method": method, "params": params}));
        self.wait(|message| message["id"] == id && message["method"].is_null())
    }

    /// Waits for a message, and answers what the server asks meanwhile.
    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let Ok(message) = self.messages.recv_timeout(Duration::from_secs(1)) else { continue };
            if message["method"].is_string() && !message["id"].is_null() {
                self.send(json!({"id": message["id"], "result": null}));
            }
            if wanted(&message) {
                return message;
            }
        }
        panic!("rust-analyzer did not say it in {PATIENCE:?}");
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The text of a range, whose columns are UTF-16 units unless something else is agreed on.
fn covered(source: &str, range: &Value) -> String {
    let at = |place: &Value| {
        let line = place["line"].as_u64().unwrap() as usize;
        let start: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
        let mut units = place["character"].as_u64().unwrap() as usize;
        let inside = source[start..].chars().take_while(|c| {
            let is_before = units > 0;
            units = units.saturating_sub(c.len_utf16());
            is_before
        });
        start + inside.map(char::len_utf8).sum::<usize>()
    };
    source[at(&range["start"])..at(&range["end"])].to_owned()
}

#[test]
fn findings_become_diagnostics_and_rewrites_quick_fixes() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    fs::create_dir(root.join("src")).unwrap();
    let manifest =
        "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(root.join("Cargo.toml"), manifest).unwrap();
    fs::write(root.join("src/lib.rs"), SOURCE).unwrap();
    let Some(mut server) = Server::start(&root) else { return };
    let ours = env!("CARGO_BIN_EXE_cargo-perf");
    let command = [ours, "check", "--with", "check", "--all", "--message-format", "json"];
    let top = format!("file://{}", root.display());
    let file = format!("{top}/src/lib.rs");
    server.ask(
        "initialize",
        json!({
            "processId": null, "rootUri": top,
            "workspaceFolders": [{"uri": top, "name": "demo"}],
            "capabilities": {"textDocument": {"codeAction": {"codeActionLiteralSupport":
                {"codeActionKind": {"valueSet": ["quickfix"]}}}}},
            "initializationOptions": {
                "checkOnSave": true,
                "check": {"overrideCommand": command},
                "cargo": {"buildScripts": {"enable": false}, "sysroot": null},
                "procMacro": {"enable": false}, "cachePriming": {"enable": false},
            },
        }),
    );
    server.notify("initialized", json!({}));
    let document = json!({"uri": file, "languageId": "rust", "version": 1, "text": SOURCE});
    server.notify("textDocument/didOpen", json!({"textDocument": document}));
    let ours = |message: &Value| {
        let all = message["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|one| {
            let code = one["code"].as_str().unwrap_or_default();
            one["source"] != "rust-analyzer" && code.contains("unpreallocated_vec")
        })
    };
    let published = server.wait(|message| {
        message["method"] == "textDocument/publishDiagnostics"
            && message["params"]["uri"] == file.as_str()
            && ours(message).is_some()
    });
    let diagnostic = ours(&published).unwrap();
    let range = &diagnostic["range"];
    assert_eq!(covered(SOURCE, range), "längen.push(𝑥)", "{diagnostic}");

    // A quick fix is offered where it changes something, and that place is marked with a hint.
    let related = diagnostic["relatedInformation"].as_array().cloned().unwrap_or_default();
    let related = related.iter().find(|one| {
        one["message"].as_str().is_some_and(|message| message.contains("made empty here"))
    });
    let place = &related.unwrap_or_else(|| panic!("{diagnostic}"))["location"]["range"];
    assert_eq!(covered(SOURCE, place), "let mut längen = Vec::new();");
    let answer = server.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": file}, "range": place,
               "context": {"diagnostics": [], "only": ["quickfix"]}}),
    );
    let actions = answer["result"].as_array().cloned().unwrap_or_default();
    let edits = actions.iter().find_map(|action| action["edit"]["changes"][&file].as_array());
    let edits = edits.unwrap_or_else(|| panic!("no quick fix in {answer}"));
    let text = edits[0]["newText"].as_str().unwrap();
    assert!(text.contains("with_capacity(wörter.len())"), "{edits:?}");
    assert_eq!(covered(SOURCE, &edits[0]["range"]), "Vec::new()", "{edits:?}");
}
