//! The profiles that are measured: the same on each machine and each time.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use cargo_perf::formats::pprof;
use cargo_perf::model::profile::{Function, Line, Location, Mapping, Profile, Sample, ValueType};

const FUNCTIONS: usize = 4000;

/// Numbers that depend on nothing but how many were drawn.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % end
    }
}

/// A stack of functions, outermost first: stacks part the later the closer to the root, as those
/// of programs do.
fn stack(numbers: &mut Numbers) -> Vec<usize> {
    let depth = 12 + numbers.below(28);
    let mut at = 0;
    let step = |level: usize| {
        let ways = if level < 6 { 2 } else { 3 };
        at = (at * 13 + level + numbers.below(ways)) % FUNCTIONS;
        at
    };
    (0..depth).map(step).collect()
}

fn name(function: usize) -> String {
    format!("app::module_{}::Type{}::method_{function}", function % 50, function % 400)
}

pub fn write_profile(path: &Path, samples: usize) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut profile = Profile {
        sample_types: vec![
            ValueType::new("samples", "count"),
            ValueType::new("cpu", "nanoseconds"),
        ],
        mappings: vec![Mapping {
            start: 0x40_0000,
            limit: 0x80_0000,
            filename: "/opt/app".to_owned(),
            has: [true; 4],
            ..Mapping::default()
        }],
        ..Profile::default()
    };
    for at in 0..FUNCTIONS {
        let filename = format!("src/module_{}.rs", at % 50);
        profile.functions.push(Function { name: name(at), filename, ..Function::default() });
        // Some lines of each function.
        for line in 0..4 {
            profile.locations.push(Location {
                mapping: Some(0),
                address: 0x40_0000 + (at * 64 + line * 8) as u64,
                lines: vec![Line { function: at as u32, line: 10 + line as u32, column: 5 }],
                is_folded: false,
            });
        }
    }
    for _ in 0..samples {
        let functions = stack(&mut numbers);
        let place = |function: usize| (function * 4 + numbers.below(4)) as u32;
        let stack: Vec<u32> = functions.into_iter().rev().map(place).collect();
        profile.samples.push(Sample { stack, values: vec![1, 1_000_000], labels: Vec::new() });
    }
    let file = File::create(path).expect("a file for the profile");
    pprof::write(&profile, BufWriter::new(file)).expect("room for the profile");
}

pub fn write_script(path: &Path, bytes: usize) {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let mut out = BufWriter::new(File::create(path).expect("a file for the text"));
    let mut written = 0;
    let mut event = 0;
    while written < bytes {
        let mut text = format!(
            "app 4711/4712 [001] {}.{:06}:    1000000 cpu-clock:pppH: \n",
            100 + event / 1000,
            event % 1000 * 1000
        );
        for function in stack(&mut numbers).into_iter().rev() {
            let offset = numbers.below(4) * 8;
            let address = 0x55_0000_0000_usize + function * 64 + offset;
            text += &format!("\t    {address:x} {}+0x{offset:x} (/opt/app)\n", name(function));
        }
        text.push('\n');
        out.write_all(text.as_bytes()).expect("room for the text");
        written += text.len();
        event += 1;
    }
}
