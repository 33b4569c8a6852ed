//! What stands beside the two columns of a listing: allocations and waits per line, and findings.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::report::inert::inert;
use crate::report::views::graph::{Frames, clean};
use crate::report::views::measure;
use crate::report::views::prepared::Prepared;

/// A finding of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The lint, how sure it is, and the finding's id.
    pub title: String,
    /// What it says.
    pub message: String,
}

/// The findings by file, as the profile names it, and line.
pub type Remarks = HashMap<String, BTreeMap<u32, Vec<Remark>>>;

/// Sample types that are shown beside any other, with their headings.
const COLUMNS: [(&str, &str); 4] = [
    ("alloc_objects", "allocs"),
    ("alloc_space", "bytes"),
    ("lock_delay", "lock wait"),
    ("io_delay", "I/O"),
];

/// Further columns, each with callees.
#[derive(Debug)]
pub(super) struct Beside {
    headings: Vec<&'static str>,
    units: Vec<String>,
    /// By node.
    sums: FxHashMap<u32, Vec<i64>>,
    remarks: Remarks,
}

impl Beside {
    /// Of the sample types that the profile has, those that count something.
    pub(super) fn of(prepared: &Prepared, frames: &Frames, remarks: Remarks) -> Self {
        let profile = &prepared.profile;
        let columns: Vec<(usize, &'static str)> = COLUMNS
            .iter()
            .filter_map(|&(name, heading)| Some((profile.sample_type(name)?, heading)))
            .filter(|&(at, _)| at != prepared.sample_index())
            .filter(|&(at, _)| profile.samples.iter().any(|sample| sample.values[at] != 0))
            .collect();
        let mut sums: FxHashMap<u32, Vec<i64>> = FxHashMap::default();
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        for sample in &profile.samples {
            if columns.iter().all(|&(at, _)| sample.values[at] == 0) {
                continue;
            }
            seen.clear();
            for &node in sample.stack.iter().flat_map(|&at| frames.of_location(at)) {
                if seen.insert(node) {
                    let sum = sums.entry(node).or_insert_with(|| vec![0; columns.len()]);
                    for (sum, &(at, _)) in sum.iter_mut().zip(&columns) {
                        *sum = sum.saturating_add(sample.values[at]);
                    }
                }
            }
        }
        let unit = |at: usize| profile.sample_types[at].unit.clone();
        Beside {
            headings: columns.iter().map(|&(_, heading)| heading).collect(),
            units: columns.iter().map(|&(at, _)| unit(at)).collect(),
            sums,
            // Nodes have their files by the shortest name.
            remarks: remarks
                .into_iter()
                .map(|(f, lines)| (clean(&f).into_owned(), lines))
                .collect(),
        }
    }

    /// The line of headings.
    pub(super) fn headings(&self) -> String {
        let mut text = format!("{:>10} {:>10}", "flat", "cum");
        for heading in &self.headings {
            text += &format!(" {heading:>10}");
        }
        text + &format!(" {:>6}", "line")
    }

    /// The further columns of a line.
    pub(super) fn columns(&self, nodes: &[u32]) -> String {
        let mut text = String::new();
        for (at, unit) in self.units.iter().enumerate() {
            let of = |node: &u32| self.sums.get(node).map_or(0, |sums| sums[at]);
            let sum = nodes.iter().map(of).fold(0i64, i64::saturating_add);
            let shown = if sum == 0 { ".".to_owned() } else { measure::auto_label(sum, unit) };
            text += &format!(" {shown:>10}");
        }
        text
    }

    pub(super) fn remarks(&self, file: &str, line: u32) -> &[Remark] {
        self.remarks.get(file).and_then(|lines| lines.get(&line)).map_or(&[], Vec::as_slice)
    }

    /// A remark on a line of its own, below the source it is about.
    pub(super) fn remark(&self, remark: &Remark) -> String {
        // Up to the text of the source.
        let width = 21 + 11 * self.headings.len() + 8;
        format!("{:>width$} {}: {}", "^", inert(&remark.title), inert(&remark.message))
    }
}
