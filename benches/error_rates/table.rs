//! The rows as a page of Markdown.

use std::fmt::Write;
use std::path::Path;

use cargo_perf::stats;

use crate::rows::{Row, Rows};
use crate::settings::{CELLS, Method, SETTINGS, Variant};

const METHODS: [Method; 3] = [Method::Pairs, Method::Criterion, Method::Sequential];

const HEAD: &str = "\
# Error rates

Made by `cargo bench --bench error_rates -- --minutes N`, printed by `-- --table`. One small package
is built several times: the same, with 2, 5 and 10 % more work by a constant, and with its functions
in another order. Each build is compared with the first one over and over, half of the times the
other way round.

Of identical work: comparisons that claimed a change. Of more work: those that found it in the right
direction, and those that claimed the wrong one.

";

pub fn write(rows: &Rows, path: &Path) -> Result<(), String> {
    std::fs::write(path, text(rows)).map_err(|error| format!("{}: {error}", path.display()))
}

pub fn text(rows: &Rows) -> String {
    let names: Vec<&str> = METHODS.iter().map(|method| method.name()).collect();
    let mut out =
        format!("{HEAD}| | {} |\n|---|{}\n", names.join(" | "), "---:|".repeat(names.len()));
    for setting in SETTINGS {
        let cells = METHODS.iter().map(|&method| {
            let same = |cell: &&crate::settings::Cell| {
                cell.method == method && cell.setting.name == setting.name
            };
            let own: Vec<&Row> =
                CELLS.iter().find(same).map(|cell| rows.of(cell).collect()).unwrap_or_default();
            words(&own, matches!(setting.variant, Variant::More(_)))
        });
        let _ = writeln!(out, "| {} | {} |", setting.name, cells.collect::<Vec<_>>().join(" | "));
    }
    out.push('\n');
    for method in METHODS {
        out.push_str(&summary(rows, method));
    }
    out.push_str(&by_bench(rows));
    let _ = writeln!(out, "\nMeasured on {}.", cargo_perf::workspace::machine());
    out
}

/// Which benches, and how long they were measured.
fn summary(rows: &Rows, method: Method) -> String {
    let cells = CELLS.iter().filter(|cell| cell.method == method);
    let own: Vec<&Row> = cells.flat_map(|cell| rows.of(cell)).collect();
    if own.is_empty() {
        return String::new();
    }
    let benches = benches(&own);
    format!(
        "- {}: {} benches ({}), {} s of measuring per bench in the median.\n",
        method.name(),
        benches.len(),
        benches.join(", "),
        median(own.iter().map(|row| row.seconds))
    )
}

/// What `compare` needed for a change that was there, and what it claimed without one, bench by
/// bench.
fn by_bench(rows: &Rows) -> String {
    let own: Vec<&Row> = CELLS
        .iter()
        .filter(|cell| cell.method == Method::Pairs)
        .flat_map(|cell| rows.of(cell))
        .collect();
    let mut out = String::from(
        "\n| `cargo perf compare` | claims without a change | changes found | seconds until found, \
         median | within 5 s |\n|---|---:|---:|---:|---:|\n",
    );
    for bench in benches(&own) {
        let of = |same: bool| {
            let one = move |row: &&&Row| row.bench == bench && (row.truth == "same") == same;
            own.iter().filter(one).copied().collect::<Vec<&Row>>()
        };
        let (same, changed) = (of(true), of(false));
        let found: Vec<&&Row> = changed.iter().filter(|row| row.is_right()).collect();
        let _ = writeln!(
            out,
            "| {bench} | {} of {} | {} of {} | {} | {} |",
            same.iter().filter(|row| row.claims()).count(),
            same.len(),
            found.len(),
            changed.len(),
            median(found.iter().map(|row| row.seconds)),
            found.iter().filter(|row| row.seconds <= 5.0).count(),
        );
    }
    out
}

fn benches<'r>(rows: &[&'r Row]) -> Vec<&'r str> {
    let mut benches: Vec<&str> = rows.iter().map(|row| row.bench.as_str()).collect();
    benches.sort_unstable();
    benches.dedup();
    benches
}

fn median(values: impl Iterator<Item = f64>) -> String {
    let values: Vec<f64> = values.collect();
    stats::middle(&values).map_or("–".to_owned(), |middle| format!("{middle:.1}"))
}

fn words(rows: &[&Row], changed: bool) -> String {
    let count = |test: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| test(row)).count();
    let (all, claimed) = (rows.len(), count(&|row| row.claims()));
    if all == 0 {
        return "not measured".to_owned();
    }
    if !changed {
        return format!("{claimed} of {all}");
    }
    let right = count(&|row| row.is_right());
    format!("{right} of {all}, {} wrong", claimed - right)
}
