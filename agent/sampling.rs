//! Which of many events are kept: distances are drawn from an exponential distribution, so that
//! every byte (or nanosecond) has the same chance, whatever the pattern of the program.

use core::cell::Cell;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::{capture, config};

/// Decides for one kind of event on one thread.
#[repr(C)]
pub struct Sampler {
    /// Amount until the next sample; below zero it is due.
    pub left: Cell<i64>,
    /// What it was when the distance was drawn.
    drawn: Cell<i64>,
    /// Mean of the distance that was drawn last; 0 if every event is kept.
    mean: Cell<u64>,
    /// When the last event was kept.
    last: Cell<u64>,
    /// Amount and time between the last few kept events.
    passed: Cell<(u64, u64)>,
}

impl Sampler {
    /// Passes `amount`; true if the event is to be kept.
    #[inline(always)]
    pub fn pass(&self, amount: u64) -> bool {
        let left = self.left.get().wrapping_sub(amount as i64);
        self.left.set(left);
        left < 0
    }

    /// Amount that has passed since the distance was drawn.
    pub fn passed(&self) -> u64 {
        self.drawn.get().wrapping_sub(self.left.get()) as u64
    }

    /// Starts with this mean; `None` keeps nothing.
    pub fn start(&self, random: &Random, mean: Option<u64>) {
        self.last.set(0);
        self.passed.set((0, 0));
        match mean {
            Some(mean) => self.draw(random, mean),
            None => {
                self.left.set(i64::MAX);
                self.drawn.set(i64::MAX);
            }
        }
    }

    /// The mean that decided about the event that is being kept; draws the next distance.
    ///
    /// Where events are so many that a mean would keep more than one per
    /// [`config::PACE`], it is raised:
    /// the cost stays bounded, and since each event tells the mean that decided about it, what
    /// the kept ones stand for stays right. `now` is on the clock on which events of this kind
    /// pass: the thread's CPU time, or, of waits, any time, since a thread that only
    /// waits has hardly any CPU time and would keep hardly any wait.
    pub fn redraw(&self, random: &Random, mean: u64, now: u64) -> u64 {
        let used = self.mean.get();
        let last = self.last.replace(now);
        let (mut amount, mut time) = self.passed.get();
        if last != 0 {
            amount = amount / 8 * 7 + self.passed();
            time = time / 8 * 7 + now.saturating_sub(last);
            self.passed.set((amount, time));
        }
        let paced = if mean == 0 || time == 0 {
            mean
        } else {
            let pace = config::PACE.load(Relaxed) as f64;
            // One slow call is no sign of many: the mean grows by steps, or everything after a
            // wait of a second would pass unseen.
            let step = used.max(mean).saturating_mul(2);
            ((amount as f64 / time as f64 * pace) as u64).clamp(mean, step)
        };
        self.draw(random, paced);
        used
    }

    /// Draws a distance. The mean grows as the file fills up.
    fn draw(&self, random: &Random, mean: u64) {
        let distance = if mean == 0 {
            self.mean.set(0);
            -1
        } else {
            let mean = mean.min(1 << 40) << capture::scarcity();
            self.mean.set(mean);
            (random.exponential() * mean as f64) as i64
        };
        self.drawn.set(distance);
        self.left.set(distance);
    }
}

/// Kinds of which the first few are all kept.
pub struct First(AtomicU64);

impl First {
    pub const fn new() -> First {
        First(AtomicU64::new(0))
    }

    /// The mean for the event after one that is kept: 0 until `first` have been.
    pub fn mean(&self, mean: u64) -> u64 {
        let next = self.of_new_thread(mean);
        if next != mean {
            self.0.fetch_add(1, Relaxed);
        }
        next
    }

    /// The mean for the first event of a thread that starts now. The first few are those of the
    /// process: of programs with a thread for each piece of work, each thread's would be all.
    pub fn of_new_thread(&self, mean: u64) -> u64 {
        if self.0.load(Relaxed) < config::FIRST.load(Relaxed) { 0 } else { mean }
    }

    /// Starts again, in a forked child.
    pub fn reset(&self) {
        self.0.store(0, Relaxed);
    }
}

/// Random numbers of one thread.
#[repr(transparent)]
pub struct Random(Cell<u64>);

impl Random {
    pub fn seed(&self, seed: u64) {
        self.0.set(seed);
    }

    fn next(&self) -> u64 {
        // SplitMix64: passes the usual tests and has no bad seeds.
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Exponentially distributed with mean 1.
    fn exponential(&self) -> f64 {
        // 53 random bits above zero, at most 1.
        let uniform = ((self.next() >> 11) + 1) as f64 / (1u64 << 53) as f64;
        -ln(uniform)
    }
}

/// Natural logarithm of a positive normal number, to about 1e-9.
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mut mantissa = f64::from_bits(bits & ((1 << 52) - 1) | 1023 << 52);
    if mantissa > core::f64::consts::SQRT_2 {
        mantissa *= 0.5;
        exponent += 1;
    }
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let s = z * z;
    let series =
        1.0 + s * (1.0 / 3.0 + s * (1.0 / 5.0 + s * (1.0 / 7.0 + s * (1.0 / 9.0 + s / 11.0))));
    exponent as f64 * core::f64::consts::LN_2 + 2.0 * z * series
}
