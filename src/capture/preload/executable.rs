//! What the file of a program says about how far the agent can see into it.

use std::fs::{self, File};
use std::path::Path;

use object::elf;
use object::read::elf::{ElfFile64, FileHeader, ProgramHeader};
use object::{LittleEndian, NameOrOrdinal, Object, ReadCache, ReadRef};

use super::Error;
use super::slots::{self, Slots};

/// A program's file, read.
pub(super) type Elf<'a> = ElfFile64<'a, LittleEndian, &'a ReadCache<File>>;

/// What a program's file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Executable {
    /// How it is started.
    pub linking: Linking,
    /// How its allocations can be seen.
    pub heap: Heap,
}

/// How a program is started, as far as preloading is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linking {
    /// By the loader, which preloads the agent.
    Dynamic,
    /// Without a loader: preloading is ignored.
    Static,
    /// By an interpreter that its first line names.
    Script,
    /// It is for another kind of machine or system.
    Foreign,
}

/// How a program's allocations can be seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Heap {
    /// Through the C library's functions.
    Interposed,
    /// Through slots that hold the functions of an allocator linked into the program.
    Slots(Slots),
    /// Not at all.
    Unseen {
        /// Why, as a clause for people.
        why: String,
    },
}

impl Executable {
    /// Reads a program's file.
    pub fn inspect(path: &Path) -> Result<Executable, Error> {
        let failed = |error| Error::File { path: path.to_owned(), error };
        // Only the parts that are looked at are read.
        let data = ReadCache::new(File::open(path).map_err(failed)?);
        if data.read_bytes_at(0, 2) == Ok(b"#!") {
            // The interpreter is what runs; it is not looked at.
            return Ok(Executable { linking: Linking::Script, heap: Heap::Interposed });
        }
        let machine = match std::env::consts::ARCH {
            "x86_64" => elf::EM_X86_64,
            "aarch64" => elf::EM_AARCH64,
            _ => elf::EM_NONE,
        };
        let Ok(file) = Elf::parse(&data) else {
            return Ok(Executable::foreign());
        };
        if file.elf_header().e_machine(LittleEndian) != machine {
            return Ok(Executable::foreign());
        }
        let linking = match file
            .elf_program_headers()
            .iter()
            .any(|header| header.p_type(LittleEndian) == elf::PT_INTERP)
        {
            true => Linking::Dynamic,
            false => Linking::Static,
        };
        let heap = match linking {
            Linking::Dynamic => heap(&file, path).map_err(|error| Error::Executable {
                path: path.to_owned(),
                why: error.to_string(),
            })?,
            _ => Heap::Unseen { why: "the program is linked statically".to_owned() },
        };
        Ok(Executable { linking, heap })
    }

    fn foreign() -> Executable {
        let why = "the program is not for this kind of machine".to_owned();
        Executable { linking: Linking::Foreign, heap: Heap::Unseen { why } }
    }
}

/// Libraries that every program uses and that bring no allocator's callers of their own.
const BASE: &[&str] = &[
    "libc.so.",
    "libm.so.",
    "libgcc_s.so.",
    "libdl.so.",
    "libpthread.so.",
    "librt.so.",
    "ld-linux",
];

/// Traces of an allocator in a program without symbols.
const TRACES: &[(&str, &[u8])] = &[("jemalloc", b"<jemalloc>:"), ("mimalloc", b"mimalloc: ")];

fn heap(file: &Elf<'_>, path: &Path) -> object::Result<Heap> {
    let unseen = |why: String| Ok(Heap::Unseen { why });
    match slots::find(file)? {
        slots::Found::Slots(slots) => return Ok(Heap::Slots(slots)),
        slots::Found::Direct { allocator } => {
            return unseen(format!(
                "the program calls {allocator} directly, through no slot that could be redirected"
            ));
        }
        slots::Found::None => {}
    }
    if file.symbols().next().is_none() {
        let data = fs::read(path).unwrap_or_default();
        let trace = TRACES.iter().find(|(_, text)| contains(&data, text));
        if let Some((allocator, _)) = trace {
            return unseen(format!(
                "the program brings {allocator} and no symbols by which to find it"
            ));
        }
    }
    for import in file.imports()? {
        if import?.name() == NameOrOrdinal::Name(b"malloc") {
            return Ok(Heap::Interposed);
        }
    }
    if needs_more(file)? {
        return Ok(Heap::Interposed);
    }
    unseen("the program does not use the C library's allocator".to_owned())
}

/// Whether the program uses libraries that may allocate for it, as Rust's own shared one does.
fn needs_more(file: &Elf<'_>) -> object::Result<bool> {
    let table = file.elf_dynamic_table()?;
    for entry in table.dynamics() {
        use object::read::elf::Dyn;
        if entry.d_tag(LittleEndian) != elf::DT_NEEDED {
            continue;
        }
        let name = entry.string(LittleEndian, *table.strings())?;
        if !BASE.iter().any(|base| name.starts_with(base.as_bytes())) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn contains(data: &[u8], text: &[u8]) -> bool {
    data.windows(text.len()).any(|window| window == text)
}
