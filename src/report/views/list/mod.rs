//! `list`: the source of matching functions with the cost of each line.

mod beside;

pub use beside::{Remark, Remarks};

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::rc::Rc;

use beside::Beside;
use regex::Regex;

use super::error::ViewError;
use super::graph::{Frames, Graph, build};
use super::measure;
use super::prepared::Prepared;
use crate::report::inert::{inert, inert_lines};

/// The sources a listing may show.
pub trait Sources {
    /// The lines of a file.
    fn lines(&mut self, path: &str) -> Result<Rc<Vec<String>>, NotShown>;
}

/// Why a source is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotShown {
    /// It cannot be read.
    Missing(String),
    /// It may not be read; what its lines cost can be told.
    Withheld(String),
}

/// Lines shown before the first and after the last that cost something.
const MARGIN: u32 = 5;

/// A listing, ready to be written.
pub struct Listing<'a> {
    prepared: &'a Prepared,
    frames: Frames,
    graph: Graph,
    /// The nodes of each matching function, by its name and then by file.
    functions: BTreeMap<u32, Vec<u32>>,
    beside: Option<Beside>,
}

impl<'a> Listing<'a> {
    /// Of the functions whose names match.
    pub fn new(prepared: &'a Prepared, matching: &Regex) -> Result<Self, ViewError> {
        let frames = Frames::of(&prepared.profile, true);
        let graph = build(prepared, &frames, None, false);
        let mut functions: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &at in &graph.order {
            let name = frames.infos[at as usize].name;
            if matching.is_match(frames.text(name)) {
                functions.entry(name).or_default().push(at);
            }
        }
        if functions.is_empty() {
            return Err(ViewError::NoMatch(matching.as_str().to_owned()));
        }
        Ok(Listing { prepared, frames, graph, functions, beside: None })
    }

    /// With allocations and waits beside each line, and findings below those they are about.
    #[must_use]
    pub fn annotated(mut self, remarks: Remarks) -> Self {
        self.beside = Some(Beside::of(self.prepared, &self.frames, remarks));
        self
    }

    /// Writes it.
    pub fn write(&self, sources: &mut dyn Sources, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "Total: {}", self.prepared.format(self.prepared.total))?;
        let mut functions: Vec<(&str, &Vec<u32>)> =
            self.functions.iter().map(|(&name, nodes)| (self.frames.text(name), nodes)).collect();
        functions.sort();
        let mut looked_up = BTreeSet::new();
        for (name, nodes) in functions {
            let mut by_file: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
            for &at in nodes {
                match self.frames.text(self.frames.infos[at as usize].file) {
                    "" => {}
                    file => by_file.entry(file).or_default().push(at),
                }
            }
            if by_file.is_empty() {
                writeln!(out, "No source information for {name}")?;
            }
            for (file, nodes) in by_file {
                self.write_routine(name, file, &nodes, (&mut *sources, &mut looked_up), out)?;
            }
        }
        Ok(())
    }

    fn write_routine(
        &self,
        name: &str,
        file: &str,
        nodes: &[u32],
        (sources, looked_up): (&mut dyn Sources, &mut BTreeSet<String>),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let prepared = self.prepared;
        let (flat, cum) = self.sum(nodes);
        writeln!(out, "ROUTINE ======================== {name} in {file}")?;
        writeln!(
            out,
            "{:>10} {:>10} (flat, cum) {} of Total",
            prepared.format(flat),
            prepared.format(cum),
            measure::percentage(cum, prepared.total)
        )?;
        if let Some(beside) = &self.beside {
            writeln!(out, "{}", beside.headings())?;
        }
        let mut by_line: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let (mut first, mut last) = (u32::MAX, 0);
        for &at in nodes {
            let info = self.frames.infos[at as usize];
            let start = match info.start_line {
                0 => info.line.saturating_sub(MARGIN),
                start => start,
            };
            first = first.min(start);
            last = last.max(info.line.saturating_add(MARGIN));
            by_line.entry(info.line).or_default().push(at);
        }
        let first = first.max(1) as usize;
        // A first line beyond the last leaves nothing to look up; a file that another routine did
        // not find is still not there.
        if first > last as usize && !looked_up.contains(file) {
            return Ok(());
        }
        looked_up.insert(file.to_owned());
        let lines = match sources.lines(file) {
            Ok(lines) => lines,
            Err(NotShown::Missing(why)) => return writeln!(out, " Error: {}", inert(&why)),
            Err(NotShown::Withheld(why)) => {
                writeln!(out, " Error: {}", inert(&why))?;
                return self.write_bare(&by_line, out);
            }
        };
        let shown = lines.iter().zip(1..).take(last as usize).skip(first - 1);
        for (text, number) in shown {
            let of_line = by_line.get(&number).map_or(&[][..], Vec::as_slice);
            let (flat, cum) = self.sum(of_line);
            let text = inert_lines(text);
            let (flat, cum) = (self.dot(flat), self.dot(cum));
            let Some(beside) = &self.beside else {
                writeln!(out, "{flat:>10} {cum:>10} {number:>6}:{text}")?;
                continue;
            };
            let remarks = beside.remarks(file, number);
            // Seen at a glance, and by those who see no colours.
            let mark = if remarks.is_empty() { ' ' } else { '!' };
            let columns = beside.columns(of_line);
            writeln!(out, "{flat:>10} {cum:>10}{columns}{mark}{number:>6}:{text}")?;
            for remark in remarks {
                writeln!(out, "{}", beside.remark(remark))?;
            }
        }
        Ok(())
    }

    /// The lines that cost something, without their text.
    fn write_bare(&self, by_line: &BTreeMap<u32, Vec<u32>>, out: &mut dyn Write) -> io::Result<()> {
        for (number, nodes) in by_line {
            let (flat, cum) = self.sum(nodes);
            let (flat, cum) = (self.dot(flat), self.dot(cum));
            writeln!(out, "{flat:>10} {cum:>10} {number:>6}:")?;
        }
        Ok(())
    }

    fn dot(&self, value: i64) -> String {
        if value == 0 { ".".to_owned() } else { self.prepared.format(value) }
    }

    fn sum(&self, nodes: &[u32]) -> (i64, i64) {
        nodes.iter().map(|&at| self.graph.node(at)).fold((0, 0), |(flat, cum), node| {
            (flat.wrapping_add(node.flat), cum.wrapping_add(node.cum))
        })
    }
}
