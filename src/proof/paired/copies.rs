//! The files that a round runs: fresh copies, or the same objects linked in another order.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::side::Target;
use super::{Error, Listener, Options, Progress, Which};
use crate::workspace::Link;

/// The files of one target for one round.
pub(super) struct Copies {
    pub(super) target: usize,
    /// They are linked in an order of this round, which is the same on both sides.
    pub(super) relinked: bool,
    pub(super) before: PathBuf,
    pub(super) after: PathBuf,
    /// Another of the first side, for the canary.
    pub(super) twin: Option<PathBuf>,
}

/// How the targets that need it are linked, read when it is first asked for.
#[derive(Default)]
pub(super) struct Links(BTreeMap<usize, Option<(Link, Link)>>);

impl Links {
    /// Both sides of a target; `None` where one cannot be linked again.
    pub(super) fn of(&mut self, at: usize, targets: &[(Target, Target)]) -> Option<&(Link, Link)> {
        let read = || {
            let (before, after) = targets.get(at)?;
            before.link().zip(after.link())
        };
        self.0.entry(at).or_insert_with(read).as_ref()
    }

    /// From now on this target cannot be linked again.
    pub(super) fn give_up(&mut self, at: usize) {
        self.0.insert(at, None);
    }
}

/// Copies of a target's two files, and of the first once more for the canary.
pub(super) fn copied(
    at: usize,
    (before, after): &(Target, Target),
    canary: bool,
    options: &Options,
) -> Result<Copies, Error> {
    let dir = options.dir.join("copy");
    let own = options.dir.join("twin");
    Ok(Copies {
        target: at,
        relinked: false,
        before: before.fresh_copy(&dir, Which::Before)?,
        after: after.fresh_copy(&dir, Which::After)?,
        twin: if canary { Some(before.fresh_copy(&own, Which::After)?) } else { None },
    })
}

/// A target linked again, both sides in the order that the seed draws. The inner error is the
/// linker's.
pub(super) fn relinked(
    at: usize,
    (before, after): &(Target, Target),
    (first, second): &(Link, Link),
    seed: u64,
    options: &Options,
    listener: &Listener<'_>,
) -> Result<Result<Copies, String>, Error> {
    listener(Progress::Linking(&before.name));
    let dir = options.dir.join("relinked");
    let copies = Copies {
        target: at,
        relinked: true,
        before: before.fresh_file(&dir, Which::Before)?,
        after: after.fresh_file(&dir, Which::After)?,
        twin: None,
    };
    let linked =
        first.relink(seed, &copies.before).and_then(|()| second.relink(seed, &copies.after));
    Ok(linked.map(|()| copies))
}
