//! Comparison tables as CSV, as benchstat prints them; warnings go elsewhere, by cell.

use super::stat_text::changed_keys;
use super::stat_words::{delta, percent, range, test};
use crate::formats::benchfmt::format_float;
use crate::tables::Table;

/// Columns for a center and its range.
const CENTER: usize = 2;
/// Columns for a delta and its test.
const DELTA: usize = 2;

fn start(column: usize) -> usize {
    match column {
        0 => 1,
        n => 1 + CENTER + (n - 1) * (CENTER + DELTA),
    }
}

/// A sheet that takes one table after the other.
#[derive(Default)]
pub struct Sheet {
    text: String,
    warnings: String,
    /// Cells put into the row so far.
    cells: usize,
    rows: usize,
}

impl Sheet {
    /// Adds a table; gives back its text, and its warnings, each a line that begins with the cell
    /// it belongs to.
    pub fn render(
        &mut self,
        table: &Table,
        before: Option<&[(String, String)]>,
    ) -> (String, String) {
        if before.is_some() {
            self.end_row();
        }
        for (name, value) in changed_keys(table, before) {
            self.put(format!("{name}: {value}"));
            self.end_row();
        }
        render_one(table, self);
        (std::mem::take(&mut self.text), std::mem::take(&mut self.warnings))
    }
}

fn render_one(table: &Table, sheet: &mut Sheet) {
    let width = start(table.columns.len());
    for level in 0..table.column_names.len() {
        for (column, names) in table.columns.iter().enumerate() {
            sheet.go_to(start(column));
            sheet.put(names[level].clone());
        }
        sheet.go_to(width);
        sheet.end_row();
    }
    for column in 0..table.columns.len() {
        sheet.go_to(start(column));
        sheet.put(table.unit.clone());
        sheet.put("CI");
        if column > 0 {
            sheet.put("vs base");
            sheet.put("P");
        }
    }
    sheet.end_row();
    for (row, label) in table.rows.iter().enumerate() {
        sheet.put(label.clone());
        for column in 0..table.columns.len() {
            let Some(cell) = table.cell(row, column) else { continue };
            sheet.go_to(start(column));
            sheet.warn(cell.warnings.iter().chain(&cell.summary.warnings));
            sheet.put(format_float(cell.summary.center));
            sheet.put(range(&cell.summary));
            if let Some(difference) = &cell.difference {
                sheet.warn(&difference.warnings);
                sheet.put(delta(difference, cell.summary.center));
                sheet.put(test(difference));
            }
        }
        sheet.end_row();
    }
    sheet.put("geomean");
    for (column, summary) in table.summaries.iter().enumerate() {
        sheet.go_to(start(column));
        sheet.warn(&summary.warnings);
        if let Some(mean) = summary.mean {
            sheet.put(format_float(mean));
        }
        if column > 0 {
            sheet.go_to(start(column) + CENTER);
            sheet.put(summary.ratio.map_or("?".to_owned(), percent));
        }
    }
    sheet.go_to(width);
    sheet.end_row();
}

impl Sheet {
    fn put(&mut self, text: impl AsRef<str>) {
        if self.cells > 0 {
            self.text.push(',');
        }
        self.cells += 1;
        self.text.push_str(&quoted(text.as_ref()));
    }

    fn go_to(&mut self, column: usize) {
        while self.cells < column {
            self.put("");
        }
    }

    fn end_row(&mut self) {
        self.text.push('\n');
        self.cells = 0;
        self.rows += 1;
    }

    /// Notes warnings for the cell that is put next.
    fn warn<'t>(&mut self, texts: impl IntoIterator<Item = &'t String>) {
        for text in texts {
            let name = column_name(self.cells);
            self.warnings.push_str(&format!("{name}{}: {text}\n", self.rows + 1));
        }
    }
}

/// `A` to `Z`, then `BA`: digits of base 26, not quite as spreadsheets count.
fn column_name(mut column: usize) -> String {
    let mut name = Vec::new();
    while column > 0 || name.is_empty() {
        name.insert(0, char::from(b'A' + (column % 26) as u8));
        column /= 26;
    }
    name.into_iter().collect()
}

fn quoted(field: &str) -> String {
    let needs_quotes = field == "\\."
        || field.contains(['"', ',', '\n', '\r'])
        || field.starts_with(char::is_whitespace);
    if needs_quotes { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_by_letters() {
        let names: Vec<String> = [0, 1, 25, 26, 27, 700].into_iter().map(column_name).collect();
        assert_eq!(names, ["A", "B", "Z", "BA", "BB", "BAY"]);
    }

    #[test]
    fn fields_are_quoted_where_csv_needs_it() {
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("say \"x\""), "\"say \"\"x\"\"\"");
        assert_eq!(quoted(" x"), "\" x\"");
        assert_eq!(quoted("x y"), "x y");
    }
}
