//! What inference asked of the declarations of other files.
//!
//! What was found in a file depends on its own text and on these answers. Whoever keeps findings
//! keeps the questions too, and asks them again after an edit elsewhere.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashSet, FxHasher};
use serde::{Deserialize, Serialize};

/// Something that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Question {
    /// What the modules of a path say of a name.
    Name(String, String),
    /// The glob imports of the modules of a path.
    Globs(String),
    /// Whether a crate is of the workspace.
    Crate(String),
    /// The impls of the type of a path.
    Impls(String),
    /// Whether the workspace defines a macro of a name.
    Macro(String),
}

/// The questions so far, each once.
#[derive(Debug, Default)]
pub(super) struct Asked {
    seen: FxHashSet<u64>,
    questions: Vec<Question>,
}

impl Asked {
    pub(super) fn about_name(&mut self, module: &str, name: &str) {
        self.about((0_u8, module, name), || Question::Name(module.to_owned(), name.to_owned()));
    }

    pub(super) fn about_globs(&mut self, module: &str) {
        self.about((1_u8, module), || Question::Globs(module.to_owned()));
    }

    pub(super) fn about_crate(&mut self, name: &str) {
        self.about((2_u8, name), || Question::Crate(name.to_owned()));
    }

    pub(super) fn about_impls(&mut self, path: &str) {
        self.about((3_u8, path), || Question::Impls(path.to_owned()));
    }

    pub(super) fn about_macro(&mut self, name: &str) {
        self.about((4_u8, name), || Question::Macro(name.to_owned()));
    }

    pub(super) fn into_questions(self) -> Vec<Question> {
        self.questions
    }

    /// The same is asked over and over: only what is new is written down.
    fn about(&mut self, key: impl Hash, question: impl FnOnce() -> Question) {
        let mut hash = FxHasher::default();
        key.hash(&mut hash);
        if self.seen.insert(hash.finish()) {
            self.questions.push(question());
        }
    }
}
