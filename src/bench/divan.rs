//! divan: driven by its flags, read through the tree it prints.

mod rounds;
mod tree;

use std::path::Path;

use super::{Adapter, Call, Choice, Harness, Length, Listing, Measured, Run, Sample, Timed, flag};

/// divan, in a target of this name, which begins the path of each bench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Divan {
    pub(super) target: String,
}

impl Adapter for Divan {
    fn harness(&self) -> Harness {
        Harness::Divan
    }

    fn list(&self, choice: &Choice) -> Listing {
        let mut call = Call {
            args: ["--bench", "--list", "--format", "terse"].map(Into::into).to_vec(),
            // Without it, divan does not know the format.
            env: vec![("NEXTEST".into(), Some("1".into()))],
        };
        self.choose(&mut call, choice);
        Listing::Ask(call)
    }

    fn parse_list(&self, stdout: &str) -> Vec<String> {
        stdout
            .lines()
            .filter_map(|line| line.strip_suffix(": benchmark"))
            .map(|path| self.short(path).to_owned())
            .collect()
    }

    fn run(&self, choice: &Choice, length: &Length, _scratch: &Path) -> Call {
        let mut call = Call { args: vec!["--bench".into()], env: vec![("NEXTEST".into(), None)] };
        // Its other timer reads a register, which nobody sees.
        flag(&mut call, "--timer", "os");
        flag(&mut call, "--color", "never");
        // A bench may count its own time only: with long set-up between samples it never ends.
        flag(&mut call, "--skip-ext-time", "false");
        flag(&mut call, "--min-time", format!("{:.3}", length.measure.as_secs_f64()));
        // A hundred samples of a bench that takes long are more than it needs. One that has long
        // set-up needs more time than the others to be seen at all.
        let most = length.measure.max(Length::USUAL.measure);
        flag(&mut call, "--max-time", format!("{:.3}", most.as_secs_f64()));
        self.choose(&mut call, choice);
        call
    }

    /// With its own timer, which reads a register and so sees shorter samples than the system's.
    fn sample(&self, bench: &str, length: &Length, _scratch: &Path) -> Call {
        let mut call = Call { args: vec!["--bench".into()], env: vec![("NEXTEST".into(), None)] };
        flag(&mut call, "--color", "never");
        flag(&mut call, "--sample-count", length.samples.to_string());
        // Its samples can be so short that this many of them are over within a millisecond, all
        // of which the machine may have been doing something else.
        let measure = format!("{:.3}", length.measure.as_secs_f64());
        flag(&mut call, "--min-time", measure.clone());
        flag(&mut call, "--max-time", measure);
        self.choose(&mut call, &Choice::Exactly(vec![bench.to_owned()]));
        call
    }

    fn counting(&self, bench: &str, size: u64, _scratch: &Path) -> Option<Call> {
        let mut call = Call { args: vec!["--bench".into()], env: vec![("NEXTEST".into(), None)] };
        // Its other timer is first measured against the system's, for as long as that takes.
        flag(&mut call, "--timer", "os");
        flag(&mut call, "--color", "never");
        flag(&mut call, "--sample-count", "1");
        flag(&mut call, "--sample-size", size.to_string());
        self.choose(&mut call, &Choice::Exactly(vec![bench.to_owned()]));
        Some(call)
    }

    fn counted(&self, size: u64, run: &Run<'_>) -> Option<f64> {
        // One line per number of threads; of several no single cost can be told.
        (tree::leaves(run.stdout).len() == 1).then_some(size as f64)
    }

    fn measured(&self, run: &Run<'_>) -> Vec<Measured> {
        let leaves: Vec<tree::Leaf> = tree::leaves(run.stdout);
        let found = run.reads.map(|reads| rounds::locate(reads, &leaves));
        leaves
            .into_iter()
            .enumerate()
            .map(|(n, leaf)| {
                let pairs = found.as_ref().and_then(|found| found[n].clone());
                let (timed, samples) = match pairs {
                    Some(rounds) => {
                        let size = leaf.sample_size();
                        let sample =
                            |nanos: &u64| Sample { iterations: size, nanos: *nanos as f64 };
                        (Timed::Pairs(rounds.pairs), rounds.nanos.iter().map(sample).collect())
                    }
                    None => (within(run), vec![leaf.fastest_sample()]),
                };
                Measured {
                    bench: self.short(&leaf.path).to_owned(),
                    iterations: matches!(timed, Timed::Pairs(_)).then_some(leaf.iterations),
                    samples,
                    timed,
                }
            })
            .collect()
    }

    fn at(&self, run: &Run<'_>) -> Option<String> {
        tree::unfinished(run.stdout).map(|path| self.short(&path).to_owned())
    }
}

fn within(run: &Run<'_>) -> Timed {
    Timed::Within {
        after: None,
        before: None,
        why: if run.reads.is_some() {
            "the clock reads do not fit the samples that divan counts"
        } else {
            "the clock reads were not recorded"
        },
    }
}

impl Divan {
    fn choose(&self, call: &mut Call, choice: &Choice) {
        match choice {
            Choice::Matching(filters) => {
                if !filters.is_empty() {
                    // A filter may begin with a dash.
                    call.args.push("--".into());
                }
                call.args.extend(filters.iter().map(Into::into));
            }
            Choice::Exactly(names) => {
                call.args.extend(["--exact".into(), "--".into()]);
                call.args.extend(names.iter().map(|name| self.full(name).into()));
            }
        }
    }

    /// Without the target's name, which each path begins with.
    fn short<'a>(&self, path: &'a str) -> &'a str {
        let target = self.target.replace('-', "_");
        path.strip_prefix(target.as_str()).and_then(|rest| rest.strip_prefix("::")).unwrap_or(path)
    }

    fn full(&self, name: &str) -> String {
        format!("{}::{name}", self.target.replace('-', "_"))
    }
}
