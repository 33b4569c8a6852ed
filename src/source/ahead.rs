//! Sources that are read ahead: while cargo works out what belongs to a workspace, the files that
//! most likely do are read already.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use rustc_hash::FxHashMap;
use walkdir::WalkDir;

use super::load::{is_rust, text};
use crate::workspace::is_looked_into;

/// Reads on a thread of its own until what it read is wanted.
#[derive(Default)]
pub struct Ahead {
    reading: Option<JoinHandle<Texts>>,
    is_wanted: Arc<AtomicBool>,
}

/// Texts by path.
pub type Texts = FxHashMap<PathBuf, String>;

impl Ahead {
    /// Begins to read what lies below a folder.
    pub fn below(folder: PathBuf) -> Ahead {
        let is_wanted = Arc::default();
        let flag = Arc::clone(&is_wanted);
        let reading = thread::Builder::new().spawn(move || read(&folder, &flag)).ok();
        Ahead { reading, is_wanted }
    }

    /// What was read so far. What could not be read is left to who needs it.
    pub fn texts(mut self) -> Texts {
        self.is_wanted.store(true, Ordering::Relaxed);
        self.reading.take().and_then(|reading| reading.join().ok()).unwrap_or_default()
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.is_wanted.store(true, Ordering::Relaxed);
    }
}

fn read(folder: &Path, is_wanted: &AtomicBool) -> Texts {
    let below = WalkDir::new(folder).follow_links(false).into_iter();
    below
        .filter_entry(|entry| entry.depth() == 0 || is_looked_into(entry))
        .take_while(|_| !is_wanted.load(Ordering::Relaxed))
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file() && is_rust(entry.path()))
        .filter_map(|entry| Some((entry.path().to_owned(), text(entry.path()).ok()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_files_below_a_folder_are_read_and_build_output_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("a/src/lib.rs", "1");
        write("a/README.md", "2");
        write("target/CACHEDIR.TAG", "");
        write("target/b.rs", "3");
        write(".git/c.rs", "4");
        let texts = read(folder.path(), &AtomicBool::new(false));
        let read: Vec<_> = texts.into_iter().collect();
        assert_eq!(read, [(folder.path().join("a/src/lib.rs"), "1".to_owned())]);
    }

    #[test]
    fn who_wants_it_waits_for_no_more() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.rs"), "1").unwrap();
        assert!(read(folder.path(), &AtomicBool::new(true)).is_empty());
        assert!(Ahead::default().texts().is_empty());
    }
}
