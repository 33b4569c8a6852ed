//! Profiles with every feature of the format, made from a number.

use cargo_perf::model::profile::*;

/// A small generator whose numbers depend on the seed alone.
pub struct Numbers(u64);

impl Numbers {
    /// Numbers of a seed.
    pub fn of(seed: u64) -> Self {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

const NAMES: [&str; 16] = [
    "main",
    "app::parse",
    "app::parse::{{closure}}",
    "<app::Tree<K, V> as core::ops::Drop>::drop",
    "core::ptr::drop_in_place<alloc::vec::Vec<u8>>",
    "alloc::vec::Vec<T,A>::push",
    "std::rt::lang_start",
    "github.com/a/b/v2.(*T).M",
    "(anonymous namespace)::lookup(int, char const*)",
    "ns::Class::method<int>(int)",
    "java.util.ArrayList.add(int)",
    "memcpy",
    "__libc_start_main",
    "runtime.mallocgc",
    "größe::messen",
    "a.b.c",
];

const UNITS: [(&str, &str); 6] = [
    ("cpu", "nanoseconds"),
    ("alloc_space", "bytes"),
    ("alloc_objects", "count"),
    ("inuse_space", "bytes"),
    ("delay", "microseconds"),
    ("widgets", "widgets"),
];

/// The profile of a seed.
pub fn profile(seed: u64) -> Profile {
    let mut numbers = Numbers::of(seed);
    let types = 1 + numbers.below(3);
    let first = numbers.below(UNITS.len());
    let mut profile = Profile {
        sample_types: (0..types)
            .map(|at| UNITS[(first + at) % UNITS.len()])
            .map(|(name, unit)| ValueType::new(name, unit))
            .collect(),
        default_sample_type: numbers.one_in(2).then_some(0),
        duration_nanos: [0, 1_500_000_000, 75_000_000_000][numbers.below(3)],
        period_type: Some(ValueType::new("cpu", "nanoseconds")),
        period: 10_000_000,
        ..Profile::default()
    };
    if numbers.one_in(3) {
        profile.comments = vec!["a remark".to_owned(), "#hidden".to_owned()];
    }
    for at in 0..numbers.below(3) {
        profile.mappings.push(Mapping {
            start: 0x40_0000 + 0x10_0000 * at as u64,
            limit: 0x48_0000 + 0x10_0000 * at as u64,
            offset: 0x1000,
            filename: ["/opt/app/bin/app", "/lib/libc.so.6"][at].to_owned(),
            build_id: if numbers.one_in(2) { format!("c0ffee{at}") } else { String::new() },
            has: [true, true, numbers.one_in(2), numbers.one_in(2)],
        });
    }
    let functions = 2 + numbers.below(30);
    for at in 0..functions {
        let name = format!("{}{}", numbers.pick(&NAMES), if at > 16 { "2" } else { "" });
        profile.functions.push(Function {
            system_name: match numbers.below(3) {
                0 => String::new(),
                1 => name.clone(),
                _ => format!("_Z{name}"),
            },
            filename: match numbers.below(4) {
                0 => String::new(),
                1 => "/opt/app/src/../src/lib.rs".to_owned(),
                _ => format!("src/file{}.rs", numbers.below(4)),
            },
            // One per name: where functions of one name and file begin at different lines, pprof
            // shows another part of the source each time.
            start_line: (name.len() as u32 * 7 % 50).saturating_sub(15),
            name,
        });
    }
    for _ in 0..2 + numbers.below(40) {
        let mapping = match profile.mappings.len() {
            0 => None,
            count => (!numbers.one_in(6)).then(|| numbers.below(count) as u32),
        };
        let base = mapping.map_or(0, |at| profile.mappings[at as usize].start);
        let lines = match numbers.below(8) {
            // Without a symbol; only where no viewer would look for one.
            0 if mapping.is_some() || base == 0 => 0,
            1 | 2 => 2 + numbers.below(2),
            _ => 1,
        };
        profile.locations.push(Location {
            mapping,
            address: base + 1 + numbers.below(0x7_0000) as u64,
            lines: (0..lines)
                .map(|_| Line {
                    function: numbers.below(functions) as u32,
                    line: numbers.below(60) as u32,
                    column: 0,
                })
                .collect(),
            is_folded: numbers.one_in(20),
        });
    }
    let scale = *numbers.pick(&[1, 1000, 1 << 20]);
    for _ in 0..1 + numbers.below(80) {
        let stack = (0..1 + numbers.below(12))
            .map(|_| numbers.below(profile.locations.len()) as u32)
            .collect();
        // Large, so that hardly two nodes weigh the same: pprof leaves equal weights of opposite
        // sign in no particular order.
        let values = (0..types).map(|_| numbers.below(1_000_003) as i64 * scale).collect();
        profile.samples.push(Sample { stack, values, labels: labels(&mut numbers, seed) });
    }
    profile
}

fn labels(numbers: &mut Numbers, seed: u64) -> Vec<Label> {
    let mut labels = Vec::new();
    if seed.is_multiple_of(3) {
        return labels;
    }
    if numbers.one_in(2) {
        labels
            .push(Label::text("bench", ["parse/long", "parse/short", "render"][numbers.below(3)]));
    }
    if numbers.one_in(3) {
        labels.push(Label::text("thread", ["main", "worker-1"][numbers.below(2)]));
    }
    if numbers.one_in(3) {
        labels.push(Label {
            key: "bytes".to_owned(),
            number: 16 << numbers.below(12),
            unit: if seed.is_multiple_of(2) { "bytes".to_owned() } else { String::new() },
            ..Label::default()
        });
    }
    if numbers.one_in(5) {
        let number = 1 + numbers.below(5) as i64;
        labels.push(Label { key: "depth".to_owned(), number, ..Label::default() });
    }
    labels
}

#[test]
#[ignore = "writes profiles for a look by hand"]
fn write_profiles() {
    let dir = std::env::temp_dir().join("cargo-perf-random");
    std::fs::create_dir_all(&dir).unwrap();
    for seed in 0..300 {
        let file = std::fs::File::create(dir.join(format!("{seed}.pb.gz"))).unwrap();
        cargo_perf::formats::pprof::write(&profile(seed), file).unwrap();
    }
}
