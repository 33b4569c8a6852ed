//! Tests of reading `perf script`.

use super::*;

const TEXT: &[u8] = b"# captured on: today
app 1234 [001] 12.345678:   1000000 cpu-clock:pppH: 
\t    55d0 core::fmt::write::h0123456789abcdef+0x12 (/opt/app)
\t    55e0 app::main+0x4 (/opt/app)
\t    7f00 [unknown] (/lib/libc.so.6)

my app 1234/77 [000] 12.5:   2000000 cpu-clock:pppH: 
\t    55d0 core::fmt::write::h0123456789abcdef+0x12 (/opt/app)
\t    55e0 app::main+0x4 (/opt/app)
\t    7f00 [unknown] (/lib/libc.so.6)

app 1234 [001] 13.0:   500000 cpu-clock:pppH: 
\t    6000 app::inner (inlined)
  src/lib.rs:7
\t    6000 _ZN3app5outer17h0123456789abcdefE+0x9 (/opt/app)
  src/lib.rs:70

";

fn text(profile: &Profile) -> String {
    let mut out = Vec::new();
    crate::formats::collapsed::write(profile, 1, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn stacks_periods_inlining_and_source_lines_are_read() {
    let profile = read(TEXT).unwrap();
    assert_eq!(profile.sample_types[1], ValueType::new("cpu", "nanoseconds"));
    let mut lines: Vec<String> = text(&profile).lines().map(str::to_owned).collect();
    lines.sort();
    assert_eq!(
        lines,
        [
            "0x7f00;app::main;core::fmt::write 1000000",
            "0x7f00;app::main;core::fmt::write 2000000",
            "app::outer (src/lib.rs:70);app::inner (src/lib.rs:7)_[i] 500000",
        ]
    );
    let threads: Vec<_> = profile.samples.iter().filter_map(|s| s.label("thread")).collect();
    assert!(threads.contains(&"my app"));
}

#[test]
fn parts_give_what_the_whole_gives() {
    let many = TEXT.repeat(60_000);
    assert!(many.len() > 2 * LEAST);
    let profile = read(&many).unwrap();
    assert_eq!(profile.samples.len(), 3);
    assert_eq!(profile.samples.iter().map(|sample| sample.values[0]).sum::<i64>(), 180_000);
    assert_eq!(
        profile.samples.iter().map(|sample| sample.values[1]).sum::<i64>(),
        3_500_000 * 60_000
    );
}

#[test]
fn an_event_without_a_period_counts_samples() {
    let profile = read(b"a b 12 cycles: \n\tffff main (x)\n\n").unwrap();
    assert_eq!(profile.sample_types[1], ValueType::new("cycles", "count"));
    assert_eq!(profile.default_sample_type, Some(0));
    assert_eq!(profile.samples[0].values, [1, 0]);
    assert_eq!(profile.samples[0].label("thread"), Some("a b"));
}

#[test]
fn text_without_events_is_refused() {
    assert!(read(b"nothing\n\tto see\n").is_err());
    assert!(read(b"").is_err());
}

#[test]
fn events_without_stacks_hold_their_frame() {
    let text =
        b"   app 1 9.1: 5 cycles:u:  ff main+0x1 (x)\n   app 1 9.2: 6 cycles:u:  ff main+0x2 (x)\n";
    let profile = read(text).unwrap();
    assert_eq!(profile.samples.len(), 1);
    assert_eq!(profile.samples[0].values, [2, 11]);
    let text = b"app 1 9.1: sched:sched_switch: prev_comm=a (b)\n\tff schedule (k)\n\n";
    assert_eq!(read(text).unwrap().samples[0].stack.len(), 1);
}
