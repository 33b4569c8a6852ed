//! Reads the tree that divan prints: names by their place in it, and six columns.

use crate::bench::Sample;

/// A bench with what its columns say.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    /// Names from the root, joined by `::`.
    pub(super) path: String,
    /// Nanoseconds per iteration, to four digits.
    pub(super) fastest: f64,
    pub(super) slowest: f64,
    pub(super) mean: f64,
    pub(super) samples: u64,
    pub(super) iterations: u64,
    /// Threads, where the tree has a branch per number of threads.
    pub(super) threads: Option<u64>,
    /// divan's own allocator counted; it takes the time for that off each sample.
    pub(super) counts_allocations: bool,
}

impl Leaf {
    /// Iterations of each sample.
    pub(super) fn sample_size(&self) -> u64 {
        self.iterations.checked_div(self.samples).unwrap_or(0)
    }

    pub(super) fn fastest_sample(&self) -> Sample {
        let iterations = self.sample_size();
        Sample { iterations, nanos: self.fastest * iterations as f64 }
    }
}

/// The benches that were finished, in the order of the tree.
pub(super) fn leaves(text: &str) -> Vec<Leaf> {
    let mut tree = Tree::default();
    text.lines().for_each(|line| tree.line(line));
    tree.leaves
}

/// The path of a bench that was begun and not finished.
pub(super) fn unfinished(text: &str) -> Option<String> {
    let mut tree = Tree::default();
    text.lines().for_each(|line| tree.line(line));
    tree.begun
}

#[derive(Default)]
struct Tree {
    /// Names from the root to the node that was seen last.
    names: Vec<String>,
    /// The bench whose columns have not come yet.
    begun: Option<String>,
    leaves: Vec<Leaf>,
}

impl Tree {
    fn line(&mut self, line: &str) {
        let (node, columns) = columns(line);
        if line.trim_end().ends_with("iters") && columns.is_some() {
            // The heading carries the name of the root.
            let name = node.trim_end().strip_suffix("fastest").unwrap_or(node).trim_end();
            self.names = vec![name.to_owned()];
            return;
        }
        if let Some((depth, text)) = branch(node) {
            self.begin(depth, text, columns);
        } else if let Some(columns) = columns {
            self.more(node, &columns);
        }
    }

    /// A line with a branch: a node, with its columns if it is a bench that wrote nothing itself.
    fn begin(&mut self, depth: usize, text: &str, columns: Option<[&str; 5]>) {
        self.names.truncate(depth);
        match columns {
            Some(columns) if columns.iter().all(|column| column.is_empty()) => {
                self.names.push(text.trim().to_owned());
                self.begun = None;
            }
            Some(columns) => {
                let (name, fastest) = split_fastest(text);
                self.names.push(name.to_owned());
                self.finish(fastest, &columns);
            }
            None => {
                // Either ignored, or its columns follow after what the bench itself wrote.
                self.names.push(text.split("  ").next().unwrap_or(text).trim().to_owned());
                self.begun = Some(self.names.join("::"));
            }
        }
    }

    /// A line without a branch: columns of a bench that wrote something, or a further row.
    fn more(&mut self, node: &str, columns: &[&str; 5]) {
        if self.begun.is_some() {
            let (_, fastest) = split_fastest(node);
            self.finish(fastest, columns);
        } else if node.contains("alloc:")
            && let Some(leaf) = self.leaves.last_mut()
        {
            leaf.counts_allocations = true;
        }
    }

    fn finish(&mut self, fastest: &str, [slowest, _, mean, samples, iterations]: &[&str; 5]) {
        let leaf = || {
            let threads = self.names.last().and_then(|name| name.strip_prefix("t="));
            Some(Leaf {
                path: self.names.join("::"),
                fastest: nanos(fastest)?,
                slowest: nanos(slowest)?,
                mean: nanos(mean)?,
                samples: samples.parse().ok()?,
                iterations: iterations.parse().ok()?,
                threads: threads.and_then(|threads| threads.parse().ok()),
                counts_allocations: false,
            })
        };
        if let Some(leaf) = leaf() {
            self.leaves.push(leaf);
            self.begun = None;
        }
    }
}

/// What stands before the second column, and the columns from there on.
fn columns(line: &str) -> (&str, Option<[&str; 5]>) {
    let mut parts = line.rsplitn(6, '│');
    let mut last = || parts.next().map(str::trim);
    let columns = (last(), last(), last(), last(), last());
    match (parts.next(), columns) {
        (Some(node), (Some(e), Some(d), Some(c), Some(b), Some(a))) => {
            (node, Some([a, b, c, d, e]))
        }
        _ => (line, None),
    }
}

/// The depth of a node and what follows its branch.
fn branch(text: &str) -> Option<(usize, &str)> {
    let at = text.find(['├', '╰'])?;
    let (before, rest) = text.split_at(at);
    let is_guide = |c: char| c == '│' || c == ' ';
    let rest = rest.strip_prefix("├─ ").or_else(|| rest.strip_prefix("╰─ "))?;
    before.chars().all(is_guide).then(|| (before.chars().count() / 3 + 1, rest))
}

/// A name and the value of the first column, a number and a unit.
fn split_fastest(text: &str) -> (&str, &str) {
    let text = text.trim_end();
    let unit = text.rfind(' ').unwrap_or(0);
    let number = text[..unit].trim_end().rfind(' ').map_or(0, |at| at + 1);
    (text[..number].trim(), &text[number..])
}

fn nanos(text: &str) -> Option<f64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let scale = match unit.trim() {
        "ps" => 1e-3,
        "ns" => 1.0,
        "µs" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3600e9,
        "d" => 86400e9,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
dv_b                fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ args                           │               │               │               │         │
│  ├─ 1             16.7 ns       │ 30.82 ns      │ 17.17 ns      │ 17.61 ns      │ 100     │ 6400
│  ╰─ 100           157.4 ns      │ 542.3 ns      │ 262.4 ns      │ 261.6 ns      │ 100     │ 1600
├─ threads                        │               │               │               │         │
│  ╰─ t=2           104.8 ns      │ 2.25 µs       │ 108.8 ns      │ 165.5 ns      │ 100     │ 100
├─ inner                          │               │               │               │         │
│  ╰─ a group                     │               │               │               │         │
│     ├─ bytes      2.716 ns      │ 11.85 ns      │ 2.859 ns      │ 2.967 ns      │ 100     │ 700
│     │             36.81 GB/s    │ 8.432 GB/s    │ 34.97 GB/s    │ 33.7 GB/s     │         │
│     ├─ ig         (ignored)     │               │               │               │         │
│     ╰─ my bench   12.43 ns      │ 25.85 ns      │ 12.57 ns      │ 12.84 ns      │ 100     │ 700
│                   max alloc:    │               │               │               │         │
╰─ talks            hello from the bench
20.13 ms      │ 20.29 ms      │ 20.14 ms      │ 20.18 ms      │ 3       │ 21

";

    #[test]
    fn each_bench_has_the_names_above_it_and_its_columns() {
        let leaves = leaves(PRINTED);
        let paths: Vec<&str> = leaves.iter().map(|leaf| leaf.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "dv_b::args::1",
                "dv_b::args::100",
                "dv_b::threads::t=2",
                "dv_b::inner::a group::bytes",
                "dv_b::inner::a group::my bench",
                "dv_b::talks",
            ]
        );
        assert_eq!(leaves[0].sample_size(), 64);
        assert_eq!(leaves[0].slowest, 30.82);
        assert_eq!(leaves[2].threads, Some(2));
        assert_eq!(leaves[2].slowest, 2250.0);
        assert_eq!((leaves[5].fastest, leaves[5].iterations), (20.13e6, 21));
        assert!(leaves[4].counts_allocations && !leaves[3].counts_allocations);
    }

    #[test]
    fn a_bench_without_columns_is_the_one_that_was_running() {
        let cut = PRINTED.split_inclusive('\n').take(13).collect::<String>() + "╰─ talks     hel";
        assert_eq!(unfinished(&cut).as_deref(), Some("dv_b::talks"));
        assert_eq!(unfinished(PRINTED), None);
    }

    #[test]
    fn garbage_gives_no_benches() {
        assert!(leaves("├─ ╰─ │││││\n│ │ │ │ │ │\n├").is_empty());
        assert!(leaves("├─ x  1 ns │ 2 ns │ 3 ns │ 4 ns │ many │ 700").is_empty());
    }
}
