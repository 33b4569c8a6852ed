//! From a stream of measurements to finished tables.

use std::collections::{HashMap, HashSet};

use super::cell::{Cell, Difference, Levels};
use super::filter::Filter;
use super::lex::QueryError;
use super::projection::{Projection, Shared, TupleId};
use super::table::Table;
use crate::formats::benchfmt::{Assume, Measurement, UnitTable};
use crate::stats::sort;

/// How measurements are picked and grouped.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouping {
    /// Which measurements.
    pub filter: String,
    /// What tells tables apart.
    pub table: String,
    /// What tells rows apart.
    pub row: String,
    /// What tells columns apart.
    pub column: String,
    /// What is left out of account.
    pub ignore: String,
}

impl Default for Grouping {
    fn default() -> Self {
        Grouping {
            filter: "*".to_owned(),
            table: ".config".to_owned(),
            row: ".fullname".to_owned(),
            column: ".file".to_owned(),
            ignore: String::new(),
        }
    }
}

/// Collects measurements.
pub struct Builder {
    filter: Filter,
    shared: Shared,
    table_by: Projection,
    row_by: Projection,
    column_by: Projection,
    residue: Projection,
    tables: Vec<Collected>,
}

/// The samples of one table, by row and column.
#[derive(Default)]
struct Collected {
    places: HashMap<(TupleId, TupleId), u32>,
    samples: Vec<Sample>,
}

/// The values of a cell, as small as they can be held: there may be millions of cells.
#[derive(Default)]
struct Sample {
    values: Values,
    /// The first residue that was seen, and others, of which there should be none.
    residue: TupleId,
    #[expect(clippy::box_collection, reason = "one word where there is nothing, as nearly always")]
    others: Option<Box<Vec<TupleId>>>,
}

enum Values {
    /// All the same, as sizes and counts often are.
    Same {
        value: f64,
        count: u32,
    },
    Several(Vec<f64>),
}

impl Default for Values {
    fn default() -> Self {
        Values::Same { value: 0.0, count: 0 }
    }
}

impl Values {
    fn push(&mut self, new: f64) {
        match self {
            Values::Same { value, count: count @ 0 } => (*value, *count) = (new, 1),
            Values::Same { value, count } if value.to_bits() == new.to_bits() => *count += 1,
            Values::Same { value, count } => {
                let mut values = vec![*value; *count as usize];
                values.push(new);
                *self = Values::Several(values);
            }
            Values::Several(values) => {
                if values.len() == values.capacity() {
                    values.reserve_exact((values.len() / 4).max(4));
                }
                values.push(new);
            }
        }
    }

    fn sorted(self) -> Vec<f64> {
        match self {
            Values::Same { value, count } => vec![value; count as usize],
            Values::Several(mut values) => {
                sort(&mut values);
                values
            }
        }
    }
}

impl Builder {
    /// Parses filter and projections. The error is named by the field of [`Grouping`] it is in.
    pub fn new(grouping: &Grouping) -> Result<Builder, (&'static str, QueryError)> {
        let mut filter = Filter::parse(&grouping.filter).map_err(|e| ("filter", e))?;
        let mut shared = Shared::default();
        let mut parse = |name, query: &str| {
            Projection::parse(query, &mut shared, &mut filter).map_err(|e| (name, e))
        };
        let mut table_by = parse("table", &grouping.table)?;
        table_by.add_unit();
        let row_by = parse("row", &grouping.row)?;
        let column_by = parse("col", &grouping.column)?;
        parse("ignore", &grouping.ignore)?;
        let residue = Projection::residue(&mut shared);
        Ok(Builder { filter, shared, table_by, row_by, column_by, residue, tables: Vec::new() })
    }

    /// Adds the values of a measurement that the filter lets through.
    pub fn add(&mut self, measurement: &mut Measurement) {
        if !self.filter.apply(measurement) {
            return;
        }
        self.table_by.fill(measurement, &self.shared);
        let take = |projection: &mut Projection| {
            projection.fill(measurement, &self.shared);
            projection.take()
        };
        let cell = (take(&mut self.row_by), take(&mut self.column_by));
        let residue = take(&mut self.residue);
        for value in &measurement.values {
            self.table_by.set_unit(&value.unit);
            let table = self.table_by.take() as usize;
            if table == self.tables.len() {
                self.tables.push(Collected::default());
            }
            let Collected { places, samples } = &mut self.tables[table];
            let place = *places.entry(cell).or_insert(samples.len() as u32) as usize;
            if place == samples.len() {
                samples.push(Sample { residue, ..Sample::default() });
            }
            let sample = &mut samples[place];
            sample.values.push(value.value);
            if sample.residue != residue {
                let others = sample.others.get_or_insert_default();
                if !others.contains(&residue) {
                    others.push(residue);
                }
            }
        }
    }

    /// Summarizes and compares one table after the other; each is let go when the next is asked
    /// for.
    pub fn finish(
        mut self,
        units: &UnitTable,
        confidence: f64,
        alpha: f64,
    ) -> impl Iterator<Item = Table> {
        let levels = Levels { confidence, alpha };
        let mut ids: Vec<TupleId> = (0..self.tables.len() as TupleId).collect();
        self.table_by.sort(&mut ids);
        let mut flat = self.table_by.flat();
        let unit_field = flat.pop();
        ids.into_iter().map(move |id| {
            let collected = std::mem::take(&mut self.tables[id as usize]);
            let unit = unit_field.map_or("", |field| self.table_by.text(id, field));
            let pair = |&field: &usize| {
                let name = self.table_by.field_name(field).to_string();
                (name, self.table_by.text(id, field).to_owned())
            };
            let mut table = self.table(collected, units.assume(unit), levels);
            table.key = flat.iter().map(pair).collect();
            table.better = units.better(unit);
            table.unit = unit.to_owned();
            table.summarize();
            table
        })
    }

    fn table(&self, collected: Collected, assume: Assume, levels: Levels) -> Table {
        let tuples = |projection: &Projection, all: HashSet<TupleId>| {
            let mut tuples: Vec<TupleId> = all.into_iter().collect();
            projection.sort(&mut tuples);
            tuples
        };
        let Collected { places, mut samples } = collected;
        let rows = tuples(&self.row_by, places.keys().map(|key| key.0).collect());
        let columns = tuples(&self.column_by, places.keys().map(|key| key.1).collect());
        let mut ordered = Vec::with_capacity(rows.len() * columns.len());
        for &row in &rows {
            for &column in &columns {
                let place = places.get(&(row, column));
                ordered.push(place.map(|&place| std::mem::take(&mut samples[place as usize])));
            }
        }
        drop((places, samples));
        let warning = |sample: &Sample| self.residue_warning(sample);
        let cells = summarize_rows(ordered, columns.len(), &warning, assume, levels);
        let (row_fields, column_fields) = (self.row_by.flat(), self.column_by.flat());
        let texts = |projection: &Projection, fields: &[usize], tuple: TupleId| -> Vec<String> {
            fields.iter().map(|&field| projection.text(tuple, field).to_owned()).collect()
        };
        let label = |&row: &TupleId| {
            let mut parts = texts(&self.row_by, &row_fields, row);
            parts.retain(|part| !part.is_empty());
            parts.join(" ")
        };
        Table {
            key: Vec::new(),
            unit: String::new(),
            better: None,
            column_names: column_fields
                .iter()
                .map(|&field| self.column_by.field_name(field).to_string())
                .collect(),
            columns: columns
                .iter()
                .map(|&column| texts(&self.column_by, &column_fields, column))
                .collect(),
            rows: rows.iter().map(label).collect(),
            cells,
            summaries: Vec::new(),
        }
    }

    /// Names the fields in which measurements differ that no projection told apart.
    fn residue_warning(&self, sample: &Sample) -> Option<String> {
        let others = sample.others.as_ref()?;
        let text = |tuple, field| self.residue.text(tuple, field);
        let varying: Vec<String> = self
            .residue
            .flat()
            .into_iter()
            .filter(|&field| others.iter().any(|&o| text(o, field) != text(sample.residue, field)))
            .map(|field| self.residue.field_name(field).to_string())
            .collect();
        (!varying.is_empty()).then(|| format!("benchmarks vary in {}", varying.join(", ")))
    }
}

/// Turns samples into cells, the first of each row being what the others are compared with. Exact
/// tests of many samples take a while, so the rows are shared among threads.
fn summarize_rows(
    mut samples: Vec<Option<Sample>>,
    columns: usize,
    warning: &(dyn Fn(&Sample) -> Option<String> + Sync),
    assume: Assume,
    levels: Levels,
) -> Vec<Option<Cell>> {
    let mut cells: Vec<Option<Cell>> = Vec::new();
    cells.resize_with(samples.len(), || None);
    let columns = columns.max(1);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = (samples.len() / columns).div_ceil(threads).max(16) * columns;
    std::thread::scope(|scope| {
        for (samples, cells) in samples.chunks_mut(share).zip(cells.chunks_mut(share)) {
            scope.spawn(move || {
                let rows = samples.chunks_mut(columns).zip(cells.chunks_mut(columns));
                for (samples, cells) in rows {
                    summarize_row(samples, cells, warning, assume, levels);
                }
            });
        }
    });
    cells
}

fn summarize_row(
    samples: &mut [Option<Sample>],
    cells: &mut [Option<Cell>],
    warning: &dyn Fn(&Sample) -> Option<String>,
    assume: Assume,
    levels: Levels,
) {
    let mut base: Option<(Cell, Vec<f64>)> = None;
    for (column, (sample, place)) in samples.iter_mut().zip(cells).enumerate() {
        let Some(sample) = sample.take() else { continue };
        let warnings = warning(&sample).into_iter().collect();
        let sorted = sample.values.sorted();
        let mut cell = Cell { warnings, ..Cell::new(&sorted, assume, levels) };
        cell.difference = base
            .as_ref()
            .map(|(base, values)| Difference::new(base, values, &sorted, assume, levels));
        if column == 0 {
            base = Some((cell.clone(), sorted));
        }
        *place = Some(cell);
    }
}
