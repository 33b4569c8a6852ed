//! Applies all rewrites at once, without measuring.

use super::{Args, applicable, edition, place, refuse_if_not_undoable, select, write};
use crate::cli::{Context, check};
use crate::exit::{Exit, Failure};
use crate::model::finding::{Finding, Grade, Suggestion};
use crate::report::inert::spoken;
use crate::report::words::count;
use crate::rewrite::{Rustfmt, merge, unified};
use crate::source::SourceFile;
use crate::workspace::Workspace;

pub(super) fn run(
    args: &Args,
    workspace: &Workspace,
    context: &mut Context<'_>,
) -> Result<Exit, Failure> {
    let benches = context.common.bench.clone();
    let all = check::Wanted::all(&args.lint, &[], &args.from);
    let wanted = check::Wanted { benches: &benches, ..all };
    let check::Checked { files, profile, outcome, .. } = check::lint(workspace, &wanted)?;
    let failed = check::report_problems(&outcome, context);
    let findings = select(args, outcome.findings)?;

    let grade = args.grade.map_or(Grade::Safe, Grade::from);
    let (chosen, left): (Vec<_>, Vec<_>) =
        findings.iter().partition(|finding| applicable(finding, grade).is_some());
    let suggestions: Vec<&Suggestion> =
        chosen.iter().filter_map(|finding| applicable(finding, grade)).collect();
    let mut patch = merge(workspace.root(), &suggestions);
    let rustfmt = Rustfmt::new(workspace.root());
    for change in &mut patch.changes {
        rustfmt.keep_clean(change, &edition(&change.file, &files));
    }
    for (index, refusal) in &patch.refused {
        let (place, id) = (place(chosen[*index], &files), &chosen[*index].id);
        let said = format!("{place}: {id} is not applied: {refusal}");
        if !args.ids.is_empty() {
            return Err(Failure::usage(said).help("no file was changed"));
        }
        context.warn(&said);
    }
    if let Some(finding) = left.first().filter(|_| !args.ids.is_empty()) {
        return Err(not_for_a_machine(finding, &files));
    }

    if args.dry_run {
        // As it is, whatever a line of the source says: `git apply` must understand it.
        context.print(unified(&patch.changes).as_bytes())?;
    } else {
        if !patch.changes.is_empty() {
            refuse_if_not_undoable(args, workspace.root(), &patch.changes)?;
            write(workspace, &patch.changes)?;
        }
        let mut lines = String::new();
        for &index in &patch.applied {
            let (finding, suggestion) = (chosen[index], suggestions[index]);
            let place = place(finding, &files);
            lines += &format!("{place}: {}: {}\n", finding.id, suggestion.message);
        }
        context.print(spoken(&lines).as_bytes())?;
    }
    let verb = if args.dry_run { "would be applied" } else { "applied" };
    let (rewrites, files) = (patch.applied.len(), patch.changes.len());
    context.note(&format!("{} {verb} to {}", count(rewrites, "rewrite"), count(files, "file")));
    say_what_is_left(&left, profile.is_some(), context);
    Ok(if failed { Exit::Usage } else { Exit::Clean })
}

fn not_for_a_machine(finding: &Finding, files: &[SourceFile]) -> Failure {
    let said =
        |why: &str| Failure::usage(format!("{}: {} {why}", place(finding, files), finding.id));
    if let Some(name) = finding.suggestions.iter().find_map(|s| s.dependency.as_ref()) {
        return said(&format!("has a rewrite that needs the crate `{name}`"))
            .help(format!("`cargo add {name}` first; `--prove` does it where it tries"));
    }
    match finding.grade() {
        Some(Grade::Unsafe) => said("has a rewrite that may change behaviour")
            .help("`--grade unsafe` applies it; `--prove` compiles, tests and measures it first"),
        Some(_) => said("has a rewrite for a person to make")
            .help(format!("`cargo perf explain {}` shows how", finding.lint)),
        None => said("has no rewrite"),
    }
}

fn say_what_is_left(left: &[&Finding], is_profiled: bool, context: &mut Context<'_>) {
    let (needing, left): (Vec<&Finding>, Vec<&Finding>) =
        left.iter().partition(|f| f.suggestions.iter().any(|s| s.dependency.is_some()));
    let graded = |grade| left.iter().filter(|f| f.grade() == Some(grade)).count();
    let (risky, display) = (graded(Grade::Unsafe), graded(Grade::Display));
    if risky > 0 {
        let text = count(risky, "more rewrite");
        context.note(&format!(
            "{text} may change behaviour: `--grade unsafe` applies them, `--prove` proves them"
        ));
    }
    if !needing.is_empty() {
        let text = count(needing.len(), "more rewrite");
        context.note(&format!(
            "{text} may change behaviour and need another crate, which `check` names: `--prove` \
             adds it and proves them"
        ));
    }
    if display > 0 {
        let text = count(display, "finding");
        context.note(&format!("{text} with a rewrite for a person to make: `cargo perf check`"));
    }
    if !is_profiled {
        context.note(
            "no profile: only what is wrong without a measurement was looked at; `cargo perf \
             record` records one",
        );
    }
}
