//! `bencher`, libtest's benches for a stable compiler: it times and prints as libtest does, and takes
//! one filter and nothing else. It cannot be asked which benches there are; its source tells.

mod groups;

pub(super) use groups::benches;

use std::path::Path;

use super::libtest::{self, blocks};
use super::{Adapter, Begun, Call, Choice, Harness, Length, Listing, Measured, Reads, Run};

/// bencher, of any version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bencher {
    /// All its benches; `None` where the source does not tell them.
    pub(super) benches: Option<Vec<String>>,
}

impl Adapter for Bencher {
    fn harness(&self) -> Harness {
        Harness::Bencher
    }

    fn list(&self, choice: &Choice) -> Listing {
        let Some(benches) = &self.benches else { return Listing::Unknown };
        Listing::Known(benches.iter().filter(|name| choice.holds(name)).cloned().collect())
    }

    /// Of several filters it takes the first: all run then, as do those whose name holds another's.
    fn run(&self, choice: &Choice, _length: &Length, _scratch: &Path) -> Call {
        let (Choice::Matching(names) | Choice::Exactly(names)) = choice;
        let mut args = vec!["--bench".into()];
        if let [filter] = names.as_slice() {
            args.push(filter.into());
        }
        Call { args, env: Vec::new() }
    }

    fn begun(&self, bench: &str, reads: &Reads) -> Option<Begun> {
        // Benches run in the order of their names, and what is told is of the first.
        let others = self.benches.iter().flatten();
        let is_first =
            others.clone().all(|other| other.as_str() >= bench || !other.contains(bench));
        is_first.then(|| blocks::begun(reads)).flatten()
    }

    fn measured(&self, run: &Run<'_>) -> Vec<Measured> {
        libtest::measured_lines(run, |line| Some(libtest::line(line)?.of_whole_samples()))
    }

    fn at(&self, run: &Run<'_>) -> Option<String> {
        libtest::at(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bencher(benches: &[&str]) -> Bencher {
        Bencher { benches: Some(benches.iter().map(|&name| name.to_owned()).collect()) }
    }

    #[test]
    fn it_is_given_one_filter_or_none() {
        let args = |names: &[&str]| {
            let choice = Choice::Matching(names.iter().map(|&name| name.to_owned()).collect());
            bencher(&[]).run(&choice, &Length::USUAL, Path::new("")).args
        };
        assert_eq!(args(&[]), ["--bench"]);
        assert_eq!(args(&["push"]), ["--bench", "push"]);
        assert_eq!(args(&["push", "pop"]), ["--bench"]);
    }

    #[test]
    fn the_source_stands_for_a_list() {
        let names = |choice: Choice| match bencher(&["pop", "push", "push_all"]).list(&choice) {
            Listing::Known(names) => names,
            other => panic!("{other:?}"),
        };
        assert_eq!(names(Choice::Matching(vec!["op".into(), "all".into()])), ["pop", "push_all"]);
        assert_eq!(names(Choice::Exactly(vec!["push".into()])), ["push"]);
        let unknown = Bencher { benches: None };
        assert_eq!(unknown.list(&Choice::Matching(Vec::new())), Listing::Unknown);
    }
}
