//! The graph from the samples.

use rustc_hash::FxHashMap;

use super::frames::Frames;
use super::tags;
use super::{Edge, Graph, Node};
use crate::report::views::prepared::Prepared;

/// Builds the graph of the frames that are kept; `with_tags` collects labels as well.
pub(crate) fn build(
    prepared: &Prepared,
    frames: &Frames,
    kept: Option<&[bool]>,
    with_tags: bool,
) -> Graph {
    let count = frames.infos.len();
    let mut graph = Graph { nodes: vec![Node::default(); count], ..Graph::default() };
    let mut edges: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    // The last sample that touched a node or an edge: recursion must not count twice.
    let mut node_seen = vec![0usize; count];
    let mut edge_seen: Vec<usize> = Vec::new();
    for (turn, sample) in (1..).zip(&prepared.profile.samples) {
        let (weight, divisor) = prepared.value(sample);
        if weight == 0 && divisor == 0 {
            continue;
        }
        let labels = if with_tags { tags::of_sample(prepared, sample) } else { None };
        let mut parent: Option<u32> = None;
        let mut residual = false;
        for &location in sample.stack.iter().rev() {
            let of_location = frames.of_location(location);
            for (at, &frame) in of_location.iter().enumerate().rev() {
                if kept.is_some_and(|kept| !kept[frame as usize]) {
                    residual = true;
                    continue;
                }
                if node_seen[frame as usize] != turn {
                    node_seen[frame as usize] = turn;
                    let node = &mut graph.nodes[frame as usize];
                    node.cum = node.cum.wrapping_add(weight);
                    node.cum_divisor = node.cum_divisor.wrapping_add(divisor);
                    if let Some(labels) = &labels {
                        labels.add(node, weight, divisor, false);
                    }
                }
                if let Some(caller) = parent.filter(|&caller| caller != frame) {
                    let edge = *edges.entry((caller, frame)).or_insert_with(|| {
                        edge_seen.push(0);
                        graph.edges.push(Edge {
                            from: caller,
                            to: frame,
                            weight: 0,
                            divisor: 0,
                            residual: false,
                            inline: true,
                        });
                        let edge = graph.edges.len() as u32 - 1;
                        graph.nodes[caller as usize].outs.push(edge);
                        graph.nodes[frame as usize].ins.push(edge);
                        edge
                    });
                    if edge_seen[edge as usize] != turn {
                        edge_seen[edge as usize] = turn;
                        let edge = &mut graph.edges[edge as usize];
                        edge.weight = edge.weight.wrapping_add(weight);
                        edge.divisor = edge.divisor.wrapping_add(divisor);
                        edge.residual |= residual;
                        edge.inline &= at + 1 != of_location.len();
                    }
                }
                parent = Some(frame);
                residual = false;
            }
        }
        if let Some(leaf) = parent.filter(|_| !residual) {
            let node = &mut graph.nodes[leaf as usize];
            node.flat = node.flat.wrapping_add(weight);
            node.flat_divisor = node.flat_divisor.wrapping_add(divisor);
            if let Some(labels) = &labels {
                labels.add(node, weight, divisor, true);
            }
        }
    }
    let drop_negative = prepared.settings.drop_negative;
    graph.order = (0..count as u32)
        .filter(|&at| {
            let node = graph.node(at);
            let negative = node.flat < 0 || (node.flat == 0 && node.cum < 0);
            (node.cum != 0 || node.flat != 0) && !(drop_negative && negative)
        })
        .collect();
    graph
}
