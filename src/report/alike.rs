//! Findings that say the same of several places of a file: the first ones are shown in full, and the
//! others by their places.

use std::collections::HashMap;
use std::path::Path;

use crate::model::finding::{Confidence, Finding, Grade};

/// So many of them show what is meant.
const SHOWN: usize = 3;

/// What makes findings alike. A rewrite that was measured is like no other.
type Key<'a> = (&'a str, &'a str, &'a Path, Confidence, Vec<(&'a str, Grade)>, Option<&'a str>);

/// For each finding those that are told by their places behind it; `None` where it is one of them.
pub fn alike(findings: &[Finding]) -> Vec<Option<Vec<&Finding>>> {
    let mut groups: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        groups.entry(key(finding)).or_default().push(at);
    }
    let mut behind: Vec<Option<Vec<&Finding>>> = vec![Some(Vec::new()); findings.len()];
    // One alone is as clear in full.
    for group in groups.into_values().filter(|group| group.len() > SHOWN + 1) {
        let (shown, rest) = group.split_at(SHOWN);
        rest.iter().for_each(|&at| behind[at] = None);
        behind[shown[SHOWN - 1]] = Some(rest.iter().map(|&at| &findings[at]).collect());
    }
    behind
}

fn key(finding: &Finding) -> Key<'_> {
    let rewrites = finding.suggestions.iter().map(|it| (it.message.as_str(), it.grade)).collect();
    let proved = finding.proof.as_ref().map(|_| finding.id.as_str());
    let Finding { lint, message, confidence, .. } = finding;
    (lint, message, &finding.span.file, *confidence, rewrites, proved)
}
