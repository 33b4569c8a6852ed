//! From the ratios of pairs to a verdict.

use super::exact::varies;
use super::instructions::{Counted, INSTRUCTIONS};
use crate::model::verdict::{Comparison, ExactVerdict, TimeChange, Verdict};
use crate::stats::{Estimate, benjamini_hochberg, hodges_lehmann, holm, pairs_for_level};

/// When a difference counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The interval misses the true ratio at most this often.
    pub alpha: f64,
    /// With many benches, at most this chance of even one false claim, and at most this share of
    /// false claims among those listed.
    pub family: f64,
    /// Effects below this are not claimed: files that are the same differ by as much.
    pub threshold: f64,
    /// An interval within this on either side excludes a change that matters.
    pub no_change: f64,
    /// At how many pairs the ratios are looked at.
    pub looks: Vec<u32>,
    /// At how many more, where that takes no time to speak of.
    pub further: Vec<u32>,
}

impl Default for Rule {
    fn default() -> Self {
        Rule {
            alpha: 0.01,
            family: 0.05,
            threshold: 0.01,
            no_change: 0.02,
            looks: super::schedule::LOOKS.to_vec(),
            further: super::schedule::FURTHER.to_vec(),
        }
    }
}

impl Rule {
    /// Lets each bench have so many pairs and no more; the last look is there.
    pub fn until(&mut self, pairs: u32) {
        self.looks.retain(|&look| look < pairs);
        self.looks.push(pairs);
        self.further.clear();
    }

    /// The looks for so many benches: the earlier ones fall away where so few pairs could not
    /// stand against that many comparisons, and the first is where they just can.
    pub(super) fn looks_for(&self, benches: usize) -> Vec<u32> {
        let needed = pairs_for_level(self.family / benches.max(1) as f64) as u32;
        let mut looks = self.looks.clone();
        let too_early = looks.iter().take_while(|&&look| look <= needed).count();
        match looks.last() {
            Some(&last) if last <= needed => vec![last],
            _ if too_early == 0 => looks,
            _ => {
                looks.splice(..too_early, [needed]);
                looks
            }
        }
    }

    /// What the pairs say. `before` and `after` hold seconds per iteration, pair by pair.
    pub(super) fn decide(&self, before: &[f64], after: &[f64]) -> TimeChange {
        let logs: Vec<f64> = before.iter().zip(after).map(|(b, a)| (a / b).ln()).collect();
        let unknown = Estimate { shift: 0.0, low: f64::NEG_INFINITY, high: f64::INFINITY, p: 1.0 };
        let estimate = hodges_lehmann(&logs, self.alpha).unwrap_or(unknown);
        let verdict = self.verdict(&estimate);
        let pairs = logs.len() as u32;
        TimeChange {
            verdict,
            ratio: estimate.shift.exp(),
            low: estimate.low.exp(),
            high: estimate.high.exp(),
            p: estimate.p,
            p_holm: estimate.p,
            pairs,
            more_pairs: (verdict == Verdict::TooNoisy).then(|| self.more_pairs(&estimate, pairs)),
            before: before.to_vec(),
            after: after.to_vec(),
        }
    }

    fn verdict(&self, estimate: &Estimate) -> Verdict {
        let &Estimate { shift, low, high, .. } = estimate;
        let counts = shift.abs() >= self.threshold.ln_1p();
        if high < 0.0 && counts {
            Verdict::Faster
        } else if low > 0.0 && counts {
            Verdict::Slower
        } else if low >= (-self.no_change).ln_1p() && high <= self.no_change.ln_1p() {
            Verdict::NoChange
        } else {
            Verdict::TooNoisy
        }
    }

    /// Whether so little seems to have changed that it does not matter, and yet a further look may
    /// show a change: a change as large as one that matters is often no larger in few pairs.
    pub(super) fn leans(&self, time: &TimeChange) -> bool {
        let farthest = time.low.ln().abs().max(time.high.ln().abs());
        time.verdict == Verdict::NoChange
            && farthest + time.ratio.ln().abs() > self.no_change.ln_1p()
    }

    /// How many more pairs would settle it if the noise stays what it is: the interval narrows
    /// with the square root of their number.
    fn more_pairs(&self, estimate: &Estimate, pairs: u32) -> u32 {
        let least = pairs_for_level(self.alpha) as u32;
        if pairs < least || !estimate.low.is_finite() {
            return least.saturating_sub(pairs).max(1);
        }
        let half = (estimate.high - estimate.low) / 2.0;
        let effect = estimate.shift.abs();
        // To exclude no change, or to exclude a change that matters, whichever is nearer.
        let claim = if effect >= self.threshold.ln_1p() { effect } else { 0.0 };
        let dismiss = self.no_change.ln_1p() - effect;
        let wanted = claim.max(dismiss);
        if half <= wanted {
            // It is only off centre; a few more pairs will tell.
            return 4;
        }
        let needed = f64::from(pairs) * (half / wanted).powi(2);
        // Beyond this nobody waits, and the square root is a guess.
        (needed.ceil() as u32).min(10_000).saturating_sub(pairs).max(1)
    }

    /// What stands of a claim after the pairs that were linked in other orders: the answer, and
    /// what to know about it.
    pub(super) fn credit(
        &self,
        built: TimeChange,
        relinked: TimeChange,
    ) -> (TimeChange, Option<String>) {
        if relinked.verdict == built.verdict {
            return (TimeChange { p: built.p.max(relinked.p), ..relinked }, None);
        }
        let percent = (built.ratio - 1.0) * 100.0;
        let claim = format!("as built it is {} ({percent:+.1} %)", built.verdict.word());
        if relinked.verdict == Verdict::NoChange {
            let note = format!(
                "{claim}, but not with its functions in other orders: it is where the code lies"
            );
            return (relinked, Some(note));
        }
        let note = format!(
            "{claim}, but with its functions in other orders that does not show (pairs: {}), so it may \
             be where the code lies",
            relinked.pairs
        );
        let more_pairs = relinked.more_pairs.or(self.looks.first().copied());
        let time = if relinked.pairs == 0 { built } else { relinked };
        (TimeChange { verdict: Verdict::TooNoisy, more_pairs, ..time }, Some(note))
    }

    /// Allows for the number of benches: sets each p-value of the family, and takes back claims
    /// that do not stand out among that many.
    pub fn allow_for_many(&self, comparisons: &mut [Comparison]) {
        let mut times: Vec<(&mut TimeChange, &mut Vec<String>)> = comparisons
            .iter_mut()
            .filter_map(|c| c.time.as_mut().map(|time| (time, &mut c.notes)))
            .collect();
        let p: Vec<f64> = times.iter().map(|(time, _)| time.p).collect();
        let (holm, listed) = (holm(&p), benjamini_hochberg(&p));
        let benches = times.len();
        for (at, (time, notes)) in times.iter_mut().enumerate() {
            time.p_holm = holm[at];
            let claimed = matches!(time.verdict, Verdict::Faster | Verdict::Slower);
            if claimed && listed[at] > self.family {
                let needed = pairs_for_level(self.family / benches as f64) as u32;
                notes.push(format!(
                    "{} pairs show it {}, but among {benches} benches that may be chance",
                    time.pairs,
                    time.verdict.word()
                ));
                time.verdict = Verdict::TooNoisy;
                time.more_pairs = Some(needed.saturating_sub(time.pairs).max(4));
            }
        }
    }
}

/// Code that merely lies elsewhere moves a bench by less than this.
const LAYOUT: f64 = 0.2;

/// A claim that may be a matter of where the code lies.
pub(super) fn may_be_layout(time: &TimeChange) -> bool {
    matches!(time.verdict, Verdict::Faster | Verdict::Slower) && (time.ratio - 1.0).abs() < LAYOUT
}

/// What to know of such a claim where the order was not varied.
pub(super) fn not_varied(why: &str) -> String {
    format!(
        "the order of the code was not varied{why}; code that merely lies elsewhere can move a \
         bench by up to 20 %"
    )
}

/// Holds a claim against the instructions: what to know about it. Where the order of the code
/// could not be varied, a time that moved without them is not believed.
pub(super) fn weigh(
    time: &mut TimeChange,
    counted: Option<&Counted>,
    varied: bool,
) -> Option<String> {
    let claimed = matches!(time.verdict, Verdict::Faster | Verdict::Slower);
    match counted? {
        Counted::Varies(before, after) => {
            let [before, after] = [before, after].map(|counts| counts.map(|n| format!("{n:.0}")));
            Some(varies(INSTRUCTIONS, &before, &after))
        }
        Counted::Change(change) if claimed && change.verdict == ExactVerdict::Same => {
            if varied {
                return Some(
                    "the instructions are as many as before: what they wait for has changed".into(),
                );
            }
            let word = time.verdict.word();
            time.verdict = Verdict::TooNoisy;
            time.more_pairs = Some(time.pairs);
            Some(format!(
                "measured {word}, but the instructions are as many as before: it may be where the \
                 code lies"
            ))
        }
        Counted::Change(_) => None,
    }
}

/// Takes back every claim, since a copy was found to differ from itself.
pub(super) fn distrust(comparisons: &mut [Comparison], canary: &Comparison) {
    for comparison in comparisons {
        let Some(time) = &mut comparison.time else { continue };
        if matches!(time.verdict, Verdict::Faster | Verdict::Slower) {
            comparison.notes.push(format!(
                "measured {}, but in the same run {} differed from its own copy",
                time.verdict.word(),
                canary.name
            ));
            time.verdict = Verdict::TooNoisy;
            time.more_pairs = Some(time.pairs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::verdict::{BenchName, ExactChange};

    /// Pairs whose ratios lie around `center`, spread by up to `noise` either way.
    fn pairs(center: f64, noise: f64, count: usize) -> (Vec<f64>, Vec<f64>) {
        let mut state = 11_u64;
        let mut draw = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0
        };
        let before: Vec<f64> = (0..count).map(|_| 1e-6 * (1.0 + 0.1 * draw())).collect();
        let after = before.iter().map(|b| b * center * (1.0 + noise * draw())).collect();
        (before, after)
    }

    fn decide(center: f64, noise: f64, count: usize) -> TimeChange {
        let (before, after) = pairs(center, noise, count);
        Rule::default().decide(&before, &after)
    }

    #[test]
    fn clear_differences_are_claimed_in_their_direction() {
        let slower = decide(1.05, 0.01, 8);
        assert_eq!(slower.verdict, Verdict::Slower);
        assert!(slower.low > 1.0 && (slower.ratio - 1.05).abs() < 0.01);
        assert_eq!(decide(0.95, 0.01, 8).verdict, Verdict::Faster);
    }

    #[test]
    fn effects_below_the_threshold_are_no_change_however_sure() {
        let change = decide(1.006, 0.001, 20);
        assert!(change.low > 1.0, "{change:?}");
        assert_eq!(change.verdict, Verdict::NoChange);
        assert!(change.bound() < 0.01);
    }

    #[test]
    fn what_leans_to_one_side_is_looked_at_again() {
        let rule = Rule::default();
        let leans = |center, noise| {
            let change = decide(center, noise, 12);
            assert_eq!(change.verdict, Verdict::NoChange, "{change:?}");
            rule.leans(&change)
        };
        assert!(!leans(1.0, 0.01) && !leans(1.008, 0.001));
        assert!(leans(1.009, 0.01) && leans(0.991, 0.01));
        assert!(!rule.leans(&decide(1.05, 0.01, 12)));
    }

    #[test]
    fn noise_says_how_many_more_pairs_it_needs() {
        let change = decide(1.0, 0.2, 12);
        assert_eq!(change.verdict, Verdict::TooNoisy);
        assert!(change.more_pairs.is_some_and(|more| more > 100), "{change:?}");
        let less = decide(1.0, 0.04, 12);
        assert!(less.verdict == Verdict::NoChange || less.more_pairs < change.more_pairs);
    }

    #[test]
    fn too_few_pairs_have_no_interval_and_no_verdict() {
        let change = decide(2.0, 0.0, 7);
        assert_eq!((change.low, change.high), (0.0, f64::INFINITY));
        assert_eq!(change.verdict, Verdict::TooNoisy);
        assert_eq!(change.more_pairs, Some(1));
        assert_eq!(Rule::default().decide(&[], &[]).verdict, Verdict::TooNoisy);
    }

    #[test]
    fn a_time_of_zero_gives_no_verdict() {
        let change = Rule::default().decide(&[0.0; 10], &[1.0; 10]);
        assert_eq!(change.verdict, Verdict::TooNoisy);
    }

    #[test]
    fn many_benches_need_more_pairs_before_the_first_look() {
        let rule = Rule::default();
        assert_eq!(rule.looks_for(1), [8, 12, 20, 32, 48]);
        assert_eq!(rule.looks_for(8), [9, 12, 20, 32, 48]);
        assert_eq!(rule.looks_for(100), [12, 20, 32, 48]);
        assert_eq!(rule.looks_for(5000), [18, 20, 32, 48]);
    }

    fn comparison(time: TimeChange) -> Comparison {
        let name =
            BenchName { package: "p".to_owned(), target: "t".to_owned(), bench: "b".to_owned() };
        Comparison { name, time: Some(time), exact: Vec::new(), notes: Vec::new() }
    }

    #[test]
    fn a_number_of_pairs_of_ones_own_is_where_the_last_look_is() {
        let looks = |pairs| {
            let mut rule = Rule::default();
            rule.until(pairs);
            rule.looks_for(1)
        };
        assert_eq!(looks(2), [2]);
        assert_eq!(looks(20), [8, 12, 20]);
        assert_eq!(looks(100), [8, 12, 20, 32, 48, 100]);
    }

    #[test]
    fn one_claim_of_few_pairs_does_not_stand_among_many_benches() {
        let claim = decide(1.05, 0.01, 8);
        assert!((claim.p - 0.0078125).abs() < 1e-12);
        let mut alone = vec![comparison(claim.clone())];
        Rule::default().allow_for_many(&mut alone);
        assert_eq!(alone[0].verdict(), Verdict::Slower);

        let mut many: Vec<Comparison> = (0..50).map(|_| comparison(decide(1.0, 0.01, 8))).collect();
        many.push(comparison(claim));
        Rule::default().allow_for_many(&mut many);
        let time = many[50].time.as_ref().unwrap();
        assert_eq!(time.verdict, Verdict::TooNoisy);
        assert!(time.p_holm > 0.05 && time.more_pairs.is_some());
        assert_eq!(many[50].notes.len(), 1);
    }

    #[test]
    fn a_small_claim_has_to_hold_in_other_orders_too() {
        let rule = Rule::default();
        let claim = decide(1.05, 0.01, 8);
        assert!(may_be_layout(&claim));
        assert!(!may_be_layout(&decide(1.5, 0.01, 8)) && !may_be_layout(&decide(1.0, 0.01, 8)));
        let verdict = |relinked| {
            let (time, note) = rule.credit(claim.clone(), relinked);
            (time.verdict, note.is_some())
        };
        assert_eq!(verdict(decide(1.04, 0.01, 12)), (Verdict::Slower, false));
        assert_eq!(verdict(decide(1.0, 0.01, 12)), (Verdict::NoChange, true));
        assert_eq!(verdict(decide(1.0, 0.2, 12)), (Verdict::TooNoisy, true));
        assert_eq!(verdict(decide(0.95, 0.01, 12)), (Verdict::TooNoisy, true));
        let (cut_short, _) = rule.credit(claim.clone(), rule.decide(&[], &[]));
        assert_eq!((cut_short.verdict, cut_short.pairs), (Verdict::TooNoisy, 8));
        assert_eq!(cut_short.more_pairs, Some(8));
    }

    #[test]
    fn a_time_that_moved_without_the_instructions_is_believed_only_in_other_orders() {
        let counted = |verdict| {
            let unit = INSTRUCTIONS.to_owned();
            Counted::Change(ExactChange { unit, before: 100.0, after: 100.0, verdict })
        };
        let weigh = |counted: &Counted, varied| {
            let mut time = decide(1.05, 0.01, 8);
            let note = weigh(&mut time, Some(counted), varied);
            (time.verdict, note.is_some())
        };
        let same = counted(ExactVerdict::Same);
        assert_eq!(weigh(&same, true), (Verdict::Slower, true));
        assert_eq!(weigh(&same, false), (Verdict::TooNoisy, true));
        assert_eq!(weigh(&counted(ExactVerdict::More), false), (Verdict::Slower, false));
        let varies = Counted::Varies([1.0, 2.0], [1.0, 3.0]);
        assert_eq!(weigh(&varies, false), (Verdict::Slower, true));
    }

    #[test]
    fn a_canary_takes_every_claim_back() {
        let mut comparisons =
            vec![comparison(decide(1.05, 0.01, 8)), comparison(decide(1.0, 0.001, 8))];
        let canary = comparison(decide(0.9, 0.01, 8));
        distrust(&mut comparisons, &canary);
        assert_eq!(comparisons[0].verdict(), Verdict::TooNoisy);
        assert_eq!(comparisons[1].verdict(), Verdict::NoChange);
        assert!(comparisons[0].notes[0].contains("its own copy"));
    }
}
