//! Reading, whichever version: tables of each thread, or shared by all.

use super::file::{File, FrameTable, FuncTable, ResourceTable, StackTable, Thread};
use crate::formats::builder::Builder;
use crate::formats::error::FormatError;
use crate::model::profile::{Function, Label, Line, Location, Mapping, Profile, ValueType};

const FORMAT: &str = "a Firefox profile";

/// A stack deeper than this is cut at its outer end.
const MAX_DEPTH: usize = 1 << 14;

fn wrong(what: impl Into<String>) -> FormatError {
    FormatError::Json { format: FORMAT, what: what.into() }
}

/// Reads a profile: the samples of all its threads.
pub fn read(json: &[u8]) -> Result<Profile, FormatError> {
    let file: File = serde_json::from_slice(json).map_err(|error| wrong(error.to_string()))?;
    let kinds = Kinds::of(&file);
    let mut builder = Builder::new(kinds.types.clone());
    let mappings: Vec<u32> = file
        .libs
        .iter()
        .map(|lib| {
            let path = if lib.path.is_empty() { &lib.name } else { &lib.path };
            builder.mapping(Mapping {
                filename: path.clone(),
                build_id: lib.code_id.clone().unwrap_or_default(),
                has: [file.meta.symbolicated != Some(false); 4],
                ..Mapping::default()
            })
        })
        .collect();
    for thread in &file.threads {
        let tables = Tables::of(thread, &file)?;
        let locations = tables.locations(&mappings, &mut builder)?;
        add_samples(thread, &file, &kinds, &locations, &mut builder)?;
    }
    let mut profile = builder.finish();
    profile.time_nanos = (file.meta.start_time * 1e6) as i64;
    if file.meta.interval > 0.0 {
        profile.period = (file.meta.interval * 1e6) as i64;
        profile.period_type = Some(ValueType::new("cpu", "nanoseconds"));
    }
    Ok(profile)
}

/// What the values of the samples are.
struct Kinds {
    types: Vec<ValueType>,
    /// Threads of ours stand for one sample type each.
    ours: bool,
}

impl Kinds {
    fn of(file: &File) -> Self {
        let mut types: Vec<ValueType> = Vec::new();
        for [name, unit] in file.threads.iter().filter_map(|thread| thread.sample_type.as_ref()) {
            types.push(ValueType::new(name, unit));
        }
        if types.is_empty() {
            let types =
                vec![ValueType::new("samples", "count"), ValueType::new("cpu", "nanoseconds")];
            return Kinds { types, ours: false };
        }
        Kinds { types, ours: true }
    }
}

/// The tables a thread uses, its own or shared.
struct Tables<'a> {
    strings: &'a [String],
    frames: &'a FrameTable,
    funcs: &'a FuncTable,
    stacks: &'a StackTable,
    resources: Option<&'a ResourceTable>,
    sources: &'a [usize],
}

impl<'a> Tables<'a> {
    fn of(thread: &'a Thread, file: &'a File) -> Result<Self, FormatError> {
        let shared = file.shared.as_ref();
        let missing = |what: &str| wrong(format!("thread `{}` has no {what}", thread.name));
        let strings = thread.string_array.as_ref().or(shared.map(|shared| &shared.string_array));
        let frames =
            thread.frame_table.as_ref().or(shared.and_then(|shared| shared.frame_table.as_ref()));
        let funcs =
            thread.func_table.as_ref().or(shared.and_then(|shared| shared.func_table.as_ref()));
        let stacks =
            thread.stack_table.as_ref().or(shared.and_then(|shared| shared.stack_table.as_ref()));
        let resources = shared.and_then(|shared| shared.resource_table.as_ref());
        let sources = shared.and_then(|shared| shared.sources.as_ref());
        Ok(Tables {
            strings: strings.ok_or_else(|| missing("strings"))?,
            frames: frames.ok_or_else(|| missing("frameTable"))?,
            funcs: funcs.ok_or_else(|| missing("funcTable"))?,
            stacks: stacks.ok_or_else(|| missing("stackTable"))?,
            resources: thread.resource_table.as_ref().or(resources),
            sources: sources.map_or(&[], |sources| &sources.filename),
        })
    }

    fn string(&self, at: usize) -> Result<&'a str, FormatError> {
        let missing = || wrong(format!("string {at} of {} strings", self.strings.len()));
        self.strings.get(at).map(String::as_str).ok_or_else(missing)
    }

    /// The function of each row, with the library it belongs to.
    fn functions(
        &self,
        builder: &mut Builder,
    ) -> Result<Vec<(u32, Option<usize>, bool)>, FormatError> {
        let table = self.funcs;
        let mut functions = Vec::with_capacity(table.name.len());
        for (at, &name) in table.name.iter().enumerate() {
            let name = self.string(name)?;
            let source = table.source.get(at).copied().flatten();
            let file = match (table.file_name.get(at).copied().flatten(), source) {
                (Some(file), _) => self.string(file)?,
                (None, Some(source)) => match self.sources.get(source) {
                    Some(&file) => self.string(file)?,
                    None => return Err(wrong(format!("source {source} is not there"))),
                },
                (None, None) => "",
            };
            let start_line = table.line_number.get(at).copied().flatten().unwrap_or(0);
            let resource = table.resource.get(at).copied().unwrap_or(-1);
            let lib = usize::try_from(resource)
                .ok()
                .and_then(|resource| self.resources?.lib.get(resource).copied().flatten());
            // An address in place of a name waits for symbols.
            let is_address = name.starts_with("0x");
            let function = builder.function_as(Function {
                name: name.to_owned(),
                filename: without_scheme(file).to_owned(),
                start_line,
                ..Function::default()
            });
            functions.push((function, lib, is_address));
        }
        Ok(functions)
    }

    /// The location of each row of the stack table, and of the row it stands on.
    fn locations(
        &self,
        mappings: &[u32],
        builder: &mut Builder,
    ) -> Result<Vec<(u32, Option<usize>)>, FormatError> {
        let functions = self.functions(builder)?;
        let frames = self.frames;
        let mut of_frame = Vec::with_capacity(frames.func.len());
        for (at, &func) in frames.func.iter().enumerate() {
            let count = functions.len();
            let missing = || wrong(format!("function {func} of {count} functions"));
            let &(function, lib, is_address) = functions.get(func).ok_or_else(missing)?;
            let number = |column: &[Option<u32>]| column.get(at).copied().flatten().unwrap_or(0);
            let address = frames.address.get(at).copied().unwrap_or(-1);
            let line =
                Line { function, line: number(&frames.line), column: number(&frames.column) };
            of_frame.push(builder.location(Location {
                mapping: lib.and_then(|lib| mappings.get(lib).copied()),
                address: u64::try_from(address).unwrap_or(0),
                lines: if is_address && address > 0 { Vec::new() } else { vec![line] },
                is_folded: false,
            }));
        }
        let stacks = self.stacks;
        let mut rows = Vec::with_capacity(stacks.frame.len());
        for (at, &frame) in stacks.frame.iter().enumerate() {
            let missing = || wrong(format!("frame {frame} of {} frames", of_frame.len()));
            let location = *of_frame.get(frame).ok_or_else(missing)?;
            let prefix = stacks.prefix.get(at).copied().flatten();
            // Rows stand on earlier rows only, so no stack can run in a circle.
            if prefix.is_some_and(|prefix| prefix >= at) {
                return Err(wrong(format!("stack {at} stands on a later one")));
            }
            rows.push((location, prefix));
        }
        Ok(rows)
    }
}

/// `file:` and hosted sources as paths.
fn without_scheme(file: &str) -> &str {
    let file = file.strip_prefix("file://").unwrap_or(file);
    // `git:host/repository:path:revision`, `s3:bucket:path:` and the like hold the path.
    match file.split_once(':') {
        Some(("git" | "hg" | "s3" | "cargo", rest)) => rest.split(':').nth(1).unwrap_or(file),
        _ => file,
    }
}

fn add_samples(
    thread: &Thread,
    file: &File,
    kinds: &Kinds,
    rows: &[(u32, Option<usize>)],
    builder: &mut Builder,
) -> Result<(), FormatError> {
    let samples = &thread.samples;
    let labels = if kinds.ours { Vec::new() } else { vec![Label::text("thread", &thread.name)] };
    let place = thread.sample_type.as_ref().and_then(|[name, unit]| {
        kinds.types.iter().position(|kind| kind.name == *name && kind.unit == *unit)
    });
    let interval = file.meta.interval * 1e6;
    let mut stack = Vec::new();
    for (at, top) in samples.stack.iter().enumerate() {
        stack.clear();
        let mut row = *top;
        while let Some(here) = row {
            let missing = || wrong(format!("stack {here} of {} stacks", rows.len()));
            let &(location, prefix) = rows.get(here).ok_or_else(missing)?;
            stack.push(location);
            row = prefix.filter(|_| stack.len() < MAX_DEPTH);
        }
        let cell = |column: &Option<Vec<Option<f64>>>| column.as_ref()?.get(at).copied().flatten();
        let weight = cell(&samples.weight).unwrap_or(1.0);
        let values = match place {
            Some(place) => {
                let nanos = kinds.types[place].unit == "nanoseconds";
                let mut values = vec![0; kinds.types.len()];
                values[place] = (if nanos { weight * 1e6 } else { weight }).round() as i64;
                values
            }
            // Of a file whose types are named, what has none of them is no sample of ours.
            None if kinds.ours => continue,
            None => {
                let nanos = match (samples.weight_type.as_deref(), cell(&samples.thread_cpu_delta))
                {
                    (Some("tracing-ms"), _) => weight * 1e6,
                    // Microseconds; the first sample of a thread has none.
                    (_, Some(delta)) => delta * 1e3,
                    (_, None) if samples.thread_cpu_delta.is_some() => 0.0,
                    _ => weight * interval,
                };
                let count = if samples.weight_type.as_deref() == Some("tracing-ms") {
                    1
                } else {
                    weight.round() as i64
                };
                vec![count, nanos.round() as i64]
            }
        };
        if !stack.is_empty() {
            builder.sample(&stack, &values, &labels)?;
        }
    }
    Ok(())
}
