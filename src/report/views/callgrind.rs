//! Callgrind's format, for KCachegrind and its kin.

use std::collections::HashMap;
use std::io::{self, Write};

use super::graph::{Frames, Graph, Info, sorted_edges, trimmed};
use super::measure;
use super::prepared::Prepared;

/// Writes the profile.
pub fn write(prepared: &mut Prepared, out: &mut dyn Write) -> io::Result<()> {
    let frames = Frames::of(&prepared.profile, true);
    let graph = trimmed(prepared, &frames).graph;
    prepared.choose_unit(&graph);
    let scaled =
        |value: i64| measure::whole(measure::scale(value, &prepared.unit, &prepared.output_unit).0);
    writeln!(out, "positions: instr line")?;
    writeln!(out, "events: {}({})", prepared.kind, prepared.output_unit)?;
    let callee_names = callee_names(&graph, &frames);
    let (mut objects, mut files, mut names) =
        (Names::default(), Names::default(), Names::default());
    let mut previous: Option<Info> = None;
    for &at in &graph.order {
        let info = frames.infos[at as usize];
        let same = |before: Info| {
            (before.object, before.file, before.name) == (info.object, info.file, info.name)
        };
        if !previous.is_some_and(same) {
            writeln!(out)?;
            writeln!(out, "ob={}", objects.short(frames.text(info.object)))?;
            writeln!(out, "fl={}", files.short(frames.text(info.file)))?;
            writeln!(out, "fn={}", names.short(frames.text(info.name)))?;
        }
        let node = graph.node(at);
        let address = address(previous, info.address);
        writeln!(out, "{address} {} {}", info.line, scaled(node.flat_value()))?;
        for edge in sorted_edges(&graph, &frames, &node.outs) {
            let edge = graph.edge(edge);
            let callee = frames.infos[edge.to as usize];
            writeln!(out, "cfl={}", files.short(frames.text(callee.file)))?;
            writeln!(out, "cfn={}", names.short(&callee_names[edge.to as usize]))?;
            // How often it was called, no profile of samples knows.
            writeln!(out, "calls=0 {} {}", self::address(previous, callee.address), callee.line)?;
            writeln!(out, "* * {}", scaled(edge.weight))?;
        }
        previous = Some(info);
    }
    Ok(())
}

/// A name stands once with a number, afterwards the number alone.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn short(&mut self, name: &str) -> String {
        if name.is_empty() {
            return String::new();
        }
        if let Some(number) = self.0.get(name) {
            return format!("({number})");
        }
        let number = self.0.len() + 1;
        self.0.insert(name.to_owned(), number);
        format!("({number}) {name}")
    }
}

/// Relative to the line before, where that is shorter.
fn address(previous: Option<Info>, address: u64) -> String {
    let absolute = format!("{address:#x}");
    let Some(previous) = previous else { return absolute };
    if previous.address == address {
        return "*".to_owned();
    }
    let relative = format!("{:+}", address.wrapping_sub(previous.address) as i64);
    if relative.len() < absolute.len() { relative } else { absolute }
}

/// The format merges functions of one name in one file: those of different executables or first
/// lines are numbered.
fn callee_names(graph: &Graph, frames: &Frames) -> Vec<String> {
    let mut functions: HashMap<(u32, u32), Vec<(u32, u32)>> = HashMap::new();
    let infos = || graph.order.iter().map(|&at| (at, frames.infos[at as usize]));
    for (_, info) in infos() {
        let of_name = functions.entry((info.file, info.name)).or_default();
        if !of_name.contains(&(info.object, info.start_line)) {
            of_name.push((info.object, info.start_line));
        }
    }
    let mut names: Vec<String> =
        frames.infos.iter().map(|info| frames.text(info.name).to_owned()).collect();
    for (at, info) in infos() {
        let of_name = &functions[&(info.file, info.name)];
        let place = of_name.iter().position(|key| *key == (info.object, info.start_line));
        if let (2.., Some(place)) = (of_name.len(), place) {
            names[at as usize] += &format!(" [{}/{}]", place + 1, of_name.len());
        }
    }
    names
}
