//! One row of the table, and the table.

use cargo_perf::model::verdict::{Comparison, ExactChange, Verdict};
use cargo_perf::report::proofs::seconds;
use cargo_perf::report::words::{bytes, figures};

use crate::{By, Case};

const HEAD: &str = "\
# Cases

Made by `cargo bench --bench cases`: the cases of the documents on Go that began this project, as the
packages of `examples/` hold them. Theirs is what those documents print; ours is the slow form and what
`fix --prove` or a person made of it, in paired runs. Of the two that are about memory held, the time is
that of a bench which fills it, and lets it go.
";

const NOT_FOUND: &str = "not found";

/// One case, theirs and ours.
pub struct Row {
    pub title: String,
    theirs: String,
    found: String,
    ours: String,
    change: String,
    by: &'static str,
    pub is_as_theirs: bool,
}

impl Row {
    /// A case with what found it and what was measured.
    pub fn new(case: &Case, found: Option<String>, measured: Option<&Comparison>) -> Row {
        let by = match case.by {
            By::Tool => "fix --prove",
            By::Hand => "a person",
            By::Check => "–",
        };
        let verdict = measured.map(Comparison::verdict);
        let is_found = found.is_some();
        let asks_less = measured.is_some_and(|m| {
            let requests = |of: fn(&ExactChange) -> f64| {
                ["allocs/op", "growths/op"].iter().filter_map(|unit| m.exact(unit)).map(of).sum()
            };
            let (before, after): (f64, f64) = (requests(|c| c.before), requests(|c| c.after));
            after < before
        });
        let is_better = match case.by {
            By::Check => true,
            _ => verdict == Some(Verdict::Faster) || asks_less && verdict != Some(Verdict::Slower),
        };
        Row {
            title: case.title.clone(),
            theirs: case.theirs.clone(),
            found: found.unwrap_or_else(|| NOT_FOUND.to_owned()),
            ours: measured.map_or_else(|| "–".to_owned(), ours),
            change: measured.map_or_else(|| "–".to_owned(), change),
            by,
            is_as_theirs: is_found && is_better,
        }
    }

    /// A case that is about what is held at the end, whatever it takes to let it go.
    pub fn holding(self, before: i64, after: i64) -> Row {
        let held = format!("{} → {} held", bytes(before as f64), bytes(after as f64));
        let is_found = self.found != NOT_FOUND;
        Row {
            ours: format!("{held}, {}", self.ours),
            is_as_theirs: is_found && after < before,
            ..self
        }
    }

    /// A case that could not be tried.
    pub fn failed(case: &Case, error: &str) -> Row {
        Row { found: error.to_owned(), ..Row::new(case, None, None) }
    }
}

fn ours(comparison: &Comparison) -> String {
    let mut parts = Vec::new();
    if let Some(time) = &comparison.time {
        let middle = |values: &[f64]| {
            let mut sorted = values.to_vec();
            sorted.sort_by(f64::total_cmp);
            sorted.get(sorted.len() / 2).map_or_else(|| "?".to_owned(), |&value| seconds(value))
        };
        parts.push(format!("{} → {}", middle(&time.before), middle(&time.after)));
    }
    for unit in ["allocs/op", "growths/op", "B/op", "grown-B/op", "io-calls/op"] {
        if let Some(change) = comparison.exact(unit).filter(|change| change.before != change.after)
        {
            parts.push(format!("{} → {} {unit}", figures(change.before), figures(change.after)));
        }
    }
    parts.join(", ")
}

fn change(comparison: &Comparison) -> String {
    let Some(time) = &comparison.time else { return "not timed".to_owned() };
    let times = |ratio: f64| if ratio > 0.0 { figures(1.0 / ratio) } else { "∞".to_owned() };
    format!(
        "{} {}× [{}, {}], {} pairs",
        time.verdict.word(),
        times(time.ratio),
        times(time.high),
        times(time.low),
        time.pairs
    )
}

/// The table, in Markdown.
pub fn print(rows: &[Row]) {
    println!("{HEAD}");
    println!("| case | theirs | found by | ours | change | rewritten by |");
    println!("|---|---|---|---|---|---|");
    for row in rows {
        println!(
            "| {} | {} | {} | {} | {} | {} |",
            row.title, row.theirs, row.found, row.ours, row.change, row.by
        );
    }
    let as_theirs = rows.iter().filter(|row| row.is_as_theirs).count();
    println!("\n{as_theirs} of {} found, and where measured, better", rows.len());
}
