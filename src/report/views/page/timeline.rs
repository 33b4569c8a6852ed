//! The threads over time, and comparisons of benches, as the page shows them.

use std::collections::HashMap;

use serde::Serialize;

use super::Page;
use crate::model::timeline::{Activity, Place};
use crate::model::verdict::Comparison;
use crate::report::inert::inert;
use crate::report::stat_compare::verdict_words;

/// The threads over time.
#[derive(Serialize)]
pub(super) struct Shown {
    slot: u64,
    slots: u32,
    left_out: usize,
    threads: Vec<Thread>,
    places: Vec<Where>,
}

#[derive(Serialize)]
struct Thread {
    name: String,
    /// Slot, activity, nanoseconds and place, four by four; -1 for no place.
    cells: Vec<i64>,
}

#[derive(Serialize)]
struct Where {
    text: String,
    /// Among the page's sources.
    file: Option<usize>,
    line: u32,
}

/// The profile's timeline, where it has one.
pub(super) fn shown(page: &Page<'_>) -> Option<Shown> {
    let profile = page.prepared.profile();
    let timeline = profile.timeline.as_ref()?;
    let mut files: HashMap<&str, usize> = HashMap::new();
    for (function, file) in profile.functions.iter().zip(page.files) {
        if let Some(file) = *file {
            files.insert(&function.filename, file);
        }
    }
    let place = |place: &Place| Where {
        text: inert(&place.function).into_owned(),
        file: files.get(place.file.as_str()).copied().filter(|_| place.line > 0),
        line: place.line,
    };
    let thread = |thread: &crate::model::timeline::ThreadTime| Thread {
        name: inert(&format!("{} ({})", thread.name, thread.tid)).into_owned(),
        cells: thread
            .cells
            .iter()
            .flat_map(|cell| {
                let activity = match cell.activity {
                    Activity::Running => 0,
                    Activity::Waiting => 1,
                    Activity::Io => 2,
                };
                let nanos = i64::try_from(cell.nanos).unwrap_or(i64::MAX);
                [i64::from(cell.slot), activity, nanos, cell.place.map_or(-1, i64::from)]
            })
            .collect(),
    };
    Some(Shown {
        slot: timeline.slot_nanos,
        slots: timeline.slots,
        left_out: timeline.left_out,
        threads: timeline.threads.iter().map(thread).collect(),
        places: timeline.places.iter().map(place).collect(),
    })
}

/// The latest comparison of the workspace's benches.
#[derive(Serialize)]
pub(super) struct Compared {
    base: String,
    head: String,
    benches: Vec<Bench>,
}

#[derive(Serialize)]
struct Bench {
    name: String,
    words: String,
    /// After over before with its interval; no upper end where there are too few pairs for one.
    time: Option<(f64, f64, Option<f64>)>,
    exact: Vec<String>,
    notes: Vec<String>,
}

/// The comparison, where there is one.
pub(super) fn compared(page: &Page<'_>) -> Option<Compared> {
    let compared = page.comparison?;
    let side = |name: &str, commit: &Option<String>| {
        let commit = commit.as_deref().map(|commit| format!(" ({commit:.10})")).unwrap_or_default();
        inert(&format!("{name}{commit}")).into_owned()
    };
    Some(Compared {
        base: side(&compared.base, &compared.base_commit),
        head: side(&compared.head, &compared.head_commit),
        benches: compared.comparisons.iter().map(bench).collect(),
    })
}

fn bench(comparison: &Comparison) -> Bench {
    let time = comparison.time.as_ref();
    Bench {
        name: inert(&comparison.name.to_string()).into_owned(),
        words: time.map_or_else(|| "not timed".to_owned(), verdict_words),
        time: time
            .filter(|time| time.ratio.is_finite())
            .map(|time| (time.ratio, time.low, Some(time.high).filter(|high| high.is_finite()))),
        exact: comparison
            .exact
            .iter()
            .filter(|change| change.before != change.after)
            .map(|change| {
                inert(&format!("{}: {} → {}", change.unit, change.before, change.after))
                    .into_owned()
            })
            .collect(),
        notes: comparison.notes.iter().map(|note| inert(note).into_owned()).collect(),
    }
}
