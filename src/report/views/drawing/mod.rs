//! The call graph as SVG, laid out here: nothing need be installed.

mod layers;

use std::io::{self, Write};

use super::dot::font_size;
use super::graph::{Edge, Frames, Graph, trimmed};
use super::header;
use super::heat_color::heat_color;
use super::prepared::Prepared;
use super::short_name::{cut_long, shorten};
use crate::report::inert::html;
use layers::{Layout, Size, lay_out};

/// Of the fixed-width font, relative to its size.
const CHARACTER: f64 = 0.61;
const LINE: f64 = 1.25;
const PADDING: f64 = 8.0;
const MARGIN: f64 = 20.0;
const LEGEND_LINE: f64 = 16.0;
/// Longer lines are cut.
const MAX_LINE: usize = 48;

/// Writes the graph.
pub fn write(prepared: &mut Prepared, out: &mut dyn Write) -> io::Result<()> {
    let frames = Frames::of(&prepared.profile, false);
    let trimmed = trimmed(prepared, &frames);
    prepared.choose_unit(&trimmed.graph);
    let legend = header::lines(prepared, &trimmed, false);
    let graph = &trimmed.graph;
    let largest =
        graph.live().map(|node| node.flat_value().wrapping_abs()).max().unwrap_or(0) as f64;
    let mut place = vec![usize::MAX; graph.nodes.len()];
    let mut boxes = Vec::new();
    for (at, &node) in graph.order.iter().enumerate() {
        place[node as usize] = at;
        boxes.push(Block::of(prepared, &frames, graph, node, largest));
    }
    let mut edges: Vec<&Edge> = Vec::new();
    for node in graph.live() {
        let shown = |edge: &&Edge| place[edge.to as usize] != usize::MAX;
        edges.extend(node.outs.iter().map(|&edge| graph.edge(edge)).filter(shown));
    }
    let ends: Vec<(usize, usize)> =
        edges.iter().map(|edge| (place[edge.from as usize], place[edge.to as usize])).collect();
    let sizes: Vec<Size> = boxes.iter().map(|item| item.size).collect();
    let layout = lay_out(&sizes, &ends);
    let sheet = Sheet { prepared, frames: &frames, layout: &layout };
    sheet.write_head(&legend, out)?;
    for ((edge, route), (from, to)) in edges.iter().zip(&layout.routes).zip(ends) {
        sheet.write_edge(edge, route, (sizes[from], sizes[to]), out)?;
    }
    for (item, &(x, y)) in boxes.iter().zip(&layout.boxes) {
        item.write(x, y, out)?;
    }
    writeln!(out, "</g>\n</svg>")
}

/// A node's box.
struct Block {
    lines: Vec<String>,
    title: String,
    font: f64,
    size: Size,
    stroke: String,
    fill: String,
}

impl Block {
    fn of(prepared: &Prepared, frames: &Frames, graph: &Graph, at: u32, largest: f64) -> Self {
        let node = graph.node(at);
        let info = &frames.infos[at as usize];
        let (flat, cum) = (node.flat_value(), node.cum_value());
        let name = shorten(frames.text(info.name));
        let file = match frames.text(info.file) {
            "" => "",
            file => super::prepared::base_name(file),
        };
        let cost =
            |value: i64| format!("{} ({})", prepared.format(value), prepared.share(value).trim());
        let mut lines: Vec<String> =
            frames.components_of(info, &name, file).into_iter().map(|line| cut(&line)).collect();
        match (flat, cum) {
            (0, cum) => lines.push(format!("of {}", cost(cum))),
            (flat, cum) if flat == cum => lines.push(cost(flat)),
            (flat, cum) => lines.extend([cost(flat), format!("of {}", cost(cum))]),
        }
        let font = font_size(flat, largest) as f64;
        let columns = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0) as f64;
        let size = Size {
            width: columns * font * CHARACTER + 2.0 * PADDING,
            height: lines.len() as f64 * font * LINE + 2.0 * PADDING,
        };
        let share = cum as f64 / (prepared.total.wrapping_abs() as f64).max(1.0);
        Block {
            title: format!(
                "{} ({})",
                cut_long(&frames.printable[at as usize]),
                prepared.format(cum)
            ),
            lines,
            font,
            size,
            stroke: heat_color(share, false),
            fill: heat_color(share, true),
        }
    }

    fn write(&self, x: f64, y: f64, out: &mut dyn Write) -> io::Result<()> {
        let Size { width, height } = self.size;
        let (left, top) = (x - width / 2.0, y - height / 2.0);
        write!(
            out,
            "<g><title>{}</title><rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\" rx=\"3\" fill=\"{}\" stroke=\"{}\"/>\
             <text font-size=\"{}\" text-anchor=\"middle\">",
            html(&self.title),
            self.fill,
            self.stroke,
            self.font
        )?;
        let mut baseline = top + PADDING + self.font;
        for line in &self.lines {
            write!(out, "<tspan x=\"{x:.1}\" y=\"{baseline:.1}\">{}</tspan>", html(line))?;
            baseline += self.font * LINE;
        }
        writeln!(out, "</text></g>")
    }
}

struct Sheet<'a> {
    prepared: &'a Prepared,
    frames: &'a Frames,
    layout: &'a Layout,
}

impl Sheet<'_> {
    fn write_head(&self, legend: &[String], out: &mut dyn Write) -> io::Result<()> {
        let head = legend.len() as f64 * LEGEND_LINE + MARGIN;
        let widest = legend.iter().map(|line| line.chars().count()).max().unwrap_or(0);
        let width = self.layout.width.max(widest as f64 * 12.0 * CHARACTER) + 2.0 * MARGIN;
        let height = self.layout.height + head + 2.0 * MARGIN;
        writeln!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
             viewBox=\"0 0 {width:.0} {height:.0}\" \
             font-family=\"ui-monospace, Menlo, Consolas, monospace\">\n\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
             <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" \
             markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">\
             <path d=\"M0 0 8 4 0 8z\" fill=\"#666\"/></marker></defs>"
        )?;
        for (at, line) in legend.iter().enumerate() {
            let y = MARGIN + at as f64 * LEGEND_LINE;
            writeln!(out, "<text x=\"{MARGIN}\" y=\"{y}\" font-size=\"12\">{}</text>", html(line))?;
        }
        writeln!(out, "<g transform=\"translate({MARGIN},{})\">", head + MARGIN)
    }

    fn write_edge(
        &self,
        edge: &Edge,
        route: &[(f64, f64)],
        (from, to): (Size, Size),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let (Some(first), Some(last)) = (route.first(), route.last()) else { return Ok(()) };
        let down = first.1 <= last.1;
        let side = if down { 1.0 } else { -1.0 };
        let mut points = route.to_vec();
        let end = points.len() - 1;
        points[0].1 += side * from.height / 2.0;
        points[end].1 -= side * to.height / 2.0;
        let mut path = format!("M{:.1} {:.1}", points[0].0, points[0].1);
        for pair in points.windows(2) {
            let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
            let bend = (to_y - y) / 2.0;
            path += &format!(
                " C{x:.1} {:.1} {to_x:.1} {:.1} {to_x:.1} {to_y:.1}",
                y + bend,
                to_y - bend
            );
        }
        let (value, total) = (edge.value(), (self.prepared.total.wrapping_abs() as f64).max(1.0));
        let share = value as f64 / total;
        let weight = self.prepared.format(value);
        let name = |at: u32| cut_long(&self.frames.printable[at as usize]);
        let arrow = if edge.residual { "..." } else { "->" };
        let title = format!("{} {arrow} {} ({weight})", name(edge.from), name(edge.to));
        let dashes = if edge.residual { " stroke-dasharray=\"4 3\"" } else { "" };
        writeln!(
            out,
            "<g><title>{}</title><path d=\"{path}\" fill=\"none\" stroke=\"{}\" \
             stroke-width=\"{:.1}\"{dashes} marker-end=\"url(#tip)\"/>",
            html(&title),
            heat_color(share, false),
            1.0 + share.abs().min(1.0) * 5.0
        )?;
        let inline = if edge.inline { " (inline)" } else { "" };
        let (before, last) = (points[end.saturating_sub(1)], points[end]);
        let (x, y) = ((before.0 + last.0) / 2.0, (before.1 + last.1) / 2.0);
        writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"10\" fill=\"#333\">{}</text></g>",
            x + 4.0,
            html(&format!("{weight}{inline}"))
        )
    }
}

fn cut(line: &str) -> String {
    if line.chars().count() <= MAX_LINE {
        return line.to_owned();
    }
    let start: String = line.chars().take(MAX_LINE - 1).collect();
    format!("{start}…")
}
