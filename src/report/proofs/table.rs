//! The table of rewrites for a terminal: what is alike for all stands once below it, what is long
//! stands below its row, and names are shortened in the middle until a row fits.

use std::fmt::Write as _;

use super::super::inert::inert;
use super::{bound_and_gain, counted, fate, has_too_few_pairs, names, times, weakest_grade};
use crate::model::verdict::Comparison;
use crate::proof::prove::{Attempt, Compiled};

/// Columns of a row.
const WIDTH: usize = 100;

/// A name is not made shorter than this: its hash has to be left, or its last part.
const LEAST: usize = 16;

const HEADINGS: [&str; 8] =
    ["finding", "grade", "compiles", "tests", "bench", "before", "after", "change"];
const FINDING: usize = 0;
const BENCH: usize = 4;

/// Those of which one row of an attempt tells all.
const OF_ATTEMPT: [usize; 3] = [1, 2, 3];

const TOO_FEW: &str = "too few pairs";

type Cells = [String; HEADINGS.len()];

pub(super) fn table(attempts: &[Attempt]) -> String {
    let blocks: Vec<Vec<Cells>> = attempts.iter().map(cells).collect();
    let alike = alike(&blocks);
    let shown: Vec<usize> = (0..HEADINGS.len()).filter(|column| !alike.contains(column)).collect();
    let widths = widths(&blocks, &shown);
    let mut out = row(&HEADINGS.map(str::to_owned), &shown, &widths);
    for (attempt, block) in attempts.iter().zip(&blocks) {
        for cells in block {
            out.push_str(&row(cells, &shown, &widths));
        }
        if block[0][FINDING].chars().count() > widths[FINDING] {
            wrapped(&block[0][FINDING], &mut out);
        }
        let others = attempts.iter().filter(|other| names(other) == names(attempt));
        if others.count() > 1 {
            wrapped(&ways(attempt), &mut out);
        }
        for line in below(attempt) {
            wrapped(&line, &mut out);
        }
    }
    if let (Some(first), false) = (blocks.first(), alike.is_empty()) {
        let told = alike.iter().map(|&at| format!("{} {}", HEADINGS[at], first[0][at]));
        let told = told.collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "{}{told}", if blocks.len() > 1 { "all: " } else { "" });
    }
    if blocks.iter().flatten().any(|cells| cells[HEADINGS.len() - 1] == TOO_FEW) {
        let _ = writeln!(out, "{TOO_FEW}: none is told yet, a longer `--budget` gives more");
    }
    out
}

/// The rows of one attempt, one per bench.
fn cells(attempt: &Attempt) -> Vec<Cells> {
    let compiled = match &attempt.compiled {
        None => "–",
        Some(Compiled::Yes) => "yes",
        Some(Compiled::No(_)) => "no",
    };
    let tests = attempt.tests.as_ref().map_or_else(|| "–".to_owned(), |tests| tests.words());
    let mut first = HEADINGS.map(|_| String::new());
    first[FINDING] = names(attempt);
    first[1] = weakest_grade(attempt).to_owned();
    first[2] = compiled.to_owned();
    first[3] = tests.split([',', ':']).next().unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    for comparison in &attempt.benches {
        let mut row = std::mem::take(&mut first);
        row[BENCH] = comparison.name.to_string();
        if let Some((before, after)) = times(comparison) {
            (row[5], row[6]) = (before, after);
        }
        row[7] = change(comparison);
        rows.push(row);
    }
    if rows.is_empty() {
        rows.push(first);
    }
    rows.into_iter().map(|row| row.map(|cell| inert(&cell).into_owned())).collect()
}

fn change(comparison: &Comparison) -> String {
    match &comparison.time {
        Some(time) if has_too_few_pairs(time) => TOO_FEW.to_owned(),
        _ => super::change(comparison),
    }
}

/// What tells an attempt from another of the same findings.
fn ways(attempt: &Attempt) -> String {
    let messages: Vec<&str> = attempt.suggestions.iter().map(|s| s.message.as_str()).collect();
    format!("rewrite: {}", messages.join("; "))
}

/// What stands below the rows of an attempt.
fn below(attempt: &Attempt) -> Vec<String> {
    let mut lines = Vec::new();
    for comparison in &attempt.benches {
        let counted = counted(comparison);
        if !counted.is_empty() {
            lines.push(format!("{}: {counted}", comparison.name));
        }
    }
    if let Some(Compiled::No(error)) = &attempt.compiled {
        lines.push(error.clone());
    }
    let tests = attempt.tests.as_ref().map(|tests| tests.words());
    lines.extend(
        tests.filter(|words| words.contains([',', ':'])).map(|tests| format!("tests {tests}")),
    );
    lines.push(format!("bound → gain {}; {}", bound_and_gain(attempt), fate(&attempt.fate)));
    lines
}

/// Columns that say the same of each attempt.
fn alike(blocks: &[Vec<Cells>]) -> Vec<usize> {
    let same = |&at: &usize| blocks.windows(2).all(|pair| pair[0][0][at] == pair[1][0][at]);
    OF_ATTEMPT.into_iter().filter(same).collect()
}

/// The width of each column; that of names is made less until a row fits.
fn widths(blocks: &[Vec<Cells>], shown: &[usize]) -> [usize; HEADINGS.len()] {
    let mut widths = HEADINGS.map(str::len);
    for cells in blocks.iter().flatten() {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let all: usize = shown.iter().map(|&column| widths[column] + GAP.len()).sum();
    let mut over = (all - GAP.len()).saturating_sub(WIDTH);
    while over > 0 {
        let wider = if widths[BENCH] > widths[FINDING] { BENCH } else { FINDING };
        if widths[wider] <= LEAST {
            break;
        }
        widths[wider] -= 1;
        over -= 1;
    }
    widths
}

const GAP: &str = "  ";

fn row(cells: &Cells, shown: &[usize], widths: &[usize; HEADINGS.len()]) -> String {
    let mut line = String::new();
    for &column in shown {
        let (cell, width) = (shortened(&cells[column], widths[column]), widths[column]);
        let _ = write!(line, "{cell:<width$}{GAP}");
    }
    format!("{}\n", line.trim_end())
}

/// Both ends of a text, as much of them as fits.
fn shortened(text: &str, width: usize) -> String {
    let count = text.chars().count();
    if count <= width {
        return text.to_owned();
    }
    let tail = width / 2;
    let head: String = text.chars().take(width - tail - 1).collect();
    let tail: String = text.chars().skip(count - tail).collect();
    format!("{head}…{tail}")
}

/// A text below a row, in lines that fit.
fn wrapped(text: &str, out: &mut String) {
    const INDENT: &str = "    ";
    let mut width = WIDTH;
    for (at, word) in inert(text).split(' ').enumerate() {
        let length = word.chars().count();
        if width + 1 + length > WIDTH {
            out.push_str(if at == 0 { "" } else { "\n" });
            out.push_str(INDENT);
            width = INDENT.len();
        } else {
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::{Confidence, Finding, Suggestion};
    use crate::model::verdict::{BenchName, ExactChange, ExactVerdict, TimeChange, Verdict};
    use crate::proof::prove::{Fate, Tests};

    fn attempt(bench: &str, tests: Tests) -> Attempt {
        let time = TimeChange {
            verdict: Verdict::NoChange,
            ratio: 0.999,
            low: 0.9915,
            high: 1.0032,
            p: 0.5,
            p_holm: 0.5,
            pairs: 20,
            more_pairs: None,
            before: vec![2.345e-6],
            after: vec![2.346e-6],
        };
        let exact = ["allocs/op", "B/op", "growths/op", "growth-B/op", "grown-B/op"].map(|unit| {
            let unit = unit.to_owned();
            ExactChange { unit, before: 1202.0, after: 1206.0, verdict: ExactVerdict::More }
        });
        let [package, target] = ["app", "speed"].map(str::to_owned);
        let name = BenchName { package, target, bench: bench.to_owned() };
        let (time, exact) = (Some(time), exact.to_vec());
        Attempt {
            findings: vec![Finding::blank(
                "slow_hasher-d51d1e",
                "slow_hasher",
                Confidence::Hot,
                0..1,
            )],
            suggestions: Vec::new(),
            round: 1,
            compiled: Some(Compiled::Yes),
            tests: Some(tests),
            benches: vec![Comparison { name, time, exact, notes: Vec::new() }],
            fate: Fate::Reverted(
                "no bench is faster, and one asks more of the allocator".to_owned(),
            ),
        }
    }

    #[test]
    fn a_row_fits_and_says_all_that_is_not_alike() {
        let long = "a_group_of_benches/with_a_name/that_is_longer_than_all_others/put_together/in_one_line";
        let passed = || Tests::Passed { known: Vec::new() };
        let failed = Tests::Failed(vec!["tests::one".to_owned(), "tests::other".to_owned()]);
        let text = table(&[attempt(long, passed()), attempt("short", failed)]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].starts_with("slow_hasher-d51d1e "), "{text}");
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH), "{text}");
        let headings: Vec<&str> = lines[0].split_whitespace().collect();
        assert_eq!(headings, ["finding", "tests", "bench", "before", "after", "change"], "{text}");
        assert!(lines[1].contains("…") && lines[1].ends_with("no change -0.1 % [-0.8, +0.3]"));
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("speed/{long}: 1,202 → 1,206 allocs/op, ")), "{text}");
        assert!(words.contains("reverted: no bench is faster, and one asks more"), "{text}");
        assert!(words.contains("tests failed: tests::one, tests::other"), "{text}");
        assert!(words.ends_with("all: grade , compiles yes"), "{text}");
    }

    #[test]
    fn two_rewrites_of_one_finding_are_told_apart() {
        let tried = |message: &str| {
            let mut attempt = attempt("short", Tests::Passed { known: Vec::new() });
            attempt.suggestions = vec![Suggestion::safe(message, Vec::new())];
            attempt
        };
        let text = table(&[tried("reserve room"), tried("take the map's entry")]);
        let ways: Vec<&str> = text.lines().filter(|line| line.contains("rewrite: ")).collect();
        assert_eq!(
            ways,
            ["    rewrite: reserve room", "    rewrite: take the map's entry"],
            "{text}"
        );
        assert!(!table(&[tried("reserve room")]).contains("rewrite: "));
    }

    #[test]
    fn a_name_keeps_both_ends() {
        assert_eq!(shortened("short", 5), "short");
        assert_eq!(shortened("recompiled_regex-d51d1e", 16), "recompi…x-d51d1e");
    }
}
