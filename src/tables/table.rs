//! A finished table: rows of benches, columns of what is compared.

use super::cell::Cell;
use crate::formats::benchfmt::Better;
use crate::stats::geometric_mean;

/// A table of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What all of it has in common: names and values, the same names in each table.
    pub key: Vec<(String, String)>,
    /// The unit of its values.
    pub unit: String,
    /// Whether more is better, where known.
    pub better: Option<Better>,
    /// What the levels of the columns' headers are called.
    pub column_names: Vec<String>,
    /// The header of each column, by level.
    pub columns: Vec<Vec<String>>,
    /// The label of each row.
    pub rows: Vec<String>,
    /// The cells, row by row; `None` where nothing was measured.
    pub cells: Vec<Option<Cell>>,
    /// A summary of each column.
    pub summaries: Vec<ColumnSummary>,
}

/// What a column's cells say together.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnSummary {
    /// Geometric mean of the centers.
    pub mean: Option<f64>,
    /// Geometric mean of the ratios to the first column; never for the first itself.
    pub ratio: Option<f64>,
    /// What to keep in mind.
    pub warnings: Vec<String>,
}

impl Table {
    /// A cell.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        self.cells.get(row * self.columns.len() + column)?.as_ref()
    }

    /// The cells of a column.
    fn column(&self, column: usize) -> impl Iterator<Item = &Cell> {
        (0..self.rows.len()).filter_map(move |row| self.cell(row, column))
    }

    pub(super) fn summarize(&mut self) {
        self.summaries = (0..self.columns.len()).map(|column| self.summary(column)).collect();
    }

    fn summary(&self, column: usize) -> ColumnSummary {
        let mut warnings = Vec::new();
        // The mean of the ratios, not the ratio of the means: where the columns do not have the
        // same rows, that is still a mean of something.
        let mut ratios = Vec::new();
        let mut undefined = false;
        for cell in self.column(column) {
            if let Some(difference) = &cell.difference {
                let (center, base) = (cell.summary.center, difference.base_center);
                undefined |= base == 0.0 && center != base;
                ratios.push(if center == base { 1.0 } else { center / base });
            }
        }
        if column > 0 && ratios.len() != self.column(0).count() {
            warnings.push(
                "benchmark set differs from baseline; geomeans may not be comparable".to_owned(),
            );
        }
        let mean = geometric_mean(self.column(column).map(|cell| cell.summary.center));
        if mean.is_none() {
            warnings.push("summaries must be >0 to compute geomean".to_owned());
        }
        let mut ratio = None;
        if column > 0 && !undefined {
            ratio = geometric_mean(ratios);
            if ratio.is_none() {
                warnings.push("ratios must be >0 to compute geomean".to_owned());
            }
        }
        ColumnSummary { mean, ratio, warnings }
    }
}
