//! A copy of the workspace in which rewrites are tried, so that the user's tree is never half-way.
//!
//! Everything is copied but what cargo and version control keep for themselves. Where a package
//! depends on a path outside the workspace, the copy lies as deep as the original and its
//! neighbours are linked, so that relative paths lead where they led.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::workspace::Workspace;

/// Why there is no copy.
#[derive(Debug)]
pub struct TreeError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for TreeError {}

fn at(path: &Path) -> impl FnOnce(io::Error) -> TreeError {
    let path = path.to_owned();
    move |error| TreeError { path, error }
}

/// The copy.
#[derive(Clone, Debug)]
pub struct Tree {
    root: PathBuf,
}

impl Tree {
    /// Makes the copy in `folder` like the workspace. What an earlier copy left there is used
    /// where it is the same, so that cargo need not build it again.
    pub fn copy(workspace: &Workspace, folder: &Path) -> Result<Tree, TreeError> {
        let original = workspace.root();
        let base = base(workspace);
        let below = original.strip_prefix(&base).unwrap_or(Path::new(""));
        fs::create_dir_all(folder).map_err(at(folder))?;
        link_neighbours(&base, below, folder, &workspace.perf_dir())?;
        let root = folder.join(below);
        fs::create_dir_all(&root).map_err(at(&root))?;
        let target = workspace.metadata.target_directory.as_std_path();
        let mut there = BTreeSet::new();
        // Cargo finds the configuration of the original above the copy, and should find it once.
        let is_below = root.starts_with(original);
        let is_config = |path: &Path| {
            is_below && [".cargo/config.toml", ".cargo/config"].map(Path::new).contains(&path)
        };
        let entries = WalkDir::new(original)
            .min_depth(1)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| entry.path() != target && is_source(entry));
        for entry in entries {
            let entry = entry.map_err(|error| {
                let path = error.path().unwrap_or(original).to_owned();
                TreeError { path, error: error.into() }
            })?;
            let Ok(path) = entry.path().strip_prefix(original) else { continue };
            if !is_config(path) {
                place(&entry, original, &root.join(path))?;
                there.insert(path.to_owned());
            }
        }
        remove_others(&root, &there)?;
        Ok(Tree { root })
    }

    /// The folder that stands for the workspace's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The text of a file.
    pub fn read(&self, file: &Path) -> io::Result<String> {
        fs::read_to_string(self.root.join(file))
    }

    /// Puts texts into the tree; says whether that changed anything.
    pub fn write(&self, texts: &BTreeMap<PathBuf, String>) -> Result<bool, TreeError> {
        let mut changed = false;
        for (file, text) in texts {
            let path = self.root.join(file);
            let is_plain = file.components().all(|part| matches!(part, Component::Normal(_)));
            // A link may lead to the user's own file.
            let real = path.canonicalize().map_err(at(&path))?;
            let root = self.root.canonicalize().map_err(at(&self.root))?;
            if !is_plain || !real.starts_with(root) {
                return Err(TreeError { path, error: io::ErrorKind::PermissionDenied.into() });
            }
            if fs::read(&real).map_err(at(&real))? != text.as_bytes() {
                fs::write(&real, text).map_err(at(&real))?;
                changed = true;
            }
        }
        Ok(changed)
    }
}

/// Not a build's output, nor version control's.
fn is_source(entry: &DirEntry) -> bool {
    if !entry.file_type().is_dir() {
        return true;
    }
    let is_of_tools = [".git", ".hg", ".jj", ".svn"].iter().any(|name| entry.file_name() == *name);
    !is_of_tools && !entry.path().join("CACHEDIR.TAG").exists()
}

fn place(entry: &DirEntry, original: &Path, to: &Path) -> Result<(), TreeError> {
    let from = entry.path();
    let kind = entry.file_type();
    let there = fs::symlink_metadata(to).ok();
    let is_same_kind = there
        .as_ref()
        .is_some_and(|there| there.is_dir() == kind.is_dir() && there.is_file() == kind.is_file());
    if there.is_some() && !is_same_kind {
        remove(to)?;
    }
    if kind.is_dir() {
        return fs::create_dir_all(to).map_err(at(to));
    }
    if kind.is_symlink() {
        return link(&fs::read_link(from).map_err(at(from))?, from, original, to);
    }
    if !kind.is_file() {
        // A socket or a pipe is nobody's source.
        return Ok(());
    }
    let is_same = is_same_kind && same_text(from, to).map_err(at(to))?;
    if !is_same {
        fs::copy(from, to).map(drop).map_err(at(from))?;
    }
    Ok(())
}

fn same_text(a: &Path, b: &Path) -> io::Result<bool> {
    if fs::metadata(a)?.len() != fs::metadata(b)?.len() {
        return Ok(false);
    }
    Ok(fs::read(a)? == fs::read(b)?)
}

/// A link within the workspace stays one; any other leads where it led.
fn link(leads_to: &Path, from: &Path, original: &Path, to: &Path) -> Result<(), TreeError> {
    let folder = from.parent().unwrap_or(original);
    let is_inside = leads_to.is_relative()
        && folder.join(leads_to).canonicalize().is_ok_and(|real| {
            original.canonicalize().is_ok_and(|original| real.starts_with(original))
        });
    let target = if is_inside { leads_to.to_owned() } else { folder.join(leads_to) };
    if fs::read_link(to).is_ok_and(|there| there == target) {
        return Ok(());
    }
    if fs::symlink_metadata(to).is_ok() {
        remove(to)?;
    }
    symlink(&target, to).map_err(at(to))
}

#[cfg(unix)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(windows)]
fn symlink(target: &Path, link: &Path) -> io::Result<()> {
    if target.is_dir() {
        std::os::windows::fs::symlink_dir(target, link)
    } else {
        std::os::windows::fs::symlink_file(target, link)
    }
}

fn remove(path: &Path) -> Result<(), TreeError> {
    let is_dir = fs::symlink_metadata(path).map_err(at(path))?.is_dir();
    if is_dir { fs::remove_dir_all(path) } else { fs::remove_file(path) }.map_err(at(path))
}

/// Removes from an older copy what the workspace does not have any more.
fn remove_others(root: &Path, there: &BTreeSet<PathBuf>) -> Result<(), TreeError> {
    let entries = WalkDir::new(root).min_depth(1).contents_first(true);
    for entry in entries.into_iter().filter_map(Result::ok) {
        let Ok(path) = entry.path().strip_prefix(root) else { continue };
        if !there.contains(path) {
            remove(entry.path())?;
        }
    }
    Ok(())
}

/// The deepest folder that holds the workspace and every path it depends on.
fn base(workspace: &Workspace) -> PathBuf {
    let mut base = workspace.root().to_owned();
    let dependencies = workspace.metadata.packages.iter().flat_map(|p| &p.dependencies);
    let paths = dependencies.filter_map(|dependency| dependency.path.as_ref());
    let mut outside: Vec<PathBuf> = paths.map(|path| path.as_std_path().to_owned()).collect();
    outside.extend(patched(workspace.root()));
    for path in outside {
        while !path.starts_with(&base) && base.pop() {}
    }
    base
}

/// Paths of `[patch]` and `[replace]`, which cargo's metadata does not list.
fn patched(root: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let Ok(manifest) = text.parse::<toml::Table>() else { return Vec::new() };
    let table = |value: &toml::Value| value.as_table().cloned().unwrap_or_default();
    let replaced = manifest.get("replace").map(table).unwrap_or_default();
    let patches = manifest.get("patch").map(table).unwrap_or_default();
    patches
        .values()
        .flat_map(table)
        .chain(replaced)
        .filter_map(|(_, source)| Some(normal(&root.join(source.get("path")?.as_str()?))))
        .collect()
}

/// Without `.` and `..`, by the words of the path alone, as cargo does it.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            part => out.push(part),
        }
    }
    out
}

/// Links whatever lies beside the workspace and the folders above it, up to `base`.
fn link_neighbours(
    base: &Path,
    below: &Path,
    folder: &Path,
    perf_dir: &Path,
) -> Result<(), TreeError> {
    let (mut from, mut to) = (base.to_owned(), folder.to_owned());
    for step in below.components() {
        fs::create_dir_all(&to).map_err(at(&to))?;
        for entry in fs::read_dir(&from).map_err(at(&from))? {
            let entry = entry.map_err(at(&from))?;
            let is_way_down = entry.file_name() == step.as_os_str();
            if !is_way_down && !perf_dir.starts_with(entry.path()) {
                link(&entry.path(), &entry.path(), base, &to.join(entry.file_name()))?;
            }
        }
        from.push(step);
        to.push(step);
    }
    Ok(())
}
