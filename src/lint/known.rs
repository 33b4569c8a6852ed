//! What the lints say of each file: heard anew, or as it was kept.
//!
//! What a lint says of a file depends on the file's text, on what debug info says of it, and on what
//! other files declare; of these exactly on what was asked. So after an edit only the edited file is
//! looked at again, and those that asked for something it now declares otherwise.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread;

use rustc_hash::{FxHashMap, FxHasher};

use super::dispatch::Dispatch;
use super::driver::Input;
use super::kept::{Answered, Entry, Generation, Kept, Surveys};
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
    surveys: OnceLock<Option<Surveys>>,
    surveyed: OnceLock<Vec<Surveyed>>,
    linked: OnceLock<Arc<Linked>>,
    reused: OnceLock<Vec<bool>>,
    asked: OnceLock<Asked>,
}

/// What was asked in this run, and what the files of the last one had asked.
struct Asked {
    by_file: Vec<Vec<Question>>,
    last: Option<(Answered, Vec<u64>)>,
}

impl<'k> Known<'k> {
    pub(super) fn new(input: &'k Input<'k>, kept: Option<&'k Kept>) -> Known<'k> {
        let contents = match kept {
            Some(_) => each(input.files, |_, file| content(file)),
            None => Vec::new(),
        };
        let last = kept.and_then(Kept::last);
        let by_path: FxHashMap<&str, usize> = last.iter().flat_map(Generation::paths).collect();
        let place = |file: &SourceFile| by_path.get(file.path.to_str()?).copied();
        let places = input.files.iter().map(place).collect();
        let (surveys, surveyed, linked, reused, asked) = Default::default();
        Known { input, kept, contents, last, places, surveys, surveyed, linked, reused, asked }
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
        let Known { last, surveyed, linked, asked, .. } = self;
        let _ = thread::Builder::new().spawn(move || drop((last, surveyed, linked, asked)));
    }

    fn surveyed(&self) -> &[Surveyed] {
        self.surveyed.get_or_init(|| {
            each_heaviest_first(self.input.files, size, |at, file| {
                let kept = self.kept_survey(at).and_then(|kept| postcard::from_bytes(kept).ok());
                kept.unwrap_or_else(|| survey(file))
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
        let (mut all, mut reused, mut by_file) = (Vec::new(), Vec::new(), Vec::new());
        for (heard, is_reused, asked) in heard {
            all.push(heard);
            reused.push(is_reused);
            by_file.push(asked);
        }
        let _ = self.reused.set(reused);
        let _ = self.asked.set(Asked { by_file, last: answered.zip(anew) });
        all
    }

    /// Keeps what was heard, where anything of it is new.
    pub(super) fn keep(&self, heard: &[Option<Heard>]) {
        let (Some(kept), Some(asked), Some(reused)) =
            (self.kept, self.asked.get(), self.reused.get())
        else {
            return;
        };
        let facts = self.input.facts;
        let linked = self.linked();
        let mut answers = Answered::default();
        let mut numbers: FxHashMap<&Question, u32> = FxHashMap::default();
        let last_questions = asked.last.as_ref().map_or(0, |(last, _)| last.questions.len());
        let mut renumbered: Vec<Option<u32>> = vec![None; last_questions];
        let mut entries = Vec::with_capacity(heard.len());
        for (at, said) in heard.iter().enumerate() {
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
            let numbers = match (&asked.last, self.places[at]) {
                (Some((last, anew)), Some(place)) if reused[at] => last.files[place]
                    .iter()
                    .map(|&old| {
                        let old = old as usize;
                        *renumbered[old]
                            .get_or_insert_with(|| number(&last.questions[old].0, &|| anew[old]))
                    })
                    .collect(),
                _ => asked.by_file[at].iter().map(|it| number(it, &|| linked.answer(it))).collect(),
            };
            answers.files.push(numbers);
        }
        if let Ok(surveys) = self.written() {
            kept.write(entries, &answers, &surveys);
        }
    }

    /// What each file declares, written out.
    fn written(&self) -> postcard::Result<Vec<Cow<'_, [u8]>>> {
        let write = |at, survey: &Surveyed| match self.kept_survey(at) {
            Some(written) => Ok(Cow::Borrowed(written)),
            None => postcard::to_stdvec(survey).map(Cow::Owned),
        };
        each(self.surveyed(), write).into_iter().collect()
    }

    /// What was kept of what a file declares that is as it was.
    fn kept_survey(&self, at: usize) -> Option<&[u8]> {
        let place = self.places[at]?;
        let last = self.last.as_ref()?;
        let surveys = self.surveys.get_or_init(|| self.kept?.surveys(last)).as_ref()?;
        let is_same = last.entries[place].content == self.contents[at];
        is_same.then(|| surveys.get(place)).flatten()
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
