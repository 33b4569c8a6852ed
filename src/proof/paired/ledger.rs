//! The pairs measured so far, on disk, so that an interrupted comparison goes on where it was.

use std::fs::{self, File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::side::Target;
use super::{Error, Options};

/// One pair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The bench by its place in the list of common benches, the canary behind them.
    pub(super) bench: usize,
    /// It was linked in an order of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) relinked: bool,
    pub(super) before: f64,
    pub(super) after: f64,
}

/// A file of pairs. Its first line says what was compared how; pairs of anything else do not
/// count.
pub(super) struct Ledger {
    path: PathBuf,
    file: File,
}

#[derive(PartialEq, Serialize, Deserialize)]
struct Head {
    version: u32,
    what: String,
}

impl Ledger {
    /// Opens the file with the pairs of an interrupted run of the same comparison, or a new one.
    pub(super) fn open(path: &Path, what: &str) -> Result<(Ledger, Vec<Entry>), Error> {
        let at = |error| Error::File { path: path.to_owned(), error };
        let head = Head { version: 1, what: what.to_owned() };
        let entries = match File::open(path) {
            Ok(file) => read(file, &head),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(at(error)),
        };
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).map_err(at)?;
        }
        // Written anew, so that a line that was cut off by a crash is gone.
        let file =
            OpenOptions::new().create(true).write(true).truncate(true).open(path).map_err(at)?;
        let mut ledger = Ledger { path: path.to_owned(), file };
        ledger.line(&head)?;
        for entry in &entries {
            ledger.line(entry)?;
        }
        Ok((ledger, entries))
    }

    /// Adds a pair.
    pub(super) fn add(&mut self, entry: &Entry) -> Result<(), Error> {
        self.line(entry)
    }

    /// The comparison came to its end: the next one starts anew.
    pub(super) fn close(self) -> Result<(), Error> {
        let path = self.path;
        fs::remove_file(&path).map_err(|error| Error::File { path, error })
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), Error> {
        let mut text =
            serde_json::to_string(line).map_err(|error| self.error(io::Error::other(error)))?;
        text.push('\n');
        self.file.write_all(text.as_bytes()).map_err(|error| self.error(error))
    }

    fn error(&self, error: io::Error) -> Error {
        Error::File { path: self.path.clone(), error }
    }
}

/// The pairs, up to the first line that is not one.
fn read(file: File, expected: &Head) -> Vec<Entry> {
    let mut lines = BufReader::new(file).lines().map_while(Result::ok);
    let head = lines.next().and_then(|line| serde_json::from_str::<Head>(&line).ok());
    if head.as_ref() != Some(expected) {
        return Vec::new();
    }
    lines.map_while(|line| serde_json::from_str(&line).ok()).collect()
}

/// A text that differs where anything differs that a pair depends on: the files that run, the
/// benches, and how they are run.
pub(super) fn fingerprint(
    targets: &[(Target, Target)],
    benches: &[String],
    options: &Options,
) -> Result<String, Error> {
    let mut hasher = DefaultHasher::new();
    for (before, after) in targets {
        for target in [before, after] {
            let bytes = fs::read(&target.path)
                .map_err(|error| Error::File { path: target.path.clone(), error })?;
            bytes.hash(&mut hasher);
            target.cwd.hash(&mut hasher);
        }
    }
    let length = (options.length.warm_up, options.length.measure, options.length.samples);
    (benches, length, options.canary, options.seed).hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(bench: usize) -> Entry {
        Entry { bench, relinked: bench == 1, before: 1.25e-6, after: 1.5e-6 }
    }

    #[test]
    fn pairs_are_there_again_after_an_interrupt() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/pairs");
        let (mut ledger, before) = Ledger::open(&path, "x").unwrap();
        assert!(before.is_empty());
        ledger.add(&entry(0)).unwrap();
        ledger.add(&entry(1)).unwrap();
        drop(ledger);
        // A crash in the middle of a line loses that line.
        OpenOptions::new().append(true).open(&path).unwrap().write_all(b"{\"bench\":2,").unwrap();
        let (mut ledger, before) = Ledger::open(&path, "x").unwrap();
        assert_eq!(before, [entry(0), entry(1)]);
        ledger.add(&entry(2)).unwrap();
        drop(ledger);
        assert_eq!(Ledger::open(&path, "x").unwrap().1.len(), 3);
    }

    #[test]
    fn pairs_of_another_comparison_do_not_count() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pairs");
        Ledger::open(&path, "x").unwrap().0.add(&entry(0)).unwrap();
        assert!(Ledger::open(&path, "y").unwrap().1.is_empty());
        let (ledger, _) = Ledger::open(&path, "y").unwrap();
        ledger.close().unwrap();
        assert!(!path.exists());
    }
}
