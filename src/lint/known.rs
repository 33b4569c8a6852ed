//! What the lints say of each file: heard anew, or as it was kept.
//!
//! What a lint says of a file depends on the file's text, on what debug info says of it, and on what
//! other files declare; of these exactly on what was asked. So after an edit only the edited file is
//! looked at again, and those that asked for something it now declares otherwise.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread;

use rustc_hash::FxHasher;

use super::dispatch::Dispatch;
use super::driver::Input;
use super::kept::{Answered, Entry, Generation, Kept};
use super::said::Heard;
use super::survey::{Surveyed, survey};
use super::walk::hear;
use crate::source::each::{each, each_heaviest_first};
use crate::source::infer::{Index, Linked, Question, module_path};
use crate::source::{Role, SourceFile};

/// What is known of the files of a run.
pub(super) struct Known<'k> {
    input: &'k Input<'k>,
    kept: Option<&'k Kept>,
    /// What stands for each file as cargo and the disk have it.
    contents: Vec<u64>,
    /// The last run, and where each file stands in it.
    last: Option<Generation>,
    places: Vec<Option<usize>>,
    surveyed: OnceLock<Vec<Surveyed>>,
    linked: OnceLock<Arc<Linked>>,
    reused: OnceLock<Vec<bool>>,
}

impl<'k> Known<'k> {
    pub(super) fn new(input: &'k Input<'k>, kept: Option<&'k Kept>) -> Known<'k> {
        let contents = match kept {
            Some(_) => each(input.files, |_, file| content(file)),
            None => Vec::new(),
        };
        let last = kept.and_then(Kept::last);
        let by_path: HashMap<&str, usize> = last.iter().flat_map(Generation::paths).collect();
        let place = |file: &SourceFile| by_path.get(file.path.to_str()?).copied();
        let places = input.files.iter().map(place).collect();
        let (surveyed, linked, reused) = Default::default();
        Known { input, kept, contents, last, places, surveyed, linked, reused }
    }

    /// What the lints say of each file; `None` for tests.
    pub(super) fn hear(&self, table: &Dispatch) -> Vec<Option<Heard>> {
        if let Some(last) = &self.last
            && last.entries.len() == self.input.files.len()
            && (0..self.input.files.len()).all(|at| self.unchanged(at).is_some())
        {
            let _ = self.reused.set(vec![true; self.input.files.len()]);
            return self
                .places
                .iter()
                .flatten()
                .map(|&at| last.entries[at].heard.clone())
                .collect();
        }
        self.hear_changed(table)
    }

    /// Whether what is said of a file was kept.
    pub(super) fn is_kept(&self, at: usize) -> bool {
        self.reused.get().is_some_and(|reused| reused[at])
    }

    /// The declarations of all files.
    pub(super) fn linked(&self) -> Arc<Linked> {
        let link = || {
            let declared = self.surveyed().iter().map(|surveyed| Arc::clone(&surveyed.declared));
            Index::new(declared.collect()).linked()
        };
        Arc::clone(self.linked.get_or_init(link))
    }

    /// What was kept of a file that is as it was, and so is what debug info says of it.
    fn unchanged(&self, at: usize) -> Option<&Entry> {
        let entry = &self.last.as_ref()?.entries[self.places[at]?];
        let facts = self.input.facts;
        let is_same = entry.content == self.contents[at]
            && entry.facts == facts.stamp_of(&self.input.files[at].path)
            && entry.fields.is_none_or(|fields| fields == facts.stamp_of_fields());
        is_same.then_some(entry)
    }

    /// Many small pieces, which nobody needs to wait for.
    pub(super) fn let_go(self) {
        let Known { last, surveyed, linked, .. } = self;
        let _ = thread::Builder::new().spawn(move || drop((last, surveyed, linked)));
    }

    fn surveyed(&self) -> &[Surveyed] {
        self.surveyed.get_or_init(|| {
            let kept = self.last.as_ref().and_then(|last| self.kept?.surveys(last));
            each_heaviest_first(self.input.files, size, |at, file| {
                let known = || {
                    let place = self.places[at]?;
                    let entry = &self.last.as_ref()?.entries[place];
                    let same = entry.content == self.contents[at];
                    same.then(|| kept.as_ref()?.get(place)).flatten()
                };
                known().unwrap_or_else(|| survey(file))
            })
        })
    }

    fn hear_changed(&self, table: &Dispatch) -> Vec<Option<Heard>> {
        let input = self.input;
        let tests: Vec<&PathBuf> = self.surveyed().iter().flat_map(|file| &file.tests).collect();
        let is_test = |file: &SourceFile| {
            matches!(file.role, Role::Test | Role::BuildScript)
                || tests.iter().any(|module| file.path.starts_with(module))
        };
        let linked = self.linked();
        let answered = self.last.as_ref().and_then(|last| self.kept?.answered(last));
        let anew: Option<Vec<u64>> = answered.as_ref().map(|answered| answered.anew(&linked));
        let reusable = |at: usize, is_test: bool| -> Option<&Entry> {
            let (answered, anew) = (answered.as_ref()?, anew.as_ref()?);
            let is_same = |&question: &u32| {
                answered.questions[question as usize].1 == anew[question as usize]
            };
            let entry = self.unchanged(at)?;
            let asked = answered.files.get(self.places[at]?)?;
            let holds = asked.iter().all(is_same);
            (holds && entry.heard.is_none() == is_test).then_some(entry)
        };
        type Answer = (Option<Heard>, bool, Vec<Question>);
        let heard: Vec<Answer> = each_heaviest_first(input.files, size, |at, file| {
            let is_test = is_test(file);
            if let Some(entry) = reusable(at, is_test) {
                return (entry.heard.clone(), true, Vec::new());
            }
            if is_test {
                return (None, false, Vec::new());
            }
            let index = Index::over(Arc::clone(&linked));
            let heard = hear(file, input.facts, &index, table);
            (Some(heard), false, index.asked())
        });
        let _ = self.reused.set(heard.iter().map(|(_, reused, _)| *reused).collect());
        if let Some(kept) = self.kept {
            self.keep(kept, &linked, answered.zip(anew), &heard);
        }
        heard.into_iter().map(|(heard, _, _)| heard).collect()
    }

    fn keep(
        &self,
        kept: &Kept,
        linked: &Linked,
        last: Option<(Answered, Vec<u64>)>,
        heard: &[(Option<Heard>, bool, Vec<Question>)],
    ) {
        let facts = self.input.facts;
        let mut answers = Answered::default();
        let mut numbers: HashMap<&Question, u32> = HashMap::new();
        let mut entries = Vec::with_capacity(heard.len());
        for (at, (said, reused, asked)) in heard.iter().enumerate() {
            let path = &self.input.files[at].path;
            let Some(path) = path.to_str() else { return };
            let asks_fields = said.as_ref().is_some_and(|said| said.asked_fields);
            entries.push(Entry {
                path: path.to_owned(),
                content: self.contents[at],
                facts: facts.stamp_of(path.as_ref()),
                fields: asks_fields.then(|| facts.stamp_of_fields()),
                heard: said.clone(),
            });
            let mut number = |question, answer: &dyn Fn() -> u64| {
                let next = u32::try_from(answers.questions.len()).unwrap_or(u32::MAX);
                *numbers.entry(question).or_insert_with(|| {
                    answers.questions.push((Question::clone(question), answer()));
                    next
                })
            };
            let numbers = match (&last, self.places[at]) {
                (Some((last, anew)), Some(place)) if *reused => last.files[place]
                    .iter()
                    .map(|&old| {
                        let old = old as usize;
                        number(&last.questions[old].0, &|| anew[old])
                    })
                    .collect(),
                _ => asked.iter().map(|it| number(it, &|| linked.answer(it))).collect(),
            };
            answers.files.push(numbers);
        }
        kept.write(entries, &answers, self.surveyed());
    }
}

fn size(file: &SourceFile) -> usize {
    file.text.len()
}

/// Stands for a file: its text, and what cargo says of it.
fn content(file: &SourceFile) -> u64 {
    // The same in the next process of the same program, which is all that is compared.
    let mut hash = FxHasher::default();
    (&file.path, file.role, &file.package, module_path(file), &file.text).hash(&mut hash);
    hash.finish()
}
