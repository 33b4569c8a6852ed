//! The environment in which cargo runs a bench, for running it without cargo.

use std::ffi::OsString;
use std::path::PathBuf;

use super::build::Executable;
use super::load::{Workspace, cargo_program};

/// The variables that cargo sets for a bench of this executable's package.
pub fn run_environment(workspace: &Workspace, executable: &Executable) -> Vec<(String, OsString)> {
    let mut set: Vec<(String, OsString)> = Vec::new();
    let package = workspace.metadata.packages.iter().find(|p| p.id == executable.target.package_id);
    if let Some(package) = package {
        let version = &package.version;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let path = |value: &Option<cargo_metadata::camino::Utf8PathBuf>| {
            value.as_ref().map(ToString::to_string).unwrap_or_default()
        };
        let fields = [
            ("CARGO_PKG_NAME", package.name.to_string()),
            ("CARGO_PKG_VERSION", version.to_string()),
            ("CARGO_PKG_VERSION_MAJOR", version.major.to_string()),
            ("CARGO_PKG_VERSION_MINOR", version.minor.to_string()),
            ("CARGO_PKG_VERSION_PATCH", version.patch.to_string()),
            ("CARGO_PKG_VERSION_PRE", version.pre.to_string()),
            ("CARGO_PKG_AUTHORS", package.authors.join(":")),
            ("CARGO_PKG_DESCRIPTION", text(&package.description)),
            ("CARGO_PKG_HOMEPAGE", text(&package.homepage)),
            ("CARGO_PKG_REPOSITORY", text(&package.repository)),
            ("CARGO_PKG_LICENSE", text(&package.license)),
            ("CARGO_PKG_LICENSE_FILE", path(&package.license_file)),
            ("CARGO_PKG_README", path(&package.readme)),
            (
                "CARGO_PKG_RUST_VERSION",
                package.rust_version.as_ref().map(ToString::to_string).unwrap_or_default(),
            ),
            ("CARGO_MANIFEST_PATH", package.manifest_path.to_string()),
        ];
        set.extend(fields.map(|(name, value)| (name.to_owned(), value.into())));
    }
    let dir = executable.target.package_dir.clone();
    set.push(("CARGO_MANIFEST_DIR".to_owned(), dir.into()));
    set.push(("CARGO".to_owned(), cargo_program()));
    if let Some(script) = &executable.build_script {
        set.push(("OUT_DIR".to_owned(), script.out_dir.clone().into_os_string()));
        let own = script.env.iter().map(|(name, value)| (name.clone(), value.into()));
        set.extend(own);
    }
    set.push((LIBRARY_PATH.to_owned(), library_path(executable)));
    set
}

const LIBRARY_PATH: &str = if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else if cfg!(windows) {
    "PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// Where the libraries lie that were built with it, before what the user has set.
fn library_path(executable: &Executable) -> OsString {
    let mut dirs: Vec<PathBuf> = Vec::new();
    if let Some(script) = &executable.build_script {
        let linked = script.linked_paths.iter().map(|path| {
            // `native=…`, `dependency=…`, or the path alone.
            let path = path.as_str();
            PathBuf::from(path.split_once('=').map_or(path, |(_, path)| path))
        });
        dirs.extend(linked);
    }
    dirs.extend(executable.path.parent().map(PathBuf::from));
    dirs.extend(executable.path.parent().and_then(|dir| dir.parent()).map(PathBuf::from));
    if let Some(own) = std::env::var_os(LIBRARY_PATH) {
        dirs.extend(std::env::split_paths(&own).filter(|dir| !dir.as_os_str().is_empty()));
    }
    // A directory with a separator in its name cannot be put into the list at all.
    std::env::join_paths(&dirs).or_else(|_| std::env::join_paths([""; 0])).unwrap_or_default()
}
