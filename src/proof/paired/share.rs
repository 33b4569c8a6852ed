//! A shard's share of the benches, so that several machines compare one suite.

use std::sync::atomic::AtomicBool;

use super::cut::Cuts;
use super::process::Processes;
use super::side::Target;
use super::{Benches, Error, Options, Side, Which};
use crate::bench::Shard;
use crate::model::verdict::BenchName;

/// The benches of one share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Those that both sides have.
    pub common: Vec<BenchName>,
    /// Those that only the second side has.
    pub added: Vec<BenchName>,
    /// Those that only the first side has.
    pub removed: Vec<BenchName>,
}

/// Finds the share and narrows the options to it. All shares together are judged as one family, so
/// each looks no earlier than the whole suite would have.
pub fn share(
    before: &Side<'_>,
    after: &Side<'_>,
    shard: Shard,
    options: &mut Options,
    interrupt: &AtomicBool,
) -> Result<Share, Error> {
    let processes = Processes {
        length: options.length,
        limit: options.limit,
        scratch: options.dir.join("run/left"),
        interrupt,
        cuts: Cuts::default(),
    };
    let list = |side: &Side<'_>, which| -> Result<Vec<BenchName>, Error> {
        let mut names = Vec::new();
        for target in Target::all(side) {
            let benches = processes.list(&target, &options.benches, which)?;
            names.extend(benches.iter().map(|bench| target.bench_name(bench)));
        }
        Ok(names)
    };
    let (first, second) = (list(before, Which::Before)?, list(after, Which::After)?);
    let mut all: Vec<&BenchName> = first.iter().chain(&second).collect();
    all.sort();
    all.dedup();
    let common = all.iter().filter(|name| first.contains(name) && second.contains(name)).count();
    if common == 0 {
        return Err(Error::NothingInCommon { before: first.len(), after: second.len() });
    }
    let mut share = Share::default();
    let mut own = Vec::new();
    for (_, &name) in all.iter().enumerate().filter(|&(at, _)| shard.takes(at)) {
        own.push(name.clone());
        match (first.contains(name), second.contains(name)) {
            (true, true) => share.common.push(name.clone()),
            (true, false) => share.removed.push(name.clone()),
            (false, _) => share.added.push(name.clone()),
        }
    }
    options.rule.looks = options.rule.looks_for(common);
    options.benches = Benches::Exactly(own);
    Ok(share)
}
