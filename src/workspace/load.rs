//! `cargo metadata`: the workspace around a directory, and the packages that were asked for.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{Metadata, MetadataCommand, Package, PackageId};

use super::answer::Question;
use super::features::Features;
use super::nearest::nearest;
use super::select::{self, SelectError};

/// Which workspace and what of it; everything unset means what cargo means by it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The directory to start from.
    pub dir: PathBuf,
    /// `--manifest-path`.
    pub manifest_path: Option<PathBuf>,
    /// `--package`.
    pub packages: Vec<String>,
    /// `--workspace`.
    pub workspace: bool,
    /// `--features` and its like.
    pub features: Features,
    /// Nothing will be built: any cargo that is installed will do where the pinned one is not.
    pub any_toolchain: bool,
}

/// A workspace with the packages that were asked for.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// What was asked for.
    pub request: Request,
    /// What cargo says of it, without dependencies.
    pub metadata: Metadata,
    /// The toolchain whose cargo read the manifests, where the pinned one is not installed.
    pub borrowed: Option<String>,
    selected: Vec<PackageId>,
    /// What cargo was asked, where its answer may be kept.
    asked: Option<Question>,
}

impl Request {
    /// The folder of the manifest that it means.
    pub fn folder(&self) -> Option<PathBuf> {
        current_manifest(self)?.parent().map(Path::to_owned)
    }
}

impl Workspace {
    /// The directory of the workspace's manifest.
    pub fn root(&self) -> &Path {
        self.metadata.workspace_root.as_std_path()
    }

    /// The folder that was asked about: that of the manifest which was named, else the current one.
    pub fn asked_from(&self) -> PathBuf {
        let Request { dir, manifest_path, .. } = &self.request;
        let manifest = manifest_path.as_ref().map(|manifest| dir.join(manifest));
        manifest
            .and_then(|manifest| manifest.parent().map(Path::to_owned))
            .unwrap_or_else(|| dir.clone())
    }

    /// The one directory that is written to: `target/perf`.
    pub fn perf_dir(&self) -> PathBuf {
        self.metadata.target_directory.as_std_path().join("perf")
    }

    /// Keeps what cargo answered for the next time that it would answer the same.
    pub fn keep_answer(&self) {
        if let (Some(asked), None) = (&self.asked, &self.borrowed) {
            asked.keep(&self.metadata);
        }
    }

    /// The packages that were asked for, in the manifest's order.
    pub fn packages(&self) -> Vec<&Package> {
        self.metadata.packages.iter().filter(|p| self.selected.contains(&p.id)).collect()
    }

    /// All packages of the workspace.
    pub fn members(&self) -> Vec<&Package> {
        self.metadata.workspace_packages()
    }

    /// `cargo`, to be run where the user ran us. With a toolchain, through rustup.
    pub fn cargo(&self, toolchain: Option<&str>) -> Command {
        let mut command = match toolchain {
            Some(toolchain) => {
                let mut command = Command::new("rustup");
                command.args(["run", toolchain, "cargo"]);
                // These two name the default toolchain's programs and would win over rustup.
                command.env_remove("CARGO").env_remove("RUSTC");
                command
            }
            None => Command::new(cargo_program()),
        };
        command.current_dir(&self.request.dir);
        command
    }
}

/// The `cargo` that runs us, or else the one in `PATH`.
pub(super) fn cargo_program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Why the workspace could not be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// There is no manifest: cargo's own words.
    NoManifest(String),
    /// Cargo refuses the manifest: its own words.
    Manifest(String),
    /// Cargo itself does not run here, as with a toolchain that is not installed.
    Cargo {
        /// Its own words, or the system's.
        words: String,
        /// The file that pins the toolchain, where there is one.
        pinned_by: Option<PathBuf>,
    },
    /// A package that was asked for is not there.
    Select(SelectError),
    /// None of the packages has this feature.
    NoSuchFeature {
        /// What was asked for.
        name: String,
        /// The feature whose name is nearest.
        nearest: Option<String>,
    },
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NoManifest(words) | LoadError::Manifest(words) => f.write_str(words),
            LoadError::Cargo { words, pinned_by: None } => write!(f, "cargo does not run: {words}"),
            LoadError::Cargo { words, pinned_by: Some(file) } => {
                write!(f, "cargo does not run with the toolchain of {}: {words}", file.display())
            }
            LoadError::Select(error) => error.fmt(f),
            LoadError::NoSuchFeature { name, .. } => {
                write!(f, "no selected package has a feature `{name}`")
            }
        }
    }
}

impl std::error::Error for LoadError {}

/// Loads the workspace around the request's directory. Runs no code of the project.
pub fn load(request: Request) -> Result<Workspace, LoadError> {
    let answer = metadata(&request, None);
    answered(request, answer)
}

/// The same, from what cargo answered the last time where it would answer the same again.
pub fn recall(request: Request) -> Result<Workspace, LoadError> {
    let asks_here = request.manifest_path.is_none();
    let question = asks_here.then(|| Question::of(&request.dir)).flatten();
    if let Some(answer) = question.as_ref().and_then(Question::answered) {
        return answered(request, Ok(answer));
    }
    let answer = metadata(&request, None);
    Ok(Workspace { asked: question, ..answered(request, answer)? })
}

fn answered(
    request: Request,
    answer: Result<Metadata, cargo_metadata::Error>,
) -> Result<Workspace, LoadError> {
    let mut borrowed = None;
    let metadata = match answer {
        Ok(metadata) => metadata,
        Err(error) => {
            let error = explain(error, &request);
            if !request.any_toolchain || !matches!(error, LoadError::Cargo { .. }) {
                return Err(error);
            }
            let toolchain = super::toolchain::installed().ok_or(error)?;
            let metadata = metadata(&request, Some(&toolchain));
            borrowed = Some(toolchain);
            metadata.map_err(|error| explain(error, &request))?
        }
    };
    let manifest = current_manifest(&request);
    let selected =
        select::packages(&metadata, manifest.as_deref(), &request.packages, request.workspace)
            .map_err(LoadError::Select)?;
    let workspace = Workspace { request, metadata, borrowed, selected, asked: None };
    let packages = workspace.packages();
    if let Some(name) = workspace.request.features.unknown(&packages) {
        let known = packages.iter().flat_map(|package| package.features.keys());
        let nearest = nearest(&name, known.map(String::as_str)).map(str::to_owned);
        return Err(LoadError::NoSuchFeature { name, nearest });
    }
    Ok(workspace)
}

fn metadata(request: &Request, toolchain: Option<&str>) -> Result<Metadata, cargo_metadata::Error> {
    let mut command = MetadataCommand::new();
    command.cargo_path(cargo_program()).current_dir(&request.dir).no_deps();
    // Its words are printed as part of ours, whose colours are decided elsewhere.
    command.env("CARGO_TERM_COLOR", "never");
    // A question about manifests must not fetch a toolchain.
    command.env("RUSTUP_AUTO_INSTALL", "0");
    if let Some(toolchain) = toolchain {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    if let Some(path) = &request.manifest_path {
        command.manifest_path(path);
    }
    command.exec()
}

/// Tells a manifest that cargo refuses from a cargo that does not run at all.
fn explain(error: cargo_metadata::Error, request: &Request) -> LoadError {
    let words = match error {
        cargo_metadata::Error::CargoMetadata { stderr } => clean(&stderr),
        other => other.to_string(),
    };
    let cargo = cargo_program();
    let mut probe = Command::new(&cargo);
    probe.arg("--version").current_dir(&request.dir);
    let probe = probe.env("RUSTUP_AUTO_INSTALL", "0").output();
    match probe {
        Ok(output) if output.status.success() => match current_manifest(request) {
            Some(manifest) if manifest.exists() => LoadError::Manifest(words),
            _ => LoadError::NoManifest(words),
        },
        Ok(output) => {
            let words = clean(&String::from_utf8_lossy(&output.stderr));
            LoadError::Cargo { words, pinned_by: toolchain_file(&request.dir) }
        }
        Err(error) => LoadError::Cargo {
            words: format!("{}: {error}", cargo.to_string_lossy()),
            pinned_by: None,
        },
    }
}

/// Cargo's words without its `error: `, which is printed again in front of ours.
fn clean(stderr: &str) -> String {
    let text = stderr.trim();
    text.strip_prefix("error: ").unwrap_or(text).to_owned()
}

fn toolchain_file(dir: &Path) -> Option<PathBuf> {
    dir.ancestors()
        .flat_map(|dir| [dir.join("rust-toolchain.toml"), dir.join("rust-toolchain")])
        .find(|file| file.is_file())
}

/// The manifest that the invocation means: the one named, or the nearest above the directory.
fn current_manifest(request: &Request) -> Option<PathBuf> {
    let path = match &request.manifest_path {
        Some(path) => request.dir.join(path),
        None => {
            request.dir.ancestors().map(|dir| dir.join("Cargo.toml")).find(|file| file.is_file())?
        }
    };
    Some(path.canonicalize().unwrap_or(path))
}
