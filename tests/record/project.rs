//! Small cargo projects, written for one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use cargo_perf::formats::pprof;
use cargo_perf::model::profile::{BenchTotals, Profile};
use tempfile::TempDir;

/// A project in a directory of its own.
pub struct Project {
    dir: TempDir,
}

/// A manifest with one bench target `b` that has a `main` of its own.
pub const PLAIN: &str = "[package]\nname = \"plain\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                         [[bench]]\nname = \"b\"\nharness = false\n[workspace]\n";

/// Work that the compiler keeps, for some tenths of a second of CPU time, however little of that a
/// busy machine grants in how long.
pub const BUSY: &str = "fn main() { busy() }\n\
    fn busy() { for round in 0..500_000_000_u64 { std::hint::black_box(round); } }\n";

impl Project {
    /// With these files, by path and text.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let dir = TempDir::new().unwrap();
        let project = Project { dir };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// A package with an empty library and this bench as its `main`.
    pub fn plain(bench: &str) -> Self {
        Project::new(&[("Cargo.toml", PLAIN), ("src/lib.rs", ""), ("benches/b.rs", bench)])
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// `cargo-perf ARGS` in the project, or in a directory below it.
    pub fn command(&self, below: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
        command.args(args).current_dir(self.path(below)).stdin(Stdio::null());
        // Another target directory, as cargo's own tests may have set one, is not the project's.
        command.env_remove("CARGO_TARGET_DIR");
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command("", args).output().unwrap())
    }

    pub fn start(&self, args: &[&str]) -> Child {
        let mut command = self.command("", args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The profile that was left.
    pub fn profile(&self) -> Profile {
        read(&self.path("target/perf/profile.pb.gz"))
    }

    pub fn benches(&self) -> Vec<BenchTotals> {
        self.profile().benches
    }
}

pub fn read(path: &Path) -> Profile {
    pprof::read(&fs::read(path).unwrap()).unwrap()
}

/// How a command ended and what it wrote.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Ended with this code and said all of this on standard error.
    #[track_caller]
    pub fn fails(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.err);
        for word in words {
            assert!(self.err.contains(word), "`{word}` is not in: {}", self.err);
        }
    }

    #[track_caller]
    pub fn succeeds(&self) {
        assert_eq!(self.code, Some(0), "{}", self.err);
    }
}
