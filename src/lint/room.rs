//! The room that a collection reached, read off the sizes of the blocks that it lived in.
//!
//! Blocks are sampled, small ones seldom, so that one in the profile may stand for very many: how
//! often a collection grew cannot be told by counting. The sizes of what was sampled are exact.

use std::collections::BTreeMap;

use crate::model::profile::TABLE_GROUP;
use crate::source::heat::{Measured, Quantity};

use super::claim::Growth;
use super::said::Said;

/// The first of some benches that tells, and the elements for which there was room in the end;
/// `None` where it hardly grew, or by so much that nobody asks for it at once.
pub(super) fn reached(
    claim: &Said,
    growth: Growth,
    measured: &Measured<'_>,
    benches: &[usize],
) -> Option<(usize, u64)> {
    const MOST: u32 = 16;
    let (bench, (doublings, size)) = claim.witnesses.iter().find_map(|witness| {
        let seen = measured.through(witness.through?).below(witness.below?);
        match growth {
            Growth::Buffer(_) | Growth::Bytes => of_buffer(&seen, benches),
            Growth::Table => of_table(&seen, benches),
        }
    })?;
    let room = match growth {
        _ if !(1..=MOST).contains(&doublings) => return None,
        Growth::Buffer(least) => least << doublings,
        Growth::Bytes => size,
        // The first table has four buckets, and seven in eight are filled at most.
        Growth::Table => (4 << doublings) * 7 / 8,
    };
    Some((bench, room))
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

/// The first of some benches of which any size was sampled.
fn first_known<'s>(
    sizes: &'s [BTreeMap<u64, i64>],
    benches: &[usize],
) -> Option<(usize, &'s BTreeMap<u64, i64>)> {
    let mut known = benches.iter().filter_map(|&bench| Some((bench, sizes.get(bench)?)));
    known.find(|(_, sizes)| !sizes.is_empty())
}

/// A buffer doubles from its first block on; where that was not sampled, the first growth tells
/// its size.
fn of_buffer(seen: &Measured<'_>, benches: &[usize]) -> Option<(usize, (u32, u64))> {
    let first = seen.block_sizes(Quantity::Allocations);
    let grown = seen.block_sizes(Quantity::Growths);
    let (bench, grown) = first_known(&grown, benches)?;
    let smallest = first.iter().flat_map(BTreeMap::keys).min().copied();
    let smallest = smallest.or_else(|| Some(grown.keys().next()? / 2))?.max(1);
    let mut levels = Levels::new();
    for (&size, &blocks) in first[bench].iter().chain(grown) {
        let doublings = (size as f64 / smallest as f64).log2().round().max(0.0);
        add(&mut levels, doublings as u32, size, blocks);
    }
    Some((bench, usual(&levels)?))
}

/// Of a hash table, each doubling is another table, and its size tells its buckets: a power of two,
/// each with an entry and a byte of control, and a group of control bytes more. Entries are of an
/// even size but for arrays of single bytes, so the odd factor is that of the entry.
fn of_table(seen: &Measured<'_>, benches: &[usize]) -> Option<(usize, (u32, u64))> {
    const FIRST: u32 = 2;
    let sizes = seen.block_sizes(Quantity::Allocations);
    let (bench, sizes) = first_known(&sizes, benches)?;
    let mut levels = Levels::new();
    for (&size, &tables) in sizes.iter().filter(|&(&size, _)| size > TABLE_GROUP) {
        add(&mut levels, (size - TABLE_GROUP).trailing_zeros(), size, tables);
    }
    usual(&levels).map(|(level, size)| (bench, (level.saturating_sub(FIRST), size)))
}
