//! `tree` and `peek`: each node between its callers and its callees.

use std::io::{self, Write};

use regex::Regex;

use super::error::ViewError;
use super::graph::{Edge, Frames, Trimmed, sorted_edges, trimmed};
use super::prepared::Prepared;
use super::{header, measure};

const SEPARATOR: &str = "----------------------------------------------------------+-------------";
const LEGEND: &str = "      flat  flat%   sum%        cum   cum%   calls calls% + context 	 	 ";

/// The tree, ready to be written.
pub struct Tree<'a> {
    prepared: &'a Prepared,
    frames: Frames,
    trimmed: Trimmed,
    matching: Option<Regex>,
}

impl<'a> Tree<'a> {
    /// Of all nodes, or for `peek` of those that match.
    pub fn new(prepared: &'a mut Prepared, matching: Option<Regex>) -> Result<Self, ViewError> {
        let frames = Frames::of(&prepared.profile, false);
        let trimmed = trimmed(prepared, &frames);
        prepared.choose_unit(&trimmed.graph);
        let tree = Tree { prepared, frames, trimmed, matching };
        if let Some(regex) = &tree.matching
            && !tree.trimmed.graph.order.iter().any(|&at| tree.shows(at))
        {
            return Err(ViewError::NoMatch(regex.as_str().to_owned()));
        }
        Ok(tree)
    }

    fn name(&self, at: u32) -> &str {
        &self.frames.printable[at as usize]
    }

    fn shows(&self, at: u32) -> bool {
        self.matching.as_ref().is_none_or(|regex| regex.is_match(self.name(at)))
    }

    /// Writes it.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let (prepared, graph) = (self.prepared, &self.trimmed.graph);
        for line in header::lines(prepared, &self.trimmed, false) {
            writeln!(out, "{line}")?;
        }
        writeln!(out, "{SEPARATOR}")?;
        writeln!(out, "{LEGEND}")?;
        let mut sum = 0i64;
        for &at in graph.order.iter().filter(|&&at| self.shows(at)) {
            let node = graph.node(at);
            let (flat, cum) = (node.flat_value(), node.cum_value());
            writeln!(out, "{SEPARATOR}")?;
            for edge in sorted_edges(graph, &self.frames, &node.ins) {
                let edge = graph.edge(edge);
                self.write_edge(edge, self.name(edge.from), cum, out)?;
            }
            sum = sum.wrapping_add(flat);
            writeln!(
                out,
                "{:>10} {} {} {:>10} {}                | {}",
                prepared.format(flat),
                prepared.share(flat),
                prepared.share(sum),
                prepared.format(cum),
                prepared.share(cum),
                self.name(at)
            )?;
            for edge in sorted_edges(graph, &self.frames, &node.outs) {
                let edge = graph.edge(edge);
                self.write_edge(edge, self.name(edge.to), cum, out)?;
            }
        }
        if graph.order.is_empty() { Ok(()) } else { writeln!(out, "{SEPARATOR}") }
    }

    fn write_edge(&self, edge: &Edge, name: &str, cum: i64, out: &mut dyn Write) -> io::Result<()> {
        let weight = self.prepared.format(edge.weight);
        let share = measure::percentage(edge.weight, cum);
        let inline = if edge.inline { " (inline)" } else { "" };
        writeln!(out, "{weight:>50} {share} |   {name}{inline}")
    }
}
