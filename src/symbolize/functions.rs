//! The functions of a program by the names that people write, with the place in the file at which
//! the code of each begins.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::ops::RangeInclusive;
use std::path::Path;

use gimli::{
    AttributeValue, DebuggingInformationEntry, Dwarf, DwarfSections, EndianSlice, RunTimeEndian,
    Unit, constants,
};
use object::{Object, ObjectSection, ObjectSegment, ObjectSymbol, SymbolKind};

use crate::model::callee::{self, Name};
use crate::workspace::nearest;

/// The functions of one program or library.
#[derive(Debug)]
pub struct Functions {
    functions: Vec<Function>,
    /// Symbols of what was inlined somewhere, where debug info tells.
    inlined: Vec<String>,
}

#[derive(Debug)]
struct Function {
    name: Name,
    /// Where its code begins in the file.
    offset: u64,
    loops_to_start: bool,
}

/// What there is of a function, or of several of one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Where in the file the code of each instance begins.
    pub offsets: BTreeSet<u64>,
    /// Its full path; several where what was asked for is the end of several.
    pub paths: BTreeSet<String>,
    /// It was inlined at places, where nothing is called.
    pub inlined: bool,
    /// A loop of it begins at its first instruction, so that a round looks like a call.
    pub loops_to_start: bool,
}

impl Functions {
    /// Reads the symbols and the debug info of a file.
    pub fn read(path: &Path) -> io::Result<Functions> {
        let data = std::fs::read(path)?;
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        let file = object::File::parse(&*data).map_err(invalid)?;
        let symbols = file.symbols().chain(file.dynamic_symbols());
        let functions = symbols
            .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition())
            .filter_map(|symbol| {
                let offset = file.segments().find_map(|segment| {
                    let within = symbol.address().checked_sub(segment.address())?;
                    let start = segment.file_range().0;
                    (within < segment.size()).then(|| start.checked_add(within)).flatten()
                })?;
                let code = data.get(usize::try_from(offset).ok()?..)?;
                let size = usize::try_from(symbol.size()).ok()?.min(code.len());
                Some(Function {
                    name: callee::of_symbol(symbol.name().ok()?),
                    offset,
                    loops_to_start: jumps_to_start(&code[..size]),
                })
            })
            .collect();
        Ok(Functions { functions, inlined: inlined(&file).unwrap_or_default() })
    }

    /// The functions with this path, without its generic arguments; else those whose path ends so.
    pub fn find(&self, wanted: &str) -> Found {
        let wanted = callee::of_path(wanted);
        let mut meant: Vec<&Function> =
            self.functions.iter().filter(|function| is_meant(&wanted, &function.name)).collect();
        if meant.iter().any(|function| function.name.path == wanted.path) {
            meant.retain(|function| function.name.path == wanted.path);
        }
        let last = wanted.path.rsplit("::").next().unwrap_or_default();
        let may_be = |symbol: &&String| !last.is_ascii() || symbol.contains(last);
        Found {
            offsets: meant.iter().map(|function| function.offset).collect(),
            paths: meant.iter().map(|function| function.name.path.clone()).collect(),
            inlined: self
                .inlined
                .iter()
                .filter(may_be)
                .any(|symbol| is_meant(&wanted, &callee::of_symbol(symbol))),
            loops_to_start: meant.iter().any(|function| function.loops_to_start),
        }
    }

    /// The end of a path with as many segments that was probably meant.
    pub fn nearest(&self, wanted: &str) -> Option<&str> {
        let segments = wanted.split("::").count();
        let end = |function: &'_ Function| -> usize {
            let starts = function.name.path.rmatch_indices("::");
            starts.map(|(at, _)| at + 2).nth(segments - 1).unwrap_or(0)
        };
        let ends = self.functions.iter().map(|function| &function.name.path[end(function)..]);
        nearest(wanted, ends)
    }
}

/// Whether a function may be called so: by the end of its path, and a method of a trait by its
/// type, too.
fn is_meant(wanted: &Name, name: &Name) -> bool {
    let ends = |path: &str, end: &str| {
        path.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with("::"))
    };
    let receiver = callee::of_path(&name.receiver).path;
    if !wanted.receiver.is_empty() {
        let of = callee::of_path(&wanted.receiver).path;
        return ends(&name.path, &wanted.path) && ends(&receiver, &of);
    }
    let method = name.path.rsplit("::").next().unwrap_or_default();
    // `regex::Regex::new`, wherever in that crate it is defined.
    let imported = wanted.path.split_once("::").is_some_and(|(of_crate, item)| {
        let inside = name.path.strip_prefix(of_crate).and_then(|path| path.strip_prefix("::"));
        item.contains("::") && inside.is_some_and(|path| ends(path, item))
    });
    imported
        || ends(&name.path, &wanted.path)
        || (!receiver.is_empty() && ends(&format!("{receiver}::{method}"), &wanted.path))
}

/// Whether x86-64 code may hold a jump to its first byte. Instructions are not told apart, so that
/// bytes within one may look like a jump; none is overlooked.
fn jumps_to_start(code: &[u8]) -> bool {
    const NEAR: RangeInclusive<u8> = 0x70..=0x7f;
    const FAR: RangeInclusive<u8> = 0x80..=0x8f;
    (0..code.len()).any(|at| {
        let (length, wide) = match &code[at..] {
            [0xeb | 0xe0..=0xe3, ..] => (2, false),
            [first, ..] if NEAR.contains(first) => (2, false),
            [0xe9, ..] => (5, true),
            [0x0f, second, ..] if FAR.contains(second) => (6, true),
            _ => return false,
        };
        let Some(operand) = code.get(at..at + length) else { return false };
        let distance = match operand.last_chunk() {
            Some(&bytes) if wide => i64::from(i32::from_le_bytes(bytes)),
            _ => i64::from(operand[1] as i8),
        };
        (at + length) as i64 + distance == 0
    })
}

type Bytes<'d> = EndianSlice<'d, RunTimeEndian>;

/// Symbols of the functions that were inlined somewhere; `None` where debug info does not tell.
fn inlined(file: &object::File<'_>) -> Option<Vec<String>> {
    let sections = DwarfSections::load(|id| {
        let section = file.section_by_name(id.name());
        section.map_or(Ok(Default::default()), |section| section.uncompressed_data())
    });
    let sections = sections.ok()?;
    let endian = if file.is_little_endian() { RunTimeEndian::Little } else { RunTimeEndian::Big };
    let dwarf = sections.borrow(|bytes| EndianSlice::new(bytes, endian));
    let mut entries = Entries::default();
    let mut units = dwarf.units();
    while let Ok(Some(header)) = units.next() {
        let Ok(unit) = dwarf.unit(header) else { continue };
        entries.read(&dwarf, &unit);
    }
    let Entries { symbols, declared, inlined } = &entries;
    let symbol = |at: &usize| symbols.get(at).or_else(|| symbols.get(declared.get(at)?));
    let names: HashSet<Bytes<'_>> = inlined.iter().filter_map(symbol).copied().collect();
    Some(names.iter().map(|name| name.to_string_lossy().into_owned()).collect())
}

/// Entries of debug info, by their place in its section.
#[derive(Default)]
struct Entries<'d> {
    symbols: HashMap<usize, Bytes<'d>>,
    /// Where the entry of a function names another one, which has its symbol.
    declared: HashMap<usize, usize>,
    inlined: HashSet<usize>,
}

impl<'d> Entries<'d> {
    /// Of a damaged unit what lies before the damage.
    fn read(&mut self, dwarf: &Dwarf<Bytes<'d>>, unit: &Unit<Bytes<'d>>) {
        let Ok(mut entries) = unit.entries_raw(None) else { return };
        let mut entry = DebuggingInformationEntry::null();
        while !entries.is_empty() {
            match entries.read_entry(&mut entry) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(_) => return,
            }
            let reference = |name| match entry.attr_value(name)? {
                AttributeValue::UnitRef(at) => Some(at.to_debug_info_offset(&unit.header)?.0),
                AttributeValue::DebugInfoRef(at) => Some(at.0),
                _ => None,
            };
            if entry.tag() == constants::DW_TAG_inlined_subroutine {
                self.inlined.extend(reference(constants::DW_AT_abstract_origin));
            } else if entry.tag() == constants::DW_TAG_subprogram
                && let Some(at) = entry.offset().to_debug_info_offset(&unit.header)
            {
                if let Some(name) = entry.attr_value(constants::DW_AT_linkage_name)
                    && let Ok(symbol) = dwarf.attr_string(unit, name)
                {
                    self.symbols.insert(at.0, symbol);
                }
                let declared = reference(constants::DW_AT_specification);
                self.declared.extend(declared.map(|declared| (at.0, declared)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(wanted: &str, symbol: &str) -> bool {
        is_meant(&callee::of_path(wanted), &callee::of_path(symbol))
    }

    #[test]
    fn a_function_goes_by_the_end_of_its_path_and_a_method_by_its_type_or_trait() {
        assert!(meant("parse::number", "app::parse::number"));
        assert!(meant("parse::number::<u8>", "app::parse::number::<u32>"));
        assert!(
            !meant("number", "app::parse::renumber") && !meant("e::number", "app::parse::number")
        );
        assert!(!meant("number", "app::number::{closure#0}"));
        assert!(meant("regex::Regex::new", "regex::regex::string::Regex::new"));
        assert!(!meant("regex::new", "regex::regex::string::Regex::new"));
        let method = "<app::Row as core::fmt::Display>::fmt";
        assert!(meant("Row::fmt", method) && meant("Display::fmt", method));
        assert!(meant("<Row as Display>::fmt", method) && !meant("<Cell as Display>::fmt", method));
    }

    #[test]
    fn a_loop_to_the_first_instruction_is_seen() {
        // mov rax, rdi; mov rdi, [rdi+8]; test rdi, rdi; jne start; mov rax, [rax]; ret
        let list = [
            0x48, 0x89, 0xf8, 0x48, 0x8b, 0x7f, 0x08, 0x48, 0x85, 0xff, 0x75, 0xf4, 0x48, 0x8b,
            0x00, 0xc3,
        ];
        assert!(jumps_to_start(&list));
        assert!(!jumps_to_start(&list[1..]) && !jumps_to_start(&list[..11]));
        assert!(jumps_to_start(&[0x90, 0x0f, 0x85, 0xf9, 0xff, 0xff, 0xff]));
        assert!(!jumps_to_start(&[0x90, 0xe8, 0xfa, 0xff, 0xff, 0xff]), "a call is a call");
        assert!(jumps_to_start(&[0xe9, 0xfb, 0xff, 0xff, 0xff]) && !jumps_to_start(&[0x0f]));
    }

    #[test]
    fn our_own_functions_are_found_and_a_typo_finds_the_nearest() {
        let own = Functions::read(&std::env::current_exe().unwrap()).unwrap();
        let found = own.find("functions::jumps_to_start");
        assert_eq!(found.offsets.len(), 1, "{found:?}");
        assert!(found.paths.first().unwrap().ends_with("::symbolize::functions::jumps_to_start"));
        assert_eq!(own.find("functions::jumps_to_strat"), Found::default());
        assert_eq!(own.nearest("functions::jumps_to_strat"), Some("functions::jumps_to_start"));
        assert!(Functions::read(Path::new("Cargo.toml")).is_err());
    }
}
