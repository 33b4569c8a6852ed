//! The orders of nodes and edges.

use std::cmp::Ordering;

use super::{Frames, Graph, Node};
use crate::report::views::measure::whole;

/// How the nodes of a view are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// By own cost.
    Flat,
    /// By cost with callees.
    Cum,
    /// By how much a node tells in a drawing.
    Entropy,
}

impl Graph {
    /// Sorts the nodes, costliest first; names decide between equals.
    pub(crate) fn sort(&mut self, order: Order, frames: &Frames) {
        let scores: Vec<i64> = match order {
            Order::Flat => Vec::new(),
            Order::Cum => self.nodes.iter().map(|node| node.cum).collect(),
            Order::Entropy => self.nodes.iter().map(|node| self.entropy_score(node)).collect(),
        };
        let by_name =
            |a: u32, b: u32| frames.printable[a as usize].cmp(&frames.printable[b as usize]);
        let by_all = |a: u32, b: u32| {
            let all = |at: u32| frames.all(&frames.infos[at as usize]);
            all(a).cmp(&all(b))
        };
        let nodes = &self.nodes;
        self.order.sort_unstable_by(|&a, &b| {
            let (left, right) = (&nodes[a as usize], &nodes[b as usize]);
            if order == Order::Flat {
                larger(left.flat, right.flat)
                    .then_with(|| by_name(a, b))
                    .then_with(|| larger(left.cum, right.cum))
                    .then_with(|| by_all(a, b))
            } else {
                larger(scores[a as usize], scores[b as usize])
                    .then_with(|| by_name(a, b))
                    .then_with(|| larger(left.flat, right.flat))
                    .then_with(|| by_all(a, b))
            }
        });
    }

    /// Nodes whose cost splits or joins tell more than those it merely passes through.
    fn entropy_score(&self, node: &Node) -> i64 {
        let mut score = if node.ins.is_empty() { 1.0 } else { self.entropy(&node.ins, 0) };
        score += if node.outs.is_empty() { 1.0 } else { self.entropy(&node.outs, node.flat) };
        whole(score * node.cum as f64).wrapping_add(node.flat)
    }

    fn entropy(&self, edges: &[u32], own: i64) -> f64 {
        let weights = || edges.iter().map(|&edge| self.edge(edge).weight);
        let total = weights().filter(|&weight| weight > 0).fold(own, i64::wrapping_add);
        if total == 0 {
            return 0.0;
        }
        let part = |weight: i64| {
            let share = weight.wrapping_abs() as f64 / total as f64;
            -share * share.log2()
        };
        weights().map(part).sum::<f64>() + if own > 0 { part(own) } else { 0.0 }
    }
}

/// Edges, heaviest first; the names at their ends decide between equals.
pub(crate) fn sorted_edges(graph: &Graph, frames: &Frames, edges: &[u32]) -> Vec<u32> {
    let name = |at: u32| frames.printable[at as usize].as_str();
    let mut sorted = edges.to_vec();
    sorted.sort_by(|&a, &b| {
        let (a, b) = (graph.edge(a), graph.edge(b));
        let by_weight =
            if a.weight == b.weight { Ordering::Equal } else { larger(a.weight, b.weight) };
        by_weight
            .then_with(|| name(a.from).cmp(name(b.from)))
            .then_with(|| name(a.to).cmp(name(b.to)))
    });
    sorted
}

/// By size, largest first, whatever the sign.
fn larger(a: i64, b: i64) -> Ordering {
    b.wrapping_abs().cmp(&a.wrapping_abs())
}
