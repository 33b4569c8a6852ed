//! Reads facts from the debug info of a program, a library or an object file.

mod calls;
mod image;
mod instructions;
mod names;
mod scan;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use gimli::{Dwarf, EndianSlice, Unit};

use super::tables::{Builder, CalleeRow, FieldRow, FunctionRow, LocalRow, Text};
use image::Image;
use names::Program;
use scan::{Bytes, Entry, Scan};

use crate::model::callee;

/// Files larger than this are not read: twice their size would not fit beside everything else.
const MAX_FILE: u64 = 2 << 30;

/// What of a program is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The workspace root; facts are kept for source files below it.
    pub root: PathBuf,
    /// Crates of the workspace, as the code names them; fields are kept of their types.
    pub crates: HashSet<String>,
    /// Folders below the root whose files are no sources of the project, such as `target`.
    pub except: Vec<PathBuf>,
    /// Only these files, relative to the root; all if `None`.
    pub files: Option<HashSet<PathBuf>>,
}

/// Why a file gave no facts.
#[derive(Debug)]
pub enum ReadError {
    /// It cannot be read.
    Io(io::Error),
    /// It is larger than facts are read from.
    TooLarge(u64),
    /// It is no object file, or carries no debug info.
    NoDebugInfo,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ReadError::Io(error) => error.fmt(f),
            ReadError::TooLarge(bytes) => write!(f, "{bytes} bytes are too many to read"),
            ReadError::NoDebugInfo => f.write_str("no debug info"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a file of any of these kinds into `builder`.
pub(super) fn read_file(
    path: &Path,
    wanted: &Wanted,
    builder: &mut Builder,
) -> Result<(), ReadError> {
    let length = fs::metadata(path).map_err(ReadError::Io)?.len();
    if length > MAX_FILE {
        return Err(ReadError::TooLarge(length));
    }
    let data = fs::read(path).map_err(ReadError::Io)?;
    read_bytes(&data, path, wanted, builder)
}

/// As [`read_file`], of bytes at hand; `path` finds the files beside it.
pub(super) fn read_bytes(
    data: &[u8],
    path: &Path,
    wanted: &Wanted,
    builder: &mut Builder,
) -> Result<(), ReadError> {
    let mut reader = Reader::new(wanted, builder);
    let mut found = false;
    if let Ok(archive) = object::read::archive::ArchiveFile::parse(data) {
        for member in archive.members() {
            // A damaged member ends the list.
            let Ok(member) = member else { break };
            if let Ok(bytes) = member.data(data) {
                found |= reader.object(bytes, path);
            }
        }
    } else {
        found = reader.object(data, path);
    }
    reader.finish();
    if found { Ok(()) } else { Err(ReadError::NoDebugInfo) }
}

/// Reads the objects of one file. A call may go from one object to another, so calls are resolved
/// when all are read.
struct Reader<'w, 'b> {
    wanted: &'w Wanted,
    builder: &'b mut Builder,
    /// Paths as debug info has them, to numbers of source files.
    paths: HashMap<PathBuf, Option<u32>>,
    /// Numbers of symbols.
    symbols: HashMap<String, usize>,
    /// By number of the symbol: what its entry says.
    signatures: Vec<Option<CalleeRow>>,
    /// File, line, column, number of the symbol.
    calls: HashSet<(u32, u32, u32, usize)>,
}

impl<'w, 'b> Reader<'w, 'b> {
    fn new(wanted: &'w Wanted, builder: &'b mut Builder) -> Self {
        Reader {
            wanted,
            builder,
            paths: HashMap::new(),
            symbols: HashMap::new(),
            signatures: Vec::new(),
            calls: HashSet::new(),
        }
    }

    /// Reads one object; whether it had debug info.
    fn object(&mut self, data: &[u8], path: &Path) -> bool {
        let Some(image) = Image::parse(data, false) else { return false };
        let dwarf = image.sections.borrow(|bytes| EndianSlice::new(bytes, image.endian));
        let mut program = Program::new(&dwarf);
        for index in 0..program.units() {
            let Some(unit) = program.header(index).and_then(|header| dwarf.unit(header).ok())
            else {
                continue;
            };
            let files = self.files(&dwarf, &unit);
            if files.iter().all(Option::is_none) {
                continue;
            }
            let file = |index: u64| {
                usize::try_from(index).ok().and_then(|index| files.get(index).copied()).flatten()
            };
            if !self.split_unit(&dwarf, &unit, path, &file) {
                self.unit(&mut program, index, &unit, &file);
            }
            calls::read(&unit, &image, &|index| file(index).is_some(), &mut |call| {
                if let Some(file) = file(call.file) {
                    let symbol = self.symbol(call.symbol);
                    self.calls.insert((file, call.line, call.column, symbol));
                }
            });
        }
        true
    }

    fn symbol(&mut self, symbol: &str) -> usize {
        if let Some(&known) = self.symbols.get(symbol) {
            return known;
        }
        let id = self.signatures.len();
        self.symbols.insert(symbol.to_owned(), id);
        self.signatures.push(None);
        id
    }

    /// Resolves the calls.
    fn finish(mut self) {
        let mut names = vec![""; self.signatures.len()];
        for (symbol, &id) in &self.symbols {
            names[id] = symbol;
        }
        for (file, line, column, symbol) in self.calls {
            let row = *self.signatures[symbol].get_or_insert_with(|| {
                let name = callee::of_symbol(names[symbol]);
                CalleeRow {
                    path: self.builder.text(&name.path),
                    receiver: self.builder.text(&name.receiver),
                    returns: Text::default(),
                }
            });
            self.builder.call(file, line, column, row);
        }
    }

    /// The wanted files of a unit, by the index its entries use.
    fn files<'d>(&mut self, dwarf: &Dwarf<Bytes<'d>>, unit: &Unit<Bytes<'d>>) -> Vec<Option<u32>> {
        let Some(program) = &unit.line_program else { return Vec::new() };
        let header = program.header();
        let text = |value| {
            let bytes: Bytes<'d> = dwarf.attr_string(unit, value).ok()?;
            bytes.to_string().ok()
        };
        let base = unit.comp_dir.and_then(|dir| dir.to_string().ok()).unwrap_or("");
        // Version 4 counts files from 1, version 5 from 0.
        let first = u64::from(header.version() <= 4);
        let count = header.file_names().len() as u64 + first;
        (0..count)
            .map(|index| {
                let file = header.file(index)?;
                let name = text(file.path_name())?;
                let folder = file.directory(header).and_then(text).unwrap_or("");
                self.source_file(&Path::new(base).join(folder).join(name))
            })
            .collect()
    }

    /// The number of a source file of the project; `None` for all others.
    fn source_file(&mut self, path: &Path) -> Option<u32> {
        if let Some(&known) = self.paths.get(path) {
            return known;
        }
        let id = self.relative(path).map(|path| self.builder.file(&path));
        self.paths.insert(path.to_owned(), id);
        id
    }

    fn relative(&self, path: &Path) -> Option<String> {
        let path = normalize(path);
        let relative = if path.is_absolute() {
            path.strip_prefix(&self.wanted.root).ok()?.to_owned()
        } else {
            path
        };
        let foreign = self.wanted.except.iter().any(|folder| relative.starts_with(folder));
        let left_out = self.wanted.files.as_ref().is_some_and(|files| !files.contains(&relative));
        if foreign || left_out || relative.components().next() == Some(Component::ParentDir) {
            return None;
        }
        Some(relative.to_str()?.to_owned())
    }

    /// Reads the part of a unit that was split off into a file of its own.
    fn split_unit<'d>(
        &mut self,
        dwarf: &Dwarf<Bytes<'d>>,
        unit: &Unit<Bytes<'d>>,
        path: &Path,
        file: &dyn Fn(u64) -> Option<u32>,
    ) -> bool {
        let name = || -> Option<PathBuf> {
            let name = dwarf.attr_string(unit, unit.dwo_name().ok()??).ok()?;
            let folder = unit.comp_dir.and_then(|dir| dir.to_string().ok()).unwrap_or("");
            Some(Path::new(folder).join(name.to_string().ok()?))
        };
        let Some(name) = name() else { return false };
        // The compiler leaves it beside the object file; a moved target directory moves both.
        let beside = name.file_name().map(|name| path.with_file_name(name));
        let found = [Some(name), beside].into_iter().flatten().find_map(|name| {
            let length = fs::metadata(&name).ok()?.len();
            if length > MAX_FILE { None } else { fs::read(&name).ok() }
        });
        let Some(data) = found else { return true };
        let Some(image) = Image::parse(&data, true) else { return true };
        let mut split = image.sections.borrow(|bytes| EndianSlice::new(bytes, image.endian));
        split.make_dwo(dwarf);
        let mut program = Program::new(&split);
        for index in 0..program.units() {
            let parsed = program.header(index).and_then(|header| split.unit(header).ok());
            if let Some(mut part) = parsed
                && part.dwo_id == unit.dwo_id
            {
                part.copy_relocated_attributes(unit);
                self.unit(&mut program, index, &part, file);
            }
        }
        true
    }

    /// Turns what one pass over a unit found into rows.
    fn unit<'d>(
        &mut self,
        program: &mut Program<'_, 'd>,
        index: usize,
        unit: &Unit<Bytes<'d>>,
        file: &dyn Fn(u64) -> Option<u32>,
    ) {
        let scan = Rc::new(Scan::read(program.dwarf, unit, &|index| file(index).is_some()));
        program.keep(index, Rc::clone(&scan));
        let first_lines: Vec<u32> = scan
            .functions
            .iter()
            .map(|function| {
                let offset = scan.nodes.get(function.node as usize).map(|node| node.offset);
                let declared = offset.and_then(|offset| program.declared(index, offset));
                declared.map_or(0, |(_, _, line)| line)
            })
            .collect();
        for local in &scan.locals {
            let Some(file) = file(local.file) else { continue };
            let Ok(name) = local.name.to_string() else { continue };
            let ty = program.type_text(index, local.ty, self.builder);
            let function = local.function.and_then(|f| first_lines.get(f as usize)).copied();
            let row = LocalRow {
                line: local.line,
                name: self.builder.text(name),
                function: function.unwrap_or(0),
                ty,
            };
            if ty != Text::default() {
                self.builder.local(file, row);
            }
        }
        for call in &scan.inlined {
            let Some(file) = file(call.file) else { continue };
            if let Some(row) = program.callee(index, call.callee, self.builder) {
                self.builder.call(file, call.line, call.column, row);
            }
        }
        self.functions(program, index, &scan, file);
        self.fields(program, index, &scan);
    }

    fn functions<'d>(
        &mut self,
        program: &mut Program<'_, 'd>,
        index: usize,
        scan: &Scan<'d>,
        file: &dyn Fn(u64) -> Option<u32>,
    ) {
        for function in &scan.functions {
            let Some(node) = scan.nodes.get(function.node as usize) else { continue };
            let Some(row) = program.callee(index, Entry::Unit(node.offset), self.builder) else {
                continue;
            };
            if let Some(linkage) = function.linkage.and_then(|name| name.to_string().ok()) {
                // A declaration has no receiver; the definition that follows has.
                let symbol = self.symbol(linkage);
                let known = &mut self.signatures[symbol];
                if known.is_none_or(|known| known.receiver == Text::default()) {
                    *known = Some(row);
                }
            }
            let declared = program.declared(index, node.offset);
            let Some((_, at, line)) = declared.filter(|&(unit, ..)| unit == index) else {
                continue;
            };
            let Some(file) = file(at) else { continue };
            let params = function.params.iter();
            let params = params.map(|&ty| program.type_text(index, ty, self.builder)).collect();
            self.builder.function(file, FunctionRow { line, params });
        }
    }

    fn fields<'d>(&mut self, program: &mut Program<'_, 'd>, index: usize, scan: &Scan<'d>) {
        for member in &scan.members {
            if !self.is_ours(scan, member.owner) {
                continue;
            }
            let Ok(name) = member.name.to_string() else { continue };
            let owner = program.node_text(scan, member.owner, self.builder);
            let ty = program.type_text(index, member.ty, self.builder);
            let name = self.builder.text(name);
            if owner != Text::default() && ty != Text::default() {
                self.builder.field(FieldRow { owner, name, ty });
            }
        }
    }

    /// Whether a type belongs to a crate of the workspace.
    fn is_ours(&self, scan: &Scan<'_>, node: u32) -> bool {
        let mut outermost = None;
        let mut next = Some(node);
        while let Some(node) = next.and_then(|index| scan.nodes.get(index as usize)) {
            outermost = node.name;
            next = node.parent;
        }
        let krate = outermost.and_then(|name| name.to_string().ok());
        krate.is_some_and(|name| self.wanted.crates.contains(name))
    }
}

/// The path without `.` and `..`, without asking the file system.
fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.file_name().is_some() => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}
