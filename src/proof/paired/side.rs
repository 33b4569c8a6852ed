//! One side of a comparison: the executables of its bench targets, kept from the next build.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Error, Which};
use crate::bench::{self, Adapter};
use crate::model::verdict::BenchName;
use crate::workspace::{Executable, Link, Workspace, keep_link, run_environment};

/// The executables of one side.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The workspace they were built from.
    pub workspace: &'a Workspace,
    /// The executables, one per bench target.
    pub executables: &'a [Executable],
}

/// Copies executables to where no later build writes: into this directory.
pub fn keep(executables: &[Executable], dir: &Path) -> Result<Vec<Executable>, Error> {
    let at = |path: &Path, error| Error::File { path: path.to_owned(), error };
    fs::create_dir_all(dir).map_err(|error| at(dir, error))?;
    executables
        .iter()
        .map(|executable| {
            let target = &executable.target;
            let path = dir.join(format!("{}-{}", target.package, target.name));
            fs::copy(&executable.path, &path).map_err(|error| at(&executable.path, error))?;
            let link = path.with_extension("link");
            // Where it cannot be kept it is not linked again, which is said where it matters.
            let link = executable.link.as_ref().filter(|from| keep_link(from, &link).is_ok());
            let link = link.map(|_| path.with_extension("link"));
            Ok(Executable { path, link, ..executable.clone() })
        })
        .collect()
}

/// One bench target, ready to run.
pub(super) struct Target {
    pub(super) package: String,
    pub(super) name: String,
    pub(super) adapter: Box<dyn Adapter + Send + Sync>,
    pub(super) path: PathBuf,
    pub(super) cwd: PathBuf,
    pub(super) env: Vec<(OsString, Option<OsString>)>,
    /// How to link it with its functions in another order.
    link: Option<PathBuf>,
}

impl Target {
    pub(super) fn all(side: &Side<'_>) -> Vec<Target> {
        side.executables.iter().map(|executable| Target::new(side.workspace, executable)).collect()
    }

    fn new(workspace: &Workspace, executable: &Executable) -> Target {
        let target = &executable.target;
        let env = run_environment(workspace, executable);
        Target {
            package: target.package.clone(),
            name: target.name.clone(),
            adapter: bench::adapter_of(executable),
            path: executable.path.clone(),
            cwd: target.package_dir.clone(),
            env: env.into_iter().map(|(name, value)| (name.into(), Some(value))).collect(),
            link: executable.link.clone(),
        }
    }

    /// How to link it in another order; `None` where that cannot be done.
    pub(super) fn link(&self) -> Option<Link> {
        Link::read(self.link.as_ref()?, &self.path)
    }

    pub(super) fn bench_name(&self, bench: &str) -> BenchName {
        BenchName {
            package: self.package.clone(),
            target: self.name.clone(),
            bench: bench.to_owned(),
        }
    }

    /// Copies the executable to a file that was not there before. Files that are the same differ
    /// by up to a percent for as long as they live, by where the system happened to put them.
    pub(super) fn fresh_copy(&self, dir: &Path, which: Which) -> Result<PathBuf, Error> {
        let path = self.fresh_file(dir, which)?;
        fs::copy(&self.path, &path).map_err(|error| Error::File { path: path.clone(), error })?;
        Ok(path)
    }

    /// Where a copy goes; no file is there.
    pub(super) fn fresh_file(&self, dir: &Path, which: Which) -> Result<PathBuf, Error> {
        let dir = dir.join(which.letter());
        let path = dir.join(self.path.file_name().unwrap_or_default());
        let clear = || {
            fs::create_dir_all(&dir)?;
            match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            }
        };
        clear().map_err(|error| Error::File { path: path.clone(), error })?;
        Ok(path)
    }
}

impl Which {
    /// Paths of both sides are equally long, since they lie on the stack of what runs.
    fn letter(self) -> &'static str {
        match self {
            Which::Before => "b",
            Which::After => "a",
        }
    }
}
