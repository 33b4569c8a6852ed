//! A flame graph as one SVG file that needs nothing beside itself. Positions are shares of the
//! width, so it fits any window even where scripts do not run; the script adds zoom and search.

use std::io::{self, Write};

use super::{Node, Tree, tint};
use crate::report::inert::html;
use crate::report::views::measure;
use crate::report::views::prepared::Prepared;
use crate::report::views::short_name::cut_long;

const STYLE: &str = include_str!("flame.css");
const SCRIPT: &str = include_str!("flame.js");

/// How the graph looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Roots at the top instead of the bottom.
    pub icicle: bool,
    /// The headline.
    pub title: Option<String>,
    /// Pixels for viewers that do not fit it to their window.
    pub width: u32,
    /// Frames below this share of the whole are left out.
    pub least: f64,
}

impl Default for Look {
    fn default() -> Self {
        Look { icicle: false, title: None, width: 1200, least: 0.0005 }
    }
}

const ROW: u32 = 18;
const HEAD: u32 = 56;
const FOOT: u32 = 28;
/// Of the fixed-width font.
const CHARACTER: f64 = 7.3;

/// Writes the graph.
pub fn write(prepared: &Prepared, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let tree = Tree::of(prepared);
    let placed = place(&tree, look.least);
    let rows = placed.iter().map(|frame| tree.node(frame.node).depth).max().unwrap_or(0) + 1;
    let height = HEAD + rows * ROW + FOOT;
    let drawing = Drawing { prepared, tree: &tree, look, rows };
    writeln!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"{}\" height=\"{height}\" \
         font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"12\">",
        look.width
    )?;
    writeln!(out, "<style>{STYLE}</style>")?;
    writeln!(out, "<rect class=\"page\" width=\"100%\" height=\"100%\"/>")?;
    drawing.write_head(height, out)?;
    let down = if look.icicle { " data-down=\"1\"" } else { "" };
    writeln!(out, "<g id=\"frames\"{down}>")?;
    for frame in &placed {
        drawing.write_frame(frame, out)?;
    }
    writeln!(out, "</g>")?;
    writeln!(out, "<script><![CDATA[\n{SCRIPT}]]></script>")?;
    writeln!(out, "</svg>")
}

/// A frame with its share of the width.
struct Placed {
    node: u32,
    left: f64,
    width: f64,
}

/// Lays the frames out: siblings one beside the other, in their order.
fn place(tree: &Tree, least: f64) -> Vec<Placed> {
    let whole = tree.node(0).total as f64;
    let mut placed = Vec::new();
    if whole <= 0.0 {
        return placed;
    }
    let mut open = vec![(0u32, 0.0f64)];
    while let Some((at, left)) = open.pop() {
        let node = tree.node(at);
        let width = node.total as f64 / whole;
        if width < least || width <= 0.0 {
            continue;
        }
        placed.push(Placed { node: at, left, width });
        let mut left = left;
        let from = open.len();
        for &child in &node.children {
            open.push((child, left));
            left += (tree.node(child).total as f64 / whole).max(0.0);
        }
        open[from..].reverse();
    }
    placed
}

struct Drawing<'a> {
    prepared: &'a Prepared,
    tree: &'a Tree,
    look: &'a Look,
    rows: u32,
}

impl Drawing<'_> {
    fn write_head(&self, height: u32, out: &mut dyn Write) -> io::Result<()> {
        let prepared = self.prepared;
        let default = if prepared.title().is_empty() { "Flame graph" } else { prepared.title() };
        let title = self.look.title.as_deref().unwrap_or(default);
        let root = self.tree.node(0);
        let mut about = format!("{}: {} total", prepared.kind, prepared.format(root.total));
        if self.tree.differential {
            about += &format!(
                ", {} before; red grew, blue shrank; what is gone is not shown",
                prepared.format(root.before)
            );
        }
        let (title, about) = (html(title), html(&about));
        writeln!(out, "<text x=\"50%\" y=\"20\" class=\"title\">{title}</text>")?;
        writeln!(out, "<text x=\"50%\" y=\"38\" class=\"about\">{about}</text>")?;
        writeln!(
            out,
            "<text id=\"reset\" class=\"button\" x=\"8\" y=\"20\" tabindex=\"0\" role=\"button\">Reset zoom</text>\n\
             <text id=\"search\" class=\"button\" x=\"100%\" dx=\"-8\" y=\"20\" text-anchor=\"end\" tabindex=\"0\" role=\"button\">Search</text>\n\
             <text id=\"matched\" x=\"100%\" dx=\"-8\" y=\"38\" text-anchor=\"end\"> </text>\n\
             <text id=\"details\" x=\"8\" y=\"{}\"> </text>",
            height - 9
        )
    }

    fn write_frame(&self, frame: &Placed, out: &mut dyn Write) -> io::Result<()> {
        let node = self.tree.node(frame.node);
        let row = if self.look.icicle { node.depth } else { self.rows - 1 - node.depth };
        let top = HEAD + row * ROW;
        let name = cut_long(self.tree.name(node));
        let percent = |share: f64| format!("{:.4}%", share * 100.0);
        let (left, width) = (percent(frame.left), percent(frame.width));
        let room = (frame.width * f64::from(self.look.width) - 6.0) / CHARACTER;
        let label = fitted(name, if room > 0.0 { room as usize } else { 0 });
        writeln!(
            out,
            "<g data-d=\"{}\"><title>{}</title><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" \
             height=\"{}\" fill=\"{}\"/><text x=\"{left}\" dx=\"3\" y=\"{}\">{}</text></g>",
            node.depth,
            html(&self.details(node, name)),
            ROW - 1,
            self.fill(node),
            top + 13,
            html(&label),
        )
    }

    /// What the pointer shows.
    fn details(&self, node: &Node, name: &str) -> String {
        let prepared = self.prepared;
        let whole = self.tree.node(0).total;
        let share = |value: i64| measure::percentage(value, whole).trim().to_owned();
        let inlined = if node.inlined { ", inlined" } else { "" };
        let mut text = format!(
            "{name} ({}, {}; own {}{inlined})",
            prepared.format(node.total),
            share(node.total),
            prepared.format(node.own)
        );
        if self.tree.differential {
            let change = node.total.wrapping_sub(node.before);
            let sign = if change > 0 { "+" } else { "" };
            text += &format!(" {sign}{} against before", prepared.format(change));
        }
        text
    }

    fn fill(&self, node: &Node) -> String {
        if self.tree.differential {
            return self.change(node);
        }
        if node.depth == 0 {
            return "hsl(30,8%,88%)".to_owned();
        }
        match tint(self.tree.name(node)) {
            // Neighbours of one crate differ a little in lightness, to be told apart.
            Some((hue, saturation)) => {
                format!("hsl({hue},{saturation}%,{}%)", 66 + node.name % 5 * 2)
            }
            None => format!("hsl(30,8%,{}%)", 76 + node.name % 4 * 2),
        }
    }

    /// Red for more, blue for less, the stronger the larger its share of the whole.
    fn change(&self, node: &Node) -> String {
        let whole = self.tree.node(0).total.max(1) as f64;
        let share = node.total.wrapping_sub(node.before) as f64 / whole;
        let strength = (share.abs() * 4.0).min(1.0).sqrt();
        let hue = if share > 0.0 { 5 } else { 215 };
        let light = 94.0 - 34.0 * strength;
        format!("hsl({hue},{:.0}%,{light:.0}%)", 80.0 * strength)
    }
}

/// As many characters as fit; nothing where two would not tell anything.
fn fitted(name: &str, room: usize) -> String {
    let length = name.chars().count();
    if length <= room {
        return name.to_owned();
    }
    if room < 4 {
        return String::new();
    }
    let start: String = name.chars().take(room - 2).collect();
    format!("{start}..")
}
