//! From `-p`, `--workspace` and the current directory to packages, as cargo chooses them.

use std::fmt;
use std::path::Path;

use cargo_metadata::{Metadata, Package, PackageId};

use super::nearest::nearest;

/// Why a package could not be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectError {
    /// No member matches this `--package`.
    NoSuchPackage {
        /// What was asked for.
        spec: String,
        /// The member whose name is nearest.
        nearest: Option<String>,
        /// The members.
        members: Vec<String>,
    },
}

impl fmt::Display for SelectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SelectError::NoSuchPackage { spec, .. } = self;
        write!(f, "no package `{spec}` in this workspace")
    }
}

pub(super) fn packages(
    metadata: &Metadata,
    manifest: Option<&Path>,
    specs: &[String],
    workspace: bool,
) -> Result<Vec<PackageId>, SelectError> {
    let members = metadata.workspace_packages();
    if workspace {
        return Ok(members.iter().map(|package| package.id.clone()).collect());
    }
    if !specs.is_empty() {
        let mut selected = Vec::new();
        for spec in specs {
            let matching = members.iter().filter(|package| matches(package, spec));
            let before = selected.len();
            selected.extend(matching.map(|package| package.id.clone()));
            if selected.len() == before {
                let names = || members.iter().map(|package| package.name.as_str());
                return Err(SelectError::NoSuchPackage {
                    spec: spec.clone(),
                    nearest: nearest(spec, names()).map(str::to_owned),
                    members: names().map(str::to_owned).collect(),
                });
            }
        }
        return Ok(selected);
    }
    let root_manifest = metadata.workspace_root.join("Cargo.toml");
    let is_manifest = |path: &Path| {
        manifest.is_some_and(|m| m == path || path.canonicalize().is_ok_and(|path| m == path))
    };
    if !is_manifest(root_manifest.as_std_path())
        && let Some(package) =
            members.iter().find(|package| is_manifest(package.manifest_path.as_std_path()))
    {
        return Ok(vec![package.id.clone()]);
    }
    // A cargo too old to tell has no default members in its metadata: all of them, then.
    let all = || members.iter().map(|package| package.id.clone()).collect();
    if metadata.workspace_default_members.is_available() {
        Ok(metadata.workspace_default_members.to_vec())
    } else {
        Ok(metadata.root_package().map_or_else(all, |root| vec![root.id.clone()]))
    }
}

/// `name`, `name@version`, `name:version`, a full package id, or a pattern with `*` and `?`.
fn matches(package: &Package, spec: &str) -> bool {
    if package.id.repr == spec {
        return true;
    }
    let (name, version) = match spec.split_once(['@', ':']) {
        Some((name, version)) => (name, Some(version)),
        None => (spec, None),
    };
    let version_matches = version.is_none_or(|version| {
        let own = package.version.to_string();
        own == version || own.strip_prefix(version).is_some_and(|rest| rest.starts_with('.'))
    });
    version_matches && glob(name.as_bytes(), package.name.as_bytes())
}

fn glob(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', pattern_rest)), rest) => {
            glob(pattern_rest, name) || rest.is_some_and(|(_, name_rest)| glob(pattern, name_rest))
        }
        (Some((b'?', pattern_rest)), Some((_, name_rest))) => glob(pattern_rest, name_rest),
        (Some((a, pattern_rest)), Some((b, name_rest))) => a == b && glob(pattern_rest, name_rest),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn package_patterns_match_as_cargo_matches_them() {
        let matches = |pattern: &str, name: &str| glob(pattern.as_bytes(), name.as_bytes());
        assert!(matches("serde", "serde"));
        assert!(matches("serde*", "serde_json"));
        assert!(matches("*", ""));
        assert!(matches("s?rde", "serde"));
        assert!(!matches("serde", "serde_json"));
        assert!(!matches("?", ""));
    }
}
