//! Orders that are drawn, and the numbers of pairs at which the ratios are looked at.

use std::time::Duration;

/// Looks: with a 99 % interval at each of them, simulations over the residuals of real benches
/// give fewer false claims than one in a hundred, and find a change of 2 % after 8 to 13 pairs.
pub const LOOKS: [u32; 5] = [8, 12, 20, 32, 48];

/// Further looks at a bench whose pairs have cost less than a time that nobody minds.
pub const FURTHER: [u32; 2] = [72, 108];

/// That time.
pub(super) const UNMINDED: Duration = Duration::from_secs(3);

/// Numbers that look drawn, the same ones for the same seed (SplitMix64).
#[derive(Clone, Debug)]
pub(super) struct Draw(u64);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Draw(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// One of the numbers below `bound`, which must not be 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        // The bias is far below what matters for an order.
        (self.next() % bound.max(1) as u64) as usize
    }

    pub(super) fn coin(&mut self) -> bool {
        self.next() & 1 == 1
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_all_and_reaches_every_order() {
        let mut draw = Draw::new(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let mut items = [1, 2, 3];
            draw.shuffle(&mut items);
            seen.insert(items);
        }
        assert_eq!(seen.len(), 6);
    }

    #[test]
    fn coins_fall_on_both_sides() {
        let mut draw = Draw::new(2);
        let heads = (0..1000).filter(|_| draw.coin()).count();
        assert!((400..600).contains(&heads), "{heads}");
    }
}
