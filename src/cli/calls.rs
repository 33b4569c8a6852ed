//! `--calls`: from the names of functions to their places in the programs that will run, and back
//! to a line for people.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::capture::Probe;
use crate::cli::Context;
use crate::exit::Failure;
use crate::record::{Calls, Outcome};
use crate::symbolize::{Found, Functions};

/// Instances of one function, as generic arguments make them, that are counted.
const MOST: usize = 32;

/// How many benches are named in a line.
const SHOWN: usize = 4;

/// Where the named functions begin in these programs; what cannot be counted is said.
pub(super) fn find(
    wanted: &[String],
    programs: &[PathBuf],
    context: &mut Context<'_>,
) -> Result<Calls, Failure> {
    let mut calls = Calls::default();
    if wanted.is_empty() {
        return Ok(calls);
    }
    let mut read = Vec::with_capacity(programs.len());
    for path in programs {
        let functions = Functions::read(path).map_err(|error| {
            Failure::usage(format!("--calls: {}: {error}", path.display()))
                .help("the program itself is needed, not a script or a tool that starts it")
        })?;
        read.push((path, functions));
    }
    let wanted: BTreeSet<&str> = wanted.iter().map(|name| name.trim()).collect();
    for name in wanted {
        let found: Vec<(&PathBuf, Found)> =
            read.iter().map(|(path, functions)| (*path, functions.find(name))).collect();
        let inlined = found.iter().any(|(_, found)| found.inlined);
        let paths: BTreeSet<&str> =
            found.iter().flat_map(|(_, found)| &found.paths).map(String::as_str).collect();
        if paths.is_empty() {
            return Err(nowhere(name, inlined, &read));
        }
        if found.iter().any(|(_, found)| found.offsets.len() > MOST) {
            let failure =
                Failure::usage(format!("--calls: more than {MOST} functions are `{name}`"));
            return Err(failure.help(format!("name one of them, such as {}", listed(&paths))));
        }
        if found.iter().any(|(_, found)| found.loops_to_start) {
            context.note(&format!(
                "note: calls of {name} are not counted: a loop of it begins at its first \
                 instruction, where a round looks like a call"
            ));
            continue;
        }
        if inlined {
            context.note(&format!(
                "note: {name} was inlined at places; what is inlined is no call and is not counted"
            ));
        }
        if paths.len() > 1 {
            context.note(&format!("note: {name} stands for {}", listed(&paths)));
        }
        let function = calls.names.len();
        calls.names.push(name.split_whitespace().collect::<Vec<_>>().join("_"));
        calls.probes.extend(found.into_iter().flat_map(|(file, found)| {
            let offsets = found.offsets.into_iter();
            offsets.map(|offset| Probe { file: file.clone(), offset, function })
        }));
    }
    Ok(calls)
}

/// The first names, and how many there are besides.
fn listed(names: &BTreeSet<&str>) -> String {
    let mut shown: Vec<&str> = names.iter().take(SHOWN).copied().collect();
    let rest = format!("and {} more", names.len() - shown.len());
    if names.len() > shown.len() {
        shown.push(&rest);
    }
    shown.join(", ")
}

fn nowhere(name: &str, inlined: bool, read: &[(&PathBuf, Functions)]) -> Failure {
    if inlined {
        let failure = Failure::usage(format!("--calls: `{name}` was inlined wherever it is used"));
        return failure.help("with `#[inline(never)]` it has calls that can be counted");
    }
    let failure = Failure::usage(format!("--calls: there is no function `{name}`"));
    match read.iter().find_map(|(_, functions)| functions.nearest(name)) {
        Some(near) => failure.help(format!("a function with a similar name exists: `{near}`")),
        None => failure.help("it is named by its path or the end of it, such as `parse::number`"),
    }
}

/// The file of a command, found as the system finds it.
pub(super) fn program(name: &OsStr) -> PathBuf {
    let path = env::var_os("PATH").filter(|_| !name.as_encoded_bytes().contains(&b'/'));
    let dirs = path.iter().flat_map(env::split_paths);
    dirs.map(|dir| dir.join(name)).find(|path| path.is_file()).unwrap_or(Path::new(name).into())
}

/// What was counted, one line per function.
pub(super) fn told(outcome: &Outcome) -> Vec<String> {
    let names: BTreeSet<&str> =
        outcome.lines.iter().flat_map(|line| &line.calls).map(|(name, _)| name.as_str()).collect();
    let line = |name: &str| {
        let mut benches = Vec::new();
        for line in &outcome.lines {
            let Some((_, calls)) = line.calls.iter().find(|(own, _)| own == name) else { continue };
            if line.harness == "command" {
                return format!("{calls} calls of {name} in all");
            }
            benches.push(format!("{} in {}", (calls * 1000.0).round() / 1000.0, line.bench));
        }
        let rest = benches.len().saturating_sub(SHOWN);
        benches.truncate(SHOWN);
        benches.extend((rest > 0).then(|| format!("and so on in {rest} more")));
        format!("calls of {name} per iteration: {}", benches.join(", "))
    };
    names.into_iter().map(line).collect()
}
