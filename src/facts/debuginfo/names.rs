//! Entries to names: the path of a type or function, as the compiler spells it.

use std::collections::HashMap;
use std::rc::Rc;

use gimli::{Dwarf, UnitHeader, constants};

use super::scan::{Bytes, Entry, Scan};
use crate::facts::tables::{Builder, CalleeRow, Text};
use crate::model::callee;

/// Pointers to pointers to …; no real type nests its unnamed parts this deep.
const MAX_DEPTH: u32 = 16;

/// Names of iterator chains and futures grow without bound. Past this the arguments are left out.
const MAX_NAME: usize = 2048;

/// Units kept in memory because entries of another unit refer to them.
const MAX_OPEN: usize = 8;

/// An entry of the program: its unit, and its offset therein.
pub(super) type Place = (usize, usize);

/// All units of a program, opened as they are asked for.
pub(super) struct Program<'a, 'd> {
    pub(super) dwarf: &'a Dwarf<Bytes<'d>>,
    /// Offset of each unit, ascending, with its header.
    headers: Vec<(usize, UnitHeader<Bytes<'d>>)>,
    open: HashMap<usize, Rc<Scan<'d>>>,
    types: HashMap<Place, Text>,
    callees: HashMap<Place, Option<CalleeRow>>,
}

impl<'a, 'd> Program<'a, 'd> {
    pub(super) fn new(dwarf: &'a Dwarf<Bytes<'d>>) -> Self {
        let mut headers = Vec::new();
        let mut units = dwarf.units();
        // A damaged header ends the list: what follows cannot be found.
        while let Ok(Some(header)) = units.next() {
            if let Some(offset) = header.debug_info_offset() {
                headers.push((offset.0, header));
            }
        }
        Program {
            dwarf,
            headers,
            open: HashMap::new(),
            types: HashMap::new(),
            callees: HashMap::new(),
        }
    }

    pub(super) fn units(&self) -> usize {
        self.headers.len()
    }

    pub(super) fn header(&self, unit: usize) -> Option<UnitHeader<Bytes<'d>>> {
        self.headers.get(unit).map(|(_, header)| *header)
    }

    /// Hands over a unit that was read, for as long as its entries are asked for.
    pub(super) fn keep(&mut self, unit: usize, scan: Rc<Scan<'d>>) {
        if self.open.len() >= MAX_OPEN {
            self.open.clear();
        }
        self.open.insert(unit, scan);
    }

    fn scan(&mut self, unit: usize) -> Option<Rc<Scan<'d>>> {
        if let Some(scan) = self.open.get(&unit) {
            return Some(Rc::clone(scan));
        }
        let unit_header = self.header(unit)?;
        let parsed = self.dwarf.unit(unit_header).ok()?;
        let scan = Rc::new(Scan::read(self.dwarf, &parsed, &|_| false));
        self.keep(unit, Rc::clone(&scan));
        Some(scan)
    }

    pub(super) fn place(&self, unit: usize, entry: Entry) -> Option<Place> {
        match entry {
            Entry::Unit(offset) => Some((unit, offset)),
            Entry::Program(offset) => {
                let unit = self.headers.partition_point(|(start, _)| *start <= offset);
                let unit = unit.checked_sub(1)?;
                let (start, _) = self.headers.get(unit)?;
                Some((unit, offset - start))
            }
        }
    }

    /// The name of a type.
    pub(super) fn type_text(&mut self, unit: usize, entry: Entry, builder: &mut Builder) -> Text {
        let Some(place) = self.place(unit, entry) else { return Text::default() };
        if let Some(&known) = self.types.get(&place) {
            return known;
        }
        let mut name = String::new();
        if self.write_type(place, &mut name, 0).is_none() {
            name.clear();
        }
        let text = builder.text(&shorten(name));
        self.types.insert(place, text);
        if let Some(size) = self.size(place)
            && text != Text::default()
        {
            builder.size(text, size);
        }
        text
    }

    fn size(&mut self, (unit, offset): Place) -> Option<u64> {
        let scan = self.scan(unit)?;
        scan.nodes.get(scan.node_at(offset)? as usize)?.size
    }

    fn write_type(&mut self, (unit, offset): Place, out: &mut String, depth: u32) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        let scan = self.scan(unit)?;
        let index = scan.node_at(offset)?;
        let node = scan.nodes.get(index as usize)?;
        let inner = |ty: Option<Entry>| ty.map(|ty| self.place(unit, ty));
        match node.tag {
            constants::DW_TAG_array_type => {
                let element = inner(node.ty)??;
                out.push('[');
                self.write_type(element, out, depth + 1)?;
                if let Some(count) = node.count {
                    out.push_str("; ");
                    out.push_str(&count.to_string());
                }
                out.push(']');
            }
            constants::DW_TAG_subroutine_type => out.push_str("fn()"),
            constants::DW_TAG_pointer_type if node.name.is_none() => {
                let target = inner(node.ty)??;
                out.push_str("*const ");
                self.write_type(target, out, depth + 1)?;
            }
            // These name themselves in full: `&T`, `alloc::boxed::Box<T>`, `u8`.
            constants::DW_TAG_pointer_type | constants::DW_TAG_base_type => {
                out.push_str(node.name?.to_string().ok()?);
            }
            _ => write_path(&scan, index, out)?,
        }
        Some(())
    }

    /// What is known of a function from its own entry and the one that declares it.
    pub(super) fn callee(
        &mut self,
        unit: usize,
        entry: Entry,
        builder: &mut Builder,
    ) -> Option<CalleeRow> {
        let place = self.place(unit, entry)?;
        if let Some(known) = self.callees.get(&place) {
            return *known;
        }
        let row = self.read_callee(place, builder);
        self.callees.insert(place, row);
        row
    }

    fn read_callee(&mut self, place: Place, builder: &mut Builder) -> Option<CalleeRow> {
        let mut linkage = None;
        let mut returns = None;
        let mut receiver = None;
        let mut path = String::new();
        let mut next = Some(place);
        // A concrete instance names its abstract one, which names its declaration.
        for _ in 0..3 {
            let Some((unit, offset)) = next else { break };
            let scan = self.scan(unit)?;
            let function = scan
                .function_at
                .get(&offset)
                .and_then(|&index| scan.functions.get(index as usize))?;
            linkage = linkage.or(function.linkage);
            returns = returns.or(function.returns.map(|ty| (unit, ty)));
            receiver = receiver.or(function.receiver.map(|ty| (unit, ty)));
            if function.origin.is_none() && linkage.is_none() {
                write_path(&scan, function.node, &mut path)?;
            }
            next = function.origin.and_then(|origin| self.place(unit, origin));
        }
        let mut name = match linkage {
            Some(linkage) => callee::of_symbol(linkage.to_string().ok()?),
            None => callee::of_path(&path),
        };
        if let Some((unit, ty)) = receiver {
            let text = self.type_text(unit, ty, builder);
            builder.get(text).clone_into(&mut name.receiver);
        }
        let returns = match returns {
            Some((unit, ty)) => self.type_text(unit, ty, builder),
            None => builder.text("()"),
        };
        Some(CalleeRow {
            path: builder.text(&name.path),
            receiver: builder.text(&name.receiver),
            returns,
        })
    }

    /// First line and file of a function, its own or its declaration's.
    pub(super) fn declared(&mut self, unit: usize, offset: usize) -> Option<(usize, u64, u32)> {
        let mut next = Some((unit, offset));
        for _ in 0..3 {
            let (unit, offset) = next?;
            let scan = self.scan(unit)?;
            let index = *scan.function_at.get(&offset)?;
            let function = scan.functions.get(index as usize)?;
            if let (Some(file), true) = (function.file, function.line > 0) {
                return Some((unit, file, function.line));
            }
            next = function.origin.and_then(|origin| self.place(unit, origin));
        }
        None
    }

    /// The name of a node, for the owner of a field.
    pub(super) fn node_text(&self, scan: &Scan<'d>, node: u32, builder: &mut Builder) -> Text {
        let mut name = String::new();
        match write_path(scan, node, &mut name) {
            Some(()) => builder.text(&shorten(name)),
            None => Text::default(),
        }
    }
}

/// Enclosing namespaces, then the entry's own name.
fn write_path(scan: &Scan<'_>, node: u32, out: &mut String) -> Option<()> {
    let mut names = Vec::new();
    let mut next = Some(node);
    while let Some(index) = next {
        let node = scan.nodes.get(index as usize)?;
        names.push(node.name?.to_string().ok()?);
        next = node.parent;
    }
    // Slices, tuples and references stand in no namespace.
    for (n, name) in names.iter().rev().enumerate() {
        out.push_str(if n == 0 { "" } else { "::" });
        out.push_str(name);
    }
    Some(())
}

/// A name of sensible length: the path alone where the arguments make it too long.
fn shorten(name: String) -> String {
    if name.len() <= MAX_NAME {
        return name;
    }
    match name.find('<') {
        Some(end) if end <= MAX_NAME && !name.starts_with(['&', '(', '[', '*']) => {
            name.get(..end).unwrap_or("").to_owned()
        }
        _ => "_".to_owned(),
    }
}
