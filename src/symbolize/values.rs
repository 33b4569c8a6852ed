//! The sample types of a profile, and what each event adds to them.

use crate::capture::Kind;
use crate::capture::raw::What;
use crate::model::profile::ValueType;

/// A sample type's place among all that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Samples,
    Cpu,
    AllocObjects,
    AllocSpace,
    InuseObjects,
    InuseSpace,
    Growths,
    GrowthCopied,
    LockWaits,
    LockDelay,
    LockHolds,
    LockHoldDelay,
    IoCalls,
    IoBytes,
    IoDelay,
    Threads,
}

const COLUMNS: usize = 16;

/// Name, unit, and the kind that must have been recorded for it to be in the profile.
const TYPES: [(&str, &str, Option<Kind>); COLUMNS] = [
    ("samples", "count", Some(Kind::Cpu)),
    ("cpu", "nanoseconds", Some(Kind::Cpu)),
    ("alloc_objects", "count", Some(Kind::Heap)),
    ("alloc_space", "bytes", Some(Kind::Heap)),
    ("inuse_objects", "count", Some(Kind::Heap)),
    ("inuse_space", "bytes", Some(Kind::Heap)),
    ("growths", "count", Some(Kind::Heap)),
    ("growth_copied", "bytes", Some(Kind::Heap)),
    // At the stack that waited.
    ("lock_waits", "count", Some(Kind::Lock)),
    ("lock_delay", "nanoseconds", Some(Kind::Lock)),
    // At the stack that let go: how often somebody had waited for that, and how long.
    ("lock_holds", "count", Some(Kind::Lock)),
    ("lock_hold_delay", "nanoseconds", Some(Kind::Lock)),
    ("io_calls", "count", Some(Kind::Io)),
    ("io_bytes", "bytes", Some(Kind::Io)),
    ("io_delay", "nanoseconds", Some(Kind::Io)),
    // Only where a start of a thread was seen.
    ("threads", "count", None),
];

/// Values of one stack, in thousandths, since a sample may stand for a fraction of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Values([u64; COLUMNS]);

impl Values {
    /// What an event adds. Blocks in use are not in it: a later free takes them out again.
    pub(super) fn of(what: &What) -> Values {
        use Column::*;
        let mut values = Values::default();
        let mut add = |column: Column, amount: u64, weight_milli: u64| {
            values.0[column as usize] = amount.saturating_mul(weight_milli);
        };
        match *what {
            What::Cpu { nanos } => {
                add(Samples, 1, 1000);
                add(Cpu, nanos, 1000);
            }
            What::Alloc { bytes, weight_milli, .. } => {
                add(AllocObjects, 1, weight_milli);
                add(AllocSpace, bytes, weight_milli);
            }
            What::Growth { copied, weight_milli, .. } => {
                add(Growths, 1, weight_milli);
                add(GrowthCopied, copied, weight_milli);
            }
            What::LockWait { nanos, weight_milli, .. } => {
                add(LockWaits, 1, weight_milli);
                add(LockDelay, nanos, weight_milli);
            }
            What::LockWake { nanos, weight_milli, .. } => {
                add(LockHolds, 1, weight_milli);
                add(LockHoldDelay, nanos, weight_milli);
            }
            What::Io { bytes, nanos, weight_milli, .. } => {
                add(IoCalls, 1, weight_milli);
                add(IoBytes, bytes, weight_milli);
                add(IoDelay, nanos, weight_milli);
            }
            What::ThreadStart { weight_milli } => add(Threads, 1, weight_milli),
            What::Free { .. } => {}
        }
        values
    }

    /// A block that is in use.
    pub(super) fn in_use(bytes: u64, weight_milli: u64) -> Values {
        let mut values = Values::default();
        values.0[Column::InuseObjects as usize] = weight_milli;
        values.0[Column::InuseSpace as usize] = bytes.saturating_mul(weight_milli);
        values
    }

    /// Bytes of a block that is in use.
    pub(super) fn bytes_in_use(&self) -> u64 {
        self.0[Column::InuseSpace as usize] / 1000
    }

    pub(super) fn add(&mut self, other: &Values) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_add(theirs);
        }
    }

    pub(super) fn remove(&mut self, other: &Values) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine = mine.saturating_sub(theirs);
        }
    }

    /// Whether they tell of allocation and nothing else.
    pub(super) fn are_of_memory(&self) -> bool {
        let memory = |at: usize| TYPES[at].2 == Some(Kind::Heap);
        (0..COLUMNS).all(|at| memory(at) || self.0[at] == 0)
    }

    fn whole(&self, column: usize) -> i64 {
        ((self.0[column].saturating_add(500)) / 1000).try_into().unwrap_or(i64::MAX)
    }
}

/// The columns that a profile has.
#[derive(Clone, Debug)]
pub(super) struct Layout(Vec<usize>);

impl Layout {
    /// The sample types of these kinds.
    pub(super) fn new(kinds: &[Kind], threads: bool) -> Layout {
        let wanted = |kind: &Option<Kind>| kind.map_or(threads, |kind| kinds.contains(&kind));
        Layout((0..COLUMNS).filter(|&column| wanted(&TYPES[column].2)).collect())
    }

    pub(super) fn types(&self) -> Vec<ValueType> {
        self.0.iter().map(|&column| ValueType::new(TYPES[column].0, TYPES[column].1)).collect()
    }

    /// The type that a viewer starts with.
    pub(super) fn default_type(&self) -> Option<usize> {
        use Column::*;
        [Cpu, AllocSpace, LockDelay, IoCalls, Threads]
            .iter()
            .find_map(|&wanted| self.0.iter().position(|&column| column == wanted as usize))
    }

    pub(super) fn values(&self, values: &Values) -> Vec<i64> {
        self.0.iter().map(|&column| values.whole(column)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kinds: &[Kind], values: &Values) -> Vec<(String, i64)> {
        let layout = Layout::new(kinds, false);
        let names = layout.types().into_iter().map(|kind| kind.name);
        names.zip(layout.values(values)).filter(|(_, value)| *value != 0).collect()
    }

    #[test]
    fn every_column_has_its_own_name() {
        assert_eq!(TYPES[Column::Cpu as usize].0, "cpu");
        assert_eq!(TYPES[Column::LockHoldDelay as usize].0, "lock_hold_delay");
        assert_eq!(TYPES[Column::Threads as usize].0, "threads");
    }

    #[test]
    fn fractions_of_events_add_up_to_whole_ones() {
        let mut sum = Values::default();
        for _ in 0..4 {
            sum.add(&Values::of(&What::Alloc { address: 0, bytes: 100, weight_milli: 1250 }));
        }
        assert_eq!(
            shown(&[Kind::Heap], &sum),
            [("alloc_objects".to_owned(), 5), ("alloc_space".to_owned(), 500)]
        );
    }

    #[test]
    fn what_was_not_recorded_is_not_in_the_profile() {
        let names: Vec<String> =
            Layout::new(&[Kind::Io], false).types().into_iter().map(|kind| kind.name).collect();
        assert_eq!(names, ["io_calls", "io_bytes", "io_delay"]);
        assert_eq!(Layout::new(&[], false).default_type(), None);
        assert_eq!(Layout::new(&Kind::ALL, true).default_type(), Some(1));
    }
}
