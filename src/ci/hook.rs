//! The git hook: a script of ours in the repository's hook folder, and nobody else's touched.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The line by which a hook is known to be ours.
const MARKER: &str = "# installed by cargo-perf; `cargo perf hook uninstall` removes it";

/// How the last line of the hook ends.
const ARGUMENTS: &str = " -- \"$@\"\n";

/// How it names the workspace.
const MANIFEST: &str = " --manifest-path '";

/// When the hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// Before a commit: lint what is staged
    PreCommit,
    /// Before a push: compare the benches with the upstream branch
    PrePush,
}

impl Kind {
    /// Git's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::PreCommit => "pre-commit",
            Kind::PrePush => "pre-push",
        }
    }
}

/// Why the hook could not be installed or removed.
#[derive(Debug)]
pub enum Error {
    /// Not in a git repository, or git is missing.
    NoRepository(String),
    /// A hook of somebody else stands there.
    Foreign(PathBuf),
    /// It was ours, and somebody put something of their own into it.
    Changed(PathBuf),
    /// The folder where git looks is that of all repositories of the user or the machine.
    Shared {
        /// The folder.
        hooks: PathBuf,
        /// Whose configuration says so: `global` or `system`.
        scope: String,
        /// Where hooks of this repository alone would be.
        own: PathBuf,
    },
    /// There is none.
    Absent(PathBuf),
    /// The file could not be read or written.
    File(PathBuf, io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NoRepository(why) => write!(f, "no git repository here: {why}"),
            Error::Foreign(path) => {
                write!(f, "{} is a hook that cargo-perf did not install", path.display())
            }
            Error::Changed(path) => write!(
                f,
                "{} was changed since cargo-perf installed it; it stays as it is",
                path.display()
            ),
            Error::Shared { hooks, scope, .. } => write!(
                f,
                "`core.hooksPath` in git's {scope} configuration makes {} the hooks of every \
                 repository, not of this one alone; nothing was written",
                hooks.display()
            ),
            Error::Absent(path) => write!(f, "there is no hook at {}", path.display()),
            Error::File(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {}

/// Where git looks for this hook, as seen from a folder of the work tree: `core.hooksPath`,
/// linked work trees and submodules are git's to resolve.
pub fn path(folder: &Path, kind: Kind) -> Result<PathBuf, Error> {
    let hooks = git(folder, &["rev-parse", "--git-path", "hooks"])?;
    Ok(folder.join(hooks).join(kind.name()))
}

fn git(folder: &Path, args: &[&str]) -> Result<String, Error> {
    let output = Command::new("git")
        .current_dir(folder)
        .args(args)
        .output()
        .map_err(|error| Error::NoRepository(format!("could not run git: {error}")))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Error::NoRepository(why));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned())
}

/// Refuses a folder of hooks that other repositories use, too.
fn own_hooks(folder: &Path) -> Result<(), Error> {
    let key = ["config", "--show-scope", "--type=path", "--get", "core.hooksPath"];
    // Git fails where the key is not set.
    let Ok(line) = git(folder, &key) else { return Ok(()) };
    match line.split_once('\t') {
        Some((scope @ ("global" | "system"), hooks)) => {
            let common = git(folder, &["rev-parse", "--git-common-dir"])?;
            let common = folder.join(common);
            let common = common.canonicalize().unwrap_or(common);
            let (hooks, scope) = (hooks.into(), scope.to_owned());
            Err(Error::Shared { hooks, scope, own: common.join("hooks") })
        }
        _ => Ok(()),
    }
}

/// Installs the hook, or renews ours. Git calls hooks at the top of the work tree, so a workspace
/// below it is named in the script.
pub fn install(folder: &Path, kind: Kind) -> Result<PathBuf, Error> {
    let path = path(folder, kind)?;
    own_hooks(folder)?;
    let below = git(folder, &["rev-parse", "--show-prefix"])?;
    is_ours(&path, kind)?;
    let failed = |error| Error::File(path.clone(), error);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    let fresh = path.with_extension("cargo-perf-new");
    fs::write(&fresh, script(kind, &below)).map_err(failed)?;
    executable(&fresh).and_then(|()| fs::rename(&fresh, &path)).map_err(|error| {
        // The half-made file is ours; leaving it would only confuse.
        let _ = fs::remove_file(&fresh);
        failed(error)
    })?;
    Ok(path)
}

/// Removes the hook if it is ours.
pub fn uninstall(folder: &Path, kind: Kind) -> Result<PathBuf, Error> {
    let path = path(folder, kind)?;
    if !is_ours(&path, kind)? {
        return Err(Error::Absent(path));
    }
    fs::remove_file(&path).map_err(|error| Error::File(path.clone(), error))?;
    Ok(path)
}

/// Whether our hook stands there; an error where it is anything else but nothing.
fn is_ours(path: &Path, kind: Kind) -> Result<bool, Error> {
    // What a link of somebody else leads to may be missing for now, and be theirs all the same.
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Ok(metadata) if metadata.is_symlink() => return Err(Error::Foreign(path.to_owned())),
        _ => {}
    }
    let bytes = fs::read(path).map_err(|error| Error::File(path.to_owned(), error))?;
    let text = String::from_utf8_lossy(&bytes);
    if !text.contains(MARKER) {
        return Err(Error::Foreign(path.to_owned()));
    }
    // Ours names one workspace or none, and holds nothing else of anybody's.
    let plain = script(kind, "");
    let written = plain.strip_suffix(ARGUMENTS).and_then(|start| text.strip_prefix(start));
    let manifest = written.and_then(|rest| rest.strip_suffix(ARGUMENTS));
    match manifest {
        Some("") => Ok(true),
        Some(named) if named.starts_with(MANIFEST) && !named.contains('\n') => Ok(true),
        _ => Err(Error::Changed(path.to_owned())),
    }
}

/// Git runs hooks with a shell it brings along on every system, so this stays plain `sh`.
fn script(kind: Kind, below: &str) -> String {
    let name = kind.name();
    let manifest = match below {
        "" => String::new(),
        // Within single quotes a shell takes nothing for its own.
        below => {
            format!("{MANIFEST}{}Cargo.toml'", below.replace('\'', "'\\''"))
        }
    };
    format!(
        "#!/bin/sh\n{MARKER}\n\
         if ! command -v cargo-perf >/dev/null 2>&1; then\n\
         \techo 'cargo-perf is not installed: skipping the {name} check' >&2\n\
         \texit 0\n\
         fi\n\
         exec cargo-perf hook run {name}{manifest}{ARGUMENTS}"
    )
}

#[cfg(unix)]
fn executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn executable(_path: &Path) -> io::Result<()> {
    Ok(())
}
