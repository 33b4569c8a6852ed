//! The room that a collection reached, read off the sizes of the blocks that it lived in.
//!
//! Blocks are sampled, small ones seldom, so that one in the profile may stand for very many: how
//! often a collection grew cannot be told by counting. The sizes of what was sampled are exact.

use std::collections::BTreeMap;

use crate::source::heat::{Measured, Quantity};

use super::claim::Growth;
use super::said::Said;

/// The elements for which there was room in the end; `None` where it hardly grew, or by so much
/// that nobody asks for it at once.
pub(super) fn reached(claim: &Said, growth: Growth, measured: &Measured<'_>) -> Option<u64> {
    const MOST: u32 = 16;
    let (doublings, size) = claim.witnesses.iter().find_map(|witness| {
        let seen = measured.through(witness.through?).below(witness.below?);
        match growth {
            Growth::Buffer(_) | Growth::Bytes => of_buffer(&seen),
            Growth::Table => of_table(&seen),
        }
    })?;
    (1..=MOST).contains(&doublings).then(|| match growth {
        Growth::Buffer(least) => least << doublings,
        Growth::Bytes => size,
        // The first table has four buckets, and seven in eight are filled at most.
        Growth::Table => (4 << doublings) * 7 / 8,
    })
}

/// Blocks of a collection, by how often it had doubled.
type Levels = BTreeMap<u32, Level>;

#[derive(Clone, Copy, Debug, Default)]
struct Level {
    blocks: f64,
    bytes: f64,
    largest: u64,
}

fn add(levels: &mut Levels, level: u32, size: u64, blocks: i64) {
    let known = levels.entry(level).or_default();
    known.blocks += blocks as f64;
    known.bytes += blocks as f64 * size as f64;
    known.largest = known.largest.max(size);
}

/// The most that at least one in eight came to, of those that cost anything.
fn usual(levels: &Levels) -> Option<(u32, u64)> {
    let all: f64 = levels.values().map(|level| level.bytes).sum();
    let is_sure = |level: &Level| level.bytes >= 0.03 * all;
    let is_usual = |at: u32, blocks: f64| {
        levels.range(..at).all(|(_, below)| !is_sure(below) || below.blocks <= 8.0 * blocks)
    };
    let mut largest_first = levels.iter().rev();
    let found =
        largest_first.find(|&(&at, level)| level.bytes >= 0.1 * all && is_usual(at, level.blocks));
    found.map(|(&at, level)| (at, level.largest))
}

/// The sizes of the bench with the most blocks.
fn of_busiest_bench(sizes: Vec<BTreeMap<u64, i64>>) -> Option<(usize, BTreeMap<u64, i64>)> {
    sizes.into_iter().enumerate().max_by_key(|(_, sizes)| {
        sizes.values().fold(0_i64, |sum, &blocks| sum.saturating_add(blocks))
    })
}

/// A buffer doubles from its first block on; where that was not sampled, the first growth tells
/// its size.
fn of_buffer(seen: &Measured<'_>) -> Option<(u32, u64)> {
    let first = seen.block_sizes(Quantity::Allocations);
    let (bench, grown) = of_busiest_bench(seen.block_sizes(Quantity::Growths))?;
    let smallest = first.iter().flat_map(BTreeMap::keys).min().copied();
    let smallest = smallest.or_else(|| Some(grown.keys().next()? / 2))?.max(1);
    let mut levels = Levels::new();
    for (&size, &blocks) in first[bench].iter().chain(&grown) {
        let doublings = (size as f64 / smallest as f64).log2().round().max(0.0);
        add(&mut levels, doublings as u32, size, blocks);
    }
    usual(&levels)
}

/// Of a hash table, each doubling is another table, and its size tells its buckets: a power of two,
/// each with an entry and a byte of control, and a group of control bytes more. Entries are of an
/// even size but for arrays of single bytes, so the odd factor is that of the entry.
fn of_table(seen: &Measured<'_>) -> Option<(u32, u64)> {
    const GROUP: u64 = 16;
    const FIRST: u32 = 2;
    let (_, sizes) = of_busiest_bench(seen.block_sizes(Quantity::Allocations))?;
    let mut levels = Levels::new();
    for (&size, &tables) in sizes.iter().filter(|&(&size, _)| size > GROUP) {
        add(&mut levels, (size - GROUP).trailing_zeros(), size, tables);
    }
    usual(&levels).map(|(level, size)| (level.saturating_sub(FIRST), size))
}
