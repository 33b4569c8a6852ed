//! Fixtures compiled with the toolchain at hand.

use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_perf::facts::debuginfo::Wanted;
use cargo_perf::facts::{Facts, FileFacts};
use tempfile::TempDir;

/// A fixture's source, and what it was compiled to.
pub struct Program {
    pub folder: TempDir,
    pub text: String,
    pub binary: PathBuf,
}

/// How the same source may be compiled.
pub const BUILDS: [(&str, &[&str]); 6] = [
    ("dev", &["-Cdebuginfo=2"]),
    ("optimised", &["-Cdebuginfo=2", "-Copt-level=3"]),
    ("version 5", &["-Cdebuginfo=2", "-Cdwarf-version=5"]),
    ("library", &["-Cdebuginfo=2", "--crate-type=rlib"]),
    ("split", &["-Cdebuginfo=2", "-Csplit-debuginfo=unpacked"]),
    ("split, version 5", &["-Cdebuginfo=2", "-Csplit-debuginfo=unpacked", "-Cdwarf-version=5"]),
];

impl Program {
    /// Compiles a fixture; `root` is the folder, the source lies in `src`.
    pub fn compile(fixture: &str, flags: &[&str]) -> Program {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/facts");
        let text = std::fs::read_to_string(source.join(fixture)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let src = folder.path().join("src");
        std::fs::create_dir(&src).unwrap();
        std::fs::write(src.join("main.rs"), &text).unwrap();
        let binary = folder.path().join("program");
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .current_dir(folder.path())
            .args(["--edition=2024", "--crate-name=app", "-Awarnings", "src/main.rs"])
            .arg("-o")
            .arg(&binary)
            .args(flags)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Program { folder, text, binary }
    }

    pub fn wanted(&self) -> Wanted {
        Wanted {
            root: self.folder.path().canonicalize().unwrap(),
            crates: ["app".to_owned()].into(),
            except: vec![PathBuf::from("target")],
            files: None,
        }
    }

    pub fn facts(&self) -> Facts {
        Facts::read(&self.binary, &self.wanted()).unwrap()
    }

    /// The one line that contains a text.
    pub fn line(&self, part: &str) -> u32 {
        let mut found = self.text.lines().zip(1..).filter(|(line, _)| line.contains(part));
        let (_, line) = found.next().unwrap_or_else(|| panic!("no line with {part:?}"));
        assert!(found.next().is_none(), "more than one line with {part:?}");
        line
    }

    /// Line and column in bytes of `at` in the one line that contains `part`.
    pub fn place(&self, part: &str, at: &str) -> (u32, u32) {
        let line = self.line(part);
        let text = self.text.lines().nth(line as usize - 1).unwrap();
        (line, u32::try_from(text.find(at).unwrap()).unwrap() + 1)
    }
}

/// The facts of the fixture's only source.
pub fn source<'f>(facts: &'f Facts, program: &Program) -> FileFacts<'f> {
    facts.of_file(Path::new("src/main.rs"), &program.text)
}
