//! Runs the rounds: each bench once on either side per round, until each has its answer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::ledger::{Entry, Ledger, fingerprint};
use super::process::{Fault, Processes};
use super::schedule::Draw;
use super::side::Target;
use super::{
    Ended, Error, Failed, Listener, Options, Progress, Report, Side, Which, decide, exact,
};
use crate::model::verdict::{BenchName, Comparison, TimeChange, Verdict};

/// A bench that both sides have, and what its pairs were so far.
struct Pairs {
    name: BenchName,
    /// Its target, by its place.
    target: usize,
    /// A copy of the first side stands for the second.
    canary: bool,
    before: Vec<f64>,
    after: Vec<f64>,
    answer: Option<TimeChange>,
    failed: Option<(Which, Fault)>,
}

impl Pairs {
    fn is_open(&self) -> bool {
        self.answer.is_none() && self.failed.is_none()
    }
}

pub(super) fn compare(
    before: &Side<'_>,
    after: &Side<'_>,
    options: &Options,
    listener: &Listener<'_>,
    interrupt: &AtomicBool,
) -> Result<Report, Error> {
    let processes = Processes {
        length: options.length,
        limit: options.limit,
        scratch: options.dir.join("run/left"),
        interrupt,
    };
    let (targets, mut pairs, mut report) = common(before, after, &processes, options, listener)?;
    let names: Vec<BenchName> = pairs.iter().map(|pair| pair.name.clone()).collect();
    let counts = if options.exact {
        exact::counts(before, after, &names, options, listener, interrupt)?
    } else {
        exact::Counts::default()
    };
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let what = fingerprint(&targets, &names, options)?;
    let (ledger, entries) = Ledger::open(&options.dir.join("pairs.jsonl"), &what)?;
    let mut rounds = Rounds {
        targets: &targets,
        processes: &processes,
        options,
        listener,
        looks: options.rule.looks_for(pairs.len()),
        draw: Draw::new(options.seed),
        ledger,
        started: Instant::now(),
        spent: Duration::ZERO,
        measured: 0,
    };
    report.ended = rounds.run(&mut pairs, entries)?;
    let Rounds { ledger, .. } = rounds;
    for leftover in ["copy", "twin", "run"] {
        // It is only disk space, and the next run clears it.
        let _ = std::fs::remove_dir_all(options.dir.join(leftover));
    }
    if report.ended != Ended::Interrupted {
        ledger.close()?;
    }

    for pair in pairs {
        // Without an answer it ended before its last look: what there is, for what it is worth.
        let unanswered = || options.rule.decide(&pair.before, &pair.after);
        let mut time = pair.answer.unwrap_or_else(unanswered);
        if pair.failed.is_some() {
            time.verdict = Verdict::TooNoisy;
        }
        let time = (time.pairs > 0).then_some(time);
        let mut comparison =
            Comparison { name: pair.name, time, exact: Vec::new(), notes: Vec::new() };
        if pair.canary {
            report.canary = Some(comparison);
            continue;
        }
        if let Some((which, fault)) = pair.failed {
            comparison.notes.push(format!("it {fault} ({})", which.word()));
            report.failed.push(Failed { name: comparison.name.clone(), which, fault });
        }
        let (changes, notes) = counts.changes(&comparison.name);
        comparison.exact = changes;
        comparison.notes.extend(notes);
        report.comparisons.push(comparison);
    }
    options.rule.allow_for_many(&mut report.comparisons);
    if report.canary_sang()
        && let Some(canary) = &report.canary
    {
        decide::distrust(&mut report.comparisons, canary);
    }
    Ok(report)
}

type Common = (Vec<(Target, Target)>, Vec<Pairs>, Report);

/// The targets and benches that both sides have; a report with those that only one has.
fn common(
    before: &Side<'_>,
    after: &Side<'_>,
    processes: &Processes<'_>,
    options: &Options,
    listener: &Listener<'_>,
) -> Result<Common, Error> {
    let list = |side: &Side<'_>, which| {
        Target::all(side)
            .into_iter()
            .map(|target| {
                listener(Progress::Listing(&target.name));
                let names = processes.list(&target, &options.benches, which)?;
                Ok((target, names))
            })
            .collect::<Result<Vec<_>, Error>>()
    };
    let first = list(before, Which::Before)?;
    let mut second = list(after, Which::After)?;
    let mut report = Report::default();
    let (mut targets, mut pairs) = (Vec::new(), Vec::new());
    let count = |side: &[(Target, Vec<String>)]| side.iter().map(|(_, names)| names.len()).sum();
    let counts = (count(&first), count(&second));
    for (target, names) in first {
        let twin = second
            .iter()
            .position(|(other, _)| (&other.package, &other.name) == (&target.package, &target.name))
            .map(|at| second.swap_remove(at));
        let (twin, twin_names) = match twin {
            Some((twin, names)) => (Some(twin), names),
            None => (None, Vec::new()),
        };
        for name in twin_names.iter().filter(|name| !names.contains(name)) {
            report.added.push(target.bench_name(name));
        }
        for bench in names {
            let name = target.bench_name(&bench);
            if !twin_names.contains(&bench) {
                report.removed.push(name);
                continue;
            }
            let (before, after) = (Vec::new(), Vec::new());
            let (answer, failed) = (None, None);
            let target = targets.len();
            pairs.push(Pairs { name, target, canary: false, before, after, answer, failed });
        }
        if let Some(twin) = twin {
            targets.push((target, twin));
        }
    }
    for (target, names) in &second {
        report.added.extend(names.iter().map(|name| target.bench_name(name)));
    }
    if pairs.is_empty() {
        return Err(Error::NothingInCommon { before: counts.0, after: counts.1 });
    }
    report.added.sort();
    report.removed.sort();
    pairs.sort_by(|a, b| a.name.cmp(&b.name));
    if options.canary {
        let one = &pairs[Draw::new(options.seed).below(pairs.len())];
        pairs.push(Pairs {
            name: one.name.clone(),
            target: one.target,
            canary: true,
            before: Vec::new(),
            after: Vec::new(),
            answer: None,
            failed: None,
        });
    }
    Ok((targets, pairs, report))
}

/// Copies of a target's executables.
struct Copies {
    target: usize,
    before: PathBuf,
    after: PathBuf,
    /// Another of the first side, for the canary.
    twin: Option<PathBuf>,
}

struct Rounds<'a> {
    targets: &'a [(Target, Target)],
    processes: &'a Processes<'a>,
    options: &'a Options,
    listener: &'a Listener<'a>,
    looks: Vec<u32>,
    draw: Draw,
    ledger: Ledger,
    started: Instant,
    /// Time that went into pairs, and how many these were.
    spent: Duration,
    measured: u32,
}

impl Rounds<'_> {
    /// Goes on from the pairs of an interrupted run, to the end or to a reason to stop.
    fn run(&mut self, pairs: &mut [Pairs], entries: Vec<Entry>) -> Result<Ended, Error> {
        for entry in entries {
            if let Some(pair) = pairs.get_mut(entry.bench) {
                pair.before.push(entry.before);
                pair.after.push(entry.after);
            }
        }
        let looks = self.looks.clone();
        for look in looks {
            loop {
                // Of benches that lack pairs those with the fewest come first: after an
                // interrupt in the middle of a round the others wait for them.
                let lacking = |pair: &Pairs| pair.is_open() && (pair.before.len() as u32) < look;
                let Some(fewest) =
                    pairs.iter().filter(|p| lacking(p)).map(|p| p.before.len()).min()
                else {
                    break;
                };
                let mut order: Vec<usize> = (0..pairs.len())
                    .filter(|&at| lacking(&pairs[at]) && pairs[at].before.len() == fewest)
                    .collect();
                self.draw.shuffle(&mut order);
                if let Some(ended) = self.round(pairs, &order, fewest as u32 + 1)? {
                    return Ok(ended);
                }
            }
            for pair in pairs.iter_mut().filter(|pair| pair.is_open()) {
                let answer = self.options.rule.decide(&pair.before, &pair.after);
                let is_last = Some(&look) == self.looks.last();
                if is_last || answer.verdict != Verdict::TooNoisy {
                    pair.answer = Some(answer);
                }
            }
            // The canary only has to run as long as there is something to doubt.
            if pairs.iter().all(|pair| pair.canary || !pair.is_open()) {
                break;
            }
        }
        Ok(Ended::Done)
    }

    /// One pair of each of these benches, from fresh copies.
    fn round(
        &mut self,
        pairs: &mut [Pairs],
        order: &[usize],
        round: u32,
    ) -> Result<Option<Ended>, Error> {
        let copies = self.copies(pairs, order)?;
        for &at in order {
            if self.processes.interrupt.load(Ordering::Relaxed) {
                return Ok(Some(Ended::Interrupted));
            }
            if self.options.budget.is_some_and(|budget| self.started.elapsed() >= budget) {
                return Ok(Some(Ended::Budget));
            }
            self.progress(pairs, round);
            let begun = Instant::now();
            let pair = &mut pairs[at];
            let Some(copies) = copies.iter().find(|copies| copies.target == pair.target) else {
                continue;
            };
            let second = copies.twin.as_ref().filter(|_| pair.canary).unwrap_or(&copies.after);
            match self.pair(pair, &copies.before, second) {
                Ok((before, after)) => {
                    self.ledger.add(&Entry { bench: at, before, after })?;
                    pair.before.push(before);
                    pair.after.push(after);
                    self.spent += begun.elapsed();
                    self.measured += 1;
                }
                Err((_, Fault::Interrupted)) => return Ok(Some(Ended::Interrupted)),
                Err(failed) => pair.failed = Some(failed),
            }
        }
        Ok(None)
    }

    /// Copies of each target that this round needs: of the first side, of the second, and one more
    /// of the first for the canary.
    fn copies(&self, pairs: &[Pairs], order: &[usize]) -> Result<Vec<Copies>, Error> {
        let mut needed: BTreeMap<usize, bool> = BTreeMap::new();
        for pair in order.iter().map(|&at| &pairs[at]) {
            *needed.entry(pair.target).or_default() |= pair.canary;
        }
        let dir = self.options.dir.join("copy");
        let own = self.options.dir.join("twin");
        needed
            .into_iter()
            .map(|(target, canary)| {
                let (before, after) = &self.targets[target];
                Ok(Copies {
                    target,
                    before: before.fresh_copy(&dir, Which::Before)?,
                    after: after.fresh_copy(&dir, Which::After)?,
                    twin: if canary { Some(before.fresh_copy(&own, Which::After)?) } else { None },
                })
            })
            .collect()
    }

    fn pair(
        &mut self,
        pair: &Pairs,
        before: &Path,
        after: &Path,
    ) -> Result<(f64, f64), (Which, Fault)> {
        let (first, second) = &self.targets[pair.target];
        let second = if pair.canary { first } else { second };
        let bench = &pair.name.bench;
        let run = |which| {
            let (target, copy) = match which {
                Which::Before => (first, before),
                Which::After => (second, after),
            };
            self.processes.seconds(target, copy, bench).map_err(|fault| (which, fault))
        };
        if self.draw.coin() {
            let after = run(Which::After)?;
            Ok((run(Which::Before)?, after))
        } else {
            let before = run(Which::Before)?;
            Ok((before, run(Which::After)?))
        }
    }

    fn progress(&self, pairs: &[Pairs], round: u32) {
        let last = self.looks.last().copied().unwrap_or(0);
        let open: Vec<&Pairs> = pairs.iter().filter(|pair| pair.is_open()).collect();
        let missing: usize =
            open.iter().map(|pair| (last as usize).saturating_sub(pair.before.len())).sum();
        let mut left = match self.measured {
            0 => Duration::ZERO,
            measured => self.spent / measured * missing as u32,
        };
        if let Some(budget) = self.options.budget {
            left = left.min(budget.saturating_sub(self.started.elapsed()));
        }
        (self.listener)(Progress::Pairs {
            round,
            of: last,
            open: open.iter().filter(|pair| !pair.canary).count(),
            benches: pairs.iter().filter(|pair| !pair.canary).count(),
            left,
        });
    }
}
