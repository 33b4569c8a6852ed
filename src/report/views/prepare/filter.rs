//! `focus`, `ignore`, `hide`, `show` and their relatives: which samples and frames are shown.

use regex::Regex;

use super::{pattern, prune, tag_filter};
use crate::model::profile::{Location, Profile, Sample};
use crate::report::views::error::ViewError;

/// The filters as given; an empty text is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// Keep samples through a matching frame.
    pub focus: String,
    /// Drop samples through a matching frame.
    pub ignore: String,
    /// Drop matching frames.
    pub hide: String,
    /// Keep matching frames only.
    pub show: String,
    /// Drop frames above the first that matches.
    pub show_from: String,
    /// Drop frames below the first that matches.
    pub prune_from: String,
    /// Keep samples with a matching label.
    pub tagfocus: String,
    /// Drop samples with a matching label.
    pub tagignore: String,
    /// Keep matching labels only.
    pub tagshow: String,
    /// Drop matching labels.
    pub taghide: String,
}

impl Filters {
    /// The filters in force, as the header of a view names them.
    pub(crate) fn active(&self) -> Vec<String> {
        [
            ("focus", &self.focus),
            ("ignore", &self.ignore),
            ("hide", &self.hide),
            ("show", &self.show),
            ("show_from", &self.show_from),
            ("tagfocus", &self.tagfocus),
            ("tagignore", &self.tagignore),
            ("tagshow", &self.tagshow),
            ("taghide", &self.taghide),
        ]
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("{name}={text}"))
        .collect()
    }
}

/// Applies the filters; what matched nothing is a warning.
pub(crate) fn apply(
    profile: &mut Profile,
    filters: &Filters,
    units: &tag_filter::Units,
    warnings: &mut Vec<String>,
) -> Result<(), ViewError> {
    let focus = pattern("--focus", &filters.focus)?;
    let ignore = pattern("--ignore", &filters.ignore)?;
    let hide = pattern("--hide", &filters.hide)?;
    let show = pattern("--show", &filters.show)?;
    let show_from = pattern("--show-from", &filters.show_from)?;
    let prune_from = pattern("--prune-from", &filters.prune_from)?;
    let tagshow = pattern("--tagshow", &filters.tagshow)?;
    let taghide = pattern("--taghide", &filters.taghide)?;
    let tagfocus = tag_filter::compile("--tagfocus", &filters.tagfocus, units, warnings)?;
    let tagignore = tag_filter::compile("--tagignore", &filters.tagignore, units, warnings)?;

    let mut warn = |option: bool, matched: bool, name: &str| {
        if option && !matched {
            warnings.push(format!("{name} expression matched no samples"));
        }
    };
    if focus.is_some() || ignore.is_some() || hide.is_some() || show.is_some() {
        let matched = by_name(profile, &focus, &ignore, &hide, &show);
        warn(focus.is_some(), matched.focus, "Focus");
        warn(ignore.is_some(), matched.ignore, "Ignore");
        warn(hide.is_some(), matched.hide, "Hide");
        warn(show.is_some(), matched.show, "Show");
    }
    if let Some(from) = &show_from {
        warn(true, show_frames_from(profile, from), "ShowFrom");
    }
    if tagfocus.is_some() || tagignore.is_some() {
        let (mut any_focused, mut any_ignored) = (false, false);
        profile.samples.retain(|sample| {
            let focused = tagfocus.as_ref().is_none_or(|filter| filter(sample));
            let ignored = tagignore.as_ref().is_some_and(|filter| filter(sample));
            any_focused |= focused;
            any_ignored |= ignored;
            focused && !ignored
        });
        warn(tagfocus.is_some(), any_focused, "TagFocus");
        warn(tagignore.is_some(), any_ignored, "TagIgnore");
    }
    if tagshow.is_some() || taghide.is_some() {
        let (shown, hidden) = labels_by_name(&mut profile.samples, &tagshow, &taghide);
        warn(tagshow.is_some(), shown, "TagShow");
        warn(taghide.is_some(), hidden, "TagHide");
    }
    if let Some(from) = &prune_from {
        prune::prune_from(profile, from);
    }
    Ok(())
}

#[derive(Default)]
struct Matched {
    focus: bool,
    ignore: bool,
    hide: bool,
    show: bool,
}

/// Which of a profile's names an expression matches, each looked at once.
struct Names {
    functions: Vec<bool>,
    mappings: Vec<bool>,
}

impl Names {
    fn of(profile: &Profile, regex: &Regex) -> Self {
        let function = |function: &crate::model::profile::Function| {
            regex.is_match(&function.name) || regex.is_match(&function.filename)
        };
        Names {
            functions: profile.functions.iter().map(function).collect(),
            mappings: profile.mappings.iter().map(|m| regex.is_match(&m.filename)).collect(),
        }
    }

    fn mapping(&self, location: &Location) -> bool {
        location.mapping.is_some_and(|at| self.mappings[at as usize])
    }

    fn any(&self, location: &Location) -> bool {
        location.lines.iter().any(|line| self.functions[line.function as usize])
            || self.mapping(location)
    }
}

/// What a sample's location says of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Silent,
    Focused,
    Ignored,
}

fn by_name(
    profile: &mut Profile,
    focus: &Option<Regex>,
    ignore: &Option<Regex>,
    hide: &Option<Regex>,
    show: &Option<Regex>,
) -> Matched {
    let mut matched = Matched::default();
    let names = |regex: &Option<Regex>| regex.as_ref().map(|regex| Names::of(profile, regex));
    let (focus, ignore, hide, show) = (names(focus), names(ignore), names(hide), names(show));
    let mut verdicts = Vec::with_capacity(profile.locations.len());
    let mut hidden = vec![false; profile.locations.len()];
    for (location, hidden) in profile.locations.iter_mut().zip(&mut hidden) {
        verdicts.push(if ignore.as_ref().is_some_and(|ignore| ignore.any(location)) {
            matched.ignore = true;
            Verdict::Ignored
        } else if focus.as_ref().is_none_or(|focus| focus.any(location)) {
            matched.focus = true;
            Verdict::Focused
        } else {
            Verdict::Silent
        });
        if let Some(hide) = hide.as_ref().filter(|hide| hide.any(location)) {
            matched.hide = true;
            let whole = hide.mapping(location);
            location.lines.retain(|line| !whole && !hide.functions[line.function as usize]);
            *hidden |= location.lines.is_empty();
        }
        if let Some(show) = &show {
            if !show.mapping(location) {
                location.lines.retain(|line| show.functions[line.function as usize]);
            }
            if location.lines.is_empty() {
                *hidden = true;
            } else {
                matched.show = true;
            }
        }
    }
    let any_hidden = hidden.contains(&true);
    profile.samples.retain_mut(|sample| {
        let verdict = |at: &u32| verdicts[*at as usize];
        if sample.stack.iter().any(|at| verdict(at) == Verdict::Ignored)
            || !sample.stack.iter().any(|at| verdict(at) == Verdict::Focused)
        {
            return false;
        }
        if any_hidden {
            sample.stack.retain(|&at| !hidden[at as usize]);
            return !sample.stack.is_empty();
        }
        true
    });
    matched
}

/// Strips the frames above the outermost match, and drops samples without one.
fn show_frames_from(profile: &mut Profile, from: &Regex) -> bool {
    let names = Names::of(profile, from);
    let mut any = false;
    let matched: Vec<bool> = profile
        .locations
        .iter_mut()
        .map(|location| {
            let outermost =
                location.lines.iter().rposition(|line| names.functions[line.function as usize]);
            let matches = names.mapping(location) || outermost.is_some();
            if let (false, Some(at)) = (names.mapping(location), outermost) {
                location.lines.truncate(at + 1);
            }
            any |= matches;
            matches
        })
        .collect();
    profile.samples.retain_mut(|sample| {
        match sample.stack.iter().rposition(|&location| matched[location as usize]) {
            Some(at) => {
                sample.stack.truncate(at + 1);
                true
            }
            None => false,
        }
    });
    any
}

fn labels_by_name(
    samples: &mut [Sample],
    show: &Option<Regex>,
    hide: &Option<Regex>,
) -> (bool, bool) {
    let (mut shown, mut hidden) = (false, false);
    for label_list in samples.iter_mut().map(|sample| &mut sample.labels) {
        label_list.retain(|label| {
            let shows = show.as_ref().is_none_or(|show| show.is_match(&label.key));
            let hides = hide.as_ref().is_some_and(|hide| hide.is_match(&label.key));
            shown |= shows;
            hidden |= hides;
            shows && !hides
        });
    }
    (shown, hidden)
}

/// Keeps the samples of benches named, or of bench targets named, and their totals.
pub fn keep_benches(profile: &mut Profile, names: &[String]) -> Result<(), ViewError> {
    for name in names {
        let known = known_benches(profile);
        let is_target = profile.benches.iter().any(|bench| bench.target == *name);
        if !known.contains(name) && !is_target {
            return Err(ViewError::UnknownBench { name: name.clone(), known });
        }
    }
    profile.benches.retain(|bench| names.contains(&bench.bench) || names.contains(&bench.target));
    let of_targets: Vec<String> = profile.benches.iter().map(|total| total.bench.clone()).collect();
    profile.samples.retain(|sample| {
        sample.label("bench").is_some_and(|bench| {
            names.iter().any(|name| name == bench) || of_targets.iter().any(|name| name == bench)
        })
    });
    Ok(())
}

fn known_benches(profile: &Profile) -> Vec<String> {
    let mut known: Vec<String> = profile.benches.iter().map(|total| total.bench.clone()).collect();
    for bench in profile.samples.iter().filter_map(|sample| sample.label("bench")) {
        if !known.iter().any(|name| name == bench) {
            known.push(bench.to_owned());
        }
    }
    known.sort();
    known.dedup();
    known
}
