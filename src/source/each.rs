//! Work on many files at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use super::syntax::forget_spans;

/// Trees are as deep as the code nests; the walk over them recurses.
const STACK: usize = 256 << 20;

/// Applies a function to every file, on all processors; the results are in the order of the files.
pub fn each<I: Sync, T: Send>(files: &[I], apply: impl Fn(usize, &I) -> T + Sync) -> Vec<T> {
    each_heaviest_first(files, |_| 0, apply)
}

/// The same, the heaviest files first: none of them is begun when all others are done.
pub fn each_heaviest_first<I: Sync, T: Send>(
    files: &[I],
    weight: impl Fn(&I) -> usize,
    apply: impl Fn(usize, &I) -> T + Sync,
) -> Vec<T> {
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(weight(&files[at])));
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, T)>> = Mutex::new(Vec::with_capacity(files.len()));
    let work = || {
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            let Some(&at) = order.get(turn) else { return };
            let result = apply(at, &files[at]);
            forget_spans();
            results.lock().unwrap_or_else(PoisonError::into_inner).push((at, result));
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from).min(files.len());
    thread::scope(|scope| {
        for _ in 0..workers {
            let builder = thread::Builder::new().stack_size(STACK);
            if builder.spawn_scoped(scope, work).is_err() {
                // No thread to be had: this one does the work after the others.
                break;
            }
        }
    });
    work();
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}
