//! For people: source, evidence at the line, bound, and the rewrite as a diff, as rustc prints.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Patch, Renderer as Snippets, Snippet,
};

use super::alike::alike;
use super::cut::cut;
use super::inert::{commandless, inert, inert_lines};
use super::place::{clipped, place};
use super::{Files, Renderer, Report, Style, Summary, words};
use crate::model::finding::{Confidence, Edit, Finding, Grade, Span, Suggestion, Types};
use crate::model::verdict::Verdict;

/// Benches listed in full below a finding; the rest is counted.
const BENCHES_SHOWN: usize = 3;

/// Findings with source, evidence and rewrite.
pub struct Human {
    /// How it looks.
    pub style: Style,
}

impl Renderer for Human {
    fn render(&self, report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
        let mut told = Told::default();
        for (finding, behind) in report.findings.iter().zip(alike(report.findings)) {
            let Some(behind) = behind else { continue };
            writeln!(out, "{}\n", self.written(finding, report.files, &mut told))?;
            if !behind.is_empty() {
                writeln!(out, "note: {} more like {}", behind.len(), finding.id)?;
                for other in behind {
                    writeln!(out, "{}", by_place(other, report.files))?;
                }
                writeln!(out)?;
            }
        }
        for line in summary(report) {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }
}

/// Where a finding stands that is like another, and the figure that matters most.
fn by_place(finding: &Finding, files: &dyn Files) -> String {
    let text = files.text(&finding.span.file).unwrap_or("");
    let place = place(text, &finding.span.bytes);
    let path = finding.span.file.to_string_lossy();
    let place = format!("{}:{}:{}", inert(&path), place.line_start, place.column_start);
    let figure = match words::headline(finding) {
        none if none.is_empty() => none,
        figure => format!("{}, ", inert(&figure)),
    };
    commandless(&format!("  --> {place}: {figure}id {}", finding.id)).into_owned()
}

/// Rewrites of several places that stand above, each with the id of the finding it stands beside.
#[derive(Default)]
struct Told<'a>(Vec<(&'a Suggestion, &'a str)>);

impl<'a> Told<'a> {
    /// Beside which finding this rewrite stands already; if nowhere, it does from now on.
    fn beside(&mut self, suggestion: &'a Suggestion, id: &'a str) -> Option<&'a str> {
        if suggestion.edits.len() < 2 {
            return None;
        }
        let known = self.0.iter().find(|(known, _)| *known == suggestion).map(|&(_, id)| id);
        if known.is_none() {
            self.0.push((suggestion, id));
        }
        known
    }
}

impl Human {
    /// One finding.
    pub fn finding(&self, finding: &Finding, files: &dyn Files) -> String {
        self.written(finding, files, &mut Told::default())
    }

    fn written<'a>(
        &self,
        finding: &'a Finding,
        files: &'a dyn Files,
        told: &mut Told<'a>,
    ) -> String {
        let code = finding.code();
        let title = inert(&finding.message).into_owned();
        let mut groups = vec![self.primary(finding, files, title, code)];
        for suggestion in &finding.suggestions {
            let above = told.beside(suggestion, &finding.id);
            groups.extend(suggestion_groups(suggestion, above, &finding.span.file, files));
        }
        let renderer = if self.style.color { Snippets::styled() } else { Snippets::plain() };
        let text = renderer.term_width(self.style.width.map_or(140, usize::from)).render(&groups);
        // Source lines are printed as they are, also where a runner reads along.
        commandless(&text).into_owned()
    }

    fn primary<'a>(
        &self,
        finding: &'a Finding,
        files: &'a dyn Files,
        title: String,
        code: String,
    ) -> Group<'a> {
        let mut group = Level::WARNING
            .primary_title(title)
            .id(code)
            .elements(Vec::<Snippet<'a, annotate_snippets::Annotation<'a>>>::new());
        let label = label(finding);
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            finding.related.iter().partition(|related| related.span.file == finding.span.file);
        let spans: Vec<&Span> = std::iter::once(&finding.span)
            .chain(here.iter().map(|related| &related.span))
            .collect();
        if let Some(Source { origin, snippet, places }) = source(files, &spans) {
            let mut places = places.into_iter();
            let mut annotation = AnnotationKind::Primary.span(places.next().unwrap_or_default());
            if !label.is_empty() {
                annotation = annotation.label(label);
            }
            let related = here.iter().zip(places).map(|(related, place)| {
                AnnotationKind::Context.span(place).label(inert(&related.label).into_owned())
            });
            let snippet = snippet.annotation(annotation).annotations(related);
            group = group.elements(origin).element(snippet);
            for related in elsewhere {
                if let Some(Source { origin, snippet, mut places }) =
                    source(files, &[&related.span])
                {
                    let place = places.pop().unwrap_or_default();
                    let label = inert(&related.label).into_owned();
                    let annotation = AnnotationKind::Context.span(place).label(label);
                    group = group.elements(origin).element(snippet.annotation(annotation));
                }
            }
        }
        for evidence in finding.evidence.iter().take(BENCHES_SHOWN) {
            let line = inert(&words::evidence(evidence)).into_owned();
            group = group.element(Level::NOTE.with_name("evidence").message(line));
        }
        if finding.evidence.len() > BENCHES_SHOWN {
            let rest = finding.evidence.len() - BENCHES_SHOWN;
            let line = format!("and in {rest} more");
            group = group.element(Level::NOTE.with_name("evidence").message(line));
        }
        if let Some(proof) = &finding.proof {
            group = group.element(Level::NOTE.with_name("proof").message(words::proof(proof)));
        }
        for note in &finding.notes {
            group = group.element(Level::NOTE.message(inert_lines(note).into_owned()));
        }
        if let Some(setting) = &finding.setting {
            group =
                group.element(Level::NOTE.message(format!("spoken for by `{}`", inert(setting))));
        }
        group.element(Level::NOTE.with_name(finding.confidence.word()).message(format!(
            "{}; id {}{}",
            witness(finding),
            finding.id,
            more(finding)
        )))
    }
}

/// Where more is to be read.
fn more(finding: &Finding) -> String {
    match finding.lint.strip_prefix("clippy::") {
        Some(name) => format!(", from clippy: https://rust-lang.github.io/rust-clippy/#{name}"),
        None => format!(", `cargo perf explain {}`", finding.lint),
    }
}

/// What stands at the span: the lint's own words and the one figure that matters most.
fn label(finding: &Finding) -> String {
    let headline = words::headline(finding);
    let own = inert(&finding.label);
    match (own.is_empty(), headline.is_empty()) {
        (true, _) => inert(&headline).into_owned(),
        (false, true) => own.into_owned(),
        (false, false) => format!("{own}: {}", inert(&headline)),
    }
}

fn witness(finding: &Finding) -> String {
    let types = match finding.types {
        Types::DebugInfo => "types from debug info",
        Types::Inferred => "types inferred",
        Types::NotNeeded => "no type needed",
        Types::Unknown => "types unknown",
    };
    let slower = Verdict::Slower.word();
    let is_slower = finding.proof.as_ref().is_some_and(|proof| proof.verdict == slower);
    let heat = match finding.confidence {
        Confidence::Proved => "the cost was measured below this span",
        Confidence::Hot => "the span is hot; the cost itself was not seen apart",
        Confidence::Certain => "wrong in this form whatever its heat; not measured",
        Confidence::Suspected if is_slower => "its rewrite was measured to be slower",
        Confidence::Suspected => "not measured",
    };
    format!("{heat}; {types}")
}

/// A rewrite of a finding `here`; one that stands `above`, beside the finding with that id, by name
/// only.
fn suggestion_groups<'a>(
    suggestion: &'a Suggestion,
    above: Option<&str>,
    here: &Path,
    files: &'a dyn Files,
) -> Vec<Group<'a>> {
    let mut title = format!("{} ({})", inert(&suggestion.message), words::grade(suggestion.grade));
    if let Some(id) = above {
        let title = format!("{title}: the rewrite beside {id}");
        let nothing = Vec::<Snippet<'a, Patch<'a>>>::new();
        return vec![Level::HELP.secondary_title(title).elements(nothing)];
    }
    if let Some(caveat) = &suggestion.caveat {
        title = format!("{title}: {}", inert(caveat));
    }
    let mut group =
        Level::HELP.secondary_title(title).elements(Vec::<Snippet<'a, Patch<'a>>>::new());
    let mut by_file: Vec<(&Path, Vec<&Edit>)> = Vec::new();
    for edit in &suggestion.edits {
        match by_file.iter_mut().find(|(file, _)| *file == edit.span.file) {
            Some((_, edits)) => edits.push(edit),
            None => by_file.push((&edit.span.file, vec![edit])),
        }
    }
    for (file, edits) in by_file {
        let spans: Vec<&Span> = edits.iter().map(|edit| &edit.span).collect();
        let Some(Source { origin, mut snippet, places }) = source(files, &spans) else {
            continue;
        };
        // Where the finding stands is told beside it.
        group = group.elements(origin.filter(|_| file != here));
        for (edit, place) in edits.into_iter().zip(places) {
            let shown = cut(&edit.text, &[0..0, edit.text.len()..edit.text.len()]);
            let shown = shown.map_or(Cow::from(&edit.text), |cut| cut.text.into());
            snippet = snippet.patch(Patch::new(place, shown));
        }
        group = group.element(snippet);
    }
    if let Some(sketch) =
        suggestion.sketch.as_deref().filter(|_| suggestion.grade == Grade::Display)
    {
        group = group.element(Level::NOTE.no_name().message(inert_lines(sketch).into_owned()));
    }
    vec![group]
}

/// Source that is shown, and where spans lie in it.
struct Source<'a, T: Clone> {
    /// Where it stands, unless the snippet tells.
    origin: Option<Origin<'a>>,
    snippet: Snippet<'a, T>,
    places: Vec<Range<usize>>,
}

/// The source around spans of one file. Where long lines are cut, columns
/// are no longer the file's: it stands apart where the first span begins.
fn source<'a, T: Clone>(files: &'a dyn Files, spans: &[&Span]) -> Option<Source<'a, T>> {
    let first = spans.first()?;
    let text = files.text(&first.file)?;
    let path = inert(&first.file.to_string_lossy()).into_owned();
    let places: Vec<Range<usize>> = spans.iter().map(|span| clipped(text, &span.bytes)).collect();
    let Some(cut) = cut(text, &places) else {
        return Some(Source { origin: None, snippet: Snippet::source(text).path(path), places });
    };
    let place = place(text, &places[0]);
    let origin = Origin::path(path).line(place.line_start).char_column(place.column_start);
    let snippet = Snippet::source(cut.text).line_start(cut.line);
    Some(Source { origin: Some(origin), snippet, places: cut.places })
}

/// What was found, in one line, and what was held back, in another.
pub fn summary(report: &Report<'_>) -> Vec<String> {
    let Summary {
        files,
        unread,
        suspects,
        suppressed,
        accepted,
        profiled,
        benches,
        ref few_samples,
        ref repeated,
    } = report.summary;
    let looked = words::count(files, "file");
    let mut lines = Vec::new();
    if report.findings.is_empty() {
        lines.push(format!("no findings in {looked}"));
    } else {
        let kinds: Vec<String> =
            [Confidence::Proved, Confidence::Hot, Confidence::Certain, Confidence::Suspected]
                .into_iter()
                .map(|kind| (report.count(kind), kind.word()))
                .filter(|(n, _)| *n > 0)
                .map(|(n, word)| format!("{n} {word}"))
                .collect();
        let found = words::count(report.findings.len(), "finding");
        lines.push(format!("{found} in {looked}: {}", kinds.join(", ")));
    }
    if profiled
        && benches > 0
        && let Some(last) = lines.last_mut()
    {
        let word = if benches == 1 { "bench" } else { "benches" };
        last.push_str(&format!("; heat from {benches} {word}"));
    }
    lines.extend(words::repeated(repeated));
    lines.extend(words::few_samples(few_samples));
    if unread > 0 {
        lines.push(format!("{} could not be checked", words::count(unread, "file")));
    }
    if suspects > 0 {
        let suspects = words::count(suspects, "suspect");
        lines.push(if profiled {
            format!("{suspects} not shown: measured cold, slower when rewritten, or reached by no bench (`--all` lists them)")
        } else {
            format!("{suspects} not shown: they wait for a profile; `cargo perf record` makes one (`--all` lists them)")
        });
    }
    if suppressed > 0 {
        lines.push(format!("{} suppressed", words::count(suppressed, "finding")));
    }
    if accepted > 0 {
        lines.push(accepted_words(accepted));
    }
    lines
}

/// How many findings the baseline holds back.
pub fn accepted_words(accepted: usize) -> String {
    format!("{} held back by the baseline", words::count(accepted, "finding"))
}
