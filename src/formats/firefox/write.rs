//! Writing: a thread per sample type, so that each can be looked at on its own.

use std::io::{self, Write};

use rustc_hash::FxHashMap;

use super::file::{
    Category, File, FrameTable, FuncTable, Lib, Meta, ResourceTable, Samples, StackTable, Thread,
    VERSION,
};
use crate::model::profile::Profile;

/// Writes all sample types.
pub fn write(profile: &Profile, product: &str, out: &mut dyn Write) -> io::Result<()> {
    let shown: Vec<usize> = (0..profile.sample_types.len())
        .filter(|&at| profile.samples.iter().any(|sample| sample.values[at] != 0))
        .collect();
    let selected = profile.default_sample_type.or(profile.sample_types.len().checked_sub(1));
    let selected = shown.iter().position(|&at| Some(at) == selected).unwrap_or(0);
    let libs = profile.mappings.iter().map(|mapping| {
        let name = mapping.filename.rsplit('/').next().unwrap_or_default().to_owned();
        Lib {
            debug_name: name.clone(),
            name,
            path: mapping.filename.clone(),
            debug_path: mapping.filename.clone(),
            breakpad_id: String::new(),
            code_id: Some(mapping.build_id.clone()).filter(|id| !id.is_empty()),
            arch: None,
        }
    });
    let interval = if profile.period_type.as_ref().is_some_and(|kind| kind.unit == "nanoseconds") {
        profile.period as f64 / 1e6
    } else {
        0.0
    };
    let file = File {
        meta: Meta {
            categories: vec![Category { name: "Other", color: "grey", subcategories: ["Other"] }],
            interval: if interval > 0.0 { interval } else { 1.0 },
            preprocessed_profile_version: VERSION,
            product: product.to_owned(),
            start_time: profile.time_nanos as f64 / 1e6,
            symbolicated: Some(true),
            version: 24,
            uses_only_one_stack_type: true,
            source_code_is_not_on_searchfox: true,
            initial_visible_threads: (0..shown.len()).collect(),
            initial_selected_threads: if shown.is_empty() { Vec::new() } else { vec![selected] },
            ..Meta::default()
        },
        libs: libs.collect(),
        threads: shown.iter().map(|&at| thread(profile, at, product)).collect(),
        shared: None,
        pages: [],
        overhead: [],
        counters: [],
    };
    serde_json::to_writer(&mut *out, &file).map_err(io::Error::from)
}

/// The tables of one thread while they are filled.
#[derive(Default)]
struct Tables {
    strings: Vec<String>,
    string_places: FxHashMap<String, usize>,
    funcs: FuncTable,
    func_places: FxHashMap<(u32, i64), usize>,
    frames: FrameTable,
    stacks: StackTable,
    stack_places: FxHashMap<(Option<usize>, usize), usize>,
    resources: ResourceTable,
    resource_places: FxHashMap<u32, i64>,
}

impl Tables {
    fn string(&mut self, text: &str) -> usize {
        if let Some(&place) = self.string_places.get(text) {
            return place;
        }
        let place = self.strings.len();
        self.strings.push(text.to_owned());
        self.string_places.insert(text.to_owned(), place);
        place
    }

    fn resource(&mut self, profile: &Profile, mapping: Option<u32>) -> i64 {
        let Some(mapping) = mapping else { return -1 };
        if let Some(&place) = self.resource_places.get(&mapping) {
            return place;
        }
        let path = &profile.mappings[mapping as usize].filename;
        let name = self.string(path.rsplit('/').next().unwrap_or_default());
        let table = &mut self.resources;
        table.lib.push(Some(mapping as usize));
        table.name.push(name);
        table.host.push(None);
        // A library.
        table.kind.push(1);
        table.length += 1;
        let place = table.length as i64 - 1;
        self.resource_places.insert(mapping, place);
        place
    }

    fn func(&mut self, name: &str, file: Option<&str>, start: u32, resource: i64) -> usize {
        let name = self.string(name);
        let file = file.map(|file| self.string(file));
        let table = &mut self.funcs;
        table.name.push(name);
        table.is_js.push(false);
        table.relevant_for_js.push(false);
        table.resource.push(resource);
        table.file_name.push(file);
        table.line_number.push(some(start));
        table.column_number.push(None);
        table.length += 1;
        table.length - 1
    }

    fn frame(&mut self, func: usize, address: u64, depth: usize, place: (u32, u32)) -> usize {
        let table = &mut self.frames;
        // The format's addresses are relative to the library, and no larger than this.
        table.address.push(i64::try_from(address).ok().filter(|&at| at > 0).unwrap_or(-1));
        table.inline_depth.push(depth as u32);
        table.category.push(Some(0));
        table.subcategory.push(Some(0));
        table.func.push(func);
        table.native_symbol.push(None);
        table.inner_window_id.push(Some(0));
        table.line.push(some(place.0));
        table.column.push(some(place.1));
        table.length += 1;
        table.length - 1
    }

    fn stack(&mut self, prefix: Option<usize>, frame: usize) -> usize {
        let table = &mut self.stacks;
        *self.stack_places.entry((prefix, frame)).or_insert_with(|| {
            table.prefix.push(prefix);
            table.frame.push(frame);
            table.length += 1;
            table.length - 1
        })
    }
}

fn some(number: u32) -> Option<u32> {
    (number != 0).then_some(number)
}

/// The frames of each location, outermost first.
fn frames(profile: &Profile, tables: &mut Tables) -> Vec<Vec<usize>> {
    let mut of_location = Vec::with_capacity(profile.locations.len());
    for location in &profile.locations {
        let resource = tables.resource(profile, location.mapping);
        let start = location.mapping.map_or(0, |at| {
            let mapping = &profile.mappings[at as usize];
            mapping.start.wrapping_sub(mapping.offset)
        });
        let address = location.address.wrapping_sub(start);
        let mut frames = Vec::new();
        if location.lines.is_empty() {
            let func = tables.func(&format!("{address:#x}"), None, 0, resource);
            frames.push(tables.frame(func, address, 0, (0, 0)));
        }
        for (depth, line) in location.lines.iter().rev().enumerate() {
            let key = (line.function, resource);
            let func = match tables.func_places.get(&key) {
                Some(&func) => func,
                None => {
                    let function = &profile.functions[line.function as usize];
                    let file = Some(function.filename.as_str()).filter(|file| !file.is_empty());
                    let func = tables.func(&function.name, file, function.start_line, resource);
                    tables.func_places.insert(key, func);
                    func
                }
            };
            frames.push(tables.frame(func, address, depth, (line.line, line.column)));
        }
        of_location.push(frames);
    }
    of_location
}

fn thread(profile: &Profile, at: usize, product: &str) -> Thread {
    let kind = &profile.sample_types[at];
    let nanos = kind.unit == "nanoseconds";
    let weight_type = match kind.unit.as_str() {
        "nanoseconds" => "tracing-ms",
        "bytes" => "bytes",
        _ => "samples",
    };
    let mut tables = Tables::default();
    let of_location = frames(profile, &mut tables);
    let mut samples = Samples { weight_type: Some(weight_type.to_owned()), ..Samples::default() };
    let (mut deltas, mut weights) = (Vec::new(), Vec::new());
    for sample in profile.samples.iter().filter(|sample| sample.values[at] != 0) {
        let mut stack = None;
        for &location in sample.stack.iter().rev() {
            for &frame in &of_location[location as usize] {
                stack = Some(tables.stack(stack, frame));
            }
        }
        let value = sample.values[at] as f64;
        let weight = if nanos { value / 1e6 } else { value };
        samples.stack.push(stack);
        // No sample has a time of its own: they stand one behind the other.
        deltas.push(if nanos { weight.abs() } else { 1.0 });
        weights.push(Some(weight));
        samples.length += 1;
    }
    samples.time_deltas = Some(deltas);
    samples.weight = Some(weights);
    Thread {
        name: kind.name.clone(),
        is_main_thread: false,
        pid: "1",
        process_name: Some(product.to_owned()),
        process_type: "default",
        tid: at + 1,
        samples,
        frame_table: Some(tables.frames),
        func_table: Some(tables.funcs),
        stack_table: Some(tables.stacks),
        resource_table: Some(tables.resources),
        string_array: Some(tables.strings),
        sample_type: Some([kind.name.clone(), kind.unit.clone()]),
        ..Thread::default()
    }
}
