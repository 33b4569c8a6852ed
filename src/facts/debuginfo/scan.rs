//! One pass over a unit's entries: everything a fact may need, still as offsets.

use std::collections::HashMap;

use gimli::{
    AttributeValue, DebugInfoOffset, DebuggingInformationEntry, DwTag, Dwarf, EndianSlice,
    RunTimeEndian, Unit, UnitOffset, constants,
};

pub(super) type Bytes<'d> = EndianSlice<'d, RunTimeEndian>;

/// A reference to an entry, in this unit or in any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Entry {
    Unit(usize),
    Program(usize),
}

/// An entry that takes part in names: a namespace, a type, a function.
pub(super) struct Node<'d> {
    pub(super) offset: usize,
    /// Index of the enclosing node.
    pub(super) parent: Option<u32>,
    pub(super) tag: DwTag,
    pub(super) name: Option<Bytes<'d>>,
    /// What a pointer points to, what an array holds.
    pub(super) ty: Option<Entry>,
    /// Length of an array.
    pub(super) count: Option<u64>,
    pub(super) size: Option<u64>,
}

/// A function: a declaration, a definition, or both.
#[derive(Default)]
pub(super) struct Function<'d> {
    pub(super) node: u32,
    pub(super) linkage: Option<Bytes<'d>>,
    /// The entry that declares what this one defines.
    pub(super) origin: Option<Entry>,
    pub(super) returns: Option<Entry>,
    pub(super) receiver: Option<Entry>,
    /// What its generic parameters stand for.
    pub(super) params: Vec<Entry>,
    pub(super) file: Option<u64>,
    pub(super) line: u32,
}

/// A local or parameter with a name.
pub(super) struct Local<'d> {
    /// Index into [`Scan::functions`].
    pub(super) function: Option<u32>,
    pub(super) name: Bytes<'d>,
    pub(super) ty: Entry,
    pub(super) file: u64,
    pub(super) line: u32,
}

/// An inlined call.
pub(super) struct Inlined {
    pub(super) callee: Entry,
    pub(super) file: u64,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// A field of a structure; also a closure's capture.
pub(super) struct Member<'d> {
    /// Index into [`Scan::nodes`].
    pub(super) owner: u32,
    pub(super) name: Bytes<'d>,
    pub(super) ty: Entry,
}

/// What one pass over a unit found.
#[derive(Default)]
pub(super) struct Scan<'d> {
    pub(super) nodes: Vec<Node<'d>>,
    pub(super) functions: Vec<Function<'d>>,
    /// Offset of a function's entry to its index.
    pub(super) function_at: HashMap<usize, u32>,
    pub(super) locals: Vec<Local<'d>>,
    pub(super) inlined: Vec<Inlined>,
    pub(super) members: Vec<Member<'d>>,
}

/// What the entries on the way down are.
#[derive(Clone, Copy)]
struct Open {
    depth: isize,
    node: Option<u32>,
    function: Option<u32>,
    /// The entry itself is a function (and not something within one).
    is_function: bool,
}

impl<'d> Scan<'d> {
    /// Reads a unit. Locals and inlined calls of files that are not `wanted` are left out.
    ///
    /// A damaged unit yields what was read up to the damage.
    pub(super) fn read(
        dwarf: &Dwarf<Bytes<'d>>,
        unit: &Unit<Bytes<'d>>,
        wanted: &dyn Fn(u64) -> bool,
    ) -> Scan<'d> {
        let mut scan = Scan::default();
        let Ok(mut entries) = unit.entries_raw(None) else { return scan };
        let mut entry = DebuggingInformationEntry::null();
        let mut open: Vec<Open> = Vec::new();
        while !entries.is_empty() {
            match entries.read_entry(&mut entry) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(_) => break,
            }
            let depth = entry.depth();
            while open.last().is_some_and(|parent| parent.depth >= depth) {
                open.pop();
            }
            let parent = open.last().copied().unwrap_or(Open {
                depth: -1,
                node: None,
                function: None,
                is_function: false,
            });
            let next = scan.visit(dwarf, unit, &entry, parent, wanted);
            if entry.has_children() {
                open.push(Open { depth, ..next });
            }
        }
        scan
    }

    fn visit(
        &mut self,
        dwarf: &Dwarf<Bytes<'d>>,
        unit: &Unit<Bytes<'d>>,
        entry: &DebuggingInformationEntry<Bytes<'d>>,
        parent: Open,
        wanted: &dyn Fn(u64) -> bool,
    ) -> Open {
        let below = Open { is_function: false, ..parent };
        match entry.tag() {
            constants::DW_TAG_subprogram => self.function(dwarf, unit, entry, parent),
            constants::DW_TAG_variable | constants::DW_TAG_formal_parameter => {
                self.local(dwarf, unit, entry, parent, wanted);
                below
            }
            constants::DW_TAG_inlined_subroutine => {
                self.inlined(entry, wanted);
                below
            }
            constants::DW_TAG_template_type_parameter => {
                let function = parent.function.filter(|_| parent.is_function);
                if let Some(function) = function.and_then(|f| self.functions.get_mut(f as usize))
                    && let Some(ty) = reference(entry, constants::DW_AT_type)
                {
                    function.params.push(ty);
                }
                below
            }
            constants::DW_TAG_member => {
                if let (Some(owner), Some(name), Some(ty)) = (
                    parent.node,
                    string(dwarf, unit, entry, constants::DW_AT_name),
                    reference(entry, constants::DW_AT_type),
                ) {
                    self.members.push(Member { owner, name, ty });
                }
                below
            }
            constants::DW_TAG_subrange_type => {
                if let Some(array) = parent.node.and_then(|n| self.nodes.get_mut(n as usize)) {
                    array.count = number(entry, constants::DW_AT_count).or_else(|| {
                        number(entry, constants::DW_AT_upper_bound).map(|n| n.saturating_add(1))
                    });
                }
                below
            }
            tag if is_named(tag) => {
                let node = self.node(dwarf, unit, entry, parent.node);
                Open { node: Some(node), ..below }
            }
            _ => below,
        }
    }

    fn node(
        &mut self,
        dwarf: &Dwarf<Bytes<'d>>,
        unit: &Unit<Bytes<'d>>,
        entry: &DebuggingInformationEntry<Bytes<'d>>,
        parent: Option<u32>,
    ) -> u32 {
        let index = index(self.nodes.len());
        self.nodes.push(Node {
            offset: entry.offset().0,
            parent,
            tag: entry.tag(),
            name: string(dwarf, unit, entry, constants::DW_AT_name),
            ty: reference(entry, constants::DW_AT_type),
            count: None,
            size: number(entry, constants::DW_AT_byte_size),
        });
        index
    }

    fn function(
        &mut self,
        dwarf: &Dwarf<Bytes<'d>>,
        unit: &Unit<Bytes<'d>>,
        entry: &DebuggingInformationEntry<Bytes<'d>>,
        parent: Open,
    ) -> Open {
        let node = self.node(dwarf, unit, entry, parent.node);
        let function = index(self.functions.len());
        self.function_at.insert(entry.offset().0, function);
        self.functions.push(Function {
            node,
            linkage: string(dwarf, unit, entry, constants::DW_AT_linkage_name),
            origin: reference(entry, constants::DW_AT_specification)
                .or_else(|| reference(entry, constants::DW_AT_abstract_origin)),
            returns: reference(entry, constants::DW_AT_type),
            receiver: None,
            params: Vec::new(),
            file: file(entry, constants::DW_AT_decl_file),
            line: small(entry, constants::DW_AT_decl_line),
        });
        Open { node: Some(node), function: Some(function), is_function: true, ..parent }
    }

    fn local(
        &mut self,
        dwarf: &Dwarf<Bytes<'d>>,
        unit: &Unit<Bytes<'d>>,
        entry: &DebuggingInformationEntry<Bytes<'d>>,
        parent: Open,
        wanted: &dyn Fn(u64) -> bool,
    ) {
        let Some(ty) = reference(entry, constants::DW_AT_type) else { return };
        let Some(name) = string(dwarf, unit, entry, constants::DW_AT_name) else { return };
        if parent.is_function
            && entry.tag() == constants::DW_TAG_formal_parameter
            && name.slice() == b"self"
            && let Some(function) = parent.function.and_then(|f| self.functions.get_mut(f as usize))
        {
            function.receiver = Some(ty);
        }
        let Some(file) = file(entry, constants::DW_AT_decl_file).filter(|&file| wanted(file))
        else {
            return;
        };
        let line = small(entry, constants::DW_AT_decl_line);
        if line > 0 && parent.function.is_some() {
            self.locals.push(Local { function: parent.function, name, ty, file, line });
        }
    }

    fn inlined(
        &mut self,
        entry: &DebuggingInformationEntry<Bytes<'d>>,
        wanted: &dyn Fn(u64) -> bool,
    ) {
        let Some(file) = file(entry, constants::DW_AT_call_file).filter(|&file| wanted(file))
        else {
            return;
        };
        let Some(callee) = reference(entry, constants::DW_AT_abstract_origin) else { return };
        let line = small(entry, constants::DW_AT_call_line);
        let column = small(entry, constants::DW_AT_call_column);
        if line > 0 {
            self.inlined.push(Inlined { callee, file, line, column });
        }
    }

    /// The node at an offset of the unit.
    pub(super) fn node_at(&self, offset: usize) -> Option<u32> {
        // Entries are read in the order of their offsets.
        self.nodes.binary_search_by_key(&offset, |node| node.offset).ok().map(index)
    }
}

fn is_named(tag: DwTag) -> bool {
    matches!(
        tag,
        constants::DW_TAG_namespace
            | constants::DW_TAG_structure_type
            | constants::DW_TAG_union_type
            | constants::DW_TAG_enumeration_type
            | constants::DW_TAG_base_type
            | constants::DW_TAG_pointer_type
            | constants::DW_TAG_array_type
            | constants::DW_TAG_subroutine_type
            | constants::DW_TAG_typedef
    )
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn string<'d>(
    dwarf: &Dwarf<Bytes<'d>>,
    unit: &Unit<Bytes<'d>>,
    entry: &DebuggingInformationEntry<Bytes<'d>>,
    name: gimli::DwAt,
) -> Option<Bytes<'d>> {
    dwarf.attr_string(unit, entry.attr_value(name)?).ok()
}

fn reference(entry: &DebuggingInformationEntry<Bytes<'_>>, name: gimli::DwAt) -> Option<Entry> {
    match entry.attr_value(name)? {
        AttributeValue::UnitRef(UnitOffset(at)) => Some(Entry::Unit(at)),
        AttributeValue::DebugInfoRef(DebugInfoOffset(at)) => Some(Entry::Program(at)),
        _ => None,
    }
}

fn number(entry: &DebuggingInformationEntry<Bytes<'_>>, name: gimli::DwAt) -> Option<u64> {
    entry.attr_value(name)?.udata_value()
}

fn file(entry: &DebuggingInformationEntry<Bytes<'_>>, name: gimli::DwAt) -> Option<u64> {
    match entry.attr_value(name)? {
        AttributeValue::FileIndex(file) => Some(file),
        other => other.udata_value(),
    }
}

fn small(entry: &DebuggingInformationEntry<Bytes<'_>>, name: gimli::DwAt) -> u32 {
    number(entry, name).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}
