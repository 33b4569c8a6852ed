//! What a macro of the workspace expands to counts where it is called.

use std::path::PathBuf;
use std::sync::Arc;

use cargo_perf::model::profile::Sample;
use cargo_perf::source::file::{Role, SourceFile};
use cargo_perf::source::heat::{Heat, Quantity, Region};

use crate::project::Project;

/// Both loops spend all their time in the same macro, one by way of another: three quarters and
/// one quarter.
const BENCH: &str = "use std::hint::black_box;
macro_rules! spend {
    ($turns:expr, $sum:ident) => {
        for at in 0..black_box($turns) { $sum = black_box($sum.wrapping_mul(31) ^ at); }
    };
}
macro_rules! spend_little { ($sum:ident) => { spend!(1_000_u64, $sum) }; }
#[inline(never)]
fn much() -> u64 {
    let mut sum = 0_u64;
    for _ in 0..100 {
        spend!(3_000_u64, sum);
    }
    sum
}
#[inline(never)]
fn little() -> u64 {
    let mut sum = 1_u64;
    for _ in 0..100 {
        spend_little!(sum);
    }
    sum
}
fn main() {
    let start = std::time::Instant::now();
    while start.elapsed().as_millis() < 500 { black_box((much(), little())); }
}
";

#[test]
fn loops_are_as_hot_as_the_macros_they_call() {
    let project = Project::plain(BENCH);
    project.run(&["record", "--kind", "cpu"]).succeeds();
    let profile = project.profile();
    let file =
        SourceFile::new(PathBuf::from("benches/b.rs"), BENCH.into(), Role::Bench, Arc::default());
    let heat = Heat::new(&profile, &project.path(""), &[file]);
    let share = |first: u32, last: u32| {
        let region = Region { file: 0, start: (first, 1), end: (last + 1, 1) };
        heat.at(&[region]).costs(Quantity::Cpu).unwrap()[0].share()
    };
    // What the sampled stacks themselves say of the functions around the loops.
    let cpu = profile.sample_type("cpu").unwrap();
    let of_function = |name: &str| {
        let is_in = |&at: &u32| {
            let mut lines = profile.locations[at as usize].lines.iter();
            lines.any(|line| profile.functions[line.function as usize].name.ends_with(name))
        };
        let value = |sample: &Sample| sample.values[cpu] as f64;
        let inside = profile.samples.iter().filter(|sample| sample.stack.iter().any(is_in));
        inside.map(value).sum::<f64>() / profile.samples.iter().map(value).sum::<f64>()
    };
    let (much, little) = (of_function("::much"), of_function("::little"));
    // Three quarters and one quarter, but where the system's tick samples, of turns that are shorter.
    assert!(much > 0.0 && little > 0.0, "{much}, {little}");
    for (first, last, expected) in [(11, 13, much), (19, 21, little), (2, 7, 0.0)] {
        let seen = share(first, last);
        assert!((seen - expected).abs() < 0.01, "lines {first} to {last}: {seen}, not {expected}");
    }
}
