//! Scratch checkouts: a revision, or the working tree, as files of their own to build from.
//!
//! Nothing of the user's is touched: git is asked for objects and told to write elsewhere, with an
//! index of ours.

mod files;
mod git;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::workspace::empty_dir;

pub use git::Repository;

/// What is checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revision {
    /// A commit.
    Commit {
        /// As the user named it.
        name: String,
        /// Its hash.
        hash: String,
    },
    /// The files as they are, new ones too, but none that git ignores.
    WorkingTree,
}

impl Revision {
    /// The commit's hash; `None` for the working tree.
    pub fn hash(&self) -> Option<&str> {
        match self {
            Revision::Commit { hash, .. } => Some(hash),
            Revision::WorkingTree => None,
        }
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Revision::Commit { name, hash } if hash.starts_with(name.as_str()) => {
                f.write_str(&hash[..hash.len().min(name.len().max(10))])
            }
            Revision::Commit { name, .. } => f.write_str(name),
            Revision::WorkingTree => f.write_str("working tree"),
        }
    }
}

/// Why there is no checkout.
#[derive(Debug)]
pub enum CheckoutError {
    /// There is no git.
    NoGit(io::Error),
    /// The directory lies in no repository.
    NoRepository(PathBuf),
    /// No commit has this name.
    NoSuchRevision(String),
    /// Git failed at what it was asked for: its own words.
    Git {
        /// What it was asked for.
        what: &'static str,
        /// Its words.
        words: String,
    },
    /// A file could not be written or read.
    File {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        error: io::Error,
    },
}

impl fmt::Display for CheckoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CheckoutError::NoGit(error) => write!(f, "git does not run: {error}"),
            CheckoutError::NoRepository(dir) => {
                write!(f, "{} lies in no git repository", dir.display())
            }
            CheckoutError::NoSuchRevision(name) => write!(f, "no commit is called `{name}`"),
            CheckoutError::Git { what, words } => write!(f, "git could not {what}: {words}"),
            CheckoutError::File { path, error } => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for CheckoutError {}

fn at(path: &Path) -> impl FnOnce(io::Error) -> CheckoutError {
    let path = path.to_owned();
    move |error| CheckoutError::File { path, error }
}

/// A revision as files.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// What stands for the top of the repository.
    pub root: PathBuf,
    /// Submodules, which are as they are in the working tree, or empty.
    pub submodules: Vec<String>,
}

impl Checkout {
    /// Writes a revision into a directory, which is emptied before. Everything in it is new to
    /// cargo, whatever was built from the directory before.
    pub fn make(
        repository: &Repository,
        revision: &Revision,
        dir: &Path,
    ) -> Result<Checkout, CheckoutError> {
        empty_dir(dir).map_err(at(dir))?;
        match revision {
            Revision::Commit { hash, .. } => repository.write_commit(hash, dir)?,
            Revision::WorkingTree => {
                for path in repository.files()? {
                    let from = repository.top.join(&path);
                    files::copy(&from, &dir.join(&path)).map_err(at(&from))?;
                }
            }
        }
        let checkout = Checkout { root: dir.to_owned(), submodules: repository.submodules()? };
        for path in &checkout.submodules {
            let from = repository.top.join(path);
            files::copy_tree(&from, &dir.join(path)).map_err(at(&from))?;
        }
        files::leave_out_configuration(&repository.top, dir).map_err(at(dir))?;
        Ok(checkout)
    }

    /// What stands for a path of the repository.
    pub fn path_of(&self, repository: &Repository, path: &Path) -> PathBuf {
        match path.strip_prefix(&repository.top) {
            Ok(inside) => self.root.join(inside),
            Err(_) => path.to_owned(),
        }
    }

    /// A lock file that git does not know, beside this manifest's: without it, both sides would be
    /// resolved anew, and perhaps not alike.
    pub fn take_lock_file(&self, original: &Path, copy: &Path) -> Result<(), CheckoutError> {
        let (from, to) = (original.join("Cargo.lock"), copy.join("Cargo.lock"));
        if to.exists() || !from.exists() {
            return Ok(());
        }
        std::fs::copy(&from, &to).map(drop).map_err(at(&from))
    }

    /// Makes everything new to cargo again. A build of another checkout in the same target
    /// directory leaves artifacts that are younger than these files, and of the same names.
    pub fn renew(&self) -> Result<(), CheckoutError> {
        files::renew(&self.root).map_err(at(&self.root))
    }
}
