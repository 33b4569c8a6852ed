//! A `main` of its own, or any command: the whole process is one iteration of one bench.

use std::path::Path;

use super::{Adapter, Call, Choice, Harness, Length, Listing, Measured, Run, Timed};

/// A program that is measured from its start to its end.
#[derive(Clone, Debug)]
pub struct Whole {
    /// What it is called in the profile.
    pub name: String,
}

impl Adapter for Whole {
    fn harness(&self) -> Harness {
        Harness::Main
    }

    /// It cannot be asked for a part of itself: it is chosen by its name or not at all.
    fn list(&self, choice: &Choice) -> Listing {
        Listing::Known(
            Some(self.name.clone()).filter(|name| choice.holds(name)).into_iter().collect(),
        )
    }

    fn run(&self, _choice: &Choice, _length: &Length, _scratch: &Path) -> Call {
        Call { args: vec!["--bench".into()], env: Vec::new() }
    }

    fn counting(&self, _bench: &str, _size: u64, _scratch: &Path) -> Option<Call> {
        Some(Call { args: vec!["--bench".into()], env: Vec::new() })
    }

    fn counted(&self, _size: u64, _run: &Run<'_>) -> Option<f64> {
        Some(1.0)
    }

    fn measured(&self, _run: &Run<'_>) -> Vec<Measured> {
        vec![Measured {
            bench: self.name.clone(),
            iterations: Some(1),
            samples: Vec::new(),
            timed: Timed::Whole,
        }]
    }

    fn at(&self, _run: &Run<'_>) -> Option<String> {
        Some(self.name.clone())
    }
}
