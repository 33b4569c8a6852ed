//! From the common flags to built benches: packages, targets, toolchains, and what to say where
//! one of them is wrong.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::bench;
use crate::cli::Context;
use crate::exit::Failure;
use crate::source::ahead::Ahead;
use crate::workspace::{
    self, BenchTarget, BuildError, BuildPlan, Built, Features, Kind, LoadError, Messages, Request,
    SelectError, Skipped, TargetError, Targets, Toolchain, Workspace,
};

/// The workspace that the flags and the current directory mean.
pub(super) fn load_workspace(context: &Context<'_>) -> Result<Workspace, Failure> {
    workspace::load(request(context, false)?).map_err(failure)
}

/// The same from what cargo answered the last time, where it would answer the same again.
pub(super) fn recall_workspace(context: &Context<'_>) -> Result<Workspace, Failure> {
    workspace::recall(request(context, false)?).map_err(failure)
}

/// The same where nothing will be built, so that any installed cargo can read the manifests.
pub(super) fn load_workspace_to_read(context: &Context<'_>) -> Result<Workspace, Failure> {
    workspace::load(request(context, true)?).map_err(failure)
}

/// The same where it is asked for again and again.
pub(super) fn recall_workspace_to_read(context: &Context<'_>) -> Result<Workspace, Failure> {
    workspace::recall(request(context, true)?).map_err(failure)
}

/// Begins to read the sources that the flags and the current directory most likely mean.
pub(super) fn read_ahead(context: &Context<'_>) -> Ahead {
    let folder = request(context, true).ok().and_then(|request| request.folder());
    folder.map(Ahead::below).unwrap_or_default()
}

fn request(context: &Context<'_>, any_toolchain: bool) -> Result<Request, Failure> {
    let common = &context.common;
    let dir = std::env::current_dir()
        .map_err(|error| Failure::environment(format!("the current directory: {error}")))?;
    Ok(Request {
        dir,
        manifest_path: common.manifest_path.clone(),
        packages: common.package.clone(),
        workspace: common.workspace,
        features: Features {
            list: common.features.clone(),
            all: common.all_features,
            no_default: common.no_default_features,
        },
        any_toolchain,
    })
}

fn failure(error: LoadError) -> Failure {
    let message = error.to_string();
    match error {
        LoadError::NoManifest(_) => Failure::usage(message)
            .help("run it in the folder of a package, or name its Cargo.toml: --manifest-path"),
        LoadError::Manifest(_) => Failure::usage(message)
            .help("cargo itself refuses this manifest: `cargo metadata` tells when it is mended"),
        LoadError::Cargo { pinned_by: Some(_), .. } => Failure::environment(message).help(
            "install that toolchain with `rustup toolchain install`, or choose another one \
                 with `RUSTUP_TOOLCHAIN=stable cargo perf`",
        ),
        LoadError::Cargo { pinned_by: None, .. } => Failure::environment(message),
        LoadError::NoSuchFeature { nearest, .. } => {
            let failure = Failure::usage(message);
            match nearest {
                Some(name) => {
                    failure.help(format!("a feature with a similar name exists: `{name}`"))
                }
                None => failure.help("the `[features]` of Cargo.toml names those there are"),
            }
        }
        LoadError::Select(SelectError::NoSuchPackage { nearest, members, .. }) => {
            Failure::usage(message).help(match nearest {
                Some(nearest) => format!("a package with a similar name exists: `{nearest}`"),
                None => format!("its packages are: {}", members.join(", ")),
            })
        }
    }
}

/// Builds the bench targets that the flags mean; what is kept can be linked again later. One that
/// does not build is named and takes nothing from the others.
pub(super) fn build_benches(
    workspace: &Workspace,
    keep_links: bool,
    context: &mut Context<'_>,
    interrupt: &AtomicBool,
) -> Result<Built, Failure> {
    let names = context.common.bench.clone();
    let Targets { targets, skipped, without_file } =
        workspace::bench_targets(workspace, &names).map_err(target_failure)?;
    for skipped in &skipped {
        let why = format!("requires the features: {}", skipped.missing_features.join(", "));
        context.warn(&format!("bench target `{}` is left out: it {why}", skipped.name));
    }
    let targets = with_benches(targets);
    if targets.is_empty() {
        if let Some(name) = without_file.into_iter().next() {
            return Err(target_failure(TargetError::NoFile(name)));
        }
        return Err(no_benches(workspace, &skipped));
    }
    note_first_build(&workspace.perf_dir(), context);
    let mut built = Built::default();
    let mut nothing = None;
    for (toolchain, targets) in groups(workspace, targets, context)? {
        let plan = BuildPlan {
            workspace,
            targets: targets.iter().collect(),
            profile: context.common.cargo_profile.clone(),
            toolchain,
            target_dir: workspace.perf_dir(),
            extra_args: cargo_args(context),
            relink: keep_links.then(workspace::own_program).flatten(),
        };
        let messages = if context.terminal.err {
            Messages::Inherit
        } else {
            Messages::Write(&mut *context.err)
        };
        match workspace::build(&plan, messages, interrupt) {
            Ok(more) => {
                built.executables.extend(more.executables);
                built.broken.extend(more.broken);
            }
            Err(error @ BuildError::Failed { .. }) => {
                built.broken.extend(targets);
                nothing = Some(error);
            }
            Err(error) => return Err(build_failure(error)),
        }
    }
    match nothing {
        Some(error) if built.executables.is_empty() => return Err(build_failure(error)),
        _ => {}
    }
    for target in &built.broken {
        context.warn(&format!("{} is left out: it does not build", named(target, workspace)));
    }
    Ok(built)
}

/// Says why everything is built once more, where cargo has not built there yet.
fn note_first_build(perf_dir: &Path, context: &mut Context<'_>) {
    // Cargo writes it into each folder that it builds in.
    if !perf_dir.join(".rustc_info.json").exists() {
        context.note(&format!(
            "the first build takes all dependencies along: it has line tables, and so a folder of its \
             own, {}, that your own builds stay as they are",
            perf_dir.display()
        ));
    }
}

/// What of a build is not there, for the exit code.
pub(super) fn broken(targets: &[BenchTarget]) -> Option<String> {
    match targets {
        [] => None,
        [one] => Some(format!("bench target `{}` does not build", one.name)),
        several => Some(format!("{} bench targets do not build", several.len())),
    }
}

/// A target, with its package where there are several.
fn named(target: &BenchTarget, workspace: &Workspace) -> String {
    let package = match workspace.packages().len() {
        1 => String::new(),
        _ => format!(" of package `{}`", target.package),
    };
    format!("bench target `{}`{package}", target.name)
}

pub(super) fn target_failure(error: TargetError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error {
        TargetError::NoSuchBench { nearest: Some(nearest), .. } => {
            failure.help(format!("a bench target with a similar name exists: `{nearest}`"))
        }
        TargetError::NoSuchBench { names, .. } if names.is_empty() => failure.help(HOW_TO_ADD),
        TargetError::NoSuchBench { names, .. } => {
            failure.help(format!("there are: {}", names.join(", ")))
        }
        TargetError::RequiredFeatures(skipped) => {
            failure.help(format!("turn them on: --features {}", skipped.missing_features.join(",")))
        }
        TargetError::NoFile(name) => failure.help(format!(
            "cargo looks for `benches/{name}.rs` and `benches/{name}/main.rs`, or for the `path` \
             in its `[[bench]]` of Cargo.toml"
        )),
    }
}

fn build_failure(error: BuildError) -> Failure {
    let failure = Failure::environment(error.to_string());
    match error {
        BuildError::Failed { command } => failure.help(format!("cargo says why: {command}")),
        _ => failure,
    }
}

const HOW_TO_ADD: &str = "add one: a file `benches/NAME.rs`, and in Cargo.toml

    [dev-dependencies]
    divan = \"0.1\"

    [[bench]]
    name = \"NAME\"
    harness = false

      or record any program: cargo perf record -- COMMAND";

fn no_benches(workspace: &Workspace, skipped: &[Skipped]) -> Failure {
    let packages: Vec<&str> = workspace.packages().iter().map(|p| p.name.as_str()).collect();
    let packages = match packages.as_slice() {
        [] => "the workspace".to_owned(),
        [one] => format!("package `{one}`"),
        several => format!("packages {}", several.join(", ")),
    };
    if skipped.is_empty() {
        return Failure::usage(format!("no benches in {packages}")).help(HOW_TO_ADD);
    }
    let mut features: Vec<&str> =
        skipped.iter().flat_map(|s| &s.missing_features).map(String::as_str).collect();
    features.sort_unstable();
    features.dedup();
    Failure::usage(format!("all benches of {packages} require features that are off"))
        .help(format!("turn them on: --features {}", features.join(",")))
}

/// A library or binary is a bench target only where its source says so.
fn with_benches(targets: Vec<BenchTarget>) -> Vec<BenchTarget> {
    let holds = |target: &BenchTarget| {
        let clue = bench::clue(target);
        target.kind == Kind::Bench || clue.unstable
    };
    targets.into_iter().filter(holds).collect()
}

type Group = (Option<String>, Vec<BenchTarget>);

/// What one call of cargo builds. A library or program with benches has a call of its own: it shares
/// none in which cargo goes on when one does not build.
fn groups(
    workspace: &Workspace,
    targets: Vec<BenchTarget>,
    context: &mut Context<'_>,
) -> Result<Vec<Group>, Failure> {
    let mut groups = Vec::new();
    for (toolchain, targets) in by_toolchain(workspace, targets, context)? {
        let (benches, others): (Vec<_>, Vec<_>) =
            targets.into_iter().partition(|target| target.kind == Kind::Bench);
        if !benches.is_empty() {
            groups.push((toolchain.clone(), benches));
        }
        groups.extend(others.into_iter().map(|target| (toolchain.clone(), vec![target])));
    }
    Ok(groups)
}

/// `#[bench]` needs a nightly compiler. Where the workspace has a stable one, an installed
/// nightly builds the targets that need it.
fn by_toolchain(
    workspace: &Workspace,
    targets: Vec<BenchTarget>,
    context: &mut Context<'_>,
) -> Result<Vec<Group>, Failure> {
    let needs_nightly = |target: &BenchTarget| bench::clue(target).unstable;
    if !targets.iter().any(needs_nightly) {
        return Ok(vec![(None, targets)]);
    }
    let toolchain =
        Toolchain::of(workspace).map_err(|error| Failure::environment(error.to_string()))?;
    if toolchain.unstable {
        return Ok(vec![(None, targets)]);
    }
    let (unstable, stable): (Vec<_>, Vec<_>) = targets.into_iter().partition(needs_nightly);
    let names: Vec<&str> = unstable.iter().map(|target| target.name.as_str()).collect();
    let names = names.join(", ");
    let mut groups = Vec::new();
    if !stable.is_empty() {
        groups.push((None, stable));
    }
    let why = format!("`#![feature(test)]` needs a nightly compiler, not {}", toolchain.release);
    match Toolchain::installed_nightly() {
        Some(nightly) => {
            context.note(&format!("{names}: built with {nightly}, since {why}"));
            groups.push((Some(nightly), unstable));
        }
        None if groups.is_empty() || !context.common.bench.is_empty() => {
            return Err(Failure::environment(format!("{names}: {why}"))
                .help("install one: rustup toolchain install nightly"));
        }
        None => context.warn(&format!(
            "{names}: left out, since {why}; install one: rustup toolchain install nightly"
        )),
    }
    Ok(groups)
}

pub(super) fn cargo_args(context: &Context<'_>) -> Vec<String> {
    let mut args = Vec::new();
    if context.common.quiet {
        args.push("--quiet".to_owned());
    }
    if context.common.verbose > 1 {
        args.push("--verbose".to_owned());
    }
    if let Some(color) = context.common.color {
        let color = match color {
            crate::term::ColorChoice::Auto => "auto",
            crate::term::ColorChoice::Always => "always",
            crate::term::ColorChoice::Never => "never",
        };
        args.extend(["--color".to_owned(), color.to_owned()]);
    }
    args
}
