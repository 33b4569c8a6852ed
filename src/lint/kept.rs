//! What was found, kept in a folder for the next run.
//!
//! Three files of one generation: what the lints said, which is all that a run needs where nothing
//! changed; what they asked; and what the files declare. Each is written beside its place and then
//! moved there. Whatever is missing, damaged or of another generation is as good as nothing.

use std::borrow::Cow;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::said::Heard;
use crate::source::each::each;
use crate::source::infer::{Linked, Question};
use crate::workspace::replace;

/// Questions that are answered in one go.
const AT_ONCE: usize = 512;

const SAID: &str = "said";
const ASKED: &str = "asked";
const DECLARED: &str = "declared";

/// A folder in which findings are kept.
pub(super) struct Kept {
    folder: PathBuf,
    /// The program that found them: another one may find others.
    program: String,
}

/// The last run.
#[derive(Serialize, Deserialize)]
pub(super) struct Generation {
    program: String,
    number: u64,
    pub entries: Vec<Entry>,
}

/// A file in it.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry {
    pub path: String,
    pub content: u64,
    pub facts: u64,
    pub fields: Option<u64>,
    /// `None` for tests.
    pub heard: Option<Heard>,
}

/// What was asked, and what stands for the answers.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Answered {
    pub questions: Vec<(Question, u64)>,
    /// For each file the numbers of its questions.
    pub files: Vec<Vec<u32>>,
}

/// What each file declares, written out one by one.
pub(super) struct Surveys {
    bytes: Vec<u8>,
    /// Where each of them lies.
    places: Vec<Range<usize>>,
}

impl Kept {
    pub(super) fn open(folder: &Path) -> Option<Kept> {
        let program = std::env::current_exe().ok()?;
        let found = fs::metadata(&program).ok()?;
        let since = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        let program = format!("{} {} {since}", program.display(), found.len());
        Some(Kept { folder: folder.to_owned(), program })
    }

    /// The last run of this program.
    pub(super) fn last(&self) -> Option<Generation> {
        let last: Generation = self.read(SAID)?;
        (last.program == self.program).then_some(last)
    }

    pub(super) fn answered(&self, last: &Generation) -> Option<Answered> {
        let (number, answered): (u64, Answered) = self.read(ASKED)?;
        let questions = answered.questions.len();
        let is_whole = number == last.number
            && answered.files.len() == last.entries.len()
            && answered.files.iter().flatten().all(|&number| (number as usize) < questions);
        is_whole.then_some(answered)
    }

    pub(super) fn surveys(&self, last: &Generation) -> Option<Surveys> {
        let bytes = fs::read(self.folder.join(DECLARED)).ok()?;
        let ((number, lengths), rest): ((u64, Vec<usize>), _) =
            postcard::take_from_bytes(&bytes).ok()?;
        let mut end = bytes.len() - rest.len();
        let place = |length| {
            let start = end;
            end = end.checked_add(length)?;
            Some(start..end)
        };
        let places = lengths.into_iter().map(place).collect::<Option<Vec<_>>>()?;
        let is_whole =
            number == last.number && places.len() == last.entries.len() && end == bytes.len();
        is_whole.then_some(Surveys { bytes, places })
    }

    /// Keeps a run: what was said, what was asked, and what each file declares, written out. If it
    /// cannot be kept, the next one does the work again.
    pub(super) fn write(&self, entries: Vec<Entry>, asked: &Answered, surveys: &[Cow<'_, [u8]>]) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let number = now.as_nanos() as u64 ^ u64::from(std::process::id());
        let lengths: Vec<usize> = surveys.iter().map(|survey| survey.len()).collect();
        let write = || -> Option<()> {
            fs::create_dir_all(&self.folder).ok()?;
            let lengths = postcard::to_stdvec(&(number, lengths)).ok()?;
            let parts = std::iter::once(&*lengths).chain(surveys.iter().map(|survey| &**survey));
            self.put(DECLARED, &parts.collect::<Vec<_>>().concat())?;
            self.put(ASKED, &postcard::to_stdvec(&(number, asked)).ok()?)?;
            let program = self.program.clone();
            let said = Generation { program, number, entries };
            self.put(SAID, &postcard::to_stdvec(&said).ok()?)
        };
        let _ = write();
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        postcard::from_bytes(&fs::read(self.folder.join(name)).ok()?).ok()
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Option<()> {
        replace(&self.folder.join(name), |out| out.write_all(bytes)).ok()
    }
}

impl Generation {
    pub(super) fn paths(&self) -> impl Iterator<Item = (&str, usize)> {
        self.entries.iter().enumerate().map(|(at, entry)| (entry.path.as_str(), at))
    }
}

impl Answered {
    /// What stands for the answers now.
    pub(super) fn anew(&self, linked: &Linked) -> Vec<u64> {
        let parts: Vec<&[(Question, u64)]> = self.questions.chunks(AT_ONCE).collect();
        let answer = |(question, _): &(Question, u64)| linked.answer(question);
        let answers = each(&parts, |_, part| part.iter().map(answer).collect::<Vec<_>>());
        answers.concat()
    }
}

impl Surveys {
    pub(super) fn get(&self, at: usize) -> Option<&[u8]> {
        self.bytes.get(self.places.get(at)?.clone())
    }
}
