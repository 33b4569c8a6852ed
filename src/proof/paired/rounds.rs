//! Runs the rounds: each bench once on either side per round, until each has its answer.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::copies::{Copies, Links};
use super::cut::Cuts;
use super::instructions::{Counted, Counter};
use super::ledger::{Entry, Ledger, fingerprint};
use super::pairs::{Pairs, again, common};
use super::process::{Fault, Processes};
use super::schedule::{Draw, UNMINDED};
use super::side::Target;
use super::{
    Ended, Error, Failed, Listener, Options, Progress, Report, Side, Which, copies, decide, exact,
    instructions,
};
use crate::model::verdict::{BenchName, Comparison, Verdict};

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
        cuts: Cuts::default(),
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
        links: Links::default(),
        ledger,
        started: Instant::now(),
        spent: Duration::ZERO,
        measured: 0,
    };
    report.ended = rounds.run(&mut pairs, entries)?;
    let Rounds { ledger, mut links, .. } = rounds;
    for leftover in ["copy", "twin", "relinked", "run"] {
        // It is only disk space, and the next run clears it.
        let _ = std::fs::remove_dir_all(options.dir.join(leftover));
    }
    if report.ended != Ended::Interrupted {
        ledger.close()?;
    }

    let mut instructions = instructions_of(&pairs, &targets, options, report.ended, interrupt);
    let mut again: BTreeMap<usize, Pairs> = BTreeMap::new();
    while let Some(pair) = pairs.pop_if(|pair| pair.again_of.is_some()) {
        again.extend(pair.again_of.map(|bench| (bench, pair)));
    }
    // Without an answer it ended before its last look: what there is, for what it is worth.
    let time = |pair: &Pairs| {
        let unanswered = || options.rule.decide(&pair.before, &pair.after);
        pair.answer.clone().unwrap_or_else(unanswered)
    };
    for (at, pair) in pairs.into_iter().enumerate() {
        let mut notes = Vec::new();
        let mut answer = time(&pair);
        if pair.failed.is_some() {
            answer.verdict = Verdict::TooNoisy;
        }
        let counted = instructions.remove(&at);
        if pair.canary
            && decide::may_be_layout(&answer)
            && let Some(again) = again.get(&at)
        {
            answer = options.rule.credit(answer, time(again)).0;
        } else if !pair.canary && options.layout && decide::may_be_layout(&answer) {
            match again.get(&at) {
                Some(Pairs { failed: Some((_, fault)), .. }) => {
                    notes.push(decide::not_varied(&format!(": relinked, it {fault}")));
                }
                Some(pair) => {
                    let (credited, note) = options.rule.credit(answer, time(pair));
                    answer = credited;
                    notes.extend(note);
                }
                None if report.ended == Ended::Budget
                    && links.of(pair.target, &targets).is_some() =>
                {
                    answer.verdict = Verdict::TooNoisy;
                    notes.push(decide::not_varied(" before the time was over"));
                }
                None => notes.push(decide::not_varied("")),
            }
            let varied = again.get(&at).is_some_and(|pair| pair.failed.is_none());
            notes.extend(decide::weigh(&mut answer, counted.as_ref(), varied));
        }
        let answer = (answer.pairs > 0).then_some(answer);
        let mut comparison = Comparison { name: pair.name, time: answer, exact: Vec::new(), notes };
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
        if let Some(Counted::Change(change)) = counted {
            comparison.exact.push(change);
        }
        comparison.notes.extend(notes);
        report.comparisons.push(comparison);
        let spent = again.get(&at).map_or(Duration::ZERO, |pair| pair.spent);
        report.spent.push(pair.spent + spent);
    }
    options.rule.allow_for_many(&mut report.comparisons);
    if report.canary_sang()
        && let Some(canary) = &report.canary
    {
        decide::distrust(&mut report.comparisons, canary);
    }
    Ok(report)
}

/// Instructions of the benches with a small claim, by their place, as long as there is time.
fn instructions_of(
    pairs: &[Pairs],
    targets: &[(Target, Target)],
    options: &Options,
    ended: Ended,
    interrupt: &AtomicBool,
) -> BTreeMap<usize, Counted> {
    let is_doubtful = |pair: &Pairs| {
        let answer = pair.answer.as_ref();
        !pair.canary && pair.again_of.is_none() && answer.is_some_and(decide::may_be_layout)
    };
    let mut places = (0..pairs.len()).filter(|&at| is_doubtful(&pairs[at])).peekable();
    let wanted = options.instructions && ended == Ended::Done && places.peek().is_some();
    if !wanted || !instructions::is_installed() {
        return BTreeMap::new();
    }
    let counter = Counter { scratch: &options.dir.join("counted"), interrupt };
    let counts = places
        .filter_map(|at| {
            let (before, after) = &targets[pairs[at].target];
            Some((at, counter.count(before, after, &pairs[at].name.bench)?))
        })
        .collect();
    let _ = std::fs::remove_dir_all(counter.scratch);
    counts
}

/// Pairs of short processes that are run of each link; the fastest of either side counts.
const PER_LINK: usize = 2;

/// About what a link takes.
const WORTH_A_LINK: Duration = Duration::from_millis(300);

struct Rounds<'a> {
    targets: &'a [(Target, Target)],
    processes: &'a Processes<'a>,
    options: &'a Options,
    listener: &'a Listener<'a>,
    looks: Vec<u32>,
    draw: Draw,
    links: Links,
    ledger: Ledger,
    started: Instant,
    /// Time that went into pairs, and how many these were.
    spent: Duration,
    measured: u32,
}

impl Rounds<'_> {
    /// Goes on from the pairs of an interrupted run, to the end or to a reason to stop.
    fn run(&mut self, pairs: &mut Vec<Pairs>, entries: Vec<Entry>) -> Result<Ended, Error> {
        for Entry { bench, relinked, before, after } in entries {
            if pairs.get(bench).is_none_or(|pair| pair.again_of.is_some()) {
                continue;
            }
            let at = if relinked { again(pairs, bench) } else { bench };
            pairs[at].before.push(before);
            pairs[at].after.push(after);
        }
        loop {
            self.look(pairs);
            // The canary only has to run as long as there is something to doubt, or it is doubted.
            let may_wait = |pair: &Pairs| pair.canary && pair.again_of.is_none();
            if pairs.iter().all(|pair| may_wait(pair) || !pair.is_open()) {
                return Ok(Ended::Done);
            }
            // Those with the fewest pairs come first: after an interrupt in the middle of a round
            // the others wait for them, and so they do for what is linked in other orders.
            let open = |at: &usize| pairs[*at].is_open();
            let count = |at: &usize| pairs[*at].before.len();
            let fewest = (0..pairs.len()).filter(open).map(|at| count(&at)).min().unwrap_or(0);
            let mut order: Vec<usize> =
                (0..pairs.len()).filter(open).filter(|at| count(at) == fewest).collect();
            self.draw.shuffle(&mut order);
            if let Some(ended) = self.round(pairs, &order, fewest as u32 + 1)? {
                return Ok(ended);
            }
        }
    }

    /// Looks at the ratios of each bench that has as many as its next look asks for.
    fn look(&mut self, pairs: &mut Vec<Pairs>) {
        for at in 0..pairs.len() {
            let pair = &mut pairs[at];
            while pair.is_open()
                && let Some(look) = self.look_at(pair.looked)
                && pair.before.len() >= look
            {
                let answer = self.options.rule.decide(&pair.before[..look], &pair.after[..look]);
                pair.looked += 1;
                let goes_on = pair.looked < self.looks.len()
                    || self.look_at(pair.looked).is_some() && pair.spent < UNMINDED;
                let is_clear =
                    answer.verdict != Verdict::TooNoisy && !self.options.rule.leans(&answer);
                if !goes_on || is_clear {
                    pair.answer = Some(answer);
                }
            }
            let doubtful = pair.answer.as_ref().is_some_and(decide::may_be_layout);
            if doubtful && pair.again_of.is_none() {
                let (target, canary) = (pair.target, pair.canary);
                // A copy of the same file differs by as much as one linked in another order.
                let can_vary =
                    canary || self.options.layout && self.links.of(target, self.targets).is_some();
                if can_vary {
                    again(pairs, at);
                }
            }
        }
    }

    /// How many pairs this look asks for, counted from the first.
    fn look_at(&self, at: usize) -> Option<usize> {
        let further = &self.options.rule.further;
        self.looks.iter().chain(further).nth(at).map(|&look| look as usize)
    }

    /// One pair of each of these benches, from fresh copies.
    fn round(
        &mut self,
        pairs: &mut [Pairs],
        order: &[usize],
        round: u32,
    ) -> Result<Option<Ended>, Error> {
        if let Some(ended) = self.ended() {
            return Ok(Some(ended));
        }
        let copies = self.copies(pairs, order)?;
        for &at in order {
            if let Some(ended) = self.ended() {
                return Ok(Some(ended));
            }
            self.progress(pairs, round);
            let begun = Instant::now();
            let pair = &mut pairs[at];
            let (relinked, again) = (pair.is_relinked(), pair.again_of.is_some());
            let own =
                |copies: &&Copies| (copies.target, copies.relinked) == (pair.target, relinked);
            let Some(copies) = copies.iter().find(own) else {
                continue;
            };
            let second = copies.twin.as_ref().filter(|_| pair.canary).unwrap_or(&copies.after);
            match self.pair(pair, &copies.before, second) {
                Ok((before, after)) => {
                    let bench = pair.again_of.unwrap_or(at);
                    self.ledger.add(&Entry { bench, relinked: again, before, after })?;
                    pair.before.push(before);
                    pair.after.push(after);
                    pair.spent += begun.elapsed();
                    self.spent += begun.elapsed();
                    self.measured += 1;
                }
                Err((_, Fault::Interrupted)) => return Ok(Some(Ended::Interrupted)),
                Err(failed) => pair.failed = Some(failed),
            }
        }
        Ok(None)
    }

    fn ended(&self) -> Option<Ended> {
        if self.processes.interrupt.load(Ordering::Relaxed) {
            return Some(Ended::Interrupted);
        }
        let is_over = |budget| self.started.elapsed() >= budget;
        self.options.budget.is_some_and(is_over).then_some(Ended::Budget)
    }

    /// The files of each target that this round needs. Benches of a target that cannot be linked
    /// again are not asked further.
    fn copies(&mut self, pairs: &mut [Pairs], order: &[usize]) -> Result<Vec<Copies>, Error> {
        let mut needed: BTreeMap<(usize, bool), bool> = BTreeMap::new();
        for pair in order.iter().map(|&at| &pairs[at]) {
            *needed.entry((pair.target, pair.is_relinked())).or_default() |= pair.canary;
        }
        let mut all = Vec::new();
        for ((target, relinked), canary) in needed {
            let both = &self.targets[target];
            if !relinked {
                all.push(copies::copied(target, both, canary, self.options)?);
                continue;
            }
            let seed = self.draw.next();
            let linked = match self.links.of(target, self.targets) {
                Some(links) => {
                    copies::relinked(target, both, links, seed, self.options, self.listener)?
                }
                None => Err("what it was linked from is gone".to_owned()),
            };
            match linked {
                Ok(copies) => all.push(copies),
                // A linker that was ended with us has no reason of its own.
                Err(_) if self.processes.interrupt.load(Ordering::Relaxed) => {}
                Err(why) => {
                    self.links.give_up(target);
                    let own = |pair: &&mut Pairs| pair.target == target && pair.is_relinked();
                    for pair in pairs.iter_mut().filter(own) {
                        pair.failed = Some((Which::Before, Fault::NotStarted(why.clone())));
                    }
                }
            }
        }
        Ok(all)
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
        let begun = Instant::now();
        let (mut best, mut times) = ((f64::INFINITY, f64::INFINITY), 0);
        loop {
            let after_first = self.draw.coin();
            let (before, after) = self.processes.alike(&pair.name, || {
                if after_first {
                    let after = run(Which::After)?;
                    Ok((run(Which::Before)?, after))
                } else {
                    let before = run(Which::Before)?;
                    Ok((before, run(Which::After)?))
                }
            })?;
            best = (best.0.min(before), best.1.min(after));
            times += 1;
            // Linking takes longer than such processes, so each link is used twice.
            if !pair.is_relinked() || times == PER_LINK || begun.elapsed() > WORTH_A_LINK {
                return Ok(best);
            }
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
            benches: pairs.iter().filter(|p| !p.canary && p.again_of.is_none()).count(),
            left,
        });
    }
}
