//! One file: parsed and walked once, each lint called for the nodes it asks for.

use std::ops::Range;

use crate::config::Config;
use crate::facts::FileWitness;
use crate::model::finding::{Confidence, Finding, Related, Span};
use crate::source::heat::{Region, Stop};
use crate::source::infer::{Index, Infer, module_path};
use crate::source::names::Names;
use crate::source::{NodeId, Role, SourceFile, Syntax, Tree};

use super::claim::Claim;
use super::driver::{Input, Problem};
use super::overlap::{self, Topic};
use super::registry::{Kind, Lint};
use super::site::Site;
use super::suppression::{self, Suppression};
use super::{gate, id, test_code};

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

/// Runs the lints over one file.
pub(super) fn check_file(
    index: usize,
    file: &SourceFile,
    input: &Input<'_>,
    declarations: &Index,
    table: &[Vec<&'static Lint>],
) -> FileOutcome {
    match Syntax::parse(&file.text) {
        Ok(syntax) => {
            let tree = Tree::new(&syntax);
            let names = Names::new(&tree);
            let witness = FileWitness::new(input.facts, file);
            let module = module_path(file);
            let types = Infer::new(&tree, &file.lines, declarations, &witness, module);
            let suppressions = suppression::suppressions(file);
            let (test_code, spoken, outcome) = Default::default();
            let (tree, names, types) = (&tree, &names, &types);
            let config = input.settings.of(&file.package.name);
            Walk {
                index,
                file,
                input,
                config,
                tree,
                names,
                types,
                suppressions,
                test_code,
                spoken,
                outcome,
            }
            .run(table)
        }
        Err(error) => {
            let file = file.path.clone();
            let (line, column, message) = (error.line, error.column, error.message);
            let problem = Some(Problem { file, line, column, message, is_stray: false });
            FileOutcome { problem, ..FileOutcome::default() }
        }
    }
}

struct Walk<'w, 'a> {
    index: usize,
    file: &'w SourceFile,
    input: &'w Input<'w>,
    config: &'w Config,
    tree: &'w Tree<'a>,
    names: &'w Names,
    types: &'w Infer<'w, 'a>,
    suppressions: Vec<Suppression>,
    test_code: Vec<Range<usize>>,
    spoken: Vec<(Topic, u64, Finding)>,
    outcome: FileOutcome,
}

impl<'a> Walk<'_, 'a> {
    fn run(mut self, table: &[Vec<&'static Lint>]) -> FileOutcome {
        let tree = self.tree;
        let mut behind_test = self.tree.root();
        for node in tree.ids() {
            if node < behind_test {
                continue;
            }
            if test_code::is_test(tree.node(node)) {
                behind_test = tree.behind(node);
                self.test_code.push(tree.range(node));
                continue;
            }
            let Some(kind) = Kind::of(tree.node(node)) else { continue };
            for lint in &table[kind as usize] {
                let (file, names, types) = (self.file, self.names, self.types);
                let site = Site { file, tree, names, types, node };
                if let Some(claim) = (lint.check)(&site) {
                    self.judge(lint, claim);
                }
            }
        }
        self.outcome.findings = overlap::settled(std::mem::take(&mut self.spoken));
        self.review_suppressions();
        self.outcome
    }

    fn judge(&mut self, lint: &'static Lint, claim: Claim) {
        let level = self.config.lints.get(lint.name);
        let least = level.map(|level| level.least);
        if least == Some(None) {
            return;
        }
        let span = self.tree.range(claim.at);
        let line = self.file.lines.line(span.start);
        if let Some(comment) = self.suppressions.iter_mut().find(|c| c.covers(lint.name, line)) {
            comment.used.push(lint.name);
            self.outcome.suppressed += 1;
            return;
        }
        let regions: Vec<Region> = claim.regions.iter().map(|&id| self.region(id)).collect();
        let places = std::iter::once(&claim.at).chain(&claim.regions);
        let functions: Vec<Region> =
            places.map(|&id| self.region(self.function_around(id))).collect();
        let (heat, hot) = (self.input.heat, self.config.hot_share);
        let judged = gate::judge(&claim, heat, &regions, &functions, hot);
        let Some(confidence) = judged.confidence else { return };
        if self.file.role != Role::Product && confidence < Confidence::Hot && !claim.of_bench {
            return;
        }
        if least.flatten().is_some_and(|least| confidence < least) {
            return;
        }
        let mut related = claim.related;
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
        let fingerprint = id::fingerprint(lint.name, self.file, self.tree, claim.at);
        let finding = Finding {
            id: String::new(),
            lint: lint.name,
            confidence,
            types: claim.types,
            span: Span { file: self.file.path.clone(), bytes: span },
            message: claim.message,
            label: claim.label,
            evidence: judged.evidence,
            related,
            hot_path,
            notes: claim.notes,
            suggestions: claim.suggestions,
            proof: None,
            setting: level.map(|level| level.said.clone()),
        };
        let about = claim.about.map(|made| self.tree.range(made));
        let topic = Topic { about, yields_to: claim.yields_to };
        self.spoken.push((topic, fingerprint, finding));
    }

    /// Comments that say nothing, name nothing or silence nothing are findings themselves.
    fn review_suppressions(&mut self) {
        let Some(entry) =
            self.input.lints.iter().find(|entry| entry.lint.name == suppression::NAME)
        else {
            return;
        };
        let ran = |name: &str| self.input.lints.iter().any(|entry| entry.lint.name == name);
        for comment in &self.suppressions {
            if self.test_code.iter().any(|range| range.contains(&comment.bytes.start)) {
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
        let line = file.lines.range(stop.line as usize)?;
        let text = file.text.get(line.clone())?;
        let start = line.start + (text.len() - text.trim_start().len());
        let bytes = start..(line.start + text.trim_end().len()).max(start);
        Some(Related { span: Span { file: file.path.clone(), bytes }, label })
    }

    fn region(&self, id: NodeId) -> Region {
        let bytes = self.tree.range(id);
        let length = self.file.text.len();
        let at = |byte: usize| {
            let (line, column) = self.file.lines.position(byte.min(length));
            (line as u32, column as u32)
        };
        Region { file: self.index, start: at(bytes.start), end: at(bytes.end) }
    }

    fn function_around(&self, id: NodeId) -> NodeId {
        let is_function = |id: &NodeId| Kind::of(self.tree.node(*id)) == Some(Kind::Function);
        self.tree.ancestors(id).find(is_function).unwrap_or_else(|| self.tree.root())
    }
}
