//! What the lints say of a file, held against the profile, the settings and the comments.

use std::ops::Range;

use crate::config::Config;
use crate::model::finding::{Confidence, Edit, Finding, Grade, Related, Span, Suggestion};
use crate::source::heat::{Region, Stop};
use crate::source::{Role, SourceFile};

use super::claim::Room;
use super::driver::{Input, Problem};
use super::foreign;
use super::gate;
use super::overlap::{self, Topic};
use super::said::{Heard, Lines, Said};
use super::suppression::{self, Suppression};

/// What a file yields.
#[derive(Default)]
pub(super) struct FileOutcome {
    /// Findings with what their ids are made of.
    pub findings: Vec<(u64, Finding)>,
    /// How many findings a comment silenced.
    pub suppressed: usize,
    /// Why the file could not be looked at.
    pub problem: Option<Problem>,
}

/// Holders of a lock that are worth a place in a finding.
const HOLDERS_SHOWN: usize = 3;

/// Whether the profile reaches one of the functions that the lints speak of.
pub(super) fn is_measured(heard: &Heard, index: usize, input: &Input<'_>) -> bool {
    let Some(heat) = input.heat else { return false };
    let functions = |said: &Said| said.functions.iter().map(|&at| region(index, at)).collect();
    heard.said.iter().any(|said| {
        let functions: Vec<Region> = functions(said);
        !heat.at(&functions).is_empty()
    })
}

/// Judges what the lints say of one file.
pub(super) fn judge_file(index: usize, heard: Heard, input: &Input<'_>) -> FileOutcome {
    let file = &input.files[index];
    if let Some((line, column, message)) = heard.problem {
        let file = file.path.clone();
        let problem = Some(Problem { file, line, column, message, is_stray: false });
        return FileOutcome { problem, ..FileOutcome::default() };
    }
    let mut judge = Judge {
        index,
        file,
        input,
        config: input.settings.of(&file.package.name),
        suppressions: suppression::suppressions(file),
        spoken: Vec::new(),
        outcome: FileOutcome::default(),
    };
    for said in heard.said {
        if let Some(entry) = input.lints.iter().find(|entry| entry.lint.name == said.lint) {
            judge.judge(entry.lint.name, said);
        }
    }
    for (lint, said) in foreign::of_file(file, input.foreign) {
        judge.judge(lint, said);
    }
    judge.outcome.findings = overlap::settled(std::mem::take(&mut judge.spoken));
    judge.review_suppressions(&heard.test_code);
    judge.outcome
}

fn region(file: usize, (start, end): Lines) -> Region {
    Region { file, start, end }
}

/// How to ask for the room that a collection reached in a bench.
fn make_room(room: Room, (bench, length): (String, u64)) -> Suggestion {
    let text = room.edit.text.replace(Room::LENGTH, &length.to_string());
    Suggestion::with_caveat(
        format!("give the room that it reached in `{bench}`: {length}"),
        vec![Edit { text, ..room.edit }],
        room.caveat,
    )
}

struct Judge<'j> {
    index: usize,
    file: &'j SourceFile,
    input: &'j Input<'j>,
    config: &'j Config,
    suppressions: Vec<Suppression>,
    spoken: Vec<(Topic, u64, Finding)>,
    outcome: FileOutcome,
}

/// Whether the settings turn a lint off.
fn is_off(config: &Config, lint: &str) -> bool {
    config.lints.get(lint).is_some_and(|level| level.least.is_none())
}

impl Judge<'_> {
    fn judge(&mut self, lint: &'static str, said: Said) {
        if is_off(self.config, lint) {
            return;
        }
        let level = self.config.lints.get(lint);
        let file = self.file;
        let covers =
            |comment: &&mut Suppression| comment.covers(lint, file.lines().line(said.bytes.start));
        if let Some(comment) = self.suppressions.iter_mut().find(covers) {
            comment.used.push(lint);
            self.outcome.suppressed += 1;
            return;
        }
        let all = |places: &[Lines]| -> Vec<Region> {
            places.iter().map(|&at| region(self.index, at)).collect()
        };
        let (regions, functions) = (all(&said.regions), all(&said.functions));
        let refuting = said.refuted_by.map(|(at, quantity)| (region(self.index, at), quantity));
        let (heat, hot) = (self.input.heat, self.config.hot_share);
        let judged = gate::judge(&said, heat, &regions, &functions, refuting, hot);
        let Some(confidence) = judged.confidence else { return };
        if self.file.role != Role::Product && confidence < Confidence::Hot && !said.of_bench {
            return;
        }
        if level.and_then(|level| level.least).is_some_and(|least| confidence < least) {
            return;
        }
        let mut suggestions = said.suggestions;
        if let Some((room, reached)) = said.room.zip(judged.room) {
            // The idea gives way to what can be applied.
            suggestions.retain(|suggestion| suggestion.grade != Grade::Display);
            suggestions.insert(0, make_room(room, reached));
        }
        let mut related = said.related;
        for holder in judged.holders.iter().take(HOLDERS_SHOWN) {
            let share = holder.share * 100.0;
            related
                .extend(self.stop(holder, format!("held until here for {share:.0} % of the wait")));
        }
        let hot_path = judged
            .hot_path
            .iter()
            .filter_map(|stop| self.stop(stop, stop.function.clone()))
            .collect();
        let finding = Finding {
            id: String::new(),
            lint,
            confidence,
            types: said.types,
            span: Span { file: self.file.path.clone(), bytes: said.bytes },
            message: said.message,
            label: said.label,
            evidence: judged.evidence,
            related,
            hot_path,
            notes: said.notes,
            suggestions,
            proof: None,
            setting: level.map(|level| level.said.clone()),
        };
        let topic = Topic { about: said.about, yields_to: said.yields_to };
        self.spoken.push((topic, said.fingerprint, finding));
    }

    /// Comments that say nothing, name nothing or silence nothing are findings themselves.
    fn review_suppressions(&mut self, test_code: &[Range<usize>]) {
        let Some(entry) =
            self.input.lints.iter().find(|entry| entry.lint.name == suppression::NAME)
        else {
            return;
        };
        if is_off(self.config, suppression::NAME) {
            return;
        }
        // Of a lint that is turned off nobody knows whether it would have spoken.
        let (lints, config) = (self.input.lints, self.config);
        let ran =
            |name: &str| lints.iter().any(|entry| entry.lint.name == name) && !is_off(config, name);
        for comment in &self.suppressions {
            if test_code.iter().any(|range| range.contains(&comment.bytes.start)) {
                continue;
            }
            for finding in
                suppression::review(comment, self.file, self.input.known, &ran, entry.lint.name)
            {
                self.outcome.findings.push(finding);
            }
        }
    }

    /// A line of the workspace as a place of a finding; `None` where the file has changed so much
    /// that it has no such line.
    fn stop(&self, stop: &Stop, label: String) -> Option<Related> {
        let file = self.input.files.get(stop.file)?;
        let line = file.lines().range(stop.line as usize)?;
        let text = file.text.get(line.clone())?;
        let start = line.start + (text.len() - text.trim_start().len());
        let bytes = start..(line.start + text.trim_end().len()).max(start);
        Some(Related { span: Span { file: file.path.clone(), bytes }, label })
    }
}
