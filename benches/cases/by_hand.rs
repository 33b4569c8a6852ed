//! Cases whose rewrite a person makes: found by the tool, measured by its paired runs.

use std::sync::atomic::AtomicBool;

use cargo_perf::proof::paired::{self, Benches, Options, Side};
use cargo_perf::workspace::{
    self, BuildPlan, Executable, Messages, Request, Workspace, bench_targets, build,
};

use crate::Case;
use crate::copy::{Copied, folder, perf, target};
use crate::held;
use crate::row::Row;
use crate::tool::{by_lint, found};

/// Finds in the slow form, builds both, compares.
pub fn measure(copied: &Copied, cases: &[&Case]) -> Result<Vec<Row>, String> {
    let found = found(copied)?;
    let held_before = held::at_end(cases)?;
    let workspace = load(copied)?;
    let scratch = target().join("by_hand");
    let keep = |side: &str| {
        paired::keep(&built(&workspace)?, &scratch.join(side)).map_err(|error| error.to_string())
    };
    let before = keep("before")?;
    folder(&copied.folder.join("by_hand"), &copied.folder)?;
    let after = keep("after")?;
    if cases.iter().any(|case| case.held) {
        perf(copied, &["record", "--package", &copied.name])?;
    }
    let held_after = held::at_end(cases)?;
    let options =
        Options { benches: Benches::Matching(Vec::new()), ..Options::new(scratch.join("paired")) };
    let (before, after) = (
        Side { workspace: &workspace, executables: &before },
        Side { workspace: &workspace, executables: &after },
    );
    let report = paired::compare(&before, &after, &options, &|_| {}, &AtomicBool::new(false))
        .map_err(|error| error.to_string())?;
    let row = |(case, held): (&&Case, (Option<i64>, Option<i64>))| {
        let measured = report.comparisons.iter().find(|c| c.name.bench == case.bench);
        let row = Row::new(case, by_lint(case, &found), measured);
        match held {
            (Some(before), Some(after)) => row.holding(before, after),
            _ => row,
        }
    };
    Ok(cases.iter().zip(held_before.into_iter().zip(held_after)).map(row).collect())
}

fn load(copied: &Copied) -> Result<Workspace, String> {
    let request = Request {
        dir: copied.folder.clone(),
        packages: vec![copied.name.clone()],
        ..Request::default()
    };
    let mut workspace = workspace::load(request).map_err(|error| error.to_string())?;
    let build = target().join("build");
    workspace.metadata.target_directory =
        build.to_str().ok_or("the path of the repository is not UTF-8")?.into();
    Ok(workspace)
}

fn built(workspace: &Workspace) -> Result<Vec<Executable>, String> {
    let targets = bench_targets(workspace, &[]).map_err(|error| error.to_string())?.targets;
    let benches = targets.iter().filter(|target| target.kind == workspace::Kind::Bench);
    let plan = BuildPlan {
        workspace,
        targets: benches.collect(),
        profile: None,
        toolchain: None,
        target_dir: workspace.perf_dir(),
        extra_args: Vec::new(),
        relink: Some(env!("CARGO_BIN_EXE_cargo-perf").into()),
    };
    build(&plan, Messages::Inherit, &AtomicBool::new(false))
        .map_err(|error| error.to_string())?
        .whole()
}
