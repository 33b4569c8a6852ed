//! The call graph in Graphviz's language.

use std::io::{self, Write};

use super::graph::{Edge, Frames, Graph, MAX_NODELETS, Node, sorted_edges, trimmed};
use super::header;
use super::heat_color::heat_color;
use super::nodelets;
use super::prepared::{Prepared, base_name};
use super::short_name::shorten;

/// Writes the graph.
pub fn write(prepared: &mut Prepared, out: &mut dyn Write) -> io::Result<()> {
    let frames = Frames::of(&prepared.profile, false);
    let trimmed = trimmed(prepared, &frames);
    prepared.choose_unit(&trimmed.graph);
    let legend = header::lines(prepared, &trimmed, true);
    let graph = &trimmed.graph;
    let drawing = Drawing { prepared, frames: &frames, graph };
    drawing.write_head(&legend, out)?;
    let mut numbers = vec![0usize; graph.nodes.len()];
    let mut has_nodelets = vec![false; graph.nodes.len()];
    let largest =
        graph.live().map(|node| node.flat_value().wrapping_abs()).max().unwrap_or(0) as f64;
    let mut edges = Vec::new();
    for (&at, number) in graph.order.iter().zip(1..) {
        numbers[at as usize] = number;
        drawing.write_node(at, number, largest, out)?;
        let node = graph.node(at);
        let boxes = nodelets::of_node(prepared, node, number, MAX_NODELETS);
        has_nodelets[at as usize] = !boxes.is_empty();
        out.write_all(boxes.as_bytes())?;
        edges.extend(&node.outs);
    }
    for edge in sorted_edges(graph, &frames, &edges) {
        let edge = graph.edge(edge);
        let (from, to) = (edge.from as usize, edge.to as usize);
        drawing.write_edge(edge, (numbers[from], numbers[to]), has_nodelets[from], out)?;
    }
    writeln!(out, "}}")
}

struct Drawing<'a> {
    prepared: &'a Prepared,
    frames: &'a Frames,
    graph: &'a Graph,
}

impl Drawing<'_> {
    fn write_head(&self, legend: &[String], out: &mut dyn Write) -> io::Result<()> {
        let title = escape(self.prepared.title());
        let name = if title.is_empty() { "unnamed" } else { &title };
        writeln!(out, "digraph \"{name}\" {{")?;
        writeln!(out, "node [style=filled fillcolor=\"#f8f8f8\"]")?;
        let Some(first) = legend.first() else { return Ok(()) };
        let lines: Vec<String> = legend.iter().map(|line| escape(line)).collect();
        write!(out, "subgraph cluster_L {{ \"{}\" [shape=box fontsize=16", escape(first))?;
        write!(out, " label=\"{}\\l\"", lines.join("\\l"))?;
        if !title.is_empty() {
            write!(out, " tooltip=\"{title}\"")?;
        }
        writeln!(out, "] }}")
    }

    fn write_node(
        &self,
        at: u32,
        number: usize,
        largest: f64,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (prepared, node) = (self.prepared, self.graph.node(at));
        let cum = escape(&prepared.format(node.cum_value()));
        let size = font_size(node.flat_value(), largest);
        let total = prepared.total.wrapping_abs() as f64;
        let score = node.cum_value() as f64 / total;
        writeln!(
            out,
            "N{number} [label=\"{}{}\" id=\"node{number}\" fontsize={size} shape=box \
             tooltip=\"{} ({cum})\" color=\"{}\" fillcolor=\"{}\"]",
            self.label(at),
            self.costs(node),
            escape(&self.frames.printable[at as usize]),
            heat_color(score, false),
            heat_color(score, true),
        )
    }

    /// The name, a line per part.
    fn label(&self, at: u32) -> String {
        let info = &self.frames.infos[at as usize];
        let name = escape(&shorten(self.frames.text(info.name)));
        let name = name.replace("::", "\\n").replace("[...]", "[…]").replace('.', "\\n");
        let file = match self.frames.text(info.file) {
            "" => "",
            file => base_name(file),
        };
        let parts = self.frames.components_of(info, &name, &escape(file));
        format!("{}\\n", parts.join("\\n"))
    }

    fn costs(&self, node: &Node) -> String {
        let prepared = self.prepared;
        let (flat, cum) = (node.flat_value(), node.cum_value());
        let cost = |value: i64| {
            format!("{} ({})", escape(&prepared.format(value)), prepared.share(value).trim())
        };
        let own = if flat == 0 { "0".to_owned() } else { cost(flat) };
        if cum == flat {
            return own;
        }
        let gap = if flat == 0 { " " } else { "\\n" };
        format!("{own}{gap}of {}", cost(cum))
    }

    fn write_edge(
        &self,
        edge: &Edge,
        (from, to): (usize, usize),
        beside_nodelets: bool,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (value, total) = (edge.value(), self.prepared.total);
        let weight = escape(&self.prepared.format(value));
        let inline = if edge.inline { "\\n (inline)" } else { "" };
        write!(out, "N{from} -> N{to} [label=\" {weight}{inline}\"")?;
        if total != 0 {
            let part =
                |of: i64| 1 + value.wrapping_mul(of).wrapping_div(total).wrapping_abs().min(of);
            if part(100) > 1 {
                write!(out, " weight={}", part(100))?;
            }
            if part(5) > 1 {
                write!(out, " penwidth={}", part(5))?;
            }
            let score = value as f64 / total.wrapping_abs() as f64;
            write!(out, " color=\"{}\"", heat_color(score, false))?;
        }
        let name = |at: u32| escape(&self.frames.printable[at as usize]);
        let arrow = if edge.residual { "..." } else { "->" };
        let tip = format!("\"{} {arrow} {} ({weight})\"", name(edge.from), name(edge.to));
        write!(out, " tooltip={tip} labeltooltip={tip}")?;
        if edge.residual {
            write!(out, " style=\"dotted\"")?;
        }
        if beside_nodelets {
            write!(out, " minlen=2")?;
        }
        writeln!(out, "]")
    }
}

/// From 8 to 24, growing fast at first.
pub(super) fn font_size(flat: i64, largest: f64) -> i64 {
    let flat = flat.wrapping_abs() as f64;
    if flat == 0.0 || largest == 0.0 || flat > largest {
        return 8;
    }
    8 + (16.0 * (flat / largest).sqrt()).ceil() as i64
}

/// For a quoted string; line ends become Graphviz's left-justified ones.
pub(super) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\l")
}
