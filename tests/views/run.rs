//! Runs the command line within the test.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cargo_perf::exit::Exit;
use cargo_perf::term::Terminal;

/// What a run printed and ended with.
pub struct Ran {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// How it ended.
    pub exit: Exit,
}

/// Runs `cargo perf` with these arguments.
pub fn cargo_perf<S: AsRef<str>>(args: &[S]) -> Ran {
    let args: Vec<OsString> = ["cargo-perf", "perf"]
        .into_iter()
        .chain(args.iter().map(S::as_ref))
        .map(OsString::from)
        .collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = cargo_perf::run(&args, &mut out, &mut err, Terminal::plain());
    let text = |bytes| String::from_utf8(bytes).expect("the output is text");
    Ran { out: text(out), err: text(err), exit }
}

/// A file among the fixtures.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}
