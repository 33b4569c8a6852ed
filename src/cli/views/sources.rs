//! Sources a listing may show. A profile only names files: which of them are read is decided here.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::report::views::list::{NotShown, Sources};

/// Longer files are not shown.
const MAX_BYTES: u64 = 32 << 20;

type Lines = Result<Rc<Vec<String>>, NotShown>;

/// Files below the workspace, or below a directory the user names.
pub(super) struct Workspace {
    /// Directories that may be read from, resolved.
    roots: Vec<PathBuf>,
    /// The directory that relative paths are looked for in, and in its parents within the roots.
    dir: PathBuf,
    trim: Vec<String>,
    /// Where relative paths are looked for, for people.
    searched: String,
    read: HashMap<String, Lines>,
}

impl Workspace {
    /// `root` is the workspace's, or the current directory; `source_path` and `trim_path` as given.
    pub(super) fn new(root: &Path, source_path: &str, trim_path: &str) -> Self {
        let split = |text: &str| -> Vec<PathBuf> {
            std::env::split_paths(text).filter(|path| !path.as_os_str().is_empty()).collect()
        };
        let resolved = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut roots = vec![resolved(root)];
        roots.extend(split(source_path).iter().map(|path| resolved(path)));
        let dir = std::env::current_dir().map_or_else(|_| resolved(root), |dir| resolved(&dir));
        let trim = split(trim_path).iter().map(|path| path.display().to_string()).collect();
        let searched = match source_path {
            "" => dir.display().to_string(),
            named => named.to_owned(),
        };
        Workspace { roots, dir, trim, searched, read: HashMap::new() }
    }

    fn find(&self, path: &str) -> Result<PathBuf, NotShown> {
        let path = self.trimmed(path);
        let path = Path::new(path);
        let candidates: Vec<PathBuf> = if path.is_absolute() {
            vec![path.to_owned()]
        } else {
            let within = self.dir.ancestors().filter(|dir| self.is_within(dir));
            within
                .chain(self.roots.iter().map(PathBuf::as_path))
                .map(|dir| dir.join(path))
                .collect()
        };
        let mut withheld = false;
        for candidate in candidates {
            // Links are followed before the question whether it lies within.
            let Ok(real) = candidate.canonicalize() else { continue };
            if self.is_within(&real) {
                return Ok(real);
            }
            withheld = true;
        }
        if withheld {
            return Err(NotShown::Withheld(format!(
                "{} is outside the workspace; name its directory with --source-path to read it",
                path.display()
            )));
        }
        if path.is_absolute() {
            let why = format!("open {}: no such file or directory", path.display());
            return Err(NotShown::Missing(why));
        }
        let (path, searched) = (path.display(), &self.searched);
        Err(NotShown::Missing(format!("could not find file {path} on path {searched}")))
    }

    fn is_within(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }

    /// Without a prefix of another machine: one that was named, or the path up to a directory
    /// called as one of ours.
    fn trimmed<'a>(&self, path: &'a str) -> &'a str {
        if self.trim.is_empty() && !Path::new(path).exists() {
            let dirs = std::iter::once(&self.dir).chain(&self.roots);
            for name in dirs.filter_map(|dir| dir.file_name()?.to_str()) {
                let wanted = format!("/{name}/");
                if let Some(found) = path.find(&wanted) {
                    return &path[found + wanted.len()..];
                }
            }
        }
        for prefix in &self.trim {
            let prefix = format!("{}/", prefix.trim_end_matches('/'));
            if let Some(rest) = path.strip_prefix(&prefix) {
                return rest;
            }
        }
        path
    }
}

impl Sources for Workspace {
    fn lines(&mut self, path: &str) -> Lines {
        if let Some(known) = self.read.get(path) {
            return known.clone();
        }
        let lines = self.find(path).and_then(|file| read(&file));
        self.read.insert(path.to_owned(), lines.clone());
        lines
    }
}

fn read(path: &Path) -> Lines {
    let wrong =
        |error: std::io::Error| NotShown::Missing(format!("open {}: {error}", path.display()));
    let about = fs::metadata(path).map_err(wrong)?;
    if !about.is_file() || about.len() > MAX_BYTES {
        return Err(NotShown::Missing(format!("{} is no source file", path.display())));
    }
    let bytes = fs::read(path).map_err(wrong)?;
    Ok(Rc::new(String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()))
}
