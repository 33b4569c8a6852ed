//! `top`: one line per node, costliest first.

use std::io::{self, Write};

use super::graph::{Frames, trimmed};
use super::header;
use super::prepared::Prepared;

/// Writes the table.
pub fn write(prepared: &mut Prepared, out: &mut dyn Write) -> io::Result<()> {
    let frames = Frames::of(&prepared.profile, false);
    let trimmed = trimmed(prepared, &frames);
    let graph = &trimmed.graph;
    prepared.choose_unit(graph);
    for line in header::lines(prepared, &trimmed, false) {
        writeln!(out, "{line}")?;
    }
    writeln!(out, "{:>10} {:>5}% {:>5}% {:>10} {:>5}%", "flat", "flat", "sum", "cum", "cum")?;
    let mut sum = 0i64;
    for &at in &graph.order {
        let node = graph.node(at);
        let (flat, cum) = (node.flat_value(), node.cum_value());
        let any = |inline: bool| node.ins.iter().any(|&edge| graph.edge(edge).inline == inline);
        let inline = match (any(true), any(false)) {
            (true, true) => " (partial-inline)",
            (true, false) => " (inline)",
            (false, _) => "",
        };
        sum = sum.wrapping_add(flat);
        writeln!(
            out,
            "{:>10} {} {} {:>10} {}  {}{inline}",
            prepared.format(flat),
            prepared.share(flat),
            prepared.share(sum),
            prepared.format(cum),
            prepared.share(cum),
            frames.printable[at as usize],
        )?;
    }
    Ok(())
}
