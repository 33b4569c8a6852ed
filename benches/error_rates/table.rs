//! The rows as one Markdown table.

use crate::rows::{Row, Rows};
use crate::settings::{CELLS, Method, SETTINGS, Variant};

pub fn print(rows: &Rows) {
    println!(
        "Of identical work: comparisons that claimed a change. Of more work: those that found it in \
         the right direction, and those that claimed the wrong one.\n"
    );
    let methods = [Method::Pairs, Method::Criterion, Method::Sequential];
    let names: Vec<&str> = methods.iter().map(|method| method.name()).collect();
    println!("| | {} |\n|---|{}", names.join(" | "), "---:|".repeat(names.len()));
    for setting in SETTINGS {
        let cells = methods.iter().map(|&method| {
            let same = |cell: &&crate::settings::Cell| {
                cell.method == method && cell.setting.name == setting.name
            };
            let own: Vec<&Row> =
                CELLS.iter().find(same).map(|cell| rows.of(cell).collect()).unwrap_or_default();
            words(&own, matches!(setting.variant, Variant::More(_)))
        });
        println!("| {} | {} |", setting.name, cells.collect::<Vec<_>>().join(" | "));
    }
    println!();
    for method in methods {
        let own = |row: &&Row| row.method == method.name();
        let of: Vec<&Row> = CELLS
            .iter()
            .filter(|cell| cell.method == method)
            .flat_map(|cell| rows.of(cell))
            .filter(own)
            .collect();
        let mut benches: Vec<&str> = of.iter().map(|row| row.bench.as_str()).collect();
        benches.sort_unstable();
        benches.dedup();
        let mut seconds: Vec<f64> = of.iter().map(|row| row.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let median = seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN);
        println!(
            "- {}: {} benches ({}), {median:.1} s of measuring per bench in the median.",
            method.name(),
            benches.len(),
            benches.join(", ")
        );
    }
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
