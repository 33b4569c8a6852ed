//! `--from`: where a profile is read from.

mod criterion;
mod http;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::cli::Context;
use crate::exit::Failure;
use crate::formats::{self, FormatError};
use crate::model::profile::Profile;
use crate::report::inert::inert;
use crate::symbolize::perf_data;
use crate::workspace::{self, Features, LoadError, Request, Workspace};

/// A file beyond this is refused before it is read.
const MAX_BYTES: u64 = 4 << 30;

/// Reads a profile: `latest` is the workspace's last recording.
pub(super) fn read(from: &str, context: &Context<'_>) -> Result<Profile, Failure> {
    if from != "latest" {
        return read_named(from);
    }
    let path = latest(context)?;
    if !path.exists() {
        return Err(Failure::usage(format!("there is no profile at {}", path.display()))
            .help("record one with `cargo perf record`, or name one with `--from`"));
    }
    read_file(&path)
}

/// Reads a profile from a URL, a file, or a directory that criterion's profilers wrote to.
pub(super) fn read_named(from: &str) -> Result<Profile, Failure> {
    if http::is_url(from) {
        return formats::read(&http::fetch(from)?).map_err(|error| wrong(from, error));
    }
    let path = Path::new(from);
    if path.is_dir() { criterion::read(path) } else { read_file(path) }
}

fn wrong(name: &str, error: FormatError) -> Failure {
    Failure::usage(format!("{}: {error}", inert(name)))
        .help("`cargo perf record` records a profile; `--from` reads pprof, perf.data, perf script, collapsed stacks, Firefox Profiler and speedscope files")
}

/// Where the last recording of the workspace lies.
fn latest(context: &Context<'_>) -> Result<PathBuf, Failure> {
    let workspace = load(context)?.map_err(|error| match error {
        LoadError::Cargo { .. } => Failure::environment(error.to_string()),
        other => Failure::usage(other.to_string())
            .help("name a profile with `--from FILE` to look at one outside a workspace"),
    })?;
    Ok(workspace.perf_dir().join("profile.pb.gz"))
}

/// The directory below which sources may be read on a profile's word: the workspace, or without
/// one the current directory.
pub(super) fn source_root(context: &Context<'_>) -> Result<PathBuf, Failure> {
    match load(context)? {
        Ok(workspace) => Ok(workspace.root().to_owned()),
        Err(_) => current_dir(),
    }
}

fn load(context: &Context<'_>) -> Result<Result<Workspace, LoadError>, Failure> {
    let request = Request {
        dir: current_dir()?,
        manifest_path: context.common.manifest_path.clone(),
        packages: Vec::new(),
        workspace: true,
        features: Features::default(),
        any_toolchain: true,
    };
    Ok(workspace::load(request))
}

fn current_dir() -> Result<PathBuf, Failure> {
    std::env::current_dir()
        .map_err(|error| Failure::environment(format!("the current directory: {error}")))
}

fn read_file(path: &Path) -> Result<Profile, Failure> {
    let name = path.display().to_string();
    let unreadable = |why: String| {
        Failure::usage(format!("{}: {why}", inert(&name)))
            .help("`cargo perf record --out FILE` leaves a profile in a file of that name")
    };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(unreadable(format!("larger than {} GiB", MAX_BYTES >> 30)));
    }
    match formats::read(&bytes) {
        Err(FormatError::PerfData) => perf_data::read(&bytes),
        read => read,
    }
    .map_err(|error| wrong(&name, error))
}
