//! criterion: what it prints on a terminal.

use super::{Found, bench, value};

/// Lines of its output.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The last line that began at the margin: a name, where it is too long for its place.
    name: String,
}

impl Lines {
    pub(super) fn result(&mut self, line: &str) -> Option<Found> {
        let indented = line.starts_with(char::is_whitespace);
        let found = match (of_three(line, "time:"), of_three(line, "thrpt:")) {
            (Some((name, number, unit)), _) => {
                let name = if name.is_empty() { self.name.as_str() } else { name };
                let seconds = number * seconds(unit)?;
                (!name.is_empty()).then(|| Found::Bench(bench(name, seconds)))
            }
            (None, Some(("", number, unit))) => {
                rate(unit).map(|(factor, unit)| Found::Rate(value(number * factor, &unit)))
            }
            _ => None,
        };
        if !indented && !line.is_empty() {
            line.trim_end().clone_into(&mut self.name);
        }
        found
    }
}

/// Of `NAME  time:   [1.0 µs 1.1 µs 1.2 µs]` the name and the estimate in the middle.
fn of_three<'l>(line: &'l str, what: &str) -> Option<(&'l str, f64, &'l str)> {
    let at = line.rfind(what)?;
    let name = &line[..at];
    if !name.is_empty() && !name.ends_with(char::is_whitespace) {
        return None;
    }
    let list = line[at + what.len()..].trim().strip_prefix('[')?.strip_suffix(']')?;
    let words: Vec<&str> = list.split_whitespace().collect();
    let &[_, _, number, unit, _, _] = words.as_slice() else { return None };
    Some((name.trim(), number.parse().ok()?, unit))
}

fn seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ps" => 1e-12,
        "ns" => 1e-9,
        "µs" | "μs" | "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        _ => return None,
    })
}

/// `MiB/s`, `Kelem/s`, `GB/s`: the factor, and the unit without its prefix.
fn rate(unit: &str) -> Option<(f64, String)> {
    let what = unit.strip_suffix("/s")?;
    let base = ["elem", "Elem", "B", "b"].into_iter().find(|base| what.ends_with(base))?;
    let factor = match &what[..what.len() - base.len()] {
        "" => 1.0,
        "K" | "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "T" => 1e12,
        "Ki" => 1024.0,
        "Mi" => 1024.0 * 1024.0,
        "Gi" => 1024.0 * 1024.0 * 1024.0,
        "Ti" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some((factor, format!("{}/s", if base == "Elem" { "elem" } else { base })))
}
