//! The lints, one file each. This list is generated from the folder; a test holds them together.

use crate::lint::Entry;

pub mod bench_grows_with_iteration;
pub mod bench_result_unused;
pub mod bench_setup_timed;
pub mod blocking_call_in_async;
pub mod boxed_iterator;
pub mod buffer_per_iteration;
pub mod cloned_at_last_use;
pub mod cloned_to_assign;
pub mod cloned_to_borrow;
pub mod cloned_to_walk;
pub mod collected_once;
pub mod copied_out_buffer;
pub mod decoded_again;
pub mod double_lookup;
pub mod eager_default;
pub mod format_for_one_value;
pub mod guard_across_slow_call;
pub mod invariant_call_in_loop;
pub mod large_copy;
pub mod linear_scan_in_loop;
pub mod lock_contention;
pub mod lock_in_loop;
pub mod owned_map_key;
pub mod query_per_row;
pub mod recased_to_compare;
pub mod recompiled_regex;
pub mod reread_file;
pub mod retained_memory;
pub mod searched_twice;
pub mod serial_wait;
pub mod shared_write;
pub mod slow_hasher;
pub mod sort_in_loop;
pub mod string_concat_in_loop;
pub mod suppression;
pub mod sync_guard_across_await;
pub mod unbounded_queue;
pub mod unbounded_spawn;
pub mod unbuffered_io;
pub mod unpreallocated_map;
pub mod unpreallocated_string;
pub mod unpreallocated_vec;
pub mod walked_too_far;
pub mod written_one_by_one;

/// Every lint, by name.
pub static ALL: &[Entry] = &[
    Entry::new(&bench_grows_with_iteration::LINT, include_str!("bench_grows_with_iteration.rs")),
    Entry::new(&bench_result_unused::LINT, include_str!("bench_result_unused.rs")),
    Entry::new(&bench_setup_timed::LINT, include_str!("bench_setup_timed.rs")),
    Entry::new(&blocking_call_in_async::LINT, include_str!("blocking_call_in_async.rs")),
    Entry::new(&boxed_iterator::LINT, include_str!("boxed_iterator.rs")),
    Entry::new(&buffer_per_iteration::LINT, include_str!("buffer_per_iteration.rs")),
    Entry::new(&cloned_at_last_use::LINT, include_str!("cloned_at_last_use.rs")),
    Entry::new(&cloned_to_assign::LINT, include_str!("cloned_to_assign.rs")),
    Entry::new(&cloned_to_borrow::LINT, include_str!("cloned_to_borrow.rs")),
    Entry::new(&cloned_to_walk::LINT, include_str!("cloned_to_walk.rs")),
    Entry::new(&collected_once::LINT, include_str!("collected_once.rs")),
    Entry::new(&copied_out_buffer::LINT, include_str!("copied_out_buffer.rs")),
    Entry::new(&decoded_again::LINT, include_str!("decoded_again.rs")),
    Entry::new(&double_lookup::LINT, include_str!("double_lookup.rs")),
    Entry::new(&eager_default::LINT, include_str!("eager_default.rs")),
    Entry::new(&format_for_one_value::LINT, include_str!("format_for_one_value.rs")),
    Entry::new(&guard_across_slow_call::LINT, include_str!("guard_across_slow_call.rs")),
    Entry::new(&invariant_call_in_loop::LINT, include_str!("invariant_call_in_loop.rs")),
    Entry::new(&large_copy::LINT, include_str!("large_copy.rs")),
    Entry::new(&linear_scan_in_loop::LINT, include_str!("linear_scan_in_loop.rs")),
    Entry::new(&lock_contention::LINT, include_str!("lock_contention.rs")),
    Entry::new(&lock_in_loop::LINT, include_str!("lock_in_loop.rs")),
    Entry::new(&owned_map_key::LINT, include_str!("owned_map_key.rs")),
    Entry::new(&query_per_row::LINT, include_str!("query_per_row.rs")),
    Entry::new(&recased_to_compare::LINT, include_str!("recased_to_compare.rs")),
    Entry::new(&recompiled_regex::LINT, include_str!("recompiled_regex.rs")),
    Entry::new(&reread_file::LINT, include_str!("reread_file.rs")),
    Entry::new(&retained_memory::LINT, include_str!("retained_memory.rs")),
    Entry::new(&searched_twice::LINT, include_str!("searched_twice.rs")),
    Entry::new(&serial_wait::LINT, include_str!("serial_wait.rs")),
    Entry::new(&shared_write::LINT, include_str!("shared_write.rs")),
    Entry::new(&slow_hasher::LINT, include_str!("slow_hasher.rs")),
    Entry::new(&sort_in_loop::LINT, include_str!("sort_in_loop.rs")),
    Entry::new(&string_concat_in_loop::LINT, include_str!("string_concat_in_loop.rs")),
    Entry::new(&suppression::LINT, include_str!("suppression.rs")),
    Entry::new(&sync_guard_across_await::LINT, include_str!("sync_guard_across_await.rs")),
    Entry::new(&unbounded_queue::LINT, include_str!("unbounded_queue.rs")),
    Entry::new(&unbounded_spawn::LINT, include_str!("unbounded_spawn.rs")),
    Entry::new(&unbuffered_io::LINT, include_str!("unbuffered_io.rs")),
    Entry::new(&unpreallocated_map::LINT, include_str!("unpreallocated_map.rs")),
    Entry::new(&unpreallocated_string::LINT, include_str!("unpreallocated_string.rs")),
    Entry::new(&unpreallocated_vec::LINT, include_str!("unpreallocated_vec.rs")),
    Entry::new(&walked_too_far::LINT, include_str!("walked_too_far.rs")),
    Entry::new(&written_one_by_one::LINT, include_str!("written_one_by_one.rs")),
];
