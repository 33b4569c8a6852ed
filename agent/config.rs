//! What the parent asks for, in one environment variable.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// `kinds=2 cpu=1000000 … dir=/somewhere`: words, the directory last because it may hold spaces.
pub const VARIABLE: &[u8] = b"CARGO_PERF_AGENT=";

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $default:expr;)*) => {
        $($(#[$doc])* pub static $name: AtomicU64 = AtomicU64::new($default);)*

        fn set(word: &[u8], value: u64) {
            $(if word == $word { $name.store(value, Relaxed); })*
        }
    };
}

settings! {
    /// Kinds to record, as in [`crate::layout::kind`].
    KINDS = b"kinds", 0;
    /// Nanoseconds of CPU time between samples.
    CPU_PERIOD = b"cpu", 1_000_000;
    /// Mean bytes between sampled allocations; 0 for every one.
    HEAP_MEAN = b"heap", 64 * 1024;
    /// Mean bytes between sampled growths; 0 for every one.
    GROWTH_MEAN = b"growth", 64 * 1024;
    /// Mean nanoseconds of waiting between sampled waits and wakes; 0 for every one.
    LOCK_MEAN = b"lock", 1_000_000;
    /// Mean nanoseconds of I/O between sampled calls; 0 for every one.
    IO_MEAN = b"io", 200_000;
    /// Waits, wakes and I/O calls that are all sampled before the means apply.
    FIRST = b"first", 256;
    /// Nanoseconds between sampled events of one kind on one thread, on average, where there are
    /// many: of CPU time, of waits and wakes of any time; 0 for as many as the means give.
    PACE = b"pace", 1_000_000;
    /// Size that a capture file may reach.
    CAPACITY = b"max", 512 << 20;
    /// 1 to record programs that this one starts.
    CHILDREN = b"children", 0;
}

/// What the words name that is no number.
pub struct Rest<'a> {
    /// Where capture files are created.
    pub directory: &'a [u8],
    /// Slots of allocators.
    pub slots: &'a [u8],
}

/// Reads the variable's value.
pub fn parse(mut text: &[u8]) -> Option<Rest<'_>> {
    let mut slots: &[u8] = b"";
    loop {
        if let Some(directory) = text.strip_prefix(b"dir=") {
            return Some(Rest { directory, slots });
        }
        let end = text.iter().position(|&byte| byte == b' ')?;
        let (word, rest) = text.split_at_checked(end)?;
        text = rest.get(1..)?;
        let equals = word.iter().position(|&byte| byte == b'=')?;
        let (name, value) = word.split_at_checked(equals)?;
        let value = value.get(1..)?;
        if name == b"slots" {
            slots = value;
        } else {
            set(name, number(value, 10)?.0);
        }
    }
}

/// A number at the start of `text`, and what follows it.
pub fn number(text: &[u8], radix: u64) -> Option<(u64, &[u8])> {
    let mut value = 0u64;
    let mut used = 0;
    for &byte in text {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => break,
        };
        if u64::from(digit) >= radix {
            break;
        }
        value = value.wrapping_mul(radix).wrapping_add(u64::from(digit));
        used += 1;
    }
    if used == 0 { None } else { Some((value, text.get(used..)?)) }
}

/// Whether a kind is recorded.
#[inline(always)]
pub fn records(kind: u64) -> bool {
    KINDS.load(Relaxed) & kind != 0
}
