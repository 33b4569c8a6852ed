//! What git is asked for.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::{CheckoutError, Revision};

/// The repository around a workspace.
#[derive(Clone, Debug)]
pub struct Repository {
    /// The top of its working tree.
    pub top: PathBuf,
}

impl Repository {
    /// Finds it.
    pub fn around(dir: &Path) -> Result<Repository, CheckoutError> {
        let output = git(dir, ["rev-parse", "--show-toplevel"], None)?;
        let top = first_line(&output);
        if !output.status.success() || top.is_empty() {
            return Err(CheckoutError::NoRepository(dir.to_owned()));
        }
        // As git prints it, links are resolved; paths of the workspace are compared with it.
        Ok(Repository { top: PathBuf::from(top) })
    }

    /// The commit that a name means.
    pub fn commit(&self, name: &str) -> Result<Revision, CheckoutError> {
        let wanted = format!("{name}^{{commit}}");
        let args = ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted];
        let output = git(&self.top, args, None)?;
        let hash = first_line(&output);
        if !output.status.success() || hash.is_empty() {
            return Err(CheckoutError::NoSuchRevision(name.to_owned()));
        }
        Ok(Revision::Commit { name: name.to_owned(), hash })
    }

    /// Writes the files of a commit below a directory.
    pub(super) fn write_commit(&self, hash: &str, dir: &Path) -> Result<(), CheckoutError> {
        // The user's index stays as it is: git gets one beside the checkout.
        let index = dir.with_extension("index");
        let _ = std::fs::remove_file(&index);
        let read = git(&self.top, ["read-tree", hash], Some(&index))?;
        done(&read, "read the commit")?;
        let mut prefix = OsString::from("--prefix=");
        prefix.push(dir);
        prefix.push("/");
        let args =
            [OsStr::new("checkout-index"), OsStr::new("--all"), OsStr::new("--force"), &prefix];
        let written = git(&self.top, args, Some(&index))?;
        let _ = std::fs::remove_file(&index);
        done(&written, "write the files of the commit")
    }

    /// The files of the working tree, without those that are ignored or gone.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, CheckoutError> {
        let args =
            ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
        let output = git(&self.top, args, None)?;
        done(&output, "list the files of the working tree")?;
        let paths = output.stdout.split(|&byte| byte == 0).filter(|path| !path.is_empty());
        Ok(paths.map(path_of).filter(|path| self.is_there(path)).collect())
    }

    fn is_there(&self, path: &Path) -> bool {
        // A submodule is listed as one path; it is copied by itself.
        self.top.join(path).symlink_metadata().is_ok_and(|there| !there.is_dir())
    }

    /// The submodules' paths.
    pub(super) fn submodules(&self) -> Result<Vec<String>, CheckoutError> {
        let output = git(&self.top, ["ls-files", "-z", "--stage"], None)?;
        done(&output, "list the submodules")?;
        let entries = output.stdout.split(|&byte| byte == 0);
        // `160000 HASH 0<tab>PATH`
        let path = |entry: &[u8]| {
            let text = String::from_utf8_lossy(entry).into_owned();
            let (fields, path) = text.split_once('\t')?;
            fields.starts_with("160000 ").then(|| path.to_owned())
        };
        Ok(entries.filter_map(path).collect())
    }
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

fn git(
    dir: &Path,
    args: impl IntoIterator<Item = impl AsRef<OsStr>>,
    index: Option<&Path>,
) -> Result<Output, CheckoutError> {
    let mut command = Command::new("git");
    command.arg("-C").arg(dir).args(args);
    // A hook that calls us has set these for its own repository and index.
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    // Nothing that is only asked for may write to the user's index.
    command.env("GIT_OPTIONAL_LOCKS", "0");
    command.stdin(std::process::Stdio::null());
    command.output().map_err(CheckoutError::NoGit)
}

fn done(output: &Output, what: &'static str) -> Result<(), CheckoutError> {
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(CheckoutError::Git { what, words })
}

fn first_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().unwrap_or_default().to_owned()
}
