//! A build for its debug info alone: it tells types and is never measured.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::AtomicBool;

use super::build::{BuildError, shell_words};
use super::child;
use super::load::Workspace;

/// Where that build is.
pub fn facts_dir(workspace: &Workspace) -> PathBuf {
    workspace.perf_dir().join("facts-build")
}

/// Builds the libraries and programs of the chosen packages without optimisation and with full
/// debug info, in a directory of its own. Cargo's progress and errors go where ours go.
pub fn build_for_facts(workspace: &Workspace, interrupt: &AtomicBool) -> Result<(), BuildError> {
    let mut command = workspace.cargo(None);
    command.args(["build", "--profile", "dev"]);
    // Of dependencies nothing is asked, which is most of what debug info costs.
    command.args(["--config", "profile.dev.package.\"*\".debug=false"]);
    command.arg("--target-dir").arg(facts_dir(workspace));
    command.env("CARGO_PROFILE_DEV_DEBUG", "2");
    if let Some(path) = &workspace.request.manifest_path {
        command.arg("--manifest-path").arg(path);
    }
    for package in workspace.packages() {
        command.args(["--package", &package.id.repr]);
    }
    command.args(workspace.request.features.to_args());
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = child::spawn(&mut command).map_err(BuildError::Start)?;
    let status = child::wait(&mut child, interrupt).map_err(BuildError::Start)?;
    if interrupt.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(BuildError::Interrupted);
    }
    if status.success() {
        return Ok(());
    }
    Err(BuildError::Failed { command: shell_words(&command) })
}
