//! Calls of named functions, counted in a run of their own: a probe costs about as much as a short
//! function, so that what is timed must not have any.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::{Error, Listener, Options, Outcome, record_share};
use crate::bench::{Length, Shard};
use crate::capture::{self, Kind, Missing, Probe};
use crate::workspace::{Executable, Workspace};

/// Functions whose calls are counted.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// What they are called, by their numbers.
    pub names: Vec<String>,
    /// Where each of them begins, in all programs that are run.
    pub probes: Vec<Probe>,
}

impl Calls {
    /// Those that lie in a program.
    pub(super) fn of(&self, program: &Path) -> Vec<Probe> {
        self.probes.iter().filter(|probe| probe.file == program).cloned().collect()
    }
}

/// Counts the calls of `options.calls` in the benches of a recording, in another run of them, and
/// puts them beside what was recorded. Where that cannot be had, the recording says so.
pub fn count_calls(
    outcome: &mut Outcome,
    workspace: &Workspace,
    executables: &[Executable],
    shard: Option<Shard>,
    options: &Options,
    listener: &Listener<'_>,
    interrupt: &AtomicBool,
) -> Result<(), Error> {
    if let Some(why) = capture::calls_refused(&options.calls.probes) {
        outcome.missing.push(Missing::new(Kind::Calls, true, why));
        return Ok(());
    }
    // What is counted is the same in each iteration; a few are enough.
    let length = Length {
        warm_up: Duration::from_millis(10),
        measure: Duration::from_millis(50),
        samples: 10,
    };
    // By its I/O it is known where a harness went from one bench to the next.
    let options = Options { kinds: vec![Kind::Io], length: Some(length), ..options.clone() };
    // Shares are told by counting all benches.
    let holds = |it: &&Executable| shard.is_some() || !options.calls.of(&it.path).is_empty();
    let executables: Vec<Executable> = executables.iter().filter(holds).cloned().collect();
    let counted = record_share(workspace, &executables, shard, &options, listener, interrupt)?;
    for line in &mut outcome.lines {
        let same = counted.lines.iter().find(|other| {
            (&other.package, &other.target, &other.bench)
                == (&line.package, &line.target, &line.bench)
        });
        line.calls = same.map(|same| same.calls.clone()).unwrap_or_default();
    }
    outcome.ran.extend(counted.ran.into_iter().filter(|ran| ran.kinds == [Kind::Calls]));
    outcome.missing.extend(counted.missing.into_iter().filter(|lack| lack.kind == Kind::Calls));
    for (why, benches) in counted.unclear {
        let benches: Vec<String> = benches
            .into_iter()
            .filter(|bench| !outcome.unclear.values().flatten().any(|known| known == bench))
            .collect();
        if !benches.is_empty() {
            let why = format!("none of {}, since {why}", benches.join(", "));
            outcome.missing.push(Missing::new(Kind::Calls, false, why));
        }
    }
    for failed in counted.failed {
        let known = outcome
            .failed
            .iter()
            .any(|known| (&known.target, &known.bench) == (&failed.target, &failed.bench));
        if !known {
            outcome.failed.push(failed);
        }
    }
    outcome.interrupted |= counted.interrupted;
    Ok(())
}
