//! The report: one HTML file that holds everything and asks nobody for more.

mod finding;
mod lines;
mod stacks;
mod timeline;

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use super::clock;
use super::prepared::Prepared;
use crate::model::finding::Finding;
use crate::model::profile::BenchTotals;
use crate::report::inert::html;
use crate::report::stat_compare::Compared;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// A source file of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Relative to the workspace's root.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// What the report is made of.
pub struct Page<'a> {
    /// The profile, as [`super::View::Page`] prepares it.
    pub prepared: &'a Prepared,
    /// The findings, in their order.
    pub findings: &'a [Finding],
    /// The workspace's files.
    pub sources: &'a [Source],
    /// For each function of the prepared profile, its file among `sources`.
    pub files: &'a [Option<usize>],
    /// The latest comparison of the workspace's benches.
    pub comparison: Option<&'a Compared>,
}

/// Benches beyond these are part of the whole only.
const MAX_BENCHES: usize = 60;

#[derive(Serialize)]
struct Data<'a> {
    title: &'a str,
    lines: Vec<String>,
    types: Vec<[&'a str; 2]>,
    chosen: usize,
    /// The series: the whole, then each bench.
    benches: Vec<String>,
    totals: &'a [BenchTotals],
    stacks: stacks::Stacks,
    sources: Vec<lines::Shown<'a>>,
    /// Per series and sample type: file, line, own cost, cost with callees, and so on.
    costs: Vec<Vec<Vec<i64>>>,
    /// Where a function's name begins, by the name's place.
    places: std::collections::BTreeMap<u32, Start>,
    findings: Vec<finding::Shown>,
    timeline: Option<timeline::Shown>,
    comparison: Option<timeline::Compared>,
}

#[derive(Serialize)]
struct Start {
    file: usize,
    line: u32,
}

/// The first line of each function of the workspace; where the profile does not tell, the first
/// line that was sampled.
fn places(page: &Page<'_>, names: &stacks::Names) -> std::collections::BTreeMap<u32, Start> {
    let profile = &page.prepared.profile;
    let mut places = std::collections::BTreeMap::new();
    for line in profile.locations.iter().flat_map(|location| &location.lines) {
        let Some(&Some(file)) = page.files.get(line.function as usize) else { continue };
        let start = match profile.functions[line.function as usize].start_line {
            0 => line.line,
            start => start,
        };
        let place = places
            .entry(names.of_function[line.function as usize])
            .or_insert(Start { file, line: start });
        if place.file == file {
            place.line = place.line.min(start);
        }
    }
    places
}

/// Writes the page.
pub fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let prepared = page.prepared;
    let profile = &prepared.profile;
    let series = Series::of(prepared);
    let names = stacks::Names::of(profile);
    let places = places(page, &names);
    let marks = finding::marks(page, &names);
    let costs = lines::costs(page, &series);
    let data = Data {
        title: prepared.title(),
        lines: about(prepared),
        types: profile.sample_types.iter().map(|k| [k.name.as_str(), k.unit.as_str()]).collect(),
        chosen: prepared.sample_index(),
        totals: &profile.benches,
        stacks: stacks::collect(prepared, &series, names, marks),
        sources: lines::shown(page, &costs),
        costs,
        places,
        findings: page.findings.iter().map(|finding| finding::shown(finding, page)).collect(),
        timeline: timeline::shown(page),
        comparison: timeline::compared(page),
        benches: series.names,
    };
    let json = serde_json::to_string(&data).map_err(io::Error::from)?;
    let title = match prepared.title() {
        "" => "cargo perf".to_owned(),
        program => format!("{program} · cargo perf"),
    };
    for part in PAGE.split_inclusive("}}") {
        let (text, slot) = part.split_once("{{").unwrap_or((part, ""));
        out.write_all(text.as_bytes())?;
        match slot {
            "title}}" => out.write_all(html(&title).as_bytes())?,
            "style}}" => out.write_all(STYLE.as_bytes())?,
            "script}}" => out.write_all(SCRIPT.as_bytes())?,
            "data}}" => out.write_all(within_script(&json).as_bytes())?,
            _ => {}
        }
    }
    Ok(())
}

/// JSON that cannot end the element it stands in, nor begin another.
fn within_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + json.len() / 50);
    for c in json.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            c => safe.push(c),
        }
    }
    safe
}

fn about(prepared: &Prepared) -> Vec<String> {
    let profile = &prepared.profile;
    let mut lines: Vec<String> =
        profile.comments.iter().filter(|text| !text.starts_with('#')).take(20).cloned().collect();
    if profile.time_nanos != 0 {
        lines.push(format!("Recorded {}", clock::headline(profile.time_nanos)));
    }
    if profile.duration_nanos != 0 {
        let duration = super::measure::auto_label(profile.duration_nanos, "nanoseconds");
        lines.push(format!("over {duration}"));
    }
    lines
}

/// The samples in parts: the whole, and each bench.
struct Series {
    /// The first is the whole.
    names: Vec<String>,
    /// The bench's series of each sample.
    of_sample: Vec<Option<usize>>,
}

impl Series {
    fn of(prepared: &Prepared) -> Self {
        let samples = &prepared.profile.samples;
        let mut costs: std::collections::BTreeMap<&str, i64> = std::collections::BTreeMap::new();
        for sample in samples {
            if let Some(bench) = sample.label("bench").filter(|bench| !bench.is_empty()) {
                let cost = costs.entry(bench).or_default();
                *cost = cost.saturating_add(prepared.value(sample).0.saturating_abs());
            }
        }
        let mut benches: Vec<(&str, i64)> = costs.into_iter().collect();
        benches.sort_by_key(|&(_, cost)| std::cmp::Reverse(cost));
        benches.truncate(MAX_BENCHES);
        let place: std::collections::HashMap<&str, usize> =
            benches.iter().enumerate().map(|(at, &(bench, _))| (bench, at + 1)).collect();
        let of_sample =
            samples.iter().map(|sample| place.get(sample.label("bench")?).copied()).collect();
        let whole = std::iter::once("all benches".to_owned());
        let names = whole.chain(benches.iter().map(|&(bench, _)| bench.to_owned())).collect();
        Series { names, of_sample }
    }

    fn count(&self) -> usize {
        self.names.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_leave_its_element() {
        let safe = within_script("\"</script><!--\u{2028}&\"");
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']));
        let back: String = serde_json::from_str(&safe).unwrap();
        assert_eq!(back, "</script><!--\u{2028}&");
    }
}
