//! The sources the report shows, and what each of their lines costs.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::{Page, Series};
use crate::report::inert::{inert, inert_lines};

/// Bytes of source in the page, and of one file.
const MAX_BYTES: usize = 1_500_000;
const MAX_FILE: usize = 400_000;

/// A file as the page shows it.
#[derive(Serialize)]
pub(super) struct Shown<'a> {
    path: String,
    /// `None` where it is cold, or too large.
    text: Option<std::borrow::Cow<'a, str>>,
}

/// Per series and sample type: file, line, own cost and cost with callees, four by four.
pub(super) fn costs(page: &Page<'_>, series: &Series) -> Vec<Vec<Vec<i64>>> {
    let profile = &page.prepared.profile;
    let types = profile.sample_types.len();
    // The workspace's lines of each location, innermost first.
    let of_location: Vec<Vec<Option<(u32, u32)>>> = profile
        .locations
        .iter()
        .map(|location| {
            let place = |line: &crate::model::profile::Line| {
                let file = (*page.files.get(line.function as usize)?)?;
                (line.line > 0).then_some((file as u32, line.line))
            };
            location.lines.iter().map(place).collect()
        })
        .collect();
    let mut sums: Vec<FxHashMap<(u32, u32), Vec<i64>>> = vec![FxHashMap::default(); series.count()];
    let mut seen: FxHashSet<(u32, u32)> = FxHashSet::default();
    for (sample, bench) in profile.samples.iter().zip(&series.of_sample) {
        seen.clear();
        let lines = sample.stack.iter().flat_map(|&place| &of_location[place as usize]);
        for (depth, place) in
            lines.enumerate().filter_map(|(depth, place)| Some((depth, (*place)?)))
        {
            let first = seen.insert(place);
            if depth > 0 && !first {
                continue;
            }
            for series in std::iter::once(0).chain(*bench) {
                let row = sums[series].entry(place).or_insert_with(|| vec![0; 2 * types]);
                for (kind, &value) in sample.values.iter().enumerate() {
                    if depth == 0 {
                        row[2 * kind] = row[2 * kind].saturating_add(value);
                    }
                    if first {
                        row[2 * kind + 1] = row[2 * kind + 1].saturating_add(value);
                    }
                }
            }
        }
    }
    sums.into_iter()
        .map(|by_line| {
            let mut rows: Vec<_> = by_line.into_iter().collect();
            rows.sort();
            (0..types)
                .map(|kind| {
                    let cost = |((file, line), row): &((u32, u32), Vec<i64>)| {
                        let (own, all) = (row[2 * kind], row[2 * kind + 1]);
                        (own != 0 || all != 0)
                            .then(|| [i64::from(*file), i64::from(*line), own, all])
                    };
                    rows.iter().filter_map(cost).flatten().collect()
                })
                .collect()
        })
        .collect()
}

/// The files, with the text of those that cost something or have findings, costliest first until
/// the page is full.
pub(super) fn shown<'a>(page: &Page<'a>, costs: &[Vec<Vec<i64>>]) -> Vec<Shown<'a>> {
    let mut weight = vec![0.0f64; page.sources.len()];
    for of_type in costs.first().into_iter().flatten() {
        let whole: f64 = of_type.chunks_exact(4).map(|row| (row[2] as f64).abs()).sum();
        for row in of_type.chunks_exact(4) {
            let share = (row[2] as f64).abs() / whole.max(1.0);
            weight[row[0] as usize] += share + 1e-9;
        }
    }
    for (file, source) in page.sources.iter().enumerate() {
        if page.findings.iter().any(|finding| finding.span.file == source.path) {
            weight[file] += 10.0;
        }
    }
    let mut order: Vec<usize> = (0..page.sources.len()).filter(|&at| weight[at] > 0.0).collect();
    order.sort_by(|&a, &b| weight[b].total_cmp(&weight[a]).then(a.cmp(&b)));
    let mut with_text = vec![false; page.sources.len()];
    let mut room = MAX_BYTES;
    for at in order {
        let length = page.sources[at].text.len();
        if length <= MAX_FILE && length <= room {
            room -= length;
            with_text[at] = true;
        }
    }
    page.sources
        .iter()
        .zip(with_text)
        .map(|(source, with_text)| Shown {
            path: inert(&source.path.display().to_string()).into_owned(),
            text: with_text.then(|| inert_lines(&source.text)),
        })
        .collect()
}
