//! The parts of the format that carry stacks. Tables are stored by column.

use serde::{Deserialize, Serialize};

/// What we write; older and newer versions are read as well.
pub(super) const VERSION: u32 = 55;

#[derive(Serialize, Deserialize)]
pub(super) struct File {
    pub meta: Meta,
    #[serde(default)]
    pub libs: Vec<Lib>,
    pub threads: Vec<Thread>,
    /// Since version 56, what the threads share.
    #[serde(default, skip_serializing)]
    pub shared: Option<SharedTables>,
    #[serde(default, skip_deserializing)]
    pub pages: [u8; 0],
    #[serde(default, skip_deserializing)]
    #[serde(rename = "profilerOverhead")]
    pub overhead: [u8; 0],
    #[serde(default, skip_deserializing)]
    pub counters: [u8; 0],
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Meta {
    #[serde(skip_deserializing)]
    pub categories: Vec<Category>,
    #[serde(skip_deserializing)]
    pub debug: bool,
    #[serde(skip_deserializing)]
    pub extensions: Extensions,
    /// Milliseconds between samples.
    pub interval: f64,
    pub preprocessed_profile_version: u32,
    pub process_type: i32,
    pub product: String,
    #[serde(skip_deserializing)]
    pub sample_units: SampleUnits,
    pub start_time: f64,
    pub symbolicated: Option<bool>,
    #[serde(skip_deserializing)]
    pub paused_ranges: [u8; 0],
    pub version: u32,
    #[serde(skip_deserializing)]
    pub uses_only_one_stack_type: bool,
    #[serde(skip_deserializing)]
    pub source_code_is_not_on_searchfox: bool,
    #[serde(skip_deserializing)]
    pub marker_schema: [u8; 0],
    #[serde(skip_deserializing)]
    pub initial_visible_threads: Vec<usize>,
    #[serde(skip_deserializing)]
    pub initial_selected_threads: Vec<usize>,
}

#[derive(Serialize)]
pub(super) struct Category {
    pub name: &'static str,
    pub color: &'static str,
    pub subcategories: [&'static str; 1],
}

#[derive(Default, Serialize)]
pub(super) struct Extensions {
    pub length: u32,
    #[serde(rename = "baseURL")]
    pub base_url: [u8; 0],
    pub id: [u8; 0],
    pub name: [u8; 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SampleUnits {
    pub time: &'static str,
    pub event_delay: &'static str,
    #[serde(rename = "threadCPUDelta")]
    pub thread_cpu_delta: &'static str,
}

impl Default for SampleUnits {
    fn default() -> Self {
        SampleUnits { time: "ms", event_delay: "ms", thread_cpu_delta: "µs" }
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Lib {
    pub name: String,
    pub path: String,
    pub debug_name: String,
    pub debug_path: String,
    pub breakpad_id: String,
    pub code_id: Option<String>,
    pub arch: Option<String>,
}

/// Since version 56 the strings, since 58 all tables.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SharedTables {
    pub string_array: Vec<String>,
    pub frame_table: Option<FrameTable>,
    pub func_table: Option<FuncTable>,
    pub stack_table: Option<StackTable>,
    pub resource_table: Option<ResourceTable>,
    pub sources: Option<Sources>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Sources {
    pub filename: Vec<usize>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Thread {
    pub name: String,
    pub is_main_thread: bool,
    #[serde(skip_deserializing)]
    pub paused_ranges: [u8; 0],
    #[serde(skip_deserializing)]
    pub pid: &'static str,
    pub process_name: Option<String>,
    #[serde(skip_deserializing)]
    pub process_shutdown_time: Option<f64>,
    #[serde(skip_deserializing)]
    pub process_startup_time: f64,
    #[serde(skip_deserializing)]
    pub process_type: &'static str,
    #[serde(skip_deserializing)]
    pub register_time: f64,
    #[serde(skip_deserializing)]
    pub unregister_time: Option<f64>,
    #[serde(skip_deserializing)]
    pub tid: usize,
    #[serde(skip_deserializing)]
    pub show_markers_in_timeline: bool,
    #[serde(skip_deserializing)]
    pub markers: Markers,
    #[serde(skip_deserializing)]
    pub native_symbols: NativeSymbols,
    pub samples: Samples,
    pub frame_table: Option<FrameTable>,
    pub func_table: Option<FuncTable>,
    pub stack_table: Option<StackTable>,
    pub resource_table: Option<ResourceTable>,
    /// Before version 56.
    #[serde(alias = "stringTable")]
    pub string_array: Option<Vec<String>>,
    /// The sample type a thread of ours stands for; the viewer leaves it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_type: Option<[String; 2]>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Markers {
    pub length: u32,
    pub category: [u8; 0],
    pub data: [u8; 0],
    pub end_time: [u8; 0],
    pub name: [u8; 0],
    pub phase: [u8; 0],
    pub start_time: [u8; 0],
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NativeSymbols {
    pub length: u32,
    pub address: [u8; 0],
    pub function_size: [u8; 0],
    pub lib_index: [u8; 0],
    pub name: [u8; 0],
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Samples {
    pub length: usize,
    /// `samples`, `tracing-ms` or `bytes`.
    pub weight_type: Option<String>,
    pub stack: Vec<Option<usize>>,
    pub time_deltas: Option<Vec<f64>>,
    pub weight: Option<Vec<Option<f64>>>,
    #[serde(rename = "threadCPUDelta", skip_serializing_if = "Option::is_none")]
    pub thread_cpu_delta: Option<Vec<Option<f64>>>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct StackTable {
    pub length: usize,
    pub prefix: Vec<Option<usize>>,
    pub frame: Vec<usize>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FrameTable {
    pub length: usize,
    /// −1 where there is none.
    pub address: Vec<i64>,
    pub inline_depth: Vec<u32>,
    pub category: Vec<Option<u32>>,
    pub subcategory: Vec<Option<u32>>,
    pub func: Vec<usize>,
    pub native_symbol: Vec<Option<usize>>,
    #[serde(rename = "innerWindowID")]
    pub inner_window_id: Vec<Option<u64>>,
    pub line: Vec<Option<u32>>,
    pub column: Vec<Option<u32>>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct FuncTable {
    pub length: usize,
    pub name: Vec<usize>,
    #[serde(rename = "isJS")]
    pub is_js: Vec<bool>,
    #[serde(rename = "relevantForJS")]
    pub relevant_for_js: Vec<bool>,
    /// −1 where there is none.
    pub resource: Vec<i64>,
    pub file_name: Vec<Option<usize>>,
    /// Newer files: an index into the shared sources instead of a name.
    #[serde(skip_serializing)]
    pub source: Vec<Option<usize>>,
    pub line_number: Vec<Option<u32>>,
    pub column_number: Vec<Option<u32>>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct ResourceTable {
    pub length: usize,
    pub lib: Vec<Option<usize>>,
    pub name: Vec<usize>,
    pub host: Vec<Option<usize>>,
    #[serde(rename = "type")]
    pub kind: Vec<u32>,
}
