//! `cargo perf stat` as it is called: benchstat's output to the byte, and what benchstat does not
//! do.

mod documentation;
mod inputs;
mod reference;
mod shapes;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run left.
struct Ran {
    stdout: String,
    stderr: String,
    code: Option<i32>,
}

/// Runs `cargo-perf stat` in a directory.
fn stat(dir: &Path, args: &[impl AsRef<str>]) -> Ran {
    stat_with_input(dir, args, b"")
}

/// The same with standard input.
fn stat_with_input(dir: &Path, args: &[impl AsRef<str>], input: &[u8]) -> Ran {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-perf"))
        .arg("stat")
        .args(args.iter().map(|arg| OsString::from(arg.as_ref())))
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // It may end without reading its input.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    let output = child.wait_with_output().expect("the program ends");
    Ran {
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
        code: output.status.code(),
    }
}

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}
