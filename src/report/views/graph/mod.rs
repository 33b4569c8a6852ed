//! The call graph of a profile: nodes with their own and their callees' cost, edges between them.

mod build;
mod frames;
mod order;
mod path;
mod tags;
mod trim;

pub(crate) use build::build;
pub(crate) use frames::{Frames, Info};
pub(crate) use order::sorted_edges;
pub(crate) use path::clean;
pub(crate) use tags::{Tag, sort_tags};
pub(crate) use trim::{MAX_NODELETS, Trimmed, trimmed};

use std::collections::BTreeMap;

/// A node; its place in [`Graph::nodes`] is its frame's in [`Frames::infos`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub flat: i64,
    pub flat_divisor: i64,
    pub cum: i64,
    pub cum_divisor: i64,
    /// Indices into [`Graph::edges`].
    pub ins: Vec<u32>,
    pub outs: Vec<u32>,
    /// Labels of the samples, joined, with their cost; collected for graphs that show them.
    pub labels: BTreeMap<String, Tag>,
    /// Numeric labels by the joined text labels beside them.
    pub numbers: BTreeMap<String, BTreeMap<String, Tag>>,
}

fn mean(sum: i64, divisor: i64) -> i64 {
    if divisor == 0 { sum } else { sum.wrapping_div(divisor) }
}

impl Node {
    /// Its own cost.
    pub(crate) fn flat_value(&self) -> i64 {
        mean(self.flat, self.flat_divisor)
    }

    /// Its cost with all it calls.
    pub(crate) fn cum_value(&self) -> i64 {
        mean(self.cum, self.cum_divisor)
    }
}

/// A call between two nodes.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub from: u32,
    pub to: u32,
    pub weight: i64,
    pub divisor: i64,
    /// Goes through nodes that are not shown.
    pub residual: bool,
    /// The callee was inlined, every time.
    pub inline: bool,
}

impl Edge {
    /// Its weight, or the mean.
    pub(crate) fn value(&self) -> i64 {
        mean(self.weight, self.divisor)
    }
}

/// Nodes and edges; removed edges are no longer in any node's list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
    /// The nodes that are there, in the order of the view.
    pub order: Vec<u32>,
}

impl Graph {
    pub(crate) fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    pub(crate) fn edge(&self, at: u32) -> &Edge {
        &self.edges[at as usize]
    }

    /// The nodes that are there.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Node> {
        self.order.iter().map(|&at| self.node(at))
    }

    fn remove(&mut self, edge: u32) {
        let (from, to) = (self.edge(edge).from, self.edge(edge).to);
        self.nodes[from as usize].outs.retain(|&at| at != edge);
        self.nodes[to as usize].ins.retain(|&at| at != edge);
    }
}
