//! Allocation, growth, locks and I/O in a profile, against what the program is known to do.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cargo_perf::capture::Kind;
use cargo_perf::model::profile::TABLE_GROUP;

use crate::programs::{Run, compile, program, request, run};

/// One run serves all tests.
fn recorded() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let mut request = request(&program("memory"), &[]);
        request.0.kinds = vec![Kind::Heap, Kind::Lock, Kind::Io];
        run(request)
    })
}

#[test]
fn allocated_bytes_stand_at_the_functions_that_ask_for_them() {
    let run = recorded();
    let grown = run.share("alloc_space", "grow");
    let (churned, kept) = (run.share("alloc_space", "churn"), run.share("alloc_space", "keep"));
    assert!(grown < 0.01, "{grown}");
    assert!((churned - 0.75).abs() < 0.03 && (kept - 0.25).abs() < 0.03, "{churned} {kept}");
    let bytes = run.sum("alloc_space", |_| true) as f64 / f64::from(32_000 * (64 << 10));
    assert!((bytes - 1.0).abs() < 0.1, "{bytes}");
}

#[test]
fn what_is_in_use_is_what_was_not_given_back() {
    let run = recorded();
    let kept = run.share("inuse_space", "keep");
    assert!(kept > 0.99, "{kept}");
    // What the same stacks say was allocated there: some eight hundred tell the true sum to 3 % only.
    let by_keep = |kind| run.sum(kind, |sample| run.functions(sample).contains("keep"));
    assert_eq!(by_keep("inuse_space"), by_keep("alloc_space"));
}

#[test]
fn stacks_of_allocations_begin_at_the_code_that_asks() {
    let run = recorded();
    let at = run.profile.sample_type("alloc_objects").expect("the type");
    for sample in run.profile.samples.iter().filter(|sample| sample.values[at] > 0) {
        let top = &run.profile.locations[sample.stack[0] as usize].lines[0];
        let name = &run.profile.functions[top.function as usize].name;
        assert!(!name.contains("__rust") && !name.contains("__rdl"), "{name}");
    }
}

#[test]
fn growth_stands_at_the_push() {
    let run = recorded();
    assert!(run.share("growths", "grow") > 0.95);
    let at = run.profile.sample_type("growths").expect("the type");
    let lines: Vec<u32> = run
        .profile
        .samples
        .iter()
        .filter(|sample| sample.values[at] > 0)
        .flat_map(|sample| &sample.stack)
        .flat_map(|&location| &run.profile.locations[location as usize].lines)
        .filter(|line| run.profile.functions[line.function as usize].name.ends_with("memory::grow"))
        .map(|line| line.line)
        .collect();
    let source = include_str!("../fixtures/capture/memory.rs");
    let push = source.lines().position(|line| line.contains("out.push(")).expect("the push") + 1;
    assert!(!lines.is_empty() && lines.iter().all(|&line| line as usize == push), "{lines:?}");
}

#[test]
fn growths_tell_what_the_block_has_become() {
    let run = recorded();
    let at = run.profile.sample_type("growths").expect("the type");
    let grown = run.profile.samples.iter().filter(|sample| sample.values[at] > 0);
    let sizes: Vec<u64> = grown
        .filter(|sample| run.functions(sample).contains("grow"))
        .map(|sample| sample.block_size().expect("a size"))
        .collect();
    // Four elements of eight bytes first, room for 16,384 in the end; a label keeps the leading bits.
    let rooms = (1..=12).map(|power| 32_u64 << power);
    let is_doubled = |size| rooms.clone().any(|room| (room - room / 128..=room).contains(size));
    assert!(sizes.iter().all(is_doubled), "{sizes:?}");
    assert!(sizes.iter().max() > Some(&(16_000 * 8)), "{sizes:?}");
}

#[test]
fn a_hash_map_that_grows_is_a_row_of_tables() {
    const MAPS: f64 = 40_000.0;
    let mut request = request(&program("tables"), &[]);
    request.0.kinds = vec![Kind::Heap];
    let run = run(request);
    let at = run.profile.sample_type("alloc_objects").expect("the type");
    let mut tables: BTreeMap<u64, i64> = BTreeMap::new();
    for sample in &run.profile.samples {
        if sample.values[at] > 0 && run.functions(sample).contains("fill") {
            *tables.entry(sample.block_size().expect("a size")).or_default() += sample.values[at];
        }
    }
    // An entry has 16 bytes, its control byte one, and a group of control bytes is at the end.
    let size = |buckets: u64| buckets * 17 + TABLE_GROUP;
    // Of the smaller ones few are sampled, of the largest ones most.
    for buckets in [512, 1_024, 2_048] {
        let found = tables.get(&size(buckets)).copied().unwrap_or_default();
        let ratio = found as f64 / MAPS;
        assert!((ratio - 1.0).abs() < 0.2, "{ratio} of the tables of {buckets} buckets");
    }
    let is_table = |bytes: &u64| (2..=11).any(|power| *bytes == size(1 << power));
    assert!(tables.keys().all(is_table), "{tables:?}");
}

#[test]
fn a_wait_stands_at_who_waits_and_its_time_at_who_holds() {
    let run = recorded();
    let told: Vec<f64> =
        run.stdout.split_whitespace().map(|word| word.parse().expect("nanoseconds")).collect();
    let in_function = |kind: &str, function: &str| {
        run.sum(kind, |sample| run.functions(sample).contains(function)) as f64
    };
    // The waiter goes on some time after the holder let go: each has its own truth.
    for (told, kind, function) in
        [(told[0], "lock_delay", "wait"), (told[1], "lock_hold_delay", "hold")]
    {
        let ratio = in_function(kind, function) / told;
        assert!((ratio - 1.0).abs() < 0.05, "{kind} at {function}: {ratio} of the true time");
    }
    assert_eq!(in_function("lock_delay", "hold"), 0.0);
}

#[test]
fn the_waits_of_a_thread_that_only_waits_are_kept() {
    let mut request = request(&program("waits"), &[]);
    request.0.kinds = vec![Kind::Lock];
    let run = run(request);
    let told: f64 = run.stdout.trim().parse().expect("nanoseconds");
    let waited = run.sum("lock_delay", |sample| run.functions(sample).contains("wait_long"));
    let ratio = waited as f64 / told;
    assert!((ratio - 1.0).abs() < 0.05, "{ratio} of the true time");
}

#[test]
fn calls_of_the_system_stand_at_who_makes_them() {
    let run = recorded();
    let calls = run.sum("io_calls", |sample| run.functions(sample).contains("write_bytes"));
    assert!((calls as f64 / 2_000_000.0 - 1.0).abs() < 0.15, "{calls}");
    let bytes = run.sum("io_bytes", |sample| run.functions(sample).contains("write_bytes"));
    assert_eq!(calls, bytes, "each call writes one byte");
}

#[test]
fn started_threads_are_counted() {
    assert_eq!(recorded().sum("threads", |_| true), 10);
}

#[test]
fn blocks_of_an_allocator_in_the_program_have_no_head() {
    let into = "liblinked_allocator.rlib";
    let allocator = compile("linked_allocator", into, &["--crate-type=rlib"]).expect("compiled");
    let found = format!("--extern=linked_allocator={}", allocator.display());
    let program = compile("linked", "linked", &[&found]).expect("compiled");
    let mut request = request(&program, &[]);
    request.0.kinds = vec![Kind::Heap];
    let run = run(request);
    let at_main = |kind| run.sum(kind, |sample| run.functions(sample).contains("main"));
    // A block of 8 KiB is kept with a chance of an eighth: a hundred tell their number to a quarter.
    let growths = at_main("growths");
    assert!((25..=200).contains(&growths), "{growths}; {}", run.recording.summary());
    // Each was moved with all that had been asked for; samples stand for parts of a growth, too.
    let copied = at_main("growth_copied");
    assert!((copied - growths * 4096).abs() <= 4096 / 2, "{copied} in {growths}");
}
