//! An object file in memory: its debug sections, its code, and the functions its calls reach.
//!
//! In a linked program the addresses are those of the file. In a relocatable member of an rlib
//! every section starts at 0; here each code section is given a base of its own, and the
//! relocations of the debug sections are applied, so that one address means one place.

use std::borrow::Cow;
use std::collections::HashMap;

use super::instructions::is_callee_operand;
use gimli::{DwarfSections, RunTimeEndian, SectionId};
use object::{
    Object, ObjectSection, ObjectSymbol, RelocationTarget, SectionIndex, SectionKind, SymbolKind,
};

/// Where one code section of a relocatable member begins; no function is this large.
const BASE_STEP: u64 = 1 << 32;

/// Decompressed sections may be this many times larger than the file.
const MAX_EXPANSION: u64 = 64;

/// A code section.
pub(super) struct Code<'d> {
    pub(super) base: u64,
    pub(super) bytes: Cow<'d, [u8]>,
}

/// An object file, taken apart.
pub(super) struct Image<'d> {
    pub(super) endian: RunTimeEndian,
    pub(super) arm: bool,
    pub(super) sections: DwarfSections<Cow<'d, [u8]>>,
    pub(super) code: Vec<Code<'d>>,
    /// Start addresses of functions, sorted, with their symbols.
    functions: Vec<(u64, &'d str)>,
    /// Call instructions of a relocatable member, sorted, with the symbols they name.
    pub(super) calls: Vec<(u64, &'d str)>,
}

impl<'d> Image<'d> {
    /// Parses an object file; `None` where it is none or has no debug info.
    pub(super) fn parse(data: &'d [u8], dwo: bool) -> Option<Image<'d>> {
        let file = object::File::parse(data).ok()?;
        let relocatable = file.kind() == object::ObjectKind::Relocatable && !dwo;
        let bases = if relocatable { section_bases(&file) } else { HashMap::new() };
        let mut budget = (data.len() as u64).saturating_mul(MAX_EXPANSION);
        let mut debug_bytes = 0;
        let sections = DwarfSections::load(|id: SectionId| -> Result<Cow<'d, [u8]>, ()> {
            let name = if dwo { id.dwo_name() } else { Some(id.name()) };
            let Some(section) = name.and_then(|name| file.section_by_name(name)) else {
                return Ok(Cow::Borrowed(&[]));
            };
            let range = section.compressed_file_range().map_err(drop)?;
            budget = budget.checked_sub(range.uncompressed_size).ok_or(())?;
            let mut bytes = section.uncompressed_data().map_err(drop)?;
            if relocatable {
                relocate(&file, &section, &bases, &mut bytes);
            }
            debug_bytes += bytes.len() as u64;
            Ok(bytes)
        })
        .ok()?;
        if debug_bytes == 0 {
            return None;
        }
        let mut image = Image {
            endian: if file.is_little_endian() {
                RunTimeEndian::Little
            } else {
                RunTimeEndian::Big
            },
            arm: file.architecture() == object::Architecture::Aarch64,
            sections,
            code: Vec::new(),
            functions: Vec::new(),
            calls: Vec::new(),
        };
        if !dwo {
            image.read_code(&file, relocatable, &bases);
        }
        Some(image)
    }

    fn read_code(
        &mut self,
        file: &object::File<'d>,
        relocatable: bool,
        bases: &HashMap<SectionIndex, u64>,
    ) {
        // Only these two instruction sets are scanned for calls.
        let x86 = file.architecture() == object::Architecture::X86_64;
        if !x86 && !self.arm {
            return;
        }
        let base = |index: SectionIndex| bases.get(&index).copied().unwrap_or(0);
        self.functions = file
            .symbols()
            .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition())
            .filter_map(|symbol| {
                let base = symbol.section_index().map_or(0, base);
                Some((base.wrapping_add(symbol.address()), symbol.name().ok()?))
            })
            .filter(|(_, name)| !name.is_empty())
            .collect();
        self.functions.sort_unstable();
        for section in file.sections().filter(|section| section.kind() == SectionKind::Text) {
            let Ok(bytes) = section.data() else { continue };
            if relocatable {
                self.read_relocated_calls(file, &section, &base, bytes);
            } else {
                self.code.push(Code { base: section.address(), bytes: Cow::Borrowed(bytes) });
            }
        }
        self.calls.sort_unstable();
    }

    fn read_relocated_calls(
        &mut self,
        file: &object::File<'d>,
        section: &object::Section<'d, '_>,
        base: &dyn Fn(SectionIndex) -> u64,
        bytes: &[u8],
    ) {
        for (offset, relocation) in section.relocations() {
            let RelocationTarget::Symbol(symbol) = relocation.target() else { continue };
            let Ok(at) = usize::try_from(offset) else { continue };
            if !is_callee_operand(bytes, at, self.arm) {
                continue;
            }
            let Ok(symbol) = file.symbol_by_index(symbol) else { continue };
            let name = match symbol.section_index() {
                // A function of this object may be named by its section alone.
                Some(section) if symbol.kind() == SymbolKind::Section => {
                    let instruction_end = if self.arm { 0 } else { 4 };
                    let within = relocation.addend().wrapping_add(instruction_end);
                    self.function_at(base(section).wrapping_add_signed(within))
                }
                _ => symbol.name().ok(),
            };
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                self.calls.push((base(section.index()).wrapping_add(offset), name));
            }
        }
    }

    /// The function that begins at an address.
    pub(super) fn function_at(&self, address: u64) -> Option<&'d str> {
        let at = self.functions.partition_point(|&(start, _)| start < address);
        self.functions.get(at).filter(|&&(start, _)| start == address).map(|&(_, name)| name)
    }
}

fn section_bases(file: &object::File<'_>) -> HashMap<SectionIndex, u64> {
    file.sections()
        .filter(|section| section.kind() == SectionKind::Text)
        .zip(1u64..)
        .map(|(section, n)| (section.index(), n * BASE_STEP))
        .collect()
}

/// Writes what the linker would write into a debug section.
fn relocate(
    file: &object::File<'_>,
    section: &object::Section<'_, '_>,
    bases: &HashMap<SectionIndex, u64>,
    bytes: &mut Cow<'_, [u8]>,
) {
    let base = |index: Option<SectionIndex>| {
        index.and_then(|index| bases.get(&index)).copied().unwrap_or(0)
    };
    let little = file.is_little_endian();
    for (offset, relocation) in section.relocations() {
        if relocation.kind() != object::RelocationKind::Absolute {
            continue;
        }
        let target = match relocation.target() {
            RelocationTarget::Symbol(index) => match file.symbol_by_index(index) {
                Ok(symbol) => base(symbol.section_index()).wrapping_add(symbol.address()),
                Err(_) => continue,
            },
            RelocationTarget::Section(index) => base(Some(index)),
            _ => continue,
        };
        let width = usize::from(relocation.size() / 8);
        let Ok(at) = usize::try_from(offset) else { continue };
        let Some(place) = at.checked_add(width).and_then(|end| bytes.get(at..end)) else {
            continue;
        };
        if width != 4 && width != 8 {
            continue;
        }
        let mut old = [0u8; 8];
        if relocation.has_implicit_addend() {
            old[..width].copy_from_slice(place);
        }
        let value =
            u64::from_le_bytes(old).wrapping_add(target).wrapping_add_signed(relocation.addend());
        let value = value.to_le_bytes();
        if let (true, Some(place)) = (little, bytes.to_mut().get_mut(at..at + width)) {
            place.copy_from_slice(&value[..width]);
        }
    }
}
