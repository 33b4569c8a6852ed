//! Keeps clean files clean: what rustfmt would not have touched before, it formats afterwards.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Change;

/// The user's rustfmt, with the configuration that lies beside the files.
#[derive(Clone, Debug)]
pub struct Rustfmt {
    program: PathBuf,
    root: PathBuf,
}

impl Rustfmt {
    /// For the files of a workspace.
    pub fn new(root: &Path) -> Self {
        let program = std::env::var_os("RUSTFMT").map_or_else(|| "rustfmt".into(), PathBuf::from);
        Rustfmt { program, root: root.to_owned() }
    }

    /// Formats the changed text where the file was clean before. Where rustfmt is not installed,
    /// or will not have the text, the text stays as it is.
    pub fn keep_clean(&self, change: &mut Change, edition: &str) {
        let is_clean =
            self.format(&change.file, &change.before, edition).as_ref() == Some(&change.before);
        if is_clean && let Some(after) = self.format(&change.file, &change.after, edition) {
            change.after = after;
        }
    }

    fn format(&self, file: &Path, text: &str, edition: &str) -> Option<String> {
        let folder = self.root.join(file).parent()?.to_owned();
        let mut child = Command::new(&self.program)
            .args(["--emit", "stdout", "--quiet", "--edition", edition])
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut stdin = child.stdin.take()?;
        // Written beside the reading, so that neither waits for the other on a long file.
        let output = std::thread::scope(|scope| {
            scope.spawn(move || {
                let _ = stdin.write_all(text.as_bytes());
            });
            child.wait_with_output()
        })
        .ok()?;
        if !output.status.success() {
            return None;
        }
        String::from_utf8(output.stdout).ok()
    }
}
