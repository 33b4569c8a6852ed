//! One place, one finding: where two lints speak of the same span or of the same value, the one
//! that is better backed stays, or else the more specific one, or else the one whose rewrite needs
//! a person less.

use std::ops::Range;

use crate::model::finding::{Finding, Grade};

/// What a finding is about, beyond its span.
#[derive(Clone, Debug, Default)]
pub(super) struct Topic {
    /// Where the value it speaks of is made.
    pub about: Option<Range<usize>>,
    /// Lints that say more of the same place.
    pub yields_to: Vec<String>,
}

/// The findings of a file that stay, with what their ids are made of.
pub(super) fn settled(spoken: Vec<(Topic, u64, Finding)>) -> Vec<(u64, Finding)> {
    let loses = |at: usize| {
        let (topic, _, finding) = &spoken[at];
        spoken.iter().enumerate().any(|(other_at, (other_topic, _, other))| {
            other.lint != finding.lint
                && meet((topic, finding), (other_topic, other))
                && other
                    .confidence
                    .cmp(&finding.confidence)
                    .then(yields(topic, other).cmp(&yields(other_topic, finding)))
                    .then(tried(other).cmp(&tried(finding)))
                    .then(at.cmp(&other_at))
                    .is_gt()
        })
    };
    let lost: Vec<bool> = (0..spoken.len()).map(loses).collect();
    let kept = spoken.into_iter().zip(lost).filter(|(_, lost)| !lost);
    kept.map(|((_, fingerprint, finding), _)| (fingerprint, finding)).collect()
}

/// The grade of a rewrite that a measurement asks for. Where nothing was measured, the more specific
/// finding says more.
fn tried(finding: &Finding) -> Option<Grade> {
    finding.grade().filter(|_| !finding.evidence.is_empty())
}

fn yields(topic: &Topic, to: &Finding) -> bool {
    topic.yields_to.iter().any(|lint| lint == to.lint)
}

/// The same span, or the same value; where one lint names the other as the more specific, it is
/// enough that one span lies within the other.
fn meet((topic, finding): (&Topic, &Finding), (other_topic, other): (&Topic, &Finding)) -> bool {
    let (span, other_span) = (&finding.span.bytes, &other.span.bytes);
    let within = |a: &Range<usize>, b: &Range<usize>| b.start <= a.start && a.end <= b.end;
    let same_value = topic.about.is_some() && topic.about == other_topic.about;
    let one_yields = yields(topic, other) || yields(other_topic, finding);
    span == other_span
        || same_value
        || one_yields && (within(span, other_span) || within(other_span, span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::evidence::Evidence;
    use crate::model::finding::{Confidence, Suggestion};

    fn said(
        lint: &'static str,
        bytes: Range<usize>,
        confidence: Confidence,
    ) -> (Topic, u64, Finding) {
        let finding = Finding::blank("", lint, confidence, bytes);
        (Topic::default(), 0, finding)
    }

    fn left(spoken: Vec<(Topic, u64, Finding)>) -> Vec<&'static str> {
        settled(spoken).into_iter().map(|(_, finding)| finding.lint).collect()
    }

    #[test]
    fn of_one_span_the_better_backed_speaks_and_then_the_more_specific() {
        let (hot, proved) = (Confidence::Hot, Confidence::Proved);
        assert_eq!(left(vec![said("a", 0..5, hot), said("b", 0..5, proved)]), ["b"]);
        assert_eq!(left(vec![said("a", 0..5, hot), said("b", 0..5, hot)]), ["a"]);
        let mut general = said("a", 0..5, hot);
        general.0.yields_to = vec!["b".to_owned()];
        assert_eq!(left(vec![general.clone(), said("b", 0..5, hot)]), ["b"]);
        assert_eq!(left(vec![general, said("b", 0..9, hot)]), ["b"]);
        assert_eq!(left(vec![said("a", 0..5, hot), said("b", 0..9, hot)]), ["a", "b"]);
    }

    #[test]
    fn of_two_that_were_measured_the_one_that_rewrites_speaks() {
        let shown = said("a", 0..5, Confidence::Hot);
        let mut rewritten = said("b", 0..5, Confidence::Hot);
        rewritten.2.suggestions = vec![Suggestion::with_caveat("", Vec::new(), "")];
        assert_eq!(left(vec![shown.clone(), rewritten.clone()]), ["a"]);
        rewritten.2.evidence = vec![Evidence::default()];
        assert_eq!(left(vec![shown, rewritten]), ["b"]);
    }

    #[test]
    fn of_one_value_one_speaks() {
        let (mut first, mut second) =
            (said("a", 0..5, Confidence::Hot), said("b", 7..9, Confidence::Hot));
        assert_eq!(left(vec![first.clone(), second.clone()]), ["a", "b"]);
        first.0.about = Some(0..5);
        second.0.about = Some(0..5);
        assert_eq!(left(vec![first, second]), ["a"]);
    }

    #[test]
    fn a_lint_may_speak_twice_of_a_value() {
        let (mut first, mut second) =
            (said("a", 0..5, Confidence::Hot), said("a", 7..9, Confidence::Hot));
        first.0.about = Some(0..5);
        second.0.about = Some(0..5);
        assert_eq!(left(vec![first, second]), ["a", "a"]);
    }
}
