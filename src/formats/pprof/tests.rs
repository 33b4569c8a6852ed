//! Tests of reading and writing pprof files.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::write::GzEncoder;

use super::*;
use crate::model::profile::*;
use crate::model::timeline::*;

fn small() -> Profile {
    let function = |name: &str, start_line| Function {
        name: name.to_owned(),
        system_name: format!("_R{name}"),
        filename: "src/lib.rs".to_owned(),
        start_line,
    };
    Profile {
        sample_types: vec![
            ValueType::new("samples", "count"),
            ValueType::new("cpu", "nanoseconds"),
        ],
        default_sample_type: Some(1),
        samples: vec![
            Sample {
                stack: vec![1, 0],
                values: vec![2, 20],
                labels: vec![
                    Label::text("bench", "parse/long"),
                    Label {
                        key: "bytes".to_owned(),
                        number: -7,
                        unit: "bytes".to_owned(),
                        ..Label::default()
                    },
                ],
            },
            Sample { stack: vec![0], values: vec![1, -10], labels: vec![] },
        ],
        locations: vec![
            Location {
                mapping: Some(0),
                address: 0x1000,
                lines: vec![Line { function: 0, line: 3, column: 9 }],
                is_folded: false,
            },
            Location {
                mapping: None,
                address: u64::MAX,
                lines: vec![
                    Line { function: 1, line: 0, column: 0 },
                    Line { function: 0, line: 4, column: 5 },
                ],
                is_folded: true,
            },
        ],
        functions: vec![function("outer", 1), function("inner", 0)],
        mappings: vec![Mapping {
            start: 0x1000,
            limit: 0x2000,
            offset: 0x40,
            filename: "/bin/x".to_owned(),
            build_id: "c0ffee".to_owned(),
            has: [true, false, true, false],
        }],
        time_nanos: 1_700_000_000_000_000_000,
        duration_nanos: 5,
        period_type: Some(ValueType::new("cpu", "nanoseconds")),
        period: 10,
        comments: vec!["for people".to_owned()],
        drop_frames: "drop".to_owned(),
        keep_frames: "keep".to_owned(),
        doc_url: "https://example.org/doc".to_owned(),
        benches: vec![BenchTotals {
            bench: "parse/long".to_owned(),
            iterations: Some(12),
            cpu_samples: 3,
            counters: BTreeMap::from([("alloc_objects".to_owned(), 36)]),
            ..BenchTotals::default()
        }],
        timeline: Some(Timeline {
            slot_nanos: 1000,
            slots: 4,
            threads: vec![ThreadTime {
                pid: 1,
                tid: 2,
                name: "main".to_owned(),
                cells: vec![Cell { slot: 3, activity: Activity::Io, nanos: 9, place: Some(0) }],
            }],
            left_out: 0,
            places: vec![Place::default()],
        }),
    }
}

fn plain(profile: &Profile) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_uncompressed(profile, &mut bytes).unwrap();
    bytes
}

#[test]
fn what_is_written_is_read_back_whole() {
    let profile = small();
    let mut gzip = Vec::new();
    write(&profile, &mut gzip).unwrap();
    assert_eq!(read(&gzip).unwrap(), profile);
    assert_eq!(read(&plain(&profile)).unwrap(), profile);
}

#[test]
fn bench_totals_are_a_comment_that_other_viewers_do_not_print() {
    let comments = comments_on_disk(&small());
    assert_eq!(comments.len(), 3);
    assert!(comments[1..].iter().all(|comment| comment.starts_with('#')));
    let mut damaged = small();
    damaged.benches.clear();
    damaged.comments = vec![format!("{COMMENT_PREFIX}not json")];
    assert_eq!(read(&plain(&damaged)).unwrap().comments, damaged.comments);
}

#[test]
fn profiles_of_another_runtime_are_read() {
    let bytes = include_bytes!("../../../tests/fixtures/pprof/cpu.pb.gz");
    let profile = read(bytes).unwrap();
    assert_eq!(profile.sample_types[1], ValueType::new("cpu", "nanoseconds"));
    assert_eq!(profile.samples.iter().map(|sample| sample.values[1]).sum::<i64>(), 560_000_000);
    assert_eq!(profile.locations.len(), 174);
    assert_eq!(read(&plain(&profile)).unwrap(), profile);
}

#[test]
fn unpacked_numbers_and_tables_that_come_late_or_with_wide_ids_are_read() {
    // sample { location_id: 5 << 32, value: 1 (unpacked), value: 2 (unpacked) }
    let wide = [0x80, 0x80, 0x80, 0x80, 0x50];
    let mut bytes = vec![0x12, 10, 0x08];
    bytes.extend(wide);
    bytes.extend([0x10, 1, 0x10, 2]);
    // two sample types, the strings, then the location.
    bytes.extend([0x0a, 2, 0x08, 1, 0x0a, 2, 0x08, 2]);
    bytes.extend([0x32, 0, 0x32, 1, b'a', 0x32, 1, b'b']);
    bytes.extend([0x22, 8, 0x08]);
    bytes.extend(wide);
    bytes.extend([0x18, 9]);
    let profile = read(&bytes).unwrap();
    assert_eq!(profile.samples[0].values, [1, 2]);
    assert_eq!(profile.locations[profile.samples[0].stack[0] as usize].address, 9);
}

#[test]
fn wrong_references_are_errors_that_name_them() {
    let error = |change: fn(&mut Profile)| {
        let mut profile = small();
        change(&mut profile);
        read(&plain(&profile)).unwrap_err()
    };
    assert_eq!(
        error(|profile| profile.samples[0].stack[0] = 77),
        ReadError::Dangling { what: "location", id: 78 }
    );
    assert_eq!(
        error(|profile| profile.locations[0].lines[0].function = 9),
        ReadError::Dangling { what: "function", id: 10 }
    );
    assert_eq!(
        error(|profile| profile.samples[1].values.push(4)),
        ReadError::ValueCount { sample: 1, values: 3, types: 2 }
    );
    assert_eq!(
        read(&[0x0a, 2, 0x08, 9]).unwrap_err(),
        ReadError::Dangling { what: "string", id: 9 }
    );
}

#[test]
fn every_truncation_and_every_flipped_byte_is_read_or_refused() {
    let bytes = plain(&small());
    for end in 0..bytes.len() {
        let _ = read(&bytes[..end]);
    }
    for at in 0..bytes.len() {
        for flip in [0x01, 0x08, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            let _ = read(&damaged);
        }
    }
    let mut gzip = Vec::new();
    write(&small(), &mut gzip).unwrap();
    for end in 1..gzip.len() {
        assert!(read(&gzip[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn a_lying_length_and_a_bomb_are_refused_before_memory_is_spent() {
    // A string of 2^62 bytes that is not there.
    let lie = [0x32, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40];
    assert_eq!(read(&lie).unwrap_err(), ReadError::Truncated { offset: 10 });

    let limits = Limits { inflated: 1 << 20, memory: 1 << 16 };
    let mut bomb = GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..1 << 20 {
        // An empty sample.
        bomb.write_all(&[0x12, 0]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 10_000);
    assert_eq!(read_with(&bomb, limits).unwrap_err(), ReadError::TooLarge { limit: limits.memory });
    let limits = Limits { inflated: 1 << 16, memory: 1 << 30 };
    assert_eq!(
        read_with(&bomb, limits).unwrap_err(),
        ReadError::TooLarge { limit: limits.inflated }
    );
}

#[test]
fn text_that_is_no_profile_is_refused_with_a_place() {
    assert_eq!(read(b"").unwrap_err(), ReadError::Empty);
    assert!(matches!(
        read(b"main;work 12\n").unwrap_err(),
        ReadError::Malformed { .. } | ReadError::Truncated { .. }
    ));
    assert!(matches!(read(b"\x1f\x8bnot gzip").unwrap_err(), ReadError::Gzip { .. }));
}
