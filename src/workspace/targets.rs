//! The bench targets of the chosen packages.

use std::fmt;
use std::path::{Path, PathBuf};

use cargo_metadata::{Package, PackageId, Target, TargetKind};

use super::features::Enabled;
use super::load::Workspace;
use super::manifest::Manifest;
use super::nearest::nearest;

/// What kind of target holds the benches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A file in `benches/`.
    Bench,
    /// The library, with `#[bench]` functions of its own.
    Lib,
    /// A binary with them.
    Bin,
}

/// A target that may hold benches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BenchTarget {
    /// The package's id.
    pub package_id: PackageId,
    /// The package's name.
    pub package: String,
    /// The directory of its manifest: where cargo runs benches.
    pub package_dir: PathBuf,
    /// Kind.
    pub kind: Kind,
    /// The target's name.
    pub name: String,
    /// Its root source file.
    pub source: PathBuf,
    /// libtest makes its `main`.
    pub libtest: bool,
    /// The package's features that are on.
    pub features: Enabled,
}

/// A bench target that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its package.
    pub package: String,
    /// Its name.
    pub name: String,
    /// Features that it requires and that are off.
    pub missing_features: Vec<String>,
}

/// The targets to build, and those that lack a feature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// To build. Those of kind [`Kind::Lib`] and [`Kind::Bin`] may hold no bench at all.
    pub targets: Vec<BenchTarget>,
    /// Left out.
    pub skipped: Vec<Skipped>,
    /// Names that a manifest gives to files that are not there: cargo builds nothing of its package.
    pub without_file: Vec<String>,
}

/// Why there is nothing to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetError {
    /// No bench target has this name.
    NoSuchBench {
        /// What was asked for.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
        /// All there are.
        names: Vec<String>,
    },
    /// It was asked for by name, but requires features that are off.
    RequiredFeatures(Skipped),
    /// The manifest names it, and there is no such file.
    NoFile(String),
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TargetError::NoSuchBench { name, .. } => {
                write!(f, "no bench target `{name}` in the selected packages")
            }
            TargetError::RequiredFeatures(skipped) => write!(
                f,
                "bench target `{}` of package `{}` requires the features: {}",
                skipped.name,
                skipped.package,
                skipped.missing_features.join(", ")
            ),
            TargetError::NoFile(name) => write!(f, "bench target `{name}` has no source file"),
        }
    }
}

impl std::error::Error for TargetError {}

/// The bench targets of the chosen packages, or those of these names.
pub fn bench_targets(workspace: &Workspace, names: &[String]) -> Result<Targets, TargetError> {
    let mut found = Targets::default();
    let mut known = Vec::new();
    for package in workspace.packages() {
        let manifest = Manifest::read(package.manifest_path.as_std_path());
        let enabled = workspace.request.features.enabled(package);
        found
            .without_file
            .extend(manifest.benches().filter(|name| !has_bench(package, name)).map(str::to_owned));
        for target in &package.targets {
            let Some(kind) = kind_of(target) else { continue };
            if kind == Kind::Bench {
                known.push(target.name.as_str());
            }
            let asked = kind == Kind::Bench && names.contains(&target.name);
            if !names.is_empty() && !asked {
                continue;
            }
            let source = target.src_path.as_std_path();
            let settings = manifest.target(section(kind), &target.name, source);
            if !settings.bench && !asked || kind != Kind::Bench && !settings.harness {
                continue;
            }
            let missing_features = enabled.missing(&target.required_features);
            if !missing_features.is_empty() {
                found.skipped.push(Skipped {
                    package: package.name.to_string(),
                    name: target.name.clone(),
                    missing_features,
                });
                continue;
            }
            found.targets.push(bench_target(
                package,
                target,
                kind,
                settings.harness,
                enabled.clone(),
            ));
        }
    }
    for name in names {
        if found.targets.iter().any(|target| target.name == *name) {
            continue;
        }
        if let Some(skipped) = found.skipped.iter().find(|skipped| skipped.name == *name) {
            return Err(TargetError::RequiredFeatures(skipped.clone()));
        }
        if found.without_file.contains(name) {
            return Err(TargetError::NoFile(name.clone()));
        }
        return Err(TargetError::NoSuchBench {
            name: name.clone(),
            nearest: nearest(name, known.iter().copied()).map(str::to_owned),
            names: known.iter().map(|name| (*name).to_owned()).collect(),
        });
    }
    // Lacking a feature is worth a word for a bench target only.
    found.skipped.retain(|skipped| known.contains(&skipped.name.as_str()));
    Ok(found)
}

fn bench_target(
    package: &Package,
    target: &Target,
    kind: Kind,
    libtest: bool,
    features: Enabled,
) -> BenchTarget {
    let manifest = package.manifest_path.as_std_path();
    BenchTarget {
        package_id: package.id.clone(),
        package: package.name.to_string(),
        package_dir: manifest.parent().unwrap_or(Path::new(".")).to_owned(),
        kind,
        name: target.name.clone(),
        source: target.src_path.clone().into_std_path_buf(),
        libtest,
        features,
    }
}

/// `cargo metadata` leaves out a target whose file it does not find.
fn has_bench(package: &Package, name: &str) -> bool {
    package.targets.iter().any(|t| t.name == name && kind_of(t) == Some(Kind::Bench))
}

fn kind_of(target: &Target) -> Option<Kind> {
    target.kind.iter().find_map(|kind| match kind {
        TargetKind::Bench => Some(Kind::Bench),
        TargetKind::Bin => Some(Kind::Bin),
        TargetKind::Lib
        | TargetKind::RLib
        | TargetKind::DyLib
        | TargetKind::CDyLib
        | TargetKind::StaticLib => Some(Kind::Lib),
        _ => None,
    })
}

fn section(kind: Kind) -> &'static str {
    match kind {
        Kind::Bench => "bench",
        Kind::Lib => "lib",
        Kind::Bin => "bin",
    }
}
