//! What came of a comparison: benchstat's tables with the verdicts beside them, Markdown, JSON.

use serde::{Deserialize, Serialize};

use super::inert::{inert, markdown, spoken};
use super::stat_text;
use super::stat_words::{Scale, percent};
use super::words::count;
use crate::formats::benchfmt::{Class, Measurement, UnitTable, Value, clean_name};
use crate::model::verdict::{BenchName, Comparison, ExactVerdict, TimeChange, Verdict};
use crate::stats::middle;
use crate::tables::{Builder, Grouping};

/// A comparison with the names of its sides.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Compared {
    /// The version of this form.
    pub schema: u32,
    /// What the change is measured against.
    #[serde(default)]
    pub base: String,
    /// Its commit, where it is one.
    #[serde(default)]
    pub base_commit: Option<String>,
    /// The change.
    #[serde(default)]
    pub head: String,
    /// Its commit, where it is one.
    #[serde(default)]
    pub head_commit: Option<String>,
    /// Where it was measured, in words.
    #[serde(default)]
    pub machine: String,
    /// `done`, `budget` or `interrupted`.
    #[serde(default)]
    pub ended: String,
    /// The benches that both sides have.
    pub comparisons: Vec<Comparison>,
    /// Benches that only the head has.
    #[serde(default)]
    pub added: Vec<BenchName>,
    /// Benches that only the base has.
    #[serde(default)]
    pub removed: Vec<BenchName>,
    /// A copy of the base compared with itself.
    #[serde(default)]
    pub canary: Option<Comparison>,
    /// Benches that are slower, or count more, at or above the bar.
    #[serde(default)]
    pub regressions: Vec<String>,
}

/// JSON, one object.
pub fn json(compared: &Compared) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(compared)?;
    text.push('\n');
    Ok(text)
}

/// What the time of a bench came to, in a few words.
pub fn verdict_words(time: &TimeChange) -> String {
    let pairs = count(time.pairs as usize, "pair");
    match time.verdict {
        Verdict::Faster | Verdict::Slower => format!(
            "{} {} [{}, {}] ({pairs})",
            time.verdict.word(),
            percent(time.ratio),
            percent(time.low),
            percent(time.high)
        ),
        Verdict::NoChange => {
            format!("no change (within ±{:.1} %, {pairs})", time.bound() * 100.0)
        }
        Verdict::TooNoisy => {
            let half = (time.high - time.low) / 2.0;
            let width = if half.is_finite() {
                format!("±{:.1} % after {pairs}", half * 100.0)
            } else {
                format!("too few yet: {pairs}")
            };
            match time.more_pairs {
                Some(more) => format!("too noisy to tell ({width}, needs {more} more)"),
                None => format!("too noisy to tell ({width})"),
            }
        }
    }
}

/// Text for people.
pub fn text(compared: &Compared) -> String {
    let mut out = String::new();
    let mut before: Option<Vec<(String, String)>> = None;
    for table in tables(compared) {
        let rendered = stat_text::render(&table, before.as_deref());
        if table.unit == "sec/op" {
            out.push_str(&beside(&rendered, &table.rows, &compared.comparisons));
        } else {
            out.push_str(&rendered);
        }
        before = Some(table.key);
    }
    for line in remarks(compared) {
        out.push_str(&format!("{}\n", spoken(&inert(&line))));
    }
    out
}

/// Markdown for a pull request.
pub fn markdown_text(compared: &Compared) -> String {
    let (base, head) = (markdown(&compared.base), markdown(&compared.head));
    let mut out = format!("| bench | {base} | {head} | verdict |\n| --- | ---: | ---: | --- |\n");
    for comparison in &compared.comparisons {
        let name = markdown(&comparison.name.to_string());
        let Some(time) = &comparison.time else {
            out.push_str(&format!("| {name} | | | not measured |\n"));
            continue;
        };
        let (first, second) = (middle(&time.before), middle(&time.after));
        let (first, second) = (first.unwrap_or(f64::NAN), second.unwrap_or(f64::NAN));
        let scale = Scale::common([first, second], Class::Decimal);
        out.push_str(&format!(
            "| {name} | {}s | {}s | {} |\n",
            scale.format(first),
            scale.format(second),
            markdown(&verdict_words(time))
        ));
    }
    for line in remarks(compared) {
        out.push_str(&format!("\n{}\n", markdown(&line)));
    }
    out
}

/// Puts the verdict behind the row of each bench.
fn beside(rendered: &str, rows: &[String], comparisons: &[Comparison]) -> String {
    let width = rendered.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    let words = |row: &String| {
        comparisons
            .iter()
            .find(|comparison| clean_name(&comparison.name.to_string()) == row.as_str())
            .and_then(|comparison| comparison.time.as_ref())
            .map(verdict_words)
    };
    // Two lines of headings, then the rows in their order.
    const HEADINGS: usize = 2;
    let mut out = String::new();
    for (at, line) in rendered.lines().enumerate() {
        let verdict = at.checked_sub(HEADINGS).and_then(|row| rows.get(row)).and_then(words);
        match verdict {
            Some(verdict) => {
                let gap = width + 2 - line.chars().count();
                out.push_str(&format!("{line}{:gap$}{verdict}\n", ""));
            }
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

/// Sentences below the tables.
fn remarks(compared: &Compared) -> Vec<String> {
    let mut lines = Vec::new();
    for comparison in &compared.comparisons {
        for change in &comparison.exact {
            let word = match change.verdict {
                ExactVerdict::Same => continue,
                ExactVerdict::Less => "less",
                ExactVerdict::More => "more",
            };
            lines.push(format!(
                "{}: {word} {}: {} -> {}",
                comparison.name, change.unit, change.before, change.after
            ));
        }
        for note in &comparison.notes {
            lines.push(format!("{}: {note}", comparison.name));
        }
    }
    let names =
        |names: &[BenchName]| names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if !compared.added.is_empty() {
        lines.push(format!("only in {}: {}", compared.head, names(&compared.added)));
    }
    if !compared.removed.is_empty() {
        lines.push(format!("only in {}: {}", compared.base, names(&compared.removed)));
    }
    if let Some(canary) = &compared.canary
        && matches!(canary.verdict(), Verdict::Faster | Verdict::Slower)
    {
        lines.push(format!(
            "{} differed from its own copy: this machine is too uneven now, and no claim of this \
             run is believed",
            canary.name
        ));
    }
    match compared.ended.as_str() {
        "budget" => lines.push("the budget was used up before each bench had its answer".into()),
        "interrupted" => lines.push("interrupted; the same command goes on from here".into()),
        _ => {}
    }
    lines
}

fn tables(compared: &Compared) -> Vec<crate::tables::Table> {
    let Ok(mut builder) = Builder::new(&Grouping::default()) else { return Vec::new() };
    let mut units = UnitTable::default();
    for (label, measurement) in measurements(compared) {
        let mut measurement = measurement;
        measurement.set(&".file".into(), label, false);
        builder.add(&mut measurement);
    }
    for change in compared.comparisons.iter().flat_map(|comparison| &comparison.exact) {
        // The first word about a unit stands, and this one is always the same.
        let _ = units.insert(&change.unit, "assume", "exact");
    }
    builder.finish(&units, 0.95, 0.05).collect()
}

/// Each process as a measurement, with the name of its side.
pub fn measurements(compared: &Compared) -> impl Iterator<Item = (&str, Measurement)> {
    let one = |comparison: &Comparison, value: f64, unit: &str| {
        let mut measurement = Measurement::new(&clean_name(&comparison.name.to_string()));
        measurement.iterations = 1;
        measurement.values = vec![Value { value, unit: unit.into(), written: None }];
        measurement
    };
    compared.comparisons.iter().flat_map(move |comparison| {
        let (base, head) = (compared.base.as_str(), compared.head.as_str());
        let times = comparison.time.iter().flat_map(move |time| {
            let before = time.before.iter().map(move |&v| (base, one(comparison, v, "sec/op")));
            let after = time.after.iter().map(move |&v| (head, one(comparison, v, "sec/op")));
            before.chain(after)
        });
        let counts = comparison.exact.iter().flat_map(move |change| {
            [
                (base, one(comparison, change.before, &change.unit)),
                (head, one(comparison, change.after, &change.unit)),
            ]
        });
        times.chain(counts)
    })
}
