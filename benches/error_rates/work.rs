//! Work in units, so that a constant makes it more by so many percent and moves no instruction.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::hint::black_box;

const UNITS: u32 = 1000;

fn units() -> u32 {
    black_box(UNITS)
}

pub fn bytes() -> u64 {
    let block = black_box([7_u8; 32]);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for _ in 0..units() {
        for byte in block {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

type Map = HashMap<u64, u64, BuildHasherDefault<DefaultHasher>>;

pub fn map() -> Map {
    (0..512).map(|n| (n * 7919, n)).collect()
}

pub fn lookup(map: &Map) -> u64 {
    (0..u64::from(units())).filter_map(|n| map.get(&(n % 512 * 7919))).sum()
}

pub fn parse() -> u64 {
    let words = black_box(["12", "9071", "333333", "8"]);
    (0..units() as usize).map(|n| words[n % 4].parse::<u64>().unwrap()).sum()
}

pub fn sort() -> u32 {
    let mut last = 0;
    for _ in 0..units() {
        let mut values = black_box([9_u32, 3, 7, 1, 8, 2, 6, 4]);
        values.sort_unstable();
        last ^= values[black_box(3)];
    }
    last
}

pub fn float() -> f64 {
    (0..units()).fold(1.0, |x, n| (x * 1.000_1 + f64::from(n)).sqrt() + 1.0)
}

pub fn boxes() -> usize {
    (0..units() as usize).map(|n| black_box(Box::new([n; 4]))[1]).sum()
}

pub fn tree() -> BTreeMap<u64, u64> {
    (0..512).map(|n| (n * 7919, n)).collect()
}

pub fn climb(tree: &BTreeMap<u64, u64>) -> u64 {
    (0..u64::from(units())).filter_map(|n| tree.get(&(n % 512 * 7919))).sum()
}

pub fn format() -> usize {
    let mut text = String::with_capacity(64);
    let mut length = 0;
    for n in 0..units() {
        text.clear();
        write!(text, "{n}: {}", black_box("text")).unwrap();
        length += text.len();
    }
    length
}
