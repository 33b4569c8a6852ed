//! What came of trying rewrites: one table, one line as each is done, one JSON object each.

mod table;

use std::fmt::Write as _;

use serde::Serialize;

use super::inert::{commandless, inert, markdown_code};
use super::words::{self, figures, grade};
use crate::model::finding::{Confidence, Grade, Proof};
use crate::model::verdict::{Comparison, ExactVerdict, TimeChange};
use crate::proof::prove::{Attempt, Compiled, Fate, Kept, Outcome};
use crate::stats::middle;

const HEADINGS: [&str; 11] = [
    "finding",
    "grade",
    "compiles",
    "tests",
    "bench",
    "before",
    "after",
    "change",
    "counted",
    "bound → gain",
    "fate",
];

/// The table for people: one row per rewrite and bench, in a hundred columns.
pub fn text(outcome: &Outcome) -> String {
    let mut out = table::table(&outcome.attempts);
    for (finding, reason) in &outcome.skipped {
        let _ = writeln!(out, "{} was not tried: {}", finding.id, inert(reason));
    }
    for comparison in &outcome.overall {
        let _ = writeln!(out, "from first to last: {}", inert(&whole(comparison)));
    }
    commandless(&out).into_owned()
}

/// The same as a Markdown table.
pub fn markdown(outcome: &Outcome) -> String {
    let mut out = format!("| {} |\n|{}\n", HEADINGS.join(" | "), "---|".repeat(HEADINGS.len()));
    for row in outcome.attempts.iter().flat_map(rows) {
        let cells = row.map(|cell| if cell.is_empty() { cell } else { markdown_code(&cell) });
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    for (finding, reason) in &outcome.skipped {
        let (id, reason) = (markdown_code(&finding.id), markdown_code(reason));
        let _ = writeln!(out, "\n{id} was not tried: {reason}");
    }
    for comparison in &outcome.overall {
        let _ = writeln!(out, "\nfrom first to last: {}", markdown_code(&whole(comparison)));
    }
    out
}

/// A bench from its first form to its last.
fn whole(comparison: &Comparison) -> String {
    let mut line = format!("{}: {}", comparison.name, change(comparison));
    if let Some(time) = comparison.time.as_ref().filter(|time| !has_too_few_pairs(time)) {
        if let Some((before, after)) = times(comparison) {
            let _ = write!(line, ", {before} → {after}");
        }
        if time.ratio > 0.0 {
            let _ = write!(line, " ({}×)", figures(1.0 / time.ratio));
        }
    }
    let counted = counted(comparison);
    if !counted.is_empty() {
        let _ = write!(line, "; {counted}");
    }
    line
}

/// One line on an attempt, as soon as its fate is known.
pub fn line(attempt: &Attempt) -> String {
    let mut line = format!("{}: {}", names(attempt), fate(&attempt.fate));
    if let Some(comparison) = attempt.loudest() {
        let _ = write!(line, "; {}: {}", comparison.name, change(comparison));
        if let Some((before, after)) = times(comparison) {
            let _ = write!(line, ", {before} → {after}");
        }
    }
    inert(&line).into_owned()
}

/// The table's rows of one attempt, for the message of its commit.
pub fn message(attempt: &Attempt) -> String {
    let subject = attempt.suggestions.first().map_or("", |s| s.message.as_str());
    let mut out = format!("{}\n\n", capitalized(&inert(subject)));
    for [_, _, _, tests, bench, before, after, change, counted, bound, _] in rows(attempt) {
        let _ = write!(out, "{bench}: {before} -> {after}, {change}");
        if !counted.is_empty() {
            let _ = write!(out, "; {counted}");
        }
        if !bound.is_empty() {
            let _ = write!(out, "; bound and gain {bound}; tests {tests}");
        }
        out.push('\n');
    }
    let _ = write!(out, "\nFound by {}.\n", names(attempt));
    out
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn rows(attempt: &Attempt) -> Vec<[String; 11]> {
    let compiled = match &attempt.compiled {
        None => "–".to_owned(),
        Some(Compiled::Yes) => "yes".to_owned(),
        Some(Compiled::No(error)) => format!("no: {error}"),
    };
    let tests = attempt.tests.as_ref().map_or_else(|| "–".to_owned(), |tests| tests.words());
    let mut first = [
        names(attempt),
        weakest_grade(attempt).to_owned(),
        compiled,
        tests,
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        bound_and_gain(attempt),
        fate(&attempt.fate),
    ];
    let mut rows = Vec::new();
    for comparison in &attempt.benches {
        let mut row = std::mem::take(&mut first);
        row[4] = comparison.name.to_string();
        if let Some((before, after)) = times(comparison) {
            (row[5], row[6]) = (before, after);
        }
        row[7] = change(comparison);
        row[8] = counted(comparison);
        rows.push(row);
    }
    if rows.is_empty() {
        rows.push(first);
    }
    rows
}

fn weakest_grade(attempt: &Attempt) -> &'static str {
    attempt.suggestions.iter().map(|s| s.grade).min().map_or("", grade)
}

fn names(attempt: &Attempt) -> String {
    attempt.findings.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>().join(" + ")
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::Kept(Kept::Faster) => "kept: faster".to_owned(),
        Fate::Kept(Kept::Leaner) => {
            "kept: less of what is counted, and no bench was seen to be slower".to_owned()
        }
        Fate::Reverted(reason) => format!("reverted: {reason}"),
    }
}

/// What the profile promised at most, and what came out of it.
fn bound_and_gain(attempt: &Attempt) -> String {
    let bound =
        attempt.bound().map_or_else(|| "?".to_owned(), |bound| format!("{}×", figures(bound)));
    let best = attempt.benches.iter().filter_map(|c| c.time.as_ref()).map(|time| time.ratio);
    match best.min_by(f64::total_cmp) {
        Some(ratio) if ratio > 0.0 => format!("{bound} → {}×", figures(1.0 / ratio)),
        _ => bound,
    }
}

/// Medians of both sides.
fn times(comparison: &Comparison) -> Option<(String, String)> {
    let time = comparison.time.as_ref()?;
    Some((seconds(middle(&time.before)?), seconds(middle(&time.after)?)))
}

/// `13.1 µs`
pub fn seconds(value: f64) -> String {
    for (size, unit) in [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")] {
        if value >= size {
            return format!("{} {unit}", figures(value / size));
        }
    }
    format!("{} ns", figures(value / 1e-9))
}

/// `faster −97.8 % [−97.9, −97.6]`
fn change(comparison: &Comparison) -> String {
    let Some(time) = &comparison.time else { return "not timed".to_owned() };
    if has_too_few_pairs(time) {
        return "too few pairs to tell, a longer `--budget` gives more".to_owned();
    }
    let percent = |ratio: f64| format!("{:+.1}", (ratio - 1.0) * 100.0);
    format!(
        "{} {} % [{}, {}]",
        time.verdict.word(),
        percent(time.ratio),
        percent(time.low),
        percent(time.high)
    )
}

/// Whether there is no interval: what the few pairs say is chance.
fn has_too_few_pairs(time: &TimeChange) -> bool {
    !time.high.is_finite()
}

/// `202 → 6 allocs/op`; only what changed.
fn counted(comparison: &Comparison) -> String {
    let changed = comparison.exact.iter().filter(|change| change.verdict != ExactVerdict::Same);
    let parts: Vec<String> = changed
        .map(|change| {
            format!("{} → {} {}", figures(change.before), figures(change.after), change.unit)
        })
        .collect();
    parts.join(", ")
}

/// An attempt as one JSON object.
#[derive(Serialize)]
struct Message<'a> {
    reason: &'static str,
    schema: u32,
    ids: Vec<&'a str>,
    lints: Vec<&'a str>,
    confidence: Vec<Confidence>,
    grade: Option<Grade>,
    round: u32,
    compiles: Option<bool>,
    compile_error: Option<&'a str>,
    tests: Option<String>,
    benches: &'a [Comparison],
    bound: Option<f64>,
    proof: Option<Proof>,
    kept: bool,
    why: String,
}

/// One JSON object per line and attempt.
pub fn json(outcome: &Outcome) -> Result<String, serde_json::Error> {
    let mut out = String::new();
    for attempt in &outcome.attempts {
        let message = Message {
            reason: "perf-attempt",
            schema: 1,
            ids: attempt.findings.iter().map(|finding| finding.id.as_str()).collect(),
            lints: attempt.findings.iter().map(|finding| finding.lint).collect(),
            confidence: attempt.findings.iter().map(|finding| finding.confidence).collect(),
            grade: attempt.suggestions.iter().map(|s| s.grade).min(),
            round: attempt.round,
            compiles: attempt.compiled.as_ref().map(|compiled| *compiled == Compiled::Yes),
            compile_error: match &attempt.compiled {
                Some(Compiled::No(error)) => Some(error),
                _ => None,
            },
            tests: attempt.tests.as_ref().map(|tests| tests.words()),
            benches: &attempt.benches,
            bound: attempt.bound(),
            proof: attempt.proof(),
            kept: attempt.is_kept(),
            why: fate(&attempt.fate),
        };
        out.push_str(&serde_json::to_string(&message)?);
        out.push('\n');
    }
    for (finding, reason) in &outcome.skipped {
        let message = serde_json::json!({
            "reason": "perf-skipped", "schema": 1, "ids": [finding.id], "lints": [finding.lint],
            "grade": finding.grade(), "bound": finding.bound(), "why": reason,
        });
        let _ = writeln!(out, "{message}");
    }
    for comparison in &outcome.overall {
        let message = serde_json::json!({
            "reason": "perf-overall", "schema": 1, "comparison": comparison,
        });
        let _ = writeln!(out, "{message}");
    }
    Ok(out)
}

/// `2 of 5 rewrites kept`
pub fn summary(outcome: &Outcome) -> String {
    let kept = outcome.attempts.iter().filter(|attempt| attempt.is_kept()).count();
    let tried = words::count(outcome.attempts.len(), "rewrite");
    let cut = if outcome.is_cut_short { "; the budget ended it" } else { "" };
    format!("{kept} of {tried} kept{cut}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::verdict::{BenchName, Verdict};

    fn compared(low: f64, high: f64) -> String {
        let time = TimeChange {
            verdict: Verdict::TooNoisy,
            ratio: 1.25,
            low,
            high,
            p: 0.5,
            p_holm: 0.5,
            pairs: 2,
            more_pairs: None,
            before: vec![2e-6],
            after: vec![2.5e-6],
        };
        let [package, target, bench] = ["app", "speed", "parse"].map(str::to_owned);
        let name = BenchName { package, target, bench };
        let time = Some(time);
        whole(&Comparison { name, time, exact: Vec::new(), notes: Vec::new() })
    }

    #[test]
    fn what_too_few_pairs_say_is_not_told() {
        let told = "speed/parse: too noisy +25.0 % [-10.0, +60.0], 2 µs → 2.5 µs (0.8×)";
        assert_eq!(compared(0.9, 1.6), told);
        let few = "speed/parse: too few pairs to tell, a longer `--budget` gives more";
        assert_eq!(compared(0.0, f64::INFINITY), few);
    }
}
