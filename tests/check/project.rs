//! A package in a folder of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A loop that compiles a constant pattern on each turn: wrong without any measurement.
pub const SLOW: &str = "pub fn count(lines: &[&str]) -> usize {
    let mut count = 0;
    for line in lines {
        let number = regex::Regex::new(\"[0-9]+\").unwrap();
        count += usize::from(number.is_match(line));
    }
    count
}
";

pub struct Project {
    pub folder: TempDir,
}

impl Project {
    /// A package that depends on nothing that would have to be fetched: linting needs names only.
    pub fn new(files: &[(&str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        project.write(
            "Cargo.toml",
            "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
             [dependencies]\nregex = \"1\"\n[workspace]\n",
        );
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-perf"));
        command.current_dir(self.folder.path()).args(args);
        command
    }

    pub fn perf(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// The findings of `check`, as JSON.
    pub fn findings(&self, args: &[&str]) -> Vec<Value> {
        let output = self.perf(&[&["check", "--message-format", "json"], args].concat());
        assert!(output.status.code().is_some_and(|code| code < 2), "{}", stderr(&output));
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
