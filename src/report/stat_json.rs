//! Comparison tables as JSON: one object. What is not a finite number is `null`.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::formats::benchfmt::Better;
use crate::tables::{Cell, Table};

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tables: Vec<JsonTable<'a>>,
}

#[derive(Serialize)]
struct JsonTable<'a> {
    /// What all of the table has in common.
    key: Map<String, Value>,
    unit: &'a str,
    better: Option<&'static str>,
    columns: Vec<Map<String, Value>>,
    rows: Vec<Row<'a>>,
    geomean: Vec<Mean<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    /// One per column; `null` where nothing was measured.
    cells: Vec<Option<JsonCell<'a>>>,
}

#[derive(Serialize)]
struct JsonCell<'a> {
    center: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    n: usize,
    warnings: Vec<&'a str>,
    vs_base: Option<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    /// Center over the first column's.
    ratio: Option<f64>,
    p: Option<f64>,
    significant: bool,
    n_base: usize,
    warnings: &'a [String],
}

#[derive(Serialize)]
struct Mean<'a> {
    mean: Option<f64>,
    ratio: Option<f64>,
    warnings: &'a [String],
}

/// All tables, with a line end.
pub fn render(tables: &[Table]) -> Result<String, serde_json::Error> {
    let document = Document { schema: 1, tables: tables.iter().map(table).collect() };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn table(table: &Table) -> JsonTable<'_> {
    let pairs = |names: &[String], values: &[String]| {
        names.iter().cloned().zip(values.iter().map(|value| json!(value))).collect()
    };
    JsonTable {
        key: table.key.iter().map(|(name, value)| (name.clone(), json!(value))).collect(),
        unit: &table.unit,
        better: table.better.map(|better| match better {
            Better::Higher => "higher",
            Better::Lower => "lower",
        }),
        columns: table.columns.iter().map(|column| pairs(&table.column_names, column)).collect(),
        rows: table
            .rows
            .iter()
            .enumerate()
            .map(|(row, name)| Row {
                name,
                cells: (0..table.columns.len())
                    .map(|column| table.cell(row, column).map(cell))
                    .collect(),
            })
            .collect(),
        geomean: table
            .summaries
            .iter()
            .map(|summary| Mean {
                mean: summary.mean.and_then(finite),
                ratio: summary.ratio.and_then(finite),
                warnings: &summary.warnings,
            })
            .collect(),
    }
}

fn cell(cell: &Cell) -> JsonCell<'_> {
    let summary = &cell.summary;
    JsonCell {
        center: finite(summary.center),
        low: finite(summary.low),
        high: finite(summary.high),
        n: cell.count,
        warnings: cell.warnings.iter().chain(&summary.warnings).map(String::as_str).collect(),
        vs_base: cell.difference.as_ref().map(|difference| Change {
            ratio: match (summary.center, difference.base_center) {
                (center, base) if center == base => Some(1.0),
                (center, base) => finite(center / base),
            },
            p: finite(difference.p),
            significant: difference.is_significant(),
            n_base: difference.base_count,
            warnings: &difference.warnings,
        }),
    }
}
