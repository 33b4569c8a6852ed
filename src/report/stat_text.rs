//! Comparison tables as text, as benchstat prints them.

use super::inert::{commandless, inert};
use super::stat_layout::{Align, Layout};
use super::stat_words::{Footnotes, Scale, delta, percent, range, test};
use crate::formats::benchfmt::class_of;
use crate::tables::Table;

/// Columns for the rows' labels.
const LABEL: usize = 1;
/// Columns for a center, its range and footnotes.
const CENTER: usize = 3;
/// Columns for a delta, its test and footnotes.
const DELTA: usize = 3;

/// Where a column of the comparison begins. The first is compared with nothing.
fn start(column: usize) -> usize {
    match column {
        0 => LABEL,
        n => LABEL + CENTER + (n - 1) * (CENTER + DELTA),
    }
}

/// A table, with what it does not have in common with the one before as headings.
pub fn render(table: &Table, before: Option<&[(String, String)]>) -> String {
    let mut out = String::new();
    if before.is_some() {
        out.push('\n');
    }
    for (name, value) in changed_keys(table, before) {
        out.push_str(&format!("{}: {}\n", inert(name), inert(value)));
    }
    let mut notes = Footnotes::default();
    out.push_str(&Layout::text(|layout| body(table, layout, &mut notes)));
    for line in notes.lines() {
        out.push_str(&inert(&line));
        out.push('\n');
    }
    // A bench may be called like a command, and a row begins with it.
    commandless(&out).into_owned()
}

/// The keys of a table that differ from the table before; all of the first.
pub fn changed_keys<'t>(
    table: &'t Table,
    before: Option<&[(String, String)]>,
) -> impl Iterator<Item = (&'t str, &'t str)> {
    table
        .key
        .iter()
        .enumerate()
        .filter(move |&(field, pair)| before.is_none_or(|key| key.get(field) != Some(pair)))
        .map(|(_, (name, value))| (name.as_str(), value.as_str()))
}

fn body(table: &Table, layout: &mut Layout, notes: &mut Footnotes) {
    head(table, layout);
    let class = class_of(&table.unit);
    for (row, label) in table.rows.iter().enumerate() {
        layout.row();
        layout.cell(inert(label), Align::Left);
        let cells = || (0..table.columns.len()).map(|column| table.cell(row, column));
        let scale = Scale::common(cells().flatten().map(|cell| cell.summary.center), class);
        for (column, cell) in cells().enumerate() {
            let Some(cell) = cell else { continue };
            layout.go_to(start(column));
            layout.cell(scale.format(cell.summary.center), Align::Right);
            layout.span(1, range(&cell.summary), Align::Right, " ± ");
            let sign = notes.mark(cell.warnings.iter().chain(&cell.summary.warnings));
            layout.cell(sign, Align::Left);
            if let Some(difference) = &cell.difference {
                layout.cell(delta(difference, cell.summary.center), Align::Right);
                layout.cell(format!("({})", test(difference)), Align::Left);
                layout.cell(notes.mark(&difference.warnings), Align::Left);
            }
        }
    }
    if table.rows.len() > 1 {
        means(table, layout, notes);
    }
}

/// The row of means.
fn means(table: &Table, layout: &mut Layout, notes: &mut Footnotes) {
    let class = class_of(&table.unit);
    layout.row();
    layout.cell("geomean", Align::Left);
    for (column, summary) in table.summaries.iter().enumerate() {
        if let Some(mean) = summary.mean {
            layout.go_to(start(column));
            layout.cell(Scale::common([mean], class).format(mean), Align::Right);
        }
        if column > 0 {
            layout.go_to(start(column) + CENTER);
            match summary.ratio {
                Some(ratio) => layout.cell(percent(ratio), Align::Right),
                None => layout.cell("?", Align::Left),
            }
        }
        layout.go_to(start(column + 1) - 1);
        layout.cell(notes.mark(&summary.warnings), Align::Left);
    }
}

/// The columns' names, level by level, and the unit.
fn head(table: &Table, layout: &mut Layout) {
    let count = table.columns.len();
    let edge = start(count + 1);
    for level in 0..table.column_names.len() {
        layout.row();
        // Columns that agree down to this level share a heading.
        let mut first = 0;
        for next in 1..=count {
            let ends =
                next == count || table.columns[next][..=level] != table.columns[first][..=level];
            if ends {
                layout.go_to(start(first));
                let name = inert(&table.columns[first][level]);
                layout.span(start(next) - start(first), name, Align::Center, " │ ");
                first = next;
            }
        }
        layout.go_to(edge);
        layout.span(1, "", Align::Left, " │");
    }
    layout.row();
    for column in 0..count {
        layout.go_to(start(column));
        layout.span(CENTER, inert(&table.unit), Align::Center, " │ ");
        if column > 0 {
            layout.span(DELTA, "vs base", Align::Left, "  ");
        }
        for inner in start(column) + 1..layout.column() {
            layout.keep_tight(inner);
        }
    }
    layout.go_to(edge);
    layout.span(1, "", Align::Left, " │");
}
