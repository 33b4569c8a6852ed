//! The source files of a workspace's packages: which target each belongs to, and its text.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cargo_metadata::{DependencyKind, Package as CargoPackage, Target, TargetKind};
use walkdir::WalkDir;

use crate::workspace::{Workspace, is_looked_into};

use super::file::{Package, Role, SourceFile};

/// Files larger than this are data in Rust's clothing.
const LARGEST: u64 = 64 << 20;

/// A source file, or a folder of them, could not be read.
#[derive(Debug)]
pub struct LoadError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system says.
    pub error: io::Error,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.not_utf8() {
            Some(place) => write!(f, "{}:{place}", self.path.display()),
            None => write!(f, "{}: {}", self.path.display(), self.error),
        }
    }
}

impl std::error::Error for LoadError {}

impl LoadError {
    /// Where the file is no text, if that is what is wrong.
    pub fn not_utf8(&self) -> Option<&NotUtf8> {
        self.error.get_ref()?.downcast_ref()
    }
}

/// Bytes that are no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotUtf8 {
    /// The line of the first such byte.
    pub line: usize,
    /// Its column, in characters.
    pub column: usize,
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: not UTF-8", self.line, self.column)
    }
}

impl std::error::Error for NotUtf8 {}

/// The text of a source, or the place from which on it is none.
pub fn utf8(bytes: Vec<u8>) -> Result<String, NotUtf8> {
    String::from_utf8(bytes).map_err(|error| {
        let text = String::from_utf8_lossy(&error.as_bytes()[..error.utf8_error().valid_up_to()]);
        let last = text.rsplit('\n').next().unwrap_or_default();
        let line = text.bytes().filter(|&byte| byte == b'\n').count() + 1;
        NotUtf8 { line, column: last.chars().count() + 1 }
    })
}

/// A source file before it is read.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Where it lies.
    pub path: PathBuf,
    /// What kind of target it belongs to.
    pub role: Role,
    /// Its package.
    pub package: Arc<Package>,
    /// Its target.
    pub target: Arc<Target>,
}

/// The source files of the chosen packages, by path, and the folders of theirs that could not be
/// looked into.
pub fn list(workspace: &Workspace) -> (Vec<Listed>, Vec<LoadError>) {
    let (mut listed, mut failed) = (Vec::new(), Vec::new());
    for package in workspace.packages() {
        listed.extend(files_of(package, &mut failed));
    }
    listed.sort_by(|a, b| a.path.cmp(&b.path));
    listed.dedup_by(|next, first| next.path == first.path);
    (listed, failed)
}

/// The place of one file among the targets of the chosen packages, whether or not it is on disk;
/// `None` where it belongs to none of them.
pub fn place(workspace: &Workspace, path: &Path) -> Option<Listed> {
    let dir_of =
        |package: &CargoPackage| Some(package.manifest_path.parent()?.as_std_path().to_owned());
    let nearest = workspace
        .packages()
        .into_iter()
        .filter(|package| dir_of(package).is_some_and(|dir| path.starts_with(dir)))
        .max_by_key(|package| package.manifest_path.components().count())?;
    let dir = dir_of(nearest)?;
    let targets: Vec<Root> = nearest.targets.iter().map(|target| Root::new(target, &dir)).collect();
    let root = owner(&targets, path)?;
    let (role, target) = (root.role, Arc::clone(&root.target));
    Some(Listed { path: path.to_owned(), role, package: Arc::new(package(nearest)), target })
}

/// Reads a listed file. Paths below the root are kept relative to it.
pub fn read(listed: &Listed, root: &Path) -> Result<SourceFile, LoadError> {
    let text = text(&listed.path);
    let text = text.map_err(|error| LoadError { path: shown(listed, root), error })?;
    Ok(with_text(listed, root, text))
}

/// The text of a file, unless it is too large.
pub(super) fn text(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > LARGEST {
        return Err(io::Error::other(format!("larger than {} MB", LARGEST >> 20)));
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.read_to_end(&mut bytes)?;
    utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// A listed file with a text from elsewhere: the index, or an editor's buffer.
pub fn with_text(listed: &Listed, root: &Path, text: String) -> SourceFile {
    let path = shown(listed, root);
    let mut file = SourceFile::new(path, text, listed.role, Arc::clone(&listed.package));
    file.target = Some(Arc::clone(&listed.target));
    file
}

/// Its path below the root, where it lies there.
fn shown(listed: &Listed, root: &Path) -> PathBuf {
    listed.path.strip_prefix(root).unwrap_or(&listed.path).to_owned()
}

/// What the lints need to know of a package.
pub fn package(package: &CargoPackage) -> Package {
    let normal = package.dependencies.iter().filter(|dep| dep.kind == DependencyKind::Normal);
    let name = |dep: &cargo_metadata::Dependency| {
        dep.rename.as_ref().unwrap_or(&dep.name).replace('-', "_")
    };
    Package {
        name: package.name.to_string(),
        id: package.id.repr.clone(),
        edition: package.edition.as_str().parse().unwrap_or(2021),
        rust_version: package.rust_version.as_ref().map(|version| version.minor as u32),
        dependencies: normal.map(name).collect(),
    }
}

fn files_of(package: &CargoPackage, failed: &mut Vec<LoadError>) -> Vec<Listed> {
    let Some(dir) = package.manifest_path.parent().map(|dir| dir.as_std_path().to_owned()) else {
        return Vec::new();
    };
    let facts = Arc::new(self::package(package));
    let targets: Vec<Root> = package.targets.iter().map(|target| Root::new(target, &dir)).collect();
    let mut found = Vec::new();
    for path in rust_files(&dir) {
        let path = match path {
            Ok(path) => path,
            Err(error) => {
                // What no target's modules lie in, such as a database's files, is nobody's loss.
                failed.extend(load_error(error).filter(|e| owner(&targets, &e.path).is_some()));
                continue;
            }
        };
        if let Some(root) = owner(&targets, &path) {
            let (package, target) = (Arc::clone(&facts), Arc::clone(&root.target));
            found.push(Listed { path, role: root.role, package, target });
        }
    }
    // A target may lie outside its package's folder.
    for root in targets {
        if !root.file.starts_with(&dir) && root.file.is_file() {
            let (package, target) = (Arc::clone(&facts), root.target);
            found.push(Listed { path: root.file, role: root.role, package, target });
        }
    }
    found
}

/// The target a file belongs to: whose folder is nearest; of those in one folder the file's own.
fn owner<'r>(targets: &'r [Root], path: &Path) -> Option<&'r Root> {
    targets
        .iter()
        .filter(|root| path.starts_with(&root.dir) || path == root.file || root.declares(path))
        .max_by_key(|root| (path == root.file, root.dir.components().count()))
}

struct Root {
    file: PathBuf,
    /// The folder its modules lie in; the file itself where that folder is the package's, so that
    /// a library beside its manifest does not claim everything below.
    dir: PathBuf,
    /// The modules that such a library or program declares: their files and folders are its own.
    modules: Vec<PathBuf>,
    role: Role,
    target: Arc<Target>,
}

impl Root {
    fn new(target: &Target, package_dir: &Path) -> Root {
        let file = target.src_path.clone().into_std_path_buf();
        let dir = file.parent().filter(|dir| *dir != package_dir).unwrap_or(&file).to_owned();
        let role = role(target);
        let modules = if dir == file && role == Role::Product {
            let text = std::fs::read_to_string(&file).unwrap_or_default();
            let modules = text.lines().filter_map(declared_module);
            modules.map(|name| package_dir.join(name)).collect()
        } else {
            Vec::new()
        };
        Root { file, dir, modules, role, target: Arc::new(target.clone()) }
    }

    /// Whether a file is, or lies in the folder of, a module that the target's own file declares.
    fn declares(&self, path: &Path) -> bool {
        self.modules
            .iter()
            .any(|module| path.starts_with(module) || path.with_extension("") == *module)
    }
}

/// `name` of `mod name;`, also with a visibility.
fn declared_module(line: &str) -> Option<&str> {
    let declared = line.trim().strip_suffix(';')?;
    let (before, name) = declared.rsplit_once("mod ")?;
    let is_visibility = before.is_empty() || before.starts_with("pub") && before.ends_with(' ');
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_visibility && is_name).then_some(name)
}

fn role(target: &Target) -> Role {
    let is = |kind: TargetKind| target.kind.contains(&kind);
    if is(TargetKind::Test) {
        Role::Test
    } else if is(TargetKind::Bench) {
        Role::Bench
    } else if is(TargetKind::Example) {
        Role::Example
    } else if is(TargetKind::CustomBuild) {
        Role::BuildScript
    } else {
        Role::Product
    }
}

fn load_error(error: walkdir::Error) -> Option<LoadError> {
    let path = error.path()?.to_owned();
    Some(LoadError { path, error: error.into_io_error()? })
}

/// The `.rs` files of a package, without those of packages nested in it, build output and hidden
/// folders; an error for what could not be looked into.
fn rust_files(dir: &Path) -> impl Iterator<Item = walkdir::Result<PathBuf>> {
    let top = dir.to_owned();
    WalkDir::new(dir)
        .follow_links(false)
        .into_iter()
        .filter_entry(move |entry| {
            let is_nested =
                || entry.file_type().is_dir() && entry.path().join("Cargo.toml").exists();
            entry.path() == top || is_looked_into(entry) && !is_nested()
        })
        .map(|entry| entry.map(|entry| (entry.file_type().is_file(), entry.into_path())))
        .filter(|found| found.as_ref().map_or(true, |(is_file, path)| *is_file && is_rust(path)))
        .map(|found| found.map(|(_, path)| path))
}

pub(super) fn is_rust(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "rs")
}
