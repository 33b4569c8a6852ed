//! Which rewrite is tried when, and what is kept. Knows of no process: what costs time is asked
//! of a [`Laboratory`].

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::attempt::{Attempt, Compiled, Fate, Tests, judge};
use crate::model::finding::{Edit, Finding, Grade, Suggestion};
use crate::model::verdict::{Comparison, Verdict};
use crate::rewrite::{Change, merge_texts};

/// What can be done to the copy of the workspace.
pub trait Laboratory {
    /// The findings of the tree as it stands, from a fresh profile of it.
    fn findings(&mut self) -> Result<Vec<Finding>, Stop>;
    /// The text of a file of the tree.
    fn read(&self, file: &Path) -> io::Result<String>;
    /// Whether a file is a bench's own.
    fn is_of_bench(&self, file: &Path) -> bool;
    /// Puts texts into the tree.
    fn write(&mut self, texts: &BTreeMap<PathBuf, String>) -> Result<(), Stop>;
    /// The manifests as they are once the package of a file depends on a further crate; or why it
    /// cannot. The tree stays as it is.
    fn with_dependency(&mut self, file: &Path, name: &str) -> Result<Vec<Change>, String>;
    /// Formats changed texts as the project would.
    fn format(&self, change: &mut Change);
    /// Whether the tree compiles.
    fn compile(&mut self) -> Result<Compiled, Stop>;
    /// What the tests say of the tree.
    fn test(&mut self) -> Result<Tests, Stop>;
    /// The benches that these findings reach, of the tree as it stands against the tree as it
    /// was when [`Laboratory::accept`] was called last.
    fn compare(&mut self, findings: &[&Finding]) -> Result<Compared, Stop>;
    /// From now on, the tree as it stands is what others are compared with.
    fn accept(&mut self) -> Result<(), Stop>;
    /// Whether the budget is spent.
    fn is_over(&self) -> bool;
    /// Tells of an attempt as soon as its fate is known.
    fn tell(&mut self, attempt: &Attempt);
}

/// What paired runs said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compared {
    /// The benches.
    pub benches: Vec<Comparison>,
    /// Those that ran before and fail now, and how.
    pub broken: Vec<String>,
}

/// Why nothing more is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The user asked.
    Interrupted,
    /// Something that should work does not: what, and the next step.
    Failed {
        /// What.
        message: String,
        /// The next step.
        help: Option<String>,
    },
}

impl Stop {
    /// In one sentence.
    pub fn words(self) -> String {
        match self {
            Stop::Interrupted => "interrupted".to_owned(),
            Stop::Failed { message, .. } => message,
        }
    }
}

/// What is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The weakest grade that is tried.
    pub grade: Grade,
    /// Only these findings; all if empty.
    pub ids: Vec<String>,
    /// At most so many rounds of looking again.
    pub rounds: u32,
}

/// What came of it all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Everything that was tried, in order.
    pub attempts: Vec<Attempt>,
    /// Findings that were not tried, with the reason.
    pub skipped: Vec<(Finding, String)>,
    /// What each kept attempt changed on top of those before it; in order.
    pub steps: Vec<Step>,
    /// The budget ended it.
    pub is_cut_short: bool,
    /// All benches, from the first form to the last.
    pub overall: Vec<Comparison>,
}

/// A kept attempt and the texts before and after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Index into [`Outcome::attempts`].
    pub attempt: usize,
    /// The files it changed.
    pub changes: Vec<Change>,
}

/// A finding with the rewrite that is tried.
#[derive(Clone, Debug)]
struct Candidate {
    finding: Finding,
    suggestion: Suggestion,
}

/// Tries the rewrites of the findings, costliest first, until none is left or the budget is spent.
///
/// After a round in which something was kept the tree is profiled again: what was cold beside the
/// cost that is gone may be hot now.
///
/// What came of it up to a stop is in `outcome` all the same.
pub fn prove(
    laboratory: &mut dyn Laboratory,
    options: &Options,
    outcome: &mut Outcome,
) -> Result<(), Stop> {
    let mut tried: BTreeMap<String, Past> = BTreeMap::new();
    for round in 1..=options.rounds {
        let findings = laboratory.findings()?;
        let mut state = Round::new(round);
        for finding in chosen(findings, options) {
            outcome.skipped.retain(|(other, _)| other.id != finding.id);
            match worth_trying(&finding, laboratory, options, &tried) {
                Worth::Trying => {}
                Worth::Nothing => continue,
                Worth::Saying(reason) => {
                    outcome.skipped.push((finding, reason));
                    continue;
                }
            }
            if laboratory.is_over() {
                outcome.is_cut_short = true;
                outcome.skipped.push((finding, "the budget was spent".to_owned()));
                continue;
            }
            state.single(laboratory, options, finding, outcome, &mut tried)?;
        }
        state.together(laboratory, outcome)?;
        if state.kept.is_empty() || outcome.is_cut_short {
            break;
        }
    }
    Ok(())
}

/// Those asked for, costliest first.
fn chosen(mut findings: Vec<Finding>, options: &Options) -> Vec<Finding> {
    findings.retain(|finding| options.ids.is_empty() || options.ids.contains(&finding.id));
    let key = |finding: &Finding| finding.bound().unwrap_or(0.0);
    findings.sort_by(|a, b| key(b).total_cmp(&key(a)).then(b.confidence.cmp(&a.confidence)));
    findings
}

/// What an earlier round made of a finding.
struct Past {
    bound: f64,
    is_final: bool,
}

/// A bound must have grown by this much for a second try to be worth its time.
const GROWN: f64 = 1.05;
/// The least bound that a measurement could confirm.
const MEASURABLE: f64 = 1.01;

/// Whether a finding is worth a try.
enum Worth {
    Trying,
    /// An earlier attempt says it all.
    Nothing,
    /// No, for this reason.
    Saying(String),
}

fn worth_trying(
    finding: &Finding,
    laboratory: &dyn Laboratory,
    options: &Options,
    tried: &BTreeMap<String, Past>,
) -> Worth {
    if applicable(finding, options).next().is_none() {
        return Worth::Saying(match finding.grade() {
            None => "it has no rewrite".to_owned(),
            Some(Grade::Display) => "its rewrite is for a person to make".to_owned(),
            Some(_) => "its rewrite is graded unsafe".to_owned(),
        });
    }
    let bound = finding.bound().unwrap_or(1.0);
    if let Some(past) = tried.get(&finding.id) {
        let has_grown = !past.is_final && bound >= past.bound * GROWN;
        return if has_grown { Worth::Trying } else { Worth::Nothing };
    }
    if finding.evidence.is_empty() {
        return Worth::Saying("no bench reaches it".to_owned());
    }
    // What measures may not change with what is measured, unless the user knows better.
    if laboratory.is_of_bench(&finding.span.file) && options.ids.is_empty() {
        return Worth::Saying(format!(
            "it is the bench's own code; `fix --prove {}` tries it",
            finding.id
        ));
    }
    let counts = finding.evidence.iter().any(|evidence| {
        [evidence.allocs_per_iter, evidence.growths_per_iter, evidence.io_calls_per_iter]
            .into_iter()
            .flatten()
            .any(|count| count >= 0.5)
    });
    if bound < MEASURABLE && !counts && options.ids.is_empty() {
        return Worth::Saying(format!("it can gain {bound:.3}× at most, too little to measure"));
    }
    Worth::Trying
}

fn applicable<'f>(finding: &'f Finding, options: &Options) -> impl Iterator<Item = &'f Suggestion> {
    let grade = options.grade;
    finding.suggestions.iter().filter(move |s| s.grade >= grade && !s.edits.is_empty())
}

/// One look at the findings and what was made of them.
struct Round {
    number: u32,
    /// Taken, in order; all their edits are those of the tree as the round found it.
    kept: Vec<Suggestion>,
    /// Compiled, passed, but changed nothing measurable alone.
    idle: Vec<Candidate>,
    /// The tree as the round found it, as far as it was read.
    base: BTreeMap<PathBuf, String>,
    /// The tree with what was kept.
    now: BTreeMap<PathBuf, String>,
    /// What was tried, and for which finding: two of them may ask for the same.
    seen: Vec<(Vec<Edit>, String)>,
}

impl Round {
    fn new(number: u32) -> Self {
        Round {
            number,
            kept: Vec::new(),
            idle: Vec::new(),
            base: BTreeMap::new(),
            now: BTreeMap::new(),
            seen: Vec::new(),
        }
    }

    /// Tries a finding's rewrites one after the other until one is kept.
    fn single(
        &mut self,
        laboratory: &mut dyn Laboratory,
        options: &Options,
        finding: Finding,
        outcome: &mut Outcome,
        tried: &mut BTreeMap<String, Past>,
    ) -> Result<(), Stop> {
        let (mut is_final, mut is_refused) = (true, false);
        for suggestion in applicable(&finding, options).cloned() {
            let same = self.seen.iter().find(|(edits, _)| *edits == suggestion.edits);
            if let Some((_, id)) = same {
                let reason = format!("its rewrite is that of {id}, which was tried");
                outcome.skipped.push((finding.clone(), reason));
                is_final = false;
                break;
            }
            self.seen.push((suggestion.edits.clone(), finding.id.clone()));
            let candidate = Candidate { finding: finding.clone(), suggestion };
            let attempt = self.attempt(laboratory, std::slice::from_ref(&candidate))?;
            // What is wrong stays wrong; what changed nothing may yet, once more is gone, and what
            // only met another rewrite is free the next time.
            is_final &= !is_idle(&attempt);
            is_refused |= attempt.compiled.is_none();
            if is_idle(&attempt) {
                self.idle.push(candidate);
            }
            let is_kept = attempt.is_kept();
            self.settle(laboratory, attempt, outcome)?;
            if is_kept {
                is_final = true;
                break;
            }
        }
        let bound = finding.bound().unwrap_or(1.0);
        if !is_refused {
            tried.insert(finding.id, Past { bound, is_final });
        }
        Ok(())
    }

    /// Single steps may hide each other: tries those together that changed nothing alone, then
    /// leaves out, one by one, those the gain does not need.
    fn together(
        &mut self,
        laboratory: &mut dyn Laboratory,
        outcome: &mut Outcome,
    ) -> Result<(), Stop> {
        let mut group = std::mem::take(&mut self.idle);
        if group.len() < 2 || laboratory.is_over() {
            return Ok(());
        }
        let mut best = self.attempt(laboratory, &group)?;
        if !best.is_kept() {
            self.settle(laboratory, best, outcome)?;
            return Ok(());
        }
        let mut at = 0;
        while group.len() > 1 && at < group.len() && !laboratory.is_over() {
            let mut fewer = group.clone();
            fewer.remove(at);
            let attempt = self.attempt(laboratory, &fewer)?;
            if attempt.is_kept() && !is_worse(&attempt, &best) {
                (group, best) = (fewer, attempt);
            } else {
                at += 1;
            }
        }
        self.settle(laboratory, best, outcome)
    }

    /// Applies on top of what is kept, compiles, tests, measures. The tree is left with it.
    fn attempt(
        &mut self,
        laboratory: &mut dyn Laboratory,
        candidates: &[Candidate],
    ) -> Result<Attempt, Stop> {
        let mut attempt = Attempt {
            findings: candidates.iter().map(|c| c.finding.clone()).collect(),
            suggestions: candidates.iter().map(|c| c.suggestion.clone()).collect(),
            round: self.number,
            compiled: None,
            tests: None,
            benches: Vec::new(),
            fate: Fate::Reverted(String::new()),
        };
        let texts = match self.texts(laboratory, &attempt.suggestions) {
            Ok(texts) => texts,
            Err(reason) => {
                attempt.fate = Fate::Reverted(reason);
                return Ok(attempt);
            }
        };
        laboratory.write(&self.whole(&texts))?;
        let compiled = laboratory.compile()?;
        attempt.compiled = Some(compiled.clone());
        if let Compiled::No(_) = compiled {
            attempt.fate = Fate::Reverted("does not compile".to_owned());
            return Ok(attempt);
        }
        let tests = laboratory.test()?;
        attempt.tests = Some(tests.clone());
        if !tests.allow() {
            attempt.fate = Fate::Reverted(format!("tests {}", tests.words()));
            return Ok(attempt);
        }
        let findings: Vec<&Finding> = attempt.findings.iter().collect();
        let compared = laboratory.compare(&findings)?;
        attempt.benches = compared.benches;
        attempt.fate = match compared.broken.as_slice() {
            [] => judge(&attempt.benches),
            broken => Fate::Reverted(format!("a bench fails: {}", broken.join("; "))),
        };
        Ok(attempt)
    }

    /// Keeps or reverts, and remembers.
    fn settle(
        &mut self,
        laboratory: &mut dyn Laboratory,
        attempt: Attempt,
        outcome: &mut Outcome,
    ) -> Result<(), Stop> {
        if attempt.is_kept() {
            // Other attempts may have been tried since this one: put it back first.
            let texts = self.texts(laboratory, &attempt.suggestions).unwrap_or_default();
            let before = |file: &PathBuf| self.now.get(file).or_else(|| self.base.get(file));
            let mut changes = Vec::new();
            for (file, after) in &texts {
                let Some(before) = before(file).filter(|before| *before != after) else { continue };
                let (before, after) = (before.clone(), after.clone());
                changes.push(Change { file: file.clone(), before, after });
            }
            self.now.extend(texts);
            self.kept.extend(attempt.suggestions.iter().cloned());
            laboratory.write(&self.whole(&BTreeMap::new()))?;
            laboratory.accept()?;
            outcome.steps.push(Step { attempt: outcome.attempts.len(), changes });
        } else {
            laboratory.write(&self.whole(&BTreeMap::new()))?;
        }
        laboratory.tell(&attempt);
        outcome.attempts.push(attempt);
        Ok(())
    }

    /// Every file that was read in this round: as it was found, with what is kept, with these
    /// texts on top. So no attempt sees what another one left in a file that it leaves alone.
    fn whole(&self, texts: &BTreeMap<PathBuf, String>) -> BTreeMap<PathBuf, String> {
        let mut whole = self.base.clone();
        whole.extend(self.now.clone());
        whole.extend(texts.clone());
        whole
    }

    /// The changed files with what is kept and these on top of it.
    fn texts(
        &mut self,
        laboratory: &mut dyn Laboratory,
        more: &[Suggestion],
    ) -> Result<BTreeMap<PathBuf, String>, String> {
        let mut texts = BTreeMap::new();
        for suggestion in more {
            let Some(name) = &suggestion.dependency else { continue };
            let Some(edit) = suggestion.edits.first() else { continue };
            // An attempt before may have left it in the tree.
            laboratory.write(&self.whole(&BTreeMap::new())).map_err(Stop::words)?;
            for change in laboratory.with_dependency(&edit.span.file, name)? {
                self.base.entry(change.file.clone()).or_insert(change.before);
                texts.insert(change.file, change.after);
            }
        }
        let all: Vec<&Suggestion> = self.kept.iter().chain(more).collect();
        let files: BTreeSet<&PathBuf> =
            all.iter().flat_map(|s| &s.edits).map(|edit| &edit.span.file).collect();
        for file in files {
            if !self.base.contains_key(file)
                && let Ok(text) = laboratory.read(file)
            {
                self.base.insert(file.clone(), text);
            }
        }
        let read = |file: &Path| {
            self.base.get(file).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
        };
        let patch = merge_texts(&read, &all);
        if let Some((_, refusal)) = patch.refused.first() {
            return Err(refusal.to_string());
        }
        for mut change in patch.changes {
            laboratory.format(&mut change);
            texts.insert(change.file, change.after);
        }
        Ok(texts)
    }
}

/// Ran well and changed nothing that could be seen.
fn is_idle(attempt: &Attempt) -> bool {
    !attempt.is_kept()
        && !attempt.benches.is_empty()
        // Not one whose bench fails.
        && attempt.fate == judge(&attempt.benches)
        && attempt.benches.iter().all(|bench| bench.verdict() != Verdict::Slower)
}

/// Whether one clearly gains less than the other: its interval lies above the other's estimate.
fn is_worse(attempt: &Attempt, than: &Attempt) -> bool {
    let time = |attempt: &Attempt| attempt.loudest().and_then(|bench| bench.time.clone());
    match (time(attempt), time(than)) {
        (Some(a), Some(b)) => a.ratio > b.ratio && a.low > b.ratio,
        _ => true,
    }
}
