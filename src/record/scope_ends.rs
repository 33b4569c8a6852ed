//! Waits for the threads of a scope, which are no waits for a lock: that a thread is joined is not
//! counted either. They reach the same futex, so only their stacks tell them apart.

use crate::model::profile::{BenchTotals, Profile, Sample};

/// Takes them out of the samples and the counters. Tells whether there were any.
pub(super) fn take_out(profile: &mut Profile, benches: &mut [BenchTotals]) -> bool {
    let is_of_locks: Vec<bool> =
        profile.sample_types.iter().map(|kind| kind.name.starts_with("lock_")).collect();
    let mut samples = std::mem::take(&mut profile.samples);
    let mut found = false;
    for sample in &mut samples {
        let waited = is_of_locks.iter().zip(&sample.values).any(|(&is, &value)| is && value != 0);
        if !waited || !is_scope_end(profile, sample) {
            continue;
        }
        found = true;
        let bench = sample.label("bench").map(str::to_owned);
        let mut totals = benches.iter_mut().find(|known| bench.as_ref() == Some(&known.bench));
        for (at, kind) in profile.sample_types.iter().enumerate().filter(|(at, _)| is_of_locks[*at])
        {
            let value = std::mem::take(&mut sample.values[at]);
            if let Some(counter) = totals.as_mut().and_then(|it| it.counters.get_mut(&kind.name)) {
                *counter = counter.saturating_sub(u64::try_from(value).unwrap_or(0));
            }
        }
    }
    samples.retain(|sample| !found || sample.values.iter().any(|&value| value != 0));
    profile.samples = samples;
    found
}

/// Whether a stack is that of the scope's own thread which waits, or of another which ends and
/// wakes it.
fn is_scope_end(profile: &Profile, sample: &Sample) -> bool {
    let name = |function: u32| profile.functions.get(function as usize).map(|it| it.name.as_str());
    let mut names = sample
        .stack
        .iter()
        .filter_map(|&at| profile.locations.get(at as usize))
        .flat_map(|location| &location.lines)
        .filter_map(|line| name(line.function))
        .skip_while(|name| is_parking(name));
    let Some(first) = names.next() else { return false };
    is_scope(first)
        || [Some(first), names.next(), names.next()].into_iter().flatten().any(is_packet)
}

/// What a thread goes through on its way to the futex on which it parks itself, or another wakes it.
fn is_parking(name: &str) -> bool {
    let of_std = name.contains("std::sys") || name.contains("std::thread::");
    name == "syscall"
        || name.contains("futex_wait")
        || of_std && name.to_lowercase().contains("park")
}

fn is_scope(name: &str) -> bool {
    let Some((_, rest)) = name.split_once("std::thread::scoped::scope") else { return false };
    rest.is_empty() || rest.starts_with('<') || rest.starts_with("::<")
}

/// What a thread of a scope leaves when it ends.
fn is_packet(name: &str) -> bool {
    name.contains("decrement_num_running_threads")
        || name.contains("drop_in_place<std::thread::") && name.contains("Packet<")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::profile::{Function, Label, Line, Location, ValueType};

    /// One sample per stack, whose names stand innermost first; each waited 40 ns.
    fn profile(stacks: &[&[&str]]) -> Profile {
        let kinds =
            [("lock_waits", "count"), ("lock_delay", "nanoseconds"), ("cpu", "nanoseconds")];
        let mut profile = Profile {
            sample_types: kinds.map(|(name, unit)| ValueType::new(name, unit)).to_vec(),
            ..Profile::default()
        };
        for stack in stacks {
            let lines = stack.iter().map(|name| {
                let function = Function { name: (*name).to_owned(), ..Function::default() };
                profile.functions.push(function);
                Line { function: profile.functions.len() as u32 - 1, line: 1, column: 1 }
            });
            let location = Location { lines: lines.collect(), ..Location::default() };
            profile.locations.push(location);
            profile.samples.push(Sample {
                stack: vec![profile.locations.len() as u32 - 1],
                values: vec![1, 40, 0],
                labels: vec![Label::text("bench", "b")],
            });
        }
        profile
    }

    #[test]
    fn waiting_for_a_scope_is_taken_out_and_waiting_within_it_stays() {
        let park: &[&str] = &[
            "std::sys::pal::unix::futex::futex_wait",
            "<std::sys::sync::thread_parking::futex::Parker>::park",
            "<std::thread::thread::Thread>::park",
        ];
        let with = |rest: &[&'static str]| [park, rest].concat();
        let packet = "core::ptr::drop_in_place<std::thread::lifecycle::Packet<()>>";
        let stacks = [
            with(&["std::thread::scoped::scope", "app::main"]),
            with(&["std::thread::scoped::scope::<app::main::{closure#0}, ()>", "app::main"]),
            vec![packet, "alloc::sync::Arc<T,A>::drop_slow"],
            // A channel parks as well; so does the user's own closure; and a lock is one.
            with(&["std::sync::mpmc::context::Context::wait_until", "app::main"]),
            with(&["app::main::{closure#0}", "std::thread::scoped::scope::{closure#0}"]),
            vec![
                "std::sys::pal::unix::futex::futex_wait",
                "<std::sys::sync::mutex::futex::Mutex>::lock_contended",
                "std::thread::scoped::scope",
            ],
        ];
        let stacks: Vec<&[&str]> = stacks.iter().map(Vec::as_slice).collect();
        let mut profile = profile(&stacks);
        let mut totals = BenchTotals { bench: "b".to_owned(), ..BenchTotals::default() };
        totals.counters = [("lock_waits", 6), ("lock_delay", 240)]
            .map(|(name, count)| (name.to_owned(), count))
            .into();
        let mut benches = [totals];
        assert!(take_out(&mut profile, &mut benches));
        let left: Vec<u32> = profile.samples.iter().map(|sample| sample.stack[0]).collect();
        assert_eq!(left, [3, 4, 5]);
        assert_eq!(benches[0].counters["lock_waits"], 3);
        assert_eq!(benches[0].counters["lock_delay"], 120);
        assert!(!take_out(&mut profile, &mut benches));
    }
}
