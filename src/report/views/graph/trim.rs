//! Which nodes and edges a view shows.

use super::order::Order;
use super::{Frames, Graph, build, sorted_edges, tags};
use crate::report::views::measure::whole;
use crate::report::views::prepared::Prepared;
use crate::report::views::settings::View;

/// A graph reduced to what a view shows, and what was left out.
pub(crate) struct Trimmed {
    pub graph: Graph,
    /// Nodes before the limit on their number.
    pub original: usize,
    pub dropped_nodes: usize,
    pub dropped_edges: usize,
}

/// How many labels a node shows in a drawing.
pub(crate) const MAX_NODELETS: usize = 4;

/// Builds the graph and reduces it as the settings say. Each step rebuilds from the samples, so
/// that edges over what is left out keep their exact weight.
pub(crate) fn trimmed(prepared: &Prepared, frames: &Frames) -> Trimmed {
    let settings = &prepared.settings;
    let visual = prepared.view == View::Dot;
    let order = match (visual, settings.cum) {
        (true, _) => Order::Entropy,
        (false, true) => Order::Cum,
        (false, false) => Order::Flat,
    };
    let mut graph = build(prepared, frames, None, visual);
    let flat_sum = graph.live().fold(0i64, |sum, node| sum.wrapping_add(node.flat));
    let cutoff = |fraction: f64| whole(flat_sum as f64 * fraction).wrapping_abs();
    let (node_cutoff, edge_cutoff) = (cutoff(settings.nodefraction), cutoff(settings.edgefraction));

    let mut dropped_nodes = 0;
    if node_cutoff > 0 {
        let kept = graph.mask(|_, node| node.cum.wrapping_abs() >= node_cutoff);
        let count = kept.iter().filter(|&&kept| kept).count();
        dropped_nodes = graph.order.len() - count;
        if dropped_nodes > 0 {
            graph = build(prepared, frames, Some(&kept), visual);
        }
    }
    let original = graph.order.len();
    graph.sort(order, frames);
    let limit = settings.node_limit();
    if limit > 0 {
        graph.trim_tags(node_cutoff);
        graph.trim_edges(edge_cutoff);
        let limit = graph.fitting(limit, visual);
        if limit < graph.order.len() {
            let mut kept = vec![false; graph.nodes.len()];
            for &at in &graph.order[..limit] {
                kept[at as usize] = true;
            }
            graph = build(prepared, frames, Some(&kept), visual);
            graph.sort(order, frames);
        }
    }
    graph.trim_tags(node_cutoff);
    let dropped_edges = graph.trim_edges(edge_cutoff);
    if visual {
        graph.remove_redundant_edges(frames);
    }
    Trimmed { graph, original, dropped_nodes, dropped_edges }
}

impl Graph {
    fn mask(&self, keep: impl Fn(u32, &super::Node) -> bool) -> Vec<bool> {
        let mut kept = vec![false; self.nodes.len()];
        for &at in &self.order {
            kept[at as usize] = keep(at, self.node(at));
        }
        kept
    }

    /// How many nodes fit; in a drawing the labels of a node take room as well.
    fn fitting(&self, limit: usize, visual: bool) -> usize {
        if visual {
            let mut count = 0;
            for (index, node) in self.live().enumerate() {
                count += tags::count(node).min(MAX_NODELETS) + 1;
                if count >= limit {
                    return index + 1;
                }
            }
        }
        limit.min(self.order.len())
    }

    fn trim_tags(&mut self, least: i64) {
        for &at in &self.order {
            let node = &mut self.nodes[at as usize];
            tags::trim(&mut node.labels, least);
            node.numbers.values_mut().for_each(|tags| tags::trim(tags, least));
        }
    }

    fn trim_edges(&mut self, least: i64) -> usize {
        if least == 0 {
            return 0;
        }
        let mut dead = vec![false; self.edges.len()];
        for &at in &self.order {
            for &edge in &self.nodes[at as usize].ins {
                dead[edge as usize] = self.edges[edge as usize].weight.wrapping_abs() < least;
            }
        }
        for node in &mut self.nodes {
            node.ins.retain(|&edge| !dead[edge as usize]);
            node.outs.retain(|&edge| !dead[edge as usize]);
        }
        dead.into_iter().filter(|&dead| dead).count()
    }

    /// Removes edges over hidden nodes whose ends are connected otherwise.
    fn remove_redundant_edges(&mut self, frames: &Frames) {
        for at in self.order.clone().into_iter().rev() {
            let ins = sorted_edges(self, frames, &self.node(at).ins);
            for edge in ins.into_iter().rev() {
                // An edge heavier than a direct one stays, to leave no doubt.
                if !self.edge(edge).residual {
                    break;
                }
                if self.is_redundant(edge) {
                    self.remove(edge);
                }
            }
        }
    }

    fn is_redundant(&self, edge: u32) -> bool {
        let (from, to) = (self.edge(edge).from, self.edge(edge).to);
        let mut seen = vec![false; self.nodes.len()];
        seen[to as usize] = true;
        let mut queue = vec![to];
        while let Some(at) = queue.pop() {
            for &into in &self.node(at).ins {
                let caller = self.edge(into).from;
                if into == edge || seen[caller as usize] {
                    continue;
                }
                if caller == from {
                    return true;
                }
                seen[caller as usize] = true;
                queue.push(caller);
            }
        }
        false
    }
}
