//! Addresses to functions and lines, with the functions inlined there.

use std::collections::HashMap;
use std::fmt;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use addr2line::Loader;
use object::{Object, SymbolMap, SymbolMapName};

use super::ahead::Ahead;
use super::image::{self, VDSO};
use super::space::Module;
use super::stacks::{CUT, Frame};
use crate::model::profile::{Function, Line, Location};

/// The functions that the lines of locations name.
#[derive(Debug, Default)]
pub(super) struct Functions {
    pub(super) all: Vec<Function>,
    ids: HashMap<Function, u32>,
}

impl Functions {
    fn id(&mut self, function: Function) -> u32 {
        if let Some(&id) = self.ids.get(&function) {
            return id;
        }
        let id = self.all.len() as u32;
        self.all.push(function.clone());
        self.ids.insert(function, id);
        id
    }

    /// A function that is known by no more than a name.
    fn named(&mut self, name: &str) -> u32 {
        self.id(Function { name: name.to_owned(), system_name: name.to_owned(), ..<_>::default() })
    }
}

/// Resolves every frame, in their order; a location's mapping is its module's.
pub(super) fn resolve(
    frames: &[Frame],
    modules: &[Module],
    functions: &mut Functions,
    mut ahead: Option<Ahead>,
) -> Vec<Location> {
    let mut locations: Vec<Location> = vec![Location::default(); frames.len()];
    let module_of = |at: usize| frames[at].module.and_then(|id| modules.get(id as usize));
    // One module after the other, so that in memory are only the symbols of one and of the next,
    // which are read meanwhile.
    let mut order: Vec<usize> = (0..frames.len()).collect();
    order.sort_by_key(|&at| (frames[at].module, frames[at].address));
    let mut runs = order.chunk_by(|&a, &b| frames[a].module == frames[b].module).peekable();
    thread::scope(|scope| {
        let mut read = |run: &&[usize]| {
            let module = module_of(*run.first()?)?;
            let read = ahead.as_mut().and_then(|ahead| ahead.take(module));
            Some(scope.spawn(move || Symbols::of(module, read)))
        };
        let mut next = runs.peek().and_then(&mut read);
        while let Some(run) = runs.next() {
            let symbols = next.map(|next| next.join().unwrap_or_else(|why| resume_unwind(why)));
            next = runs.peek().and_then(&mut read);
            for &at in run {
                let (frame, module) = (frames[at], module_of(at));
                locations[at] = location(frame, module, symbols.as_ref(), functions);
            }
        }
    });
    locations
}

fn location(
    frame: Frame,
    module: Option<&Module>,
    symbols: Option<&Symbols>,
    functions: &mut Functions,
) -> Location {
    let nameless = |name: &str, functions: &mut Functions| {
        vec![Line { function: functions.named(name), line: 0, column: 0 }]
    };
    let (Some(module), Some(symbols)) = (module, symbols) else {
        let name = if frame == CUT { "[truncated]" } else { "[unknown]" };
        let lines = nameless(name, functions);
        return Location { address: frame.address, lines, ..Location::default() };
    };
    let mut lines = symbols.lines(frame.address, functions);
    if lines.is_empty() {
        lines = nameless(&unnamed(module), functions);
    }
    Location {
        mapping: frame.module,
        address: frame.address.wrapping_add(module.bias),
        lines,
        is_folded: false,
    }
}

/// What stands for a function in a file without symbols there.
fn unnamed(module: &Module) -> String {
    let path = &*module.path;
    match path.rsplit('/').next() {
        Some(name) if module.is_another => format!("[{name}: not the build that ran]"),
        Some(name) if path.starts_with('/') && !path.starts_with("//") => format!("[{name}]"),
        _ if path.starts_with('[') => path.to_owned(),
        _ => "[anon]".to_owned(),
    }
}

/// The symbols and line tables of one module.
enum Symbols {
    File(Files),
    Vdso(Vec<(u64, u64, String)>),
}

/// The file that is installed beside a library of the system, by build id; the file itself.
#[derive(Default)]
pub(super) struct Files {
    debug: Option<Box<Loader>>,
    own: Option<Box<Loader>>,
}

impl Files {
    pub(super) fn read(path: &Path, build_id: &str) -> Files {
        let load = |path: &Path| Loader::new(path).ok().map(Box::new);
        Files { debug: debug_file(build_id).and_then(|path| load(&path)), own: load(path) }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").finish_non_exhaustive()
    }
}

impl Symbols {
    /// Those of a module, of which the files may have been read already.
    fn of(module: &Module, read: Option<Files>) -> Symbols {
        if module.path == VDSO && !module.is_another {
            return Symbols::Vdso(vdso_symbols());
        }
        if module.is_another || !image::names_a_file(&module.path) {
            return Symbols::File(Files::default());
        }
        let build_id = &module.image.build_id;
        Symbols::File(read.unwrap_or_else(|| Files::read(Path::new(&module.path), build_id)))
    }

    /// The lines at an address, innermost inlined function first; empty where nothing is known.
    fn lines(&self, address: u64, functions: &mut Functions) -> Vec<Line> {
        match self {
            Symbols::File(Files { debug, own }) => [debug, own]
                .into_iter()
                .flatten()
                .map(|loader| lines(loader, address, functions))
                .find(|lines| !lines.is_empty())
                .unwrap_or_default(),
            Symbols::Vdso(symbols) => symbols
                .iter()
                .find(|(start, end, _)| (*start..*end).contains(&address))
                .map(|(_, _, name)| Line { function: functions.named(name), line: 0, column: 0 })
                .into_iter()
                .collect(),
        }
    }
}

fn debug_file(build_id: &str) -> Option<PathBuf> {
    let (first, rest) = build_id.split_at_checked(2)?;
    let path = Path::new("/usr/lib/debug/.build-id").join(first).join(format!("{rest}.debug"));
    path.is_file().then_some(path)
}

fn vdso_symbols() -> Vec<(u64, u64, String)> {
    let Some(bytes) = image::vdso() else { return Vec::new() };
    let Ok(object) = object::File::parse(&*bytes) else { return Vec::new() };
    let map: SymbolMap<SymbolMapName<'_>> = object.symbol_map();
    let names = map.symbols();
    let next = names.iter().skip(1).map(|symbol| symbol.address()).chain([u64::MAX]);
    let ranges = names.iter().zip(next);
    ranges.map(|(symbol, end)| (symbol.address(), end, symbol.name().to_owned())).collect()
}

fn lines(loader: &Loader, address: u64, functions: &mut Functions) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Ok(mut frames) = loader.find_frames(address) {
        while let Ok(Some(frame)) = frames.next() {
            let Some(name) = &frame.function else { continue };
            let (Ok(system_name), Ok(name)) = (name.raw_name(), name.demangle()) else { continue };
            let place = match Place::of(&frame) {
                // The line table has nothing for code of the compiler's own, such as what it
                // merged from two places; calls of inlined functions always have a line.
                place if place.line == 0 && lines.is_empty() => {
                    enclosing(loader, address).unwrap_or_default()
                }
                place => place,
            };
            let function = functions.id(Function {
                name: name.into_owned(),
                system_name: system_name.into_owned(),
                filename: place.file.to_owned(),
                start_line: 0,
            });
            lines.push(Line { function, line: place.line, column: place.column });
        }
    }
    if lines.is_empty()
        && let Some(name) = loader.find_symbol(address)
    {
        let function = Function {
            name: format!("{:#}", rustc_demangle::demangle(name)),
            system_name: name.to_owned(),
            ..Function::default()
        };
        lines.push(Line { function: functions.id(function), line: 0, column: 0 });
    }
    lines
}

/// A place in a source file.
#[derive(Clone, Copy, Debug, Default)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

impl<'a> Place<'a> {
    fn of<R: addr2line::gimli::Reader>(frame: &addr2line::Frame<'a, R>) -> Place<'a> {
        let location = frame.location.as_ref();
        Place {
            file: location.and_then(|location| location.file).unwrap_or_default(),
            line: location.and_then(|location| location.line).unwrap_or(0),
            column: location.and_then(|location| location.column).unwrap_or(0),
        }
    }
}

/// How far from an instruction without a line one with a line is looked for.
const NEAR: u64 = 256;

/// The place of the nearest instruction of the same function that has a line: the one before,
/// else the one after. Its column would say more than is known.
fn enclosing(loader: &Loader, address: u64) -> Option<Place<'_>> {
    let inner = |address| loader.find_frames(address).ok()?.next().ok()?;
    let function = inner(address)?.dw_die_offset?;
    let rows = |start: u64, end: u64| {
        let rows = loader.find_location_range(start, end).ok();
        let rows = rows.into_iter().flatten().filter(|(_, _, location)| location.line.is_some());
        rows.map(|(start, _, _)| start).collect::<Vec<u64>>()
    };
    let before = rows(address.saturating_sub(NEAR), address).into_iter().rev();
    before.chain(rows(address, address.saturating_add(NEAR))).find_map(|row| {
        let frame = inner(row)?;
        let place = Place { column: 0, ..Place::of(&frame) };
        (frame.dw_die_offset? == function && place.line != 0).then_some(place)
    })
}
