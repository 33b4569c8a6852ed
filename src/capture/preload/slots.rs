//! Slots of a program's global offset table that hold an allocator's functions.
//!
//! jemalloc and mimalloc, as Rust crates bring them, have names of their own, so nothing can be
//! interposed; but the code that calls them was compiled to call through the table, and the
//! linker leaves it so. Which slots those are stands in the program's relocations.

use std::collections::BTreeSet;

use object::read::elf::{FileHeader, Sym};
use object::{
    LittleEndian, Object, ObjectSection, ObjectSymbol, ObjectSymbolTable, RelocationFlags,
    RelocationTarget, elf,
};

use super::executable::Elf;
use super::layout::shape;

/// Slots of a program that hold functions of an allocator.
#[derive(Clone, Debug, PartialEq)]
pub struct Slots {
    /// The allocator.
    pub allocator: String,
    /// How many there are.
    pub count: usize,
    spelled: String,
}

impl Slots {
    /// As the agent reads it.
    pub(super) fn spelled(&self) -> &str {
        &self.spelled
    }
}

/// What a program's file shows.
pub(super) enum Found {
    /// An allocator that is called through slots.
    Slots(Slots),
    /// One that is not.
    Direct {
        /// Its name.
        allocator: String,
    },
    /// None that is known.
    None,
}

/// Functions of jemalloc, without their prefix.
const JEMALLOC: &[(&str, usize)] = &[
    ("malloc", shape::ALLOC),
    ("mallocx", shape::ALLOC),
    ("calloc", shape::CALLOC),
    ("aligned_alloc", shape::MEMALIGN),
    ("memalign", shape::MEMALIGN),
    ("posix_memalign", shape::POSIX_MEMALIGN),
    ("realloc", shape::REALLOC),
    ("rallocx", shape::REALLOC),
    ("free", shape::FREE),
    ("dallocx", shape::FREE),
    ("sdallocx", shape::FREE),
    ("malloc_usable_size", shape::USABLE),
];

/// Functions of mimalloc, without their prefix.
const MIMALLOC: &[(&str, usize)] = &[
    ("malloc", shape::ALLOC),
    ("zalloc", shape::ALLOC),
    ("malloc_small", shape::ALLOC),
    ("zalloc_small", shape::ALLOC),
    ("malloc_aligned", shape::ALLOC),
    ("zalloc_aligned", shape::ALLOC),
    ("calloc", shape::CALLOC),
    ("calloc_aligned", shape::CALLOC),
    ("posix_memalign", shape::POSIX_MEMALIGN),
    ("realloc", shape::REALLOC),
    ("realloc_aligned", shape::REALLOC),
    ("free", shape::FREE),
    ("free_size", shape::FREE),
    ("free_size_aligned", shape::FREE),
    ("free_aligned", shape::FREE),
    ("usable_size", shape::USABLE),
];

/// An allocator in the program: its name, the prefix of its functions, and what they are.
struct Family {
    allocator: String,
    prefix: String,
    functions: &'static [(&'static str, usize)],
}

/// Looks for an allocator and the slots through which it is called.
pub(super) fn find(file: &Elf<'_>) -> object::Result<Found> {
    let defined = defined(file);
    let Some(family) = family(&defined) else { return Ok(Found::None) };
    let mut spelled = format!("{:x}", file.entry());
    let mut shapes = BTreeSet::new();
    let mut count = 0;
    let contents = contents(file)?;
    for (name, kind) in family.functions {
        let whole = format!("{}{name}", family.prefix);
        let Some((_, address)) = defined.iter().find(|(name, _)| *name == whole) else { continue };
        if *kind == shape::USABLE {
            spelled.push_str(&format!(";{kind:x}.0.{address:x}"));
            continue;
        }
        for (slot, _) in contents.iter().filter(|(_, content)| content == address) {
            spelled.push_str(&format!(";{kind:x}.{slot:x}.{address:x}"));
            shapes.insert(*kind);
            count += 1;
        }
    }
    // A program of which only some calls can be seen would be counted wrong.
    let complete = shapes.contains(&shape::FREE)
        && (shapes.contains(&shape::ALLOC) || shapes.contains(&shape::MEMALIGN));
    if !complete {
        return Ok(Found::Direct { allocator: family.allocator });
    }
    Ok(Found::Slots(Slots { allocator: family.allocator, count, spelled }))
}

/// Functions that the program defines and shows beyond one object file.
fn defined(file: &Elf<'_>) -> Vec<(String, u64)> {
    let own = (file.elf_symbol_table(), file.symbols());
    let dynamic = (file.elf_dynamic_symbol_table(), file.dynamic_symbols());
    let mut found = Vec::new();
    for (table, symbols) in [own, dynamic] {
        // All names at once, since each would be a look into the file.
        let names = file.section_by_index(table.string_section()).and_then(|it| it.data());
        let names = names.unwrap_or_default();
        let name = |start: usize| {
            let name = names.get(start..)?.split(|&byte| byte == 0).next()?;
            str::from_utf8(name).ok()
        };
        let global = symbols
            .filter(|symbol| symbol.is_definition() && symbol.is_global() && symbol.address() != 0);
        found.extend(global.filter_map(|symbol| {
            let start = usize::try_from(symbol.elf_symbol().st_name(LittleEndian)).ok()?;
            Some((name(start)?.to_owned(), symbol.address()))
        }));
    }
    found
}

fn family(defined: &[(String, u64)]) -> Option<Family> {
    // jemalloc's prefix is chosen when it is built; these names are its own.
    let own = ["sdallocx", "mallocx", "rallocx"];
    let prefix = defined.iter().find_map(|(name, _)| {
        own.iter().find_map(|end| name.strip_suffix(end)).filter(|p| !p.ends_with("je_arena_"))
    });
    if let Some(prefix) = prefix {
        return Some(Family {
            allocator: "jemalloc".to_owned(),
            prefix: prefix.to_owned(),
            functions: JEMALLOC,
        });
    }
    if defined.iter().any(|(name, _)| name == "mi_malloc_aligned" || name == "mi_malloc") {
        return Some(Family {
            allocator: "mimalloc".to_owned(),
            prefix: "mi_".to_owned(),
            functions: MIMALLOC,
        });
    }
    if defined.iter().any(|(name, _)| name == "malloc") {
        return Some(Family {
            allocator: "its own malloc".to_owned(),
            prefix: String::new(),
            functions: JEMALLOC,
        });
    }
    None
}

/// What the slots of the global offset table will hold: their addresses and the addresses of
/// functions of the program itself.
fn contents(file: &Elf<'_>) -> object::Result<Vec<(u64, u64)>> {
    let tables: Vec<(u64, &[u8])> = file
        .sections()
        .filter(|section| matches!(section.name(), Ok(".got" | ".got.plt")))
        .map(|section| Ok((section.address(), section.data()?)))
        .collect::<object::Result<_>>()?;
    let mut found = BTreeSet::new();
    // Without relocations of their own (a fixed address, or relocations that are packed), the
    // file itself holds what the slots will, less the address at which the program is loaded.
    for (start, data) in &tables {
        for (i, word) in data.chunks_exact(8).enumerate() {
            if let Ok(word) = word.try_into() {
                found.insert((start + 8 * i as u64, u64::from_le_bytes(word)));
            }
        }
    }
    let relative = match file.elf_header().e_machine(LittleEndian) {
        elf::EM_AARCH64 => elf::R_AARCH64_RELATIVE,
        _ => elf::R_X86_64_RELATIVE,
    };
    let symbols = file.dynamic_symbol_table();
    for (slot, relocation) in file.dynamic_relocations().into_iter().flatten() {
        let in_table =
            tables.iter().any(|(start, data)| (*start..start + data.len() as u64).contains(&slot));
        if !in_table {
            continue;
        }
        let address = match relocation.target() {
            RelocationTarget::Symbol(index) => symbols
                .as_ref()
                .and_then(|table| table.symbol_by_index(index).ok())
                .filter(|symbol| symbol.is_definition())
                .map(|symbol| symbol.address().wrapping_add_signed(relocation.addend())),
            _ => match relocation.flags() {
                RelocationFlags::Elf { r_type } if r_type == relative => {
                    Some(relocation.addend() as u64)
                }
                _ => None,
            },
        };
        found.extend(address.map(|address| (slot, address)));
    }
    Ok(found.into_iter().collect())
}
