//! libtest: a line per bench, or JSON.

use serde::Deserialize;

use super::{Found, bench, value};

/// The parts of `test parse::short ... bench:       1,234.56 ns/iter (+/- 7.89) = 5 MB/s`.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed<'a> {
    /// The bench.
    pub name: &'a str,
    /// Nanoseconds per iteration as printed, without the commas.
    pub number: String,
    /// Megabytes per second, where it says them.
    pub rate: Option<f64>,
}

/// Reads such a line.
pub fn printed(text: &str) -> Option<Printed<'_>> {
    let (name, rest) = text.strip_prefix("test ")?.split_once(" ... bench:")?;
    let (number, rest) = rest.trim_start().split_once(" ns/iter")?;
    let rate = rest.rsplit_once(" = ").and_then(|(_, rate)| rate.trim().strip_suffix(" MB/s"));
    let rate = rate.and_then(|rate| rate.replace(',', "").parse().ok());
    Some(Printed { name: name.trim_end(), number: number.replace(',', ""), rate })
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    median: f64,
    /// So it is called; what it holds are megabytes.
    mib_per_second: Option<f64>,
}

pub(super) fn result(line: &str) -> Option<Found> {
    let (name, nanos, rate) = if line.starts_with('{') {
        let event: Event = serde_json::from_str(line).ok()?;
        if event.kind != "bench" {
            return None;
        }
        (event.name, event.median, event.mib_per_second)
    } else {
        let line = printed(line)?;
        (line.name.to_owned(), line.number.parse().ok()?, line.rate)
    };
    let mut result = bench(&name, nanos * 1e-9);
    result.values.extend(rate.map(|rate| value(rate * 1e6, "B/s")));
    Some(Found::Bench(result))
}
