//! What `check` looks at: the disk, the index, the lines since a revision, or an editor's buffer.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::exit::Failure;
use crate::lint::Problem;
use crate::model::finding::Finding;
use crate::source::SourceFile;
use crate::source::ahead::Texts;
use crate::source::each::each;
use crate::source::load::{self, LoadError};
use crate::workspace::{Changed, ChangesError, Repository, Workspace};

/// A text of this size on standard input is no source file.
const LARGEST_BUFFER: u64 = 64 << 20;

/// What to do where a source is no text.
const ENCODING: &str = "Rust sources are UTF-8; save it in that encoding";

/// What `check` looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Scope {
    /// The files on disk: all, or those below some paths.
    #[default]
    Disk,
    /// The lines staged for the next commit, as the index has them.
    Staged,
    /// The lines changed since a revision.
    Since(String),
    /// One file, whose text comes from standard input.
    Buffer(PathBuf),
}

/// The files of a scope, and the lines that findings must touch.
#[derive(Default)]
pub(super) struct Scoped {
    /// The files, and more of the workspace where they are on disk: types, callers and holders of
    /// locks may stand in any of them.
    pub files: Vec<SourceFile>,
    /// Files that could not be read.
    pub unread: Vec<Problem>,
    /// Paths that were asked for, in which there is no source.
    pub empty: Vec<PathBuf>,
    /// They are all files of the chosen packages, as they are on disk.
    pub is_whole: bool,
    /// `None` where every line counts.
    pub changed: Option<Vec<Changed>>,
}

impl Scoped {
    /// Whether a finding speaks of a line of the scope.
    pub(super) fn covers(&self, finding: &Finding, root: &Path) -> bool {
        let Some(changed) = &self.changed else { return true };
        let Some(file) = self.files.iter().find(|file| file.path == finding.span.file) else {
            return false;
        };
        let line = |byte: usize| file.lines().line(byte.min(file.text.len())) as u32;
        let lines = line(finding.span.bytes.start)..=line(finding.span.bytes.end);
        let path = root.join(&file.path);
        changed.iter().any(|change| change.path == path && change.touches(&lines))
    }
}

impl Scoped {
    /// Whether a file has lines of the scope.
    pub(super) fn is_in(&self, path: &Path, root: &Path) -> bool {
        let Some(changed) = &self.changed else { return true };
        let path = root.join(path);
        changed.iter().any(|change| change.path == path)
    }
}

impl Scope {
    /// Reads the files of the scope, but for those of the disk whose texts are at hand.
    pub(super) fn read(
        &self,
        workspace: &Workspace,
        paths: &[PathBuf],
        mut texts: Texts,
    ) -> Result<Scoped, Failure> {
        let wanted = paths
            .iter()
            .map(|path| {
                path.canonicalize().map_err(|error| {
                    Failure::usage(format!("{}: {error}", path.display()))
                        .help("name files or folders, as seen from the current directory")
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let is_wanted =
            |path: &Path| wanted.is_empty() || wanted.iter().any(|dir| path.starts_with(dir));
        match self {
            Scope::Disk => {
                let (listed, failed) = load::list(workspace);
                if let Some(error) = failed.into_iter().find(|error| is_wanted(&error.path)) {
                    return Err(Failure::usage(error.to_string()));
                }
                // Nothing would be looked at, and said to hold no findings.
                let root = workspace.root().canonicalize().unwrap_or_default();
                let strange = wanted.iter().zip(paths).find(|(path, _)| {
                    !path.starts_with(&root) && !listed.iter().any(|f| f.path.starts_with(path))
                });
                if let Some((_, path)) = strange {
                    let path = path.display();
                    return Err(Failure::usage(format!("{path} is no part of this workspace"))
                        .help("name files or folders of its packages, or --manifest-path"));
                }
                let has_none = |path: &Path| !listed.iter().any(|f| f.path.starts_with(path));
                let empty = wanted.iter().zip(paths).filter(|(path, _)| has_none(path));
                let empty = empty.map(|(_, path)| path.clone()).collect();
                let listed: Vec<_> =
                    listed.into_iter().filter(|file| is_wanted(&file.path)).collect();
                let read = each(&listed, |_, file| {
                    let is_read = texts.contains_key(&file.path);
                    (!is_read).then(|| load::read(file, workspace.root()))
                });
                let at_hand = |file: &load::Listed, texts: &mut Texts| {
                    let text = texts.remove(&file.path).unwrap_or_default();
                    load::with_text(file, workspace.root(), text)
                };
                let files = listed.iter().zip(read);
                let (files, unread) = parted(
                    files.map(|(file, read)| read.unwrap_or_else(|| Ok(at_hand(file, &mut texts)))),
                );
                let is_whole = paths.is_empty() && unread.is_empty();
                Ok(Scoped { files, unread, empty, is_whole, changed: None })
            }
            Scope::Staged => {
                let repository = repository(workspace)?;
                let mut changed = repository.staged().map_err(failure)?;
                changed.retain(|change| is_wanted(&change.path));
                read_changed(workspace, changed, |listed| {
                    let text = repository.staged_text(&listed.path).map_err(failure)?;
                    Ok(load::with_text(listed, workspace.root(), text))
                })
            }
            Scope::Since(revision) => {
                let mut changed = repository(workspace)?.since(revision).map_err(failure)?;
                changed.retain(|change| is_wanted(&change.path));
                with_the_rest(workspace, changed)
            }
            Scope::Buffer(path) => buffer(workspace, path),
        }
    }
}

fn read_changed(
    workspace: &Workspace,
    changed: Vec<Changed>,
    read: impl Fn(&load::Listed) -> Result<SourceFile, Failure>,
) -> Result<Scoped, Failure> {
    let files = changed
        .iter()
        .filter_map(|change| load::place(workspace, &change.path))
        .map(|listed| read(&listed))
        .collect::<Result<_, _>>()?;
    Ok(Scoped { files, changed: Some(changed), ..Scoped::default() })
}

/// The changed files as they are on disk, among all others of the workspace.
fn with_the_rest(workspace: &Workspace, changed: Vec<Changed>) -> Result<Scoped, Failure> {
    let places = changed.iter().filter_map(|change| load::place(workspace, &change.path));
    let mut more: BTreeMap<PathBuf, load::Listed> =
        places.map(|listed| (listed.path.clone(), listed)).collect();
    if more.is_empty() {
        return Ok(Scoped { changed: Some(changed), ..Scoped::default() });
    }
    let names: BTreeSet<PathBuf> = more.keys().cloned().collect();
    // Nor is a folder that cannot be looked into.
    let (mut listed, unseen) = load::list(workspace);
    listed.iter().for_each(|file| drop(more.remove(&file.path)));
    let is_listed = more.is_empty() && unseen.is_empty();
    listed.extend(more.into_values());
    let read = each(&listed, |_, file| load::read(file, workspace.root()));
    // Of a file that was not changed it is not the change's fault that it cannot be read.
    let of_change = |file: &load::Listed| names.contains(&file.path);
    let read = listed.iter().zip(read).filter(|(file, text)| text.is_ok() || of_change(file));
    let (files, unread) = parted(read.map(|(_, text)| text));
    let is_whole = is_listed && files.len() == listed.len();
    Ok(Scoped { files, unread, is_whole, changed: Some(changed), ..Scoped::default() })
}

fn buffer(workspace: &Workspace, path: &Path) -> Result<Scoped, Failure> {
    let dir = std::env::current_dir()
        .map_err(|error| Failure::environment(format!("the current directory: {error}")))?;
    let path = dir.join(path);
    let path = path.canonicalize().unwrap_or(path);
    let listed = load::place(workspace, &path).ok_or_else(|| {
        Failure::usage(format!("{} belongs to no target of this workspace", path.display()))
            .help("give the path that the file has, or will have, with --stdin-path")
    })?;
    if path.is_dir() {
        return Err(Failure::usage(format!("{} is a folder", path.display()))
            .help("give the path that the file has, or will have, with --stdin-path"));
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(LARGEST_BUFFER + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage(format!("standard input: {error}")))?;
    if bytes.len() as u64 > LARGEST_BUFFER {
        let most = LARGEST_BUFFER >> 20;
        return Err(Failure::usage(format!("standard input: larger than {most} MB")));
    }
    let text = load::utf8(bytes)
        .map_err(|place| Failure::usage(format!("standard input:{place}")).help(ENCODING))?;
    let files = vec![load::with_text(&listed, workspace.root(), text)];
    Ok(Scoped { files, ..Scoped::default() })
}

fn repository(workspace: &Workspace) -> Result<Repository, Failure> {
    // Not that of the workspace's root: a member may be a submodule, with an index of its own.
    Repository::around(&workspace.asked_from()).map_err(failure)
}

/// What could be read, and what is wrong with the rest.
fn parted(
    read: impl Iterator<Item = Result<SourceFile, LoadError>>,
) -> (Vec<SourceFile>, Vec<Problem>) {
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for file in read {
        match file {
            Ok(file) => files.push(file),
            Err(error) => unread.push(problem(error)),
        }
    }
    (files, unread)
}

fn problem(error: LoadError) -> Problem {
    let (line, column, message) = match error.not_utf8() {
        Some(place) => (place.line, place.column, format!("not UTF-8: {ENCODING}")),
        None => (1, 1, error.error.to_string()),
    };
    Problem { file: error.path, line, column, message, is_stray: false }
}

fn failure(error: ChangesError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        ChangesError::Revision(_) => failure.help(
            "fetch it first; a shallow clone has only its own commit (`fetch-depth: 0` in a workflow)",
        ),
        ChangesError::Git(_) => failure.help("run it within a git repository"),
        ChangesError::NotText(_) => failure.help(ENCODING),
        ChangesError::Unmerged(_) => failure.help("resolve it and stage the file"),
    }
}
