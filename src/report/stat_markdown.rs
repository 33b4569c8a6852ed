//! Comparison tables as Markdown, for a pull request or a step summary.

use super::inert::markdown;
use super::stat_text::changed_keys;
use super::stat_words::{Footnotes, Scale, delta, percent, range, test};
use crate::formats::benchfmt::class_of;
use crate::tables::{Cell, Table};

/// A table with its footnotes.
pub fn render(table: &Table, before: Option<&[(String, String)]>) -> String {
    let mut out = String::new();
    if before.is_some() {
        out.push('\n');
    }
    let keys: Vec<String> = changed_keys(table, before)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}: {}", markdown(name), markdown(value)))
        .collect();
    if !keys.is_empty() {
        out.push_str(&format!("{}\n\n", keys.join(" · ")));
    }
    render_one(table, &mut out);
    out
}

fn render_one(table: &Table, out: &mut String) {
    let mut notes = Footnotes::default();
    let mut head = vec![markdown(&table.unit)];
    let mut rule = vec!["---"];
    for (column, names) in table.columns.iter().enumerate() {
        let names: Vec<&str> =
            names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
        head.push(markdown(&names.join(" ")));
        rule.push("---:");
        if column > 0 {
            head.push("vs base".to_owned());
            rule.push("---:");
        }
    }
    line(out, &head);
    line(out, &rule);
    let class = class_of(&table.unit);
    for (row, label) in table.rows.iter().enumerate() {
        let cells = || (0..table.columns.len()).map(|column| table.cell(row, column));
        let scale = Scale::common(cells().flatten().map(|cell| cell.summary.center), class);
        let mut texts = vec![markdown(label)];
        for (column, cell) in cells().enumerate() {
            texts.push(cell.map_or(String::new(), |cell| center(cell, scale, &mut notes)));
            if column > 0 {
                texts.push(cell.map_or(String::new(), |cell| change(cell, &mut notes)));
            }
        }
        line(out, &texts);
    }
    if table.rows.len() > 1 {
        let mut texts = vec!["geomean".to_owned()];
        for (column, summary) in table.summaries.iter().enumerate() {
            let scale = |mean| Scale::common([mean], class).format(mean);
            let mut mean = summary.mean.map_or(String::new(), scale);
            let sign = notes.mark(&summary.warnings);
            if column == 0 {
                append(&mut mean, &sign);
            }
            texts.push(mean);
            if column > 0 {
                let mut ratio = summary.ratio.map_or("?".to_owned(), percent);
                append(&mut ratio, &sign);
                texts.push(ratio);
            }
        }
        line(out, &texts);
    }
    let lines: Vec<String> = notes.lines().map(|note| markdown(&note)).collect();
    if !lines.is_empty() {
        out.push_str(&format!("\n{}\n", lines.join("  \n")));
    }
}

fn line(out: &mut String, cells: &[impl AsRef<str>]) {
    for cell in cells {
        out.push_str("| ");
        out.push_str(cell.as_ref());
        out.push(' ');
    }
    out.push_str("|\n");
}

fn center(cell: &Cell, scale: Scale, notes: &mut Footnotes) -> String {
    let mut text = format!("{} ± {}", scale.format(cell.summary.center), range(&cell.summary));
    append(&mut text, &notes.mark(cell.warnings.iter().chain(&cell.summary.warnings)));
    text
}

fn change(cell: &Cell, notes: &mut Footnotes) -> String {
    let Some(difference) = &cell.difference else { return String::new() };
    let delta = delta(difference, cell.summary.center);
    // A tilde alone is a character like any other; two of them would strike text out.
    let delta = if delta == "~" { delta } else { format!("**{delta}**") };
    let mut text = format!("{delta} ({})", test(difference));
    append(&mut text, &notes.mark(&difference.warnings));
    text
}

fn append(text: &mut String, sign: &str) {
    if !sign.is_empty() {
        text.push(' ');
        text.push_str(sign);
    }
}
