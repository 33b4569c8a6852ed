//! The fixtures, compiled. Generated from the folders; a test holds them together.

pub mod bench_grows_with_iteration {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_grows_with_iteration/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_grows_with_iteration/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_grows_with_iteration/look_alike.rs"]
    pub mod look_alike;
}

pub mod bench_result_unused {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_result_unused/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_result_unused/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_result_unused/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_result_unused/look_alike.rs"]
    pub mod look_alike;
}

pub mod bench_setup_timed {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_setup_timed/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_setup_timed/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../bench_setup_timed/look_alike.rs"]
    pub mod look_alike;
}

pub mod blocking_call_in_async {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../blocking_call_in_async/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../blocking_call_in_async/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../blocking_call_in_async/look_alike.rs"]
    pub mod look_alike;
}

pub mod buffer_per_iteration {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../buffer_per_iteration/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../buffer_per_iteration/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../buffer_per_iteration/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../buffer_per_iteration/look_alike.rs"]
    pub mod look_alike;
}

pub mod cloned_to_walk {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../cloned_to_walk/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../cloned_to_walk/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../cloned_to_walk/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../cloned_to_walk/look_alike.rs"]
    pub mod look_alike;
}

pub mod copied_out_buffer {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../copied_out_buffer/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../copied_out_buffer/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../copied_out_buffer/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../copied_out_buffer/look_alike.rs"]
    pub mod look_alike;
}

pub mod double_lookup {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../double_lookup/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../double_lookup/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../double_lookup/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../double_lookup/look_alike.rs"]
    pub mod look_alike;
}

pub mod format_for_one_value {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../format_for_one_value/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../format_for_one_value/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../format_for_one_value/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../format_for_one_value/look_alike.rs"]
    pub mod look_alike;
}

pub mod guard_across_slow_call {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../guard_across_slow_call/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../guard_across_slow_call/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../guard_across_slow_call/look_alike.rs"]
    pub mod look_alike;
}

pub mod invariant_call_in_loop {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../invariant_call_in_loop/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../invariant_call_in_loop/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../invariant_call_in_loop/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../invariant_call_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod large_copy {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../large_copy/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../large_copy/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../large_copy/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../large_copy/look_alike.rs"]
    pub mod look_alike;
}

pub mod linear_scan_in_loop {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../linear_scan_in_loop/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../linear_scan_in_loop/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../linear_scan_in_loop/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../linear_scan_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod lock_contention {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../lock_contention/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../lock_contention/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../lock_contention/look_alike.rs"]
    pub mod look_alike;
}

pub mod lock_in_loop {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../lock_in_loop/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../lock_in_loop/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../lock_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod owned_map_key {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../owned_map_key/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../owned_map_key/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../owned_map_key/look_alike.rs"]
    pub mod look_alike;
}

pub mod query_per_row {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../query_per_row/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../query_per_row/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../query_per_row/look_alike.rs"]
    pub mod look_alike;
}

pub mod recased_to_compare {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../recased_to_compare/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../recased_to_compare/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../recased_to_compare/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../recased_to_compare/look_alike.rs"]
    pub mod look_alike;
}

pub mod recompiled_regex {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../recompiled_regex/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../recompiled_regex/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../recompiled_regex/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../recompiled_regex/look_alike.rs"]
    pub mod look_alike;
}

pub mod reread_file {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../reread_file/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../reread_file/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../reread_file/look_alike.rs"]
    pub mod look_alike;
}

pub mod retained_memory {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../retained_memory/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../retained_memory/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../retained_memory/look_alike.rs"]
    pub mod look_alike;
}

pub mod serial_wait {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../serial_wait/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../serial_wait/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../serial_wait/look_alike.rs"]
    pub mod look_alike;
}

pub mod shared_write {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../shared_write/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../shared_write/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../shared_write/look_alike.rs"]
    pub mod look_alike;
}

pub mod slow_hasher {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../slow_hasher/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../slow_hasher/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../slow_hasher/look_alike.rs"]
    pub mod look_alike;
}

pub mod sort_in_loop {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../sort_in_loop/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../sort_in_loop/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../sort_in_loop/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../sort_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod string_concat_in_loop {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../string_concat_in_loop/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../string_concat_in_loop/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../string_concat_in_loop/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../string_concat_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod suppression {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../suppression/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../suppression/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../suppression/look_alike.rs"]
    pub mod look_alike;
}

pub mod sync_guard_across_await {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../sync_guard_across_await/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../sync_guard_across_await/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../sync_guard_across_await/look_alike.rs"]
    pub mod look_alike;
}

pub mod unbounded_queue {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbounded_queue/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbounded_queue/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbounded_queue/look_alike.rs"]
    pub mod look_alike;
}

pub mod unbounded_spawn {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbounded_spawn/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbounded_spawn/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbounded_spawn/look_alike.rs"]
    pub mod look_alike;
}

pub mod unbuffered_io {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbuffered_io/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbuffered_io/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbuffered_io/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unbuffered_io/look_alike.rs"]
    pub mod look_alike;
}

pub mod unpreallocated_map {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_map/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_map/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_map/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_map/look_alike.rs"]
    pub mod look_alike;
}

pub mod unpreallocated_string {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_string/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_string/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_string/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_string/look_alike.rs"]
    pub mod look_alike;
}

pub mod unpreallocated_vec {
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_vec/cold.rs"]
    pub mod cold;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_vec/fires.rs"]
    pub mod fires;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_vec/fires.fixed"]
    pub mod fires_fixed;
    #[rustfmt::skip]
    #[allow(warnings, clippy::all)]
    #[path = "../unpreallocated_vec/look_alike.rs"]
    pub mod look_alike;
}

/// What makes a fixture do its work and say what came of it.
pub type Run = fn() -> String;

/// Each rewritten fixture: before and after.
pub const PAIRS: &[(&str, Run, Run)] = &[
    ("bench_result_unused/fires", bench_result_unused::fires::run, bench_result_unused::fires_fixed::run),
    ("buffer_per_iteration/fires", buffer_per_iteration::fires::run, buffer_per_iteration::fires_fixed::run),
    ("cloned_to_walk/fires", cloned_to_walk::fires::run, cloned_to_walk::fires_fixed::run),
    ("copied_out_buffer/fires", copied_out_buffer::fires::run, copied_out_buffer::fires_fixed::run),
    ("double_lookup/fires", double_lookup::fires::run, double_lookup::fires_fixed::run),
    ("format_for_one_value/fires", format_for_one_value::fires::run, format_for_one_value::fires_fixed::run),
    ("invariant_call_in_loop/fires", invariant_call_in_loop::fires::run, invariant_call_in_loop::fires_fixed::run),
    ("large_copy/fires", large_copy::fires::run, large_copy::fires_fixed::run),
    ("linear_scan_in_loop/fires", linear_scan_in_loop::fires::run, linear_scan_in_loop::fires_fixed::run),
    ("recased_to_compare/fires", recased_to_compare::fires::run, recased_to_compare::fires_fixed::run),
    ("recompiled_regex/fires", recompiled_regex::fires::run, recompiled_regex::fires_fixed::run),
    ("sort_in_loop/fires", sort_in_loop::fires::run, sort_in_loop::fires_fixed::run),
    ("string_concat_in_loop/fires", string_concat_in_loop::fires::run, string_concat_in_loop::fires_fixed::run),
    ("unbuffered_io/fires", unbuffered_io::fires::run, unbuffered_io::fires_fixed::run),
    ("unpreallocated_map/fires", unpreallocated_map::fires::run, unpreallocated_map::fires_fixed::run),
    ("unpreallocated_string/fires", unpreallocated_string::fires::run, unpreallocated_string::fires_fixed::run),
    ("unpreallocated_vec/fires", unpreallocated_vec::fires::run, unpreallocated_vec::fires_fixed::run),
];
