//! The stacks as one tree for all sample types and benches, cut down to what can be seen.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Series;
use crate::model::profile::Profile;
use crate::report::views::flame::tint;
use crate::report::views::prepare::System;
use crate::report::views::prepared::{Prepared, base_name};

/// Nodes at most; the smallest give way.
const MAX_NODES: usize = 30_000;
/// Smaller shares of every sample type are never seen.
const LEAST: f64 = 0.0001;
/// Deeper frames are part of the one they are cut at.
const MAX_DEPTH: usize = 1000;
/// Longer names are cut: a page is no place for a megabyte.
const MAX_NAME: usize = 2000;
/// What stands for frames that gave way.
const SMALLER: &str = "(smaller frames)";

/// The names of frames.
pub(super) struct Names {
    pub texts: Vec<String>,
    /// Of each location, innermost first.
    pub of_location: Vec<Vec<u32>>,
    /// Of each function.
    pub of_function: Vec<u32>,
    /// Names of the standard library's and the system's functions.
    system: Vec<bool>,
}

impl Names {
    pub(super) fn of(profile: &Profile) -> Self {
        let mut texts: Vec<String> = Vec::new();
        let mut places: FxHashMap<String, u32> = FxHashMap::default();
        let mut place = |text: &str| {
            let end = text.char_indices().nth(MAX_NAME).map_or(text.len(), |(end, _)| end);
            let text = &text[..end];
            if let Some(&place) = places.get(text) {
                return place;
            }
            texts.push(text.to_owned());
            places.insert(text.to_owned(), texts.len() as u32 - 1);
            texts.len() as u32 - 1
        };
        let of_function: Vec<u32> =
            profile.functions.iter().map(|function| place(&function.name)).collect();
        let of_location: Vec<Vec<u32>> = profile
            .locations
            .iter()
            .map(|location| {
                if !location.lines.is_empty() {
                    return location
                        .lines
                        .iter()
                        .map(|l| of_function[l.function as usize])
                        .collect();
                }
                let module = location.mapping.map(|at| &profile.mappings[at as usize].filename);
                let name = match module {
                    Some(file) if !file.is_empty() => format!("[{}]", base_name(file)),
                    _ => "[unknown]".to_owned(),
                };
                vec![place(&name)]
            })
            .collect();
        let of_system = System::of(profile);
        let mut system: Vec<bool> = texts.iter().map(|text| tint(text).is_none()).collect();
        for (function, &name) in of_function.iter().enumerate() {
            system[name as usize] |= of_system.function(function as u32);
        }
        for (location, names) in profile.locations.iter().zip(&of_location) {
            if of_system.mapping(location) {
                names.iter().for_each(|&name| system[name as usize] = true);
            }
        }
        Names { texts, of_location, of_function, system }
    }
}

/// The tree in preorder, by column.
#[derive(Serialize)]
pub(super) struct Stacks {
    names: Vec<String>,
    /// 1 where a name belongs to the standard library or the system.
    folded: Vec<u8>,
    /// Hue of each name, −1 for none.
    hues: Vec<i32>,
    /// Findings at each name.
    marks: FxHashMap<u32, Vec<usize>>,
    name: Vec<u32>,
    depth: Vec<u32>,
    /// Per series and sample type: distance to the next node with a cost of its own, and the cost.
    own: Vec<Vec<Vec<i64>>>,
}

struct Node {
    name: u32,
    parent: u32,
    depth: u32,
    children: Vec<u32>,
}

/// Costs of the nodes that have their own: by series, then node, then sample type.
type Own = Vec<FxHashMap<u32, Vec<i64>>>;

/// Builds the tree and cuts it down.
pub(super) fn collect(
    prepared: &Prepared,
    series: &Series,
    names: Names,
    marks: FxHashMap<u32, Vec<usize>>,
) -> Stacks {
    let (nodes, own) = grow(prepared, series, &names);
    let types = prepared.profile.sample_types.len();
    let keep = kept(&nodes, &own[0], types);
    let (mut texts, mut system) = (names.texts, names.system);
    texts.push(SMALLER.to_owned());
    system.push(false);
    let smaller = texts.len() as u32 - 1;
    let mut rank: Vec<usize> = (0..texts.len()).collect();
    rank.sort_by(|&a, &b| texts[a].cmp(&texts[b]));
    let mut order = vec![0; texts.len()];
    for (at, name) in rank.into_iter().enumerate() {
        order[name] = at;
    }

    // What gave way goes to one node per caller.
    let mut stands_for: Vec<u32> = (0..nodes.len() as u32).collect();
    let mut extra: Vec<Option<u32>> = vec![None; nodes.len()];
    let mut extras: Vec<u32> = Vec::new();
    for at in 1..nodes.len() {
        if keep[at] {
            continue;
        }
        let parent = nodes[at].parent as usize;
        stands_for[at] = if keep[parent] {
            *extra[parent].get_or_insert_with(|| {
                extras.push(parent as u32);
                (nodes.len() + extras.len() - 1) as u32
            })
        } else {
            stands_for[parent]
        };
    }
    let mut place = vec![u32::MAX; nodes.len() + extras.len()];
    let (mut name, mut depth) = (Vec::new(), Vec::new());
    let mut open = vec![0u32];
    while let Some(at) = open.pop() {
        place[at as usize] = name.len() as u32;
        let Some(node) = nodes.get(at as usize) else {
            let parent = extras[at as usize - nodes.len()];
            name.push(smaller);
            depth.push(nodes[parent as usize].depth + 1);
            continue;
        };
        name.push(node.name);
        depth.push(node.depth);
        let mut children: Vec<u32> =
            node.children.iter().copied().filter(|&child| keep[child as usize]).collect();
        children.sort_by_key(|&child| order[nodes[child as usize].name as usize]);
        open.extend(extra[at as usize]);
        open.extend(children.into_iter().rev());
    }
    let own = own
        .iter()
        .map(|by_node| {
            let mut sums: FxHashMap<u32, Vec<i64>> = FxHashMap::default();
            for (&node, values) in by_node {
                let to = place[stands_for[node as usize] as usize];
                let sum = sums.entry(to).or_insert_with(|| vec![0; types]);
                for (sum, value) in sum.iter_mut().zip(values) {
                    *sum = sum.saturating_add(*value);
                }
            }
            let mut rows: Vec<(u32, Vec<i64>)> = sums.into_iter().collect();
            rows.sort();
            (0..types).map(|kind| sparse(&rows, kind)).collect()
        })
        .collect();
    let tints: Vec<_> = texts.iter().map(|text| tint(text)).collect();
    Stacks {
        hues: tints
            .iter()
            .zip(&system)
            .map(|(tint, &system)| match tint {
                Some((hue, _)) if !system => (*hue).into(),
                _ => -1,
            })
            .collect(),
        folded: system.into_iter().map(u8::from).collect(),
        names: texts,
        marks,
        name,
        depth,
        own,
    }
}

/// The costs of one sample type that are not 0.
fn sparse(rows: &[(u32, Vec<i64>)], kind: usize) -> Vec<i64> {
    let mut pairs = Vec::new();
    let mut last = 0;
    for (node, values) in rows.iter().filter(|(_, values)| values[kind] != 0) {
        pairs.extend([i64::from(node - last), values[kind]]);
        last = *node;
    }
    pairs
}

fn grow(prepared: &Prepared, series: &Series, names: &Names) -> (Vec<Node>, Own) {
    // The root's name is never shown.
    let mut nodes = vec![Node { name: 0, parent: 0, depth: 0, children: Vec::new() }];
    let mut own: Own = vec![FxHashMap::default(); series.count()];
    let mut places: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for (sample, bench) in prepared.profile.samples.iter().zip(&series.of_sample) {
        let mut at = 0u32;
        let frames = sample.stack.iter().rev();
        let frames = frames.flat_map(|&place| names.of_location[place as usize].iter().rev());
        for (depth, &name) in frames.take(MAX_DEPTH).enumerate() {
            at = *places.entry((at, name)).or_insert_with(|| {
                let place = nodes.len() as u32;
                nodes[at as usize].children.push(place);
                let depth = depth as u32 + 1;
                nodes.push(Node { name, parent: at, depth, children: Vec::new() });
                place
            });
        }
        for series in std::iter::once(0).chain(*bench) {
            let sums = own[series].entry(at).or_insert_with(|| vec![0; sample.values.len()]);
            for (sum, value) in sums.iter_mut().zip(&sample.values) {
                *sum = sum.saturating_add(*value);
            }
        }
    }
    (nodes, own)
}

/// The nodes that stay: callers of one that stays stay as well, as they cost no less.
fn kept(nodes: &[Node], own: &FxHashMap<u32, Vec<i64>>, types: usize) -> Vec<bool> {
    let mut totals: Vec<Vec<f64>> = vec![vec![0.0; types]; nodes.len()];
    for (&node, values) in own {
        for (sum, &value) in totals[node as usize].iter_mut().zip(values) {
            *sum += (value as f64).abs();
        }
    }
    // Callees come after their callers.
    for at in (1..nodes.len()).rev() {
        let values = totals[at].clone();
        for (sum, value) in totals[nodes[at].parent as usize].iter_mut().zip(values) {
            *sum += value;
        }
    }
    let whole = totals[0].clone();
    let share = |at: usize| {
        let of = |(value, whole): (&f64, &f64)| if *whole > 0.0 { value / whole } else { 0.0 };
        totals[at].iter().zip(&whole).map(of).fold(0.0, f64::max)
    };
    let shares: Vec<f64> = (0..nodes.len()).map(share).collect();
    let mut ranked: Vec<usize> = (1..nodes.len()).filter(|&at| shares[at] >= LEAST).collect();
    ranked.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]).then(a.cmp(&b)));
    let mut keep = vec![false; nodes.len()];
    keep[0] = true;
    for &at in ranked.iter().take(MAX_NODES) {
        keep[at] = true;
    }
    keep
}
