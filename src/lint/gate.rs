//! The heat gate: what the profile says of a claim, and how much it is believed then.

use crate::model::evidence::Evidence;
use crate::model::finding::{Confidence, Grade, Suggestion, Types};
use crate::source::heat::{Cost, Heat, Measured, Quantity, Region, Stop};

use super::claim::Shape;
use super::room::reached;
use super::said::Said;

/// Samples below a region from which on a cost that was not seen is not there.
const ENOUGH_SAMPLES: u64 = 20;

/// The least share of the time for which somebody writes by hand what is more than a line.
const BY_HAND: f64 = 0.03;

/// A claim after the profile was asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Judged {
    /// How much it is believed; `None` where there is nothing to say.
    pub confidence: Option<Confidence>,
    /// What was measured, costliest bench first.
    pub evidence: Vec<Evidence>,
    /// The costliest way into the regions, outermost call first.
    pub hot_path: Vec<Stop>,
    /// Who held the lock, where waiting for one is the claim.
    pub holders: Vec<Stop>,
    /// The room that a collection reached, and in which bench, where growth is the claim.
    pub room: Option<(String, u64)>,
}

impl Judged {
    fn without_evidence(confidence: Option<Confidence>) -> Judged {
        Judged {
            confidence,
            evidence: Vec::new(),
            hot_path: Vec::new(),
            holders: Vec::new(),
            room: None,
        }
    }
}

/// Asks the profile about a claim.
///
/// `regions` are where the cost would be, `functions` the functions around them; what is seen at
/// the place that is `refuting` cannot be if the claim holds.
pub(super) fn judge(
    claim: &Said,
    heat: Option<&Heat<'_>>,
    regions: &[Region],
    functions: &[Region],
    refuting: Option<(Region, Quantity)>,
    hot: f64,
) -> Judged {
    let unmeasured = Judged::without_evidence(without_heat(claim));
    let Some(heat) = heat else { return unmeasured };
    if heat.at(functions).is_empty() {
        return unmeasured;
    }
    let measured = heat.at(regions);
    // What the shape alone does not say is not said of cold code either.
    let cold = if claim.leaves_no_samples {
        unmeasured
    } else {
        Judged::without_evidence(
            (claim.shape != Shape::NeedsProof).then_some(Confidence::Suspected),
        )
    };
    let seen = refuting.and_then(|(place, quantity)| heat.at(&[place]).costs(quantity));
    if seen.is_some_and(|costs| costs.iter().any(|cost| cost.value > 0)) {
        return cold;
    }
    let shares = witnessed(claim, &measured);
    if let Some(shares) = &shares {
        let evidence = evidence(heat, &measured, |bench| shares.get(bench).copied().flatten());
        let waits = claim.witnesses.iter().any(|w| w.quantity == Quantity::LockDelay);
        let (holders, way) = if waits {
            (measured.holders(), Quantity::LockDelay)
        } else {
            (Vec::new(), Quantity::Cpu)
        };
        let hot_path = measured.costliest_way(way);
        let room = claim.room.as_ref().and_then(|room| {
            let names: Vec<&str> = heat.bench_names().collect();
            let place = |found: &Evidence| names.iter().position(|name| *name == found.bench);
            // The bench that is shown first is the one to speak of.
            let benches: Vec<usize> = evidence.iter().filter_map(place).collect();
            let (bench, length) = reached(claim, room.growth, &measured, &benches)?;
            Some((names[bench].to_owned(), length))
        });
        let confidence = Some(Confidence::Proved);
        return Judged { confidence, evidence, hot_path, holders, room };
    }
    let cpu = measured.costs(Quantity::Cpu).unwrap_or_default();
    let is_hot = cpu.iter().any(|cost| cost.share() >= hot);
    let wants_proof = matches!(claim.shape, Shape::NeedsProof | Shape::Possible);
    if !is_hot || wants_proof || refuted(claim, heat, &measured) {
        return cold;
    }
    // A mistake of the bench has no cost that a rewrite would save.
    let claimed = |bench: usize| {
        let share = cpu.get(bench).map(Cost::share).filter(|_| !claim.of_bench)?;
        Some(Claimed { share, is_waiting: false })
    };
    let evidence = evidence(heat, &measured, claimed);
    let hot_path = measured.costliest_way(Quantity::Cpu);
    let confidence = Some(Confidence::Hot);
    Judged { evidence, hot_path, ..Judged::without_evidence(confidence) }
}

/// What a claim is worth where nothing was recorded.
fn without_heat(claim: &Said) -> Option<Confidence> {
    match claim.shape {
        Shape::Certain if claim.types != Types::Unknown => Some(Confidence::Certain),
        Shape::Certain | Shape::Suspect | Shape::Possible => Some(Confidence::Suspected),
        Shape::NeedsProof => None,
    }
}

/// The share of a bench's time that would be gone if the claimed cost were.
#[derive(Clone, Copy, Debug)]
struct Claimed {
    share: f64,
    /// Of the time that threads wait and compute, not of that alone which they compute.
    is_waiting: bool,
}

/// The share of each bench that the claimed cost makes up, if any witness saw it.
fn witnessed(claim: &Said, measured: &Measured<'_>) -> Option<Vec<Option<Claimed>>> {
    let mut found: Option<Vec<Option<Claimed>>> = None;
    for witness in &claim.witnesses {
        let mut seen = measured.clone();
        if let Some(test) = witness.through {
            seen = seen.through(test);
        }
        if let Some(test) = witness.below {
            seen = seen.below(test);
        }
        if let Some(test) = witness.above {
            seen = seen.above(test);
        }
        let Some(mut costs) = shares(&seen, witness.quantity) else { continue };
        if witness.first_stays {
            forget_what_fits(&mut costs, &seen);
        }
        // Only time bounds a speed-up: shares of allocations or calls do not.
        let is_time = matches!(witness.quantity, Quantity::Cpu | Quantity::LockDelay);
        let by_hand = if is_time && is_by_hand(claim) { BY_HAND } else { 0.0 };
        if !costs.iter().any(|&share| share >= witness.least_share.max(by_hand)) {
            continue;
        }
        let found = found.get_or_insert_with(|| vec![None; costs.len()]);
        for (at, share) in costs.into_iter().enumerate() {
            if is_time && found[at].is_none_or(|known| known.share < share) {
                let is_waiting = witness.quantity == Quantity::LockDelay;
                found[at] = Some(Claimed { share, is_waiting });
            }
        }
    }
    found
}

/// Whether all that is offered are ideas of several lines, which a person has to write.
fn is_by_hand(claim: &Said) -> bool {
    let is_long = |suggestion: &Suggestion| {
        let sketch = suggestion.sketch.as_deref().unwrap_or_default();
        suggestion.grade == Grade::Display && sketch.lines().count() > 1
    };
    claim.room.is_none() && !claim.suggestions.is_empty() && claim.suggestions.iter().all(is_long)
}

/// Of what is allocated once and hardly ever again, nothing is growth.
fn forget_what_fits(shares: &mut [f64], seen: &Measured<'_>) {
    const HARDLY: f64 = 0.05;
    let (growths, first) = (seen.costs(Quantity::Growths), seen.costs(Quantity::Allocations));
    let (Some(growths), Some(first)) = (growths, first) else { return };
    for ((share, growths), first) in shares.iter_mut().zip(&growths).zip(&first) {
        if (growths.value as f64) < HARDLY * first.value as f64 {
            *share = 0.0;
        }
    }
}

/// Whether a witness whose quantity was recorded, with stacks enough, saw nothing that matters.
fn refuted(claim: &Said, heat: &Heat<'_>, measured: &Measured<'_>) -> bool {
    let samples = measured.samples().into_iter().fold(0, u64::saturating_add);
    claim.witnesses.iter().any(|witness| match witness.quantity {
        Quantity::Cpu => samples >= ENOUGH_SAMPLES,
        quantity => heat.has(quantity),
    })
}

fn shares(measured: &Measured<'_>, quantity: Quantity) -> Option<Vec<f64>> {
    let costs = measured.costs(quantity)?;
    match quantity {
        Quantity::LockDelay => Some(wait_shares(measured, &costs)),
        Quantity::Growths => {
            // A growth is one request among all others.
            let requests = measured.costs(Quantity::Allocations)?;
            let share = |(growths, requests): (&Cost<'_>, &Cost<'_>)| {
                let whole = growths.total.saturating_add(requests.total);
                if whole > 0 { growths.value as f64 / whole as f64 } else { 0.0 }
            };
            Some(costs.iter().zip(&requests).map(share).collect())
        }
        _ => Some(costs.iter().map(Cost::share).collect()),
    }
}

/// Waiting as a share of the threads' time, which is what they computed and what they waited.
fn wait_shares(measured: &Measured<'_>, waits: &[Cost<'_>]) -> Vec<f64> {
    let cpu = measured.costs(Quantity::Cpu).unwrap_or_default();
    let share = |(at, wait): (usize, &Cost<'_>)| {
        let whole = wait.total.saturating_add(cpu.get(at).map_or(0, |cost| cost.total));
        if whole > 0 { wait.value as f64 / whole as f64 } else { 0.0 }
    };
    waits.iter().enumerate().map(share).collect()
}

/// The evidence of each bench that reaches the region.
fn evidence(
    heat: &Heat<'_>,
    measured: &Measured<'_>,
    claimed: impl Fn(usize) -> Option<Claimed>,
) -> Vec<Evidence> {
    let samples = measured.samples();
    let costs = |quantity| measured.costs(quantity);
    let (cpu, own) = (costs(Quantity::Cpu), measured.own().costs(Quantity::Cpu));
    let waits = costs(Quantity::LockDelay).map(|waits| wait_shares(measured, &waits));
    let counted = [
        Quantity::Allocations,
        Quantity::Bytes,
        Quantity::Growths,
        Quantity::GrowthBytes,
        Quantity::IoCalls,
    ]
    .map(|quantity| (quantity, costs(quantity)));
    let errors =
        [(Quantity::Allocations, Quantity::Bytes), (Quantity::Growths, Quantity::GrowthBytes)]
            .map(|(count, size)| measured.count_errors(count, size));
    let mut found = Vec::new();
    for (at, bench) in heat.bench_names().enumerate() {
        let [allocs_error, growths_error] =
            errors.each_ref().map(|errors| errors.as_ref().and_then(|errors| errors[at]));
        let share = |costs: &Option<Vec<Cost<'_>>>| costs.as_ref().map(|costs| costs[at].share());
        // Sampled stacks give the share, the exact counters the amount.
        let per_iteration = |wanted: Quantity| {
            let (quantity, costs) = counted.iter().find(|(quantity, _)| *quantity == wanted)?;
            let exact = heat.totals(bench)?.per_iteration(quantity.sample_type())?;
            Some(share(costs)? * exact)
        };
        let reached = samples[at] > 0
            || waits.as_ref().is_some_and(|waits| waits[at] > 0.0)
            || counted.iter().any(|(_, costs)| share(costs).is_some_and(|share| share > 0.0));
        if !reached {
            continue;
        }
        let claimed = claimed(at);
        let claims_waiting = claimed.is_some_and(|claimed| claimed.is_waiting);
        // Who no longer waits needs a processor instead.
        let most = || {
            let computed = u64::try_from(cpu.as_ref()?.get(at)?.total).ok()?;
            heat.totals(bench)?.most_parallel(computed)
        };
        let most = claims_waiting.then(most).flatten().unwrap_or(f64::INFINITY);
        found.push(Evidence {
            bench: bench.to_owned(),
            samples: samples[at],
            cpu_share: share(&cpu),
            cpu_self_share: share(&own),
            bound: claimed.map(|claimed| bound(claimed.share).min(most)),
            claims_waiting,
            allocs_per_iter: per_iteration(Quantity::Allocations),
            allocs_error,
            bytes_per_iter: per_iteration(Quantity::Bytes),
            growths_per_iter: per_iteration(Quantity::Growths),
            growths_error,
            growth_bytes_per_iter: per_iteration(Quantity::GrowthBytes),
            lock_wait_share: waits.as_ref().map(|waits| waits[at]),
            io_calls_per_iter: per_iteration(Quantity::IoCalls),
        });
    }
    found.sort_by(|a, b| {
        let key = |e: &Evidence| e.bound.unwrap_or(0.0);
        key(b).total_cmp(&key(a)).then(b.samples.cmp(&a.samples)).then(a.bench.cmp(&b.bench))
    });
    found
}

/// The largest speed-up if a share of the time went to zero. One sample's worth always remains.
fn bound(share: f64) -> f64 {
    1.0 / (1.0 - share.clamp(0.0, 0.999))
}
