//! The benches that both sides have, and the pairs of each.

use std::time::Duration;

use super::process::{Fault, Processes};
use super::schedule::Draw;
use super::side::Target;
use super::{Error, Listener, Options, Progress, Report, Side, Which};
use crate::model::verdict::{BenchName, TimeChange};

/// A bench that both sides have, and what its pairs were so far.
pub(super) struct Pairs {
    pub(super) name: BenchName,
    /// Its target, by its place.
    pub(super) target: usize,
    /// A copy of the first side stands for the second.
    pub(super) canary: bool,
    pub(super) before: Vec<f64>,
    pub(super) after: Vec<f64>,
    /// How long its processes took.
    pub(super) spent: Duration,
    /// Looks that were taken.
    pub(super) looked: usize,
    pub(super) answer: Option<TimeChange>,
    pub(super) failed: Option<(Which, Fault)>,
    /// The bench by its place, if these are the pairs that a small claim has to hold in again: of a
    /// bench in other orders of its functions, of the canary in further copies.
    pub(super) again_of: Option<usize>,
}

impl Pairs {
    fn new(name: BenchName, target: usize) -> Self {
        Pairs {
            name,
            target,
            canary: false,
            before: Vec::new(),
            after: Vec::new(),
            spent: Duration::ZERO,
            looked: 0,
            answer: None,
            failed: None,
            again_of: None,
        }
    }

    /// Whether it runs in other orders of functions.
    pub(super) fn is_relinked(&self) -> bool {
        self.again_of.is_some() && !self.canary
    }

    pub(super) fn is_open(&self) -> bool {
        self.answer.is_none() && self.failed.is_none()
    }
}

/// The pairs in which a claim has to hold again, by their place; there from now on.
pub(super) fn again(pairs: &mut Vec<Pairs>, bench: usize) -> usize {
    let own = |pair: &Pairs| pair.again_of == Some(bench);
    pairs.iter().position(own).unwrap_or_else(|| {
        let Pairs { name, target, canary, .. } = &pairs[bench];
        let pair = Pairs { canary: *canary, ..Pairs::new(name.clone(), *target) };
        pairs.push(Pairs { again_of: Some(bench), ..pair });
        pairs.len() - 1
    })
}

pub(super) type Common = (Vec<(Target, Target)>, Vec<Pairs>, Report);

/// The targets and benches that both sides have; a report with those that only one has.
pub(super) fn common(
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
            pairs.push(Pairs::new(name, targets.len()));
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
        let canary = Pairs::new(one.name.clone(), one.target);
        pairs.push(Pairs { canary: true, ..canary });
    }
    Ok((targets, pairs, report))
}
