//! The fixtures, compiled. Generated from the folders; a test holds them together.

// They hold what is wrong on purpose, laid out as the tests need it.
#![allow(warnings, clippy::all)]

pub mod bench_grows_with_iteration {
    #[path = "../bench_grows_with_iteration/cold.rs"]
    pub mod cold;
    #[path = "../bench_grows_with_iteration/fires.rs"]
    pub mod fires;
    #[path = "../bench_grows_with_iteration/look_alike.rs"]
    pub mod look_alike;
}

pub mod bench_result_unused {
    #[path = "../bench_result_unused/cold.rs"]
    pub mod cold;
    #[path = "../bench_result_unused/cold_allocates.rs"]
    pub mod cold_allocates;
    #[path = "../bench_result_unused/fires.rs"]
    pub mod fires;
    #[path = "../bench_result_unused/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../bench_result_unused/fires_hot.rs"]
    pub mod fires_hot;
    #[path = "../bench_result_unused/fires_hot.fixed"]
    pub mod fires_hot_fixed;
    #[path = "../bench_result_unused/look_alike.rs"]
    pub mod look_alike;
}

pub mod bench_setup_timed {
    #[path = "../bench_setup_timed/cold.rs"]
    pub mod cold;
    #[path = "../bench_setup_timed/fires.rs"]
    pub mod fires;
    #[path = "../bench_setup_timed/look_alike.rs"]
    pub mod look_alike;
}

pub mod blocking_call_in_async {
    #[path = "../blocking_call_in_async/cold.rs"]
    pub mod cold;
    #[path = "../blocking_call_in_async/fires.rs"]
    pub mod fires;
    #[path = "../blocking_call_in_async/look_alike.rs"]
    pub mod look_alike;
}

pub mod boxed_iterator {
    #[path = "../boxed_iterator/cold.rs"]
    pub mod cold;
    #[path = "../boxed_iterator/fires.rs"]
    pub mod fires;
    #[path = "../boxed_iterator/look_alike.rs"]
    pub mod look_alike;
}

pub mod buffer_per_iteration {
    #[path = "../buffer_per_iteration/cold.rs"]
    pub mod cold;
    #[path = "../buffer_per_iteration/fires.rs"]
    pub mod fires;
    #[path = "../buffer_per_iteration/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../buffer_per_iteration/look_alike.rs"]
    pub mod look_alike;
}

pub mod cloned_at_last_use {
    #[path = "../cloned_at_last_use/cold.rs"]
    pub mod cold;
    #[path = "../cloned_at_last_use/fires.rs"]
    pub mod fires;
    #[path = "../cloned_at_last_use/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../cloned_at_last_use/look_alike.rs"]
    pub mod look_alike;
}

pub mod cloned_to_assign {
    #[path = "../cloned_to_assign/cold.rs"]
    pub mod cold;
    #[path = "../cloned_to_assign/fires.rs"]
    pub mod fires;
    #[path = "../cloned_to_assign/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../cloned_to_assign/look_alike.rs"]
    pub mod look_alike;
}

pub mod cloned_to_borrow {
    #[path = "../cloned_to_borrow/cold.rs"]
    pub mod cold;
    #[path = "../cloned_to_borrow/fires.rs"]
    pub mod fires;
    #[path = "../cloned_to_borrow/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../cloned_to_borrow/look_alike.rs"]
    pub mod look_alike;
}

pub mod cloned_to_walk {
    #[path = "../cloned_to_walk/cold.rs"]
    pub mod cold;
    #[path = "../cloned_to_walk/fires.rs"]
    pub mod fires;
    #[path = "../cloned_to_walk/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../cloned_to_walk/look_alike.rs"]
    pub mod look_alike;
}

pub mod collected_once {
    #[path = "../collected_once/cold.rs"]
    pub mod cold;
    #[path = "../collected_once/fires.rs"]
    pub mod fires;
    #[path = "../collected_once/fires_appended.rs"]
    pub mod fires_appended;
    #[path = "../collected_once/look_alike.rs"]
    pub mod look_alike;
}

pub mod copied_out_buffer {
    #[path = "../copied_out_buffer/cold.rs"]
    pub mod cold;
    #[path = "../copied_out_buffer/fires.rs"]
    pub mod fires;
    #[path = "../copied_out_buffer/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../copied_out_buffer/look_alike.rs"]
    pub mod look_alike;
}

pub mod decoded_again {
    #[path = "../decoded_again/cold.rs"]
    pub mod cold;
    #[path = "../decoded_again/fires.rs"]
    pub mod fires;
    #[path = "../decoded_again/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../decoded_again/look_alike.rs"]
    pub mod look_alike;
}

pub mod double_lookup {
    #[path = "../double_lookup/cold.rs"]
    pub mod cold;
    #[path = "../double_lookup/fires.rs"]
    pub mod fires;
    #[path = "../double_lookup/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../double_lookup/look_alike.rs"]
    pub mod look_alike;
}

pub mod eager_default {
    #[path = "../eager_default/cold.rs"]
    pub mod cold;
    #[path = "../eager_default/fires.rs"]
    pub mod fires;
    #[path = "../eager_default/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../eager_default/look_alike.rs"]
    pub mod look_alike;
}

pub mod format_for_one_value {
    #[path = "../format_for_one_value/cold.rs"]
    pub mod cold;
    #[path = "../format_for_one_value/fires.rs"]
    pub mod fires;
    #[path = "../format_for_one_value/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../format_for_one_value/look_alike.rs"]
    pub mod look_alike;
}

pub mod guard_across_slow_call {
    #[path = "../guard_across_slow_call/cold.rs"]
    pub mod cold;
    #[path = "../guard_across_slow_call/fires.rs"]
    pub mod fires;
    #[path = "../guard_across_slow_call/look_alike.rs"]
    pub mod look_alike;
}

pub mod invariant_call_in_loop {
    #[path = "../invariant_call_in_loop/cold.rs"]
    pub mod cold;
    #[path = "../invariant_call_in_loop/fires.rs"]
    pub mod fires;
    #[path = "../invariant_call_in_loop/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../invariant_call_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod large_copy {
    #[path = "../large_copy/cold.rs"]
    pub mod cold;
    #[path = "../large_copy/fires.rs"]
    pub mod fires;
    #[path = "../large_copy/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../large_copy/look_alike.rs"]
    pub mod look_alike;
}

pub mod linear_scan_in_loop {
    #[path = "../linear_scan_in_loop/cold.rs"]
    pub mod cold;
    #[path = "../linear_scan_in_loop/fires.rs"]
    pub mod fires;
    #[path = "../linear_scan_in_loop/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../linear_scan_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod lock_contention {
    #[path = "../lock_contention/cold.rs"]
    pub mod cold;
    #[path = "../lock_contention/fires.rs"]
    pub mod fires;
    #[path = "../lock_contention/look_alike.rs"]
    pub mod look_alike;
}

pub mod lock_in_loop {
    #[path = "../lock_in_loop/cold.rs"]
    pub mod cold;
    #[path = "../lock_in_loop/cold_reads.rs"]
    pub mod cold_reads;
    #[path = "../lock_in_loop/fires.rs"]
    pub mod fires;
    #[path = "../lock_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod owned_map_key {
    #[path = "../owned_map_key/cold.rs"]
    pub mod cold;
    #[path = "../owned_map_key/fires.rs"]
    pub mod fires;
    #[path = "../owned_map_key/look_alike.rs"]
    pub mod look_alike;
}

pub mod query_per_row {
    #[path = "../query_per_row/cold.rs"]
    pub mod cold;
    #[path = "../query_per_row/fires.rs"]
    pub mod fires;
    #[path = "../query_per_row/look_alike.rs"]
    pub mod look_alike;
}

pub mod recased_to_compare {
    #[path = "../recased_to_compare/cold.rs"]
    pub mod cold;
    #[path = "../recased_to_compare/fires.rs"]
    pub mod fires;
    #[path = "../recased_to_compare/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../recased_to_compare/look_alike.rs"]
    pub mod look_alike;
}

pub mod recompiled_regex {
    #[path = "../recompiled_regex/cold.rs"]
    pub mod cold;
    #[path = "../recompiled_regex/fires.rs"]
    pub mod fires;
    #[path = "../recompiled_regex/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../recompiled_regex/look_alike.rs"]
    pub mod look_alike;
}

pub mod reread_file {
    #[path = "../reread_file/cold.rs"]
    pub mod cold;
    #[path = "../reread_file/fires.rs"]
    pub mod fires;
    #[path = "../reread_file/look_alike.rs"]
    pub mod look_alike;
}

pub mod retained_memory {
    #[path = "../retained_memory/cold.rs"]
    pub mod cold;
    #[path = "../retained_memory/fires.rs"]
    pub mod fires;
    #[path = "../retained_memory/look_alike.rs"]
    pub mod look_alike;
}

pub mod searched_twice {
    #[path = "../searched_twice/cold.rs"]
    pub mod cold;
    #[path = "../searched_twice/fires.rs"]
    pub mod fires;
    #[path = "../searched_twice/look_alike.rs"]
    pub mod look_alike;
}

pub mod serial_wait {
    #[path = "../serial_wait/cold.rs"]
    pub mod cold;
    #[path = "../serial_wait/fires.rs"]
    pub mod fires;
    #[path = "../serial_wait/look_alike.rs"]
    pub mod look_alike;
}

pub mod shared_write {
    #[path = "../shared_write/cold.rs"]
    pub mod cold;
    #[path = "../shared_write/fires.rs"]
    pub mod fires;
    #[path = "../shared_write/look_alike.rs"]
    pub mod look_alike;
}

pub mod slow_hasher {
    #[path = "../slow_hasher/cold.rs"]
    pub mod cold;
    #[path = "../slow_hasher/fires.rs"]
    pub mod fires;
    #[path = "../slow_hasher/fires_collected.rs"]
    pub mod fires_collected;
    #[path = "../slow_hasher/fires_field.rs"]
    pub mod fires_field;
    #[path = "../slow_hasher/fires_file.rs"]
    pub mod fires_file;
    #[path = "../slow_hasher/fires_shown.rs"]
    pub mod fires_shown;
    #[path = "../slow_hasher/look_alike.rs"]
    pub mod look_alike;
}

pub mod sort_in_loop {
    #[path = "../sort_in_loop/cold.rs"]
    pub mod cold;
    #[path = "../sort_in_loop/fires.rs"]
    pub mod fires;
    #[path = "../sort_in_loop/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../sort_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod string_concat_in_loop {
    #[path = "../string_concat_in_loop/cold.rs"]
    pub mod cold;
    #[path = "../string_concat_in_loop/fires.rs"]
    pub mod fires;
    #[path = "../string_concat_in_loop/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../string_concat_in_loop/look_alike.rs"]
    pub mod look_alike;
}

pub mod suppression {
    #[path = "../suppression/cold.rs"]
    pub mod cold;
    #[path = "../suppression/fires.rs"]
    pub mod fires;
    #[path = "../suppression/look_alike.rs"]
    pub mod look_alike;
}

pub mod sync_guard_across_await {
    #[path = "../sync_guard_across_await/cold.rs"]
    pub mod cold;
    #[path = "../sync_guard_across_await/fires.rs"]
    pub mod fires;
    #[path = "../sync_guard_across_await/look_alike.rs"]
    pub mod look_alike;
}

pub mod unbounded_queue {
    #[path = "../unbounded_queue/cold.rs"]
    pub mod cold;
    #[path = "../unbounded_queue/fires.rs"]
    pub mod fires;
    #[path = "../unbounded_queue/look_alike.rs"]
    pub mod look_alike;
}

pub mod unbounded_spawn {
    #[path = "../unbounded_spawn/cold.rs"]
    pub mod cold;
    #[path = "../unbounded_spawn/fires.rs"]
    pub mod fires;
    #[path = "../unbounded_spawn/look_alike.rs"]
    pub mod look_alike;
}

pub mod unbuffered_io {
    #[path = "../unbuffered_io/cold.rs"]
    pub mod cold;
    #[path = "../unbuffered_io/fires.rs"]
    pub mod fires;
    #[path = "../unbuffered_io/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../unbuffered_io/look_alike.rs"]
    pub mod look_alike;
}

pub mod unpreallocated_map {
    #[path = "../unpreallocated_map/cold.rs"]
    pub mod cold;
    #[path = "../unpreallocated_map/fires.rs"]
    pub mod fires;
    #[path = "../unpreallocated_map/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../unpreallocated_map/look_alike.rs"]
    pub mod look_alike;
}

pub mod unpreallocated_string {
    #[path = "../unpreallocated_string/cold.rs"]
    pub mod cold;
    #[path = "../unpreallocated_string/fires.rs"]
    pub mod fires;
    #[path = "../unpreallocated_string/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../unpreallocated_string/look_alike.rs"]
    pub mod look_alike;
}

pub mod unpreallocated_vec {
    #[path = "../unpreallocated_vec/cold.rs"]
    pub mod cold;
    #[path = "../unpreallocated_vec/fires.rs"]
    pub mod fires;
    #[path = "../unpreallocated_vec/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../unpreallocated_vec/look_alike.rs"]
    pub mod look_alike;
}

pub mod walked_too_far {
    #[path = "../walked_too_far/cold.rs"]
    pub mod cold;
    #[path = "../walked_too_far/fires.rs"]
    pub mod fires;
    #[path = "../walked_too_far/fires.fixed"]
    pub mod fires_fixed;
    #[path = "../walked_too_far/look_alike.rs"]
    pub mod look_alike;
}

pub mod written_one_by_one {
    #[path = "../written_one_by_one/cold.rs"]
    pub mod cold;
    #[path = "../written_one_by_one/fires.rs"]
    pub mod fires;
    #[path = "../written_one_by_one/look_alike.rs"]
    pub mod look_alike;
}

/// What makes a fixture do its work and say what came of it.
pub type Run = fn() -> String;

/// Each rewritten fixture: before and after.
pub const PAIRS: &[(&str, Run, Run)] = &[
    ("bench_result_unused/fires", bench_result_unused::fires::run, bench_result_unused::fires_fixed::run),
    ("bench_result_unused/fires_hot", bench_result_unused::fires_hot::run, bench_result_unused::fires_hot_fixed::run),
    ("buffer_per_iteration/fires", buffer_per_iteration::fires::run, buffer_per_iteration::fires_fixed::run),
    ("cloned_at_last_use/fires", cloned_at_last_use::fires::run, cloned_at_last_use::fires_fixed::run),
    ("cloned_to_assign/fires", cloned_to_assign::fires::run, cloned_to_assign::fires_fixed::run),
    ("cloned_to_borrow/fires", cloned_to_borrow::fires::run, cloned_to_borrow::fires_fixed::run),
    ("cloned_to_walk/fires", cloned_to_walk::fires::run, cloned_to_walk::fires_fixed::run),
    ("copied_out_buffer/fires", copied_out_buffer::fires::run, copied_out_buffer::fires_fixed::run),
    ("decoded_again/fires", decoded_again::fires::run, decoded_again::fires_fixed::run),
    ("double_lookup/fires", double_lookup::fires::run, double_lookup::fires_fixed::run),
    ("eager_default/fires", eager_default::fires::run, eager_default::fires_fixed::run),
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
    ("walked_too_far/fires", walked_too_far::fires::run, walked_too_far::fires_fixed::run),
];
