//! From the JSON of `compare` to the benches of a bundle.

use super::bundle::{Bench, Bundle, Change};
use crate::formats::benchfmt::Class;
use crate::model::verdict::{BenchName, Comparison, ExactVerdict, Verdict};
use crate::report::stat_compare::{Compared, verdict_words};
use crate::report::stat_words::Scale;
use crate::report::words;
use crate::stats::middle;

/// Puts a comparison into a bundle.
pub fn comparison(text: &[u8], bundle: &mut Bundle) -> Result<(), serde_json::Error> {
    let compared: Compared = serde_json::from_slice(text)?;
    bundle.base = revision(&compared.base, compared.base_commit.as_deref());
    bundle.head = revision(&compared.head, compared.head_commit.as_deref());
    bundle.machine = compared.machine;
    bundle.canary = canary(compared.canary.as_ref()).to_owned();
    bundle.benches = compared.comparisons.iter().map(bench).collect();
    let only = |name: &BenchName, change| Bench {
        name: name.to_string(),
        change,
        before: String::new(),
        after: String::new(),
        delta: String::new(),
        pairs: 0,
        exact: Vec::new(),
        notes: Vec::new(),
    };
    bundle.benches.extend(compared.added.iter().map(|name| only(name, Change::Added)));
    bundle.benches.extend(compared.removed.iter().map(|name| only(name, Change::Removed)));
    Ok(())
}

fn bench(comparison: &Comparison) -> Bench {
    let counted: Vec<_> =
        comparison.exact.iter().filter(|exact| exact.verdict != ExactVerdict::Same).collect();
    let more = counted.iter().any(|exact| exact.verdict == ExactVerdict::More);
    let change = match comparison.verdict() {
        Verdict::Slower => Change::Slower,
        // Counts gate where time is too noisy to speak.
        _ if more => Change::Slower,
        Verdict::Faster => Change::Faster,
        _ if !counted.is_empty() => Change::Faster,
        Verdict::NoChange => Change::Same,
        Verdict::TooNoisy => Change::Noisy,
    };
    let time = comparison.time.as_ref();
    let seconds = |values: &[f64]| match middle(values) {
        Some(value) => format!("{}s", Scale::common([value], Class::Decimal).format(value)),
        None => String::new(),
    };
    Bench {
        name: comparison.name.to_string(),
        change,
        before: time.map(|time| seconds(&time.before)).unwrap_or_default(),
        after: time.map(|time| seconds(&time.after)).unwrap_or_default(),
        delta: time.map(verdict_words).unwrap_or_default(),
        pairs: time.map_or(0, |time| time.pairs),
        exact: counted
            .iter()
            .map(|exact| {
                let (before, after) = (words::figures(exact.before), words::figures(exact.after));
                format!("{before} → {after} {}", exact.unit)
            })
            .collect(),
        notes: comparison.notes.clone(),
    }
}

/// A branch moves on; its commit tells what was measured.
fn revision(name: &str, commit: Option<&str>) -> String {
    match commit {
        Some(commit) if !commit.starts_with(name) => {
            format!("{name} ({})", commit.get(..10).unwrap_or(commit))
        }
        _ => name.to_owned(),
    }
}

fn canary(comparison: Option<&Comparison>) -> &'static str {
    match comparison.map(Comparison::verdict) {
        Some(Verdict::Faster | Verdict::Slower) => {
            "a copy compared with itself differed: no verdict of this run is to be trusted"
        }
        Some(Verdict::NoChange) => "a copy compared with itself showed no change",
        Some(Verdict::TooNoisy) => "a copy compared with itself was too noisy to tell",
        None => "no copy was compared with itself",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_and_counts_of_a_comparison_become_rows() {
        let name = |bench: &str| serde_json::json!({"package": "p", "target": "t", "bench": bench});
        let time = |verdict: &str, ratio: f64| {
            serde_json::json!({
                "verdict": verdict, "ratio": ratio, "low": ratio - 0.01, "high": ratio + 0.01,
                "p": 0.001, "p_holm": 0.002, "pairs": 12, "more_pairs": null,
                "before": [1.0e-6, 1.1e-6, 1.2e-6], "after": [2.0e-6],
            })
        };
        let exact = serde_json::json!(
            [{"unit": "allocs/op", "before": 71.0, "after": 72.0, "verdict": "more"}]
        );
        let text = serde_json::json!({
            "schema": 1, "base": "main", "base_commit": "0123456789abcdef", "head": "work",
            "machine": "linux x86_64", "ended": "done", "regressions": [],
            "comparisons": [
                {"name": name("a"), "time": time("faster", 0.5), "exact": [], "notes": []},
                {"name": name("b"), "time": time("no change", 1.0), "exact": exact, "notes": []},
            ],
            "added": [name("c")], "removed": [], "canary": null,
        });
        let mut bundle = Bundle::default();
        comparison(text.to_string().as_bytes(), &mut bundle).unwrap();
        let rows: Vec<_> = bundle.benches.iter().map(|b| (b.name.as_str(), b.change)).collect();
        assert_eq!(
            rows,
            [("t/a", Change::Faster), ("t/b", Change::Slower), ("t/c", Change::Added)]
        );
        assert_eq!(bundle.benches[0].before, "1.100µs");
        assert_eq!(bundle.benches[1].exact, ["71 → 72 allocs/op"]);
        assert_eq!((bundle.base.as_str(), bundle.head.as_str()), ("main (0123456789)", "work"));
        assert_eq!(bundle.machine, "linux x86_64");
        assert_eq!(bundle.canary, "no copy was compared with itself");
    }
}
