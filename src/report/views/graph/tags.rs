//! Labels of the samples at a node.

use std::collections::BTreeMap;

use super::{Node, mean};
use crate::model::profile::Sample;
use crate::report::views::measure;
use crate::report::views::prepared::Prepared;

/// A label with its cost.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tag {
    pub name: String,
    /// Of a numeric label.
    pub unit: String,
    pub value: i64,
    pub flat: i64,
    pub flat_divisor: i64,
    pub cum: i64,
    pub cum_divisor: i64,
}

impl Tag {
    pub(crate) fn flat_value(&self) -> i64 {
        mean(self.flat, self.flat_divisor)
    }

    pub(crate) fn cum_value(&self) -> i64 {
        mean(self.cum, self.cum_divisor)
    }

    fn add(&mut self, weight: i64, divisor: i64, flat: bool) {
        let (sum, divisors) = if flat {
            (&mut self.flat, &mut self.flat_divisor)
        } else {
            (&mut self.cum, &mut self.cum_divisor)
        };
        *sum = sum.wrapping_add(weight);
        *divisors = divisors.wrapping_add(divisor);
    }
}

/// What separates the labels of a sample, in text and in Graphviz's.
pub(crate) const SEPARATOR: &str = "\\n";

/// The labels of one sample, ready to be added to the nodes of its stack.
pub(super) struct Labels {
    joined: String,
    numbers: Vec<Tag>,
}

/// Labels of a sample: text labels joined, and of the numbers the one that counts bytes.
pub(super) fn of_sample(prepared: &Prepared, sample: &Sample) -> Option<Labels> {
    let mut texts: Vec<String> = Vec::new();
    let mut numbers = Vec::new();
    for label in &sample.labels {
        if !label.text.is_empty() {
            if label.key != "pprof::base" {
                texts.push(format!("{}:{}", label.key, label.text));
            }
        } else if label.key == "bytes" {
            let unit = prepared.label_units.get("bytes").map_or("", String::as_str);
            numbers.push(Tag {
                name: measure::label(label.number, unit, &prepared.output_unit),
                unit: unit.to_owned(),
                value: label.number,
                ..Tag::default()
            });
        }
    }
    if texts.is_empty() && numbers.is_empty() {
        return None;
    }
    texts.sort();
    Some(Labels { joined: texts.join(SEPARATOR), numbers })
}

impl Labels {
    pub(super) fn add(&self, node: &mut Node, weight: i64, divisor: i64, flat: bool) {
        if !self.joined.is_empty() {
            let tag = node
                .labels
                .entry(self.joined.clone())
                .or_insert_with(|| Tag { name: self.joined.clone(), ..Tag::default() });
            tag.add(weight, divisor, flat);
        }
        if self.numbers.is_empty() {
            return;
        }
        let beside = node.numbers.entry(self.joined.clone()).or_default();
        for number in &self.numbers {
            let tag = beside.entry(number.name.clone()).or_insert_with(|| number.clone());
            tag.add(weight, divisor, flat);
        }
    }
}

/// Sorts tags, costliest first.
pub(crate) fn sort_tags(tags: &mut [Tag], flat: bool) {
    tags.sort_by(|a, b| {
        let by_cum = if flat || a.cum == b.cum {
            std::cmp::Ordering::Equal
        } else {
            b.cum.wrapping_abs().cmp(&a.cum.wrapping_abs())
        };
        by_cum
            .then_with(|| b.flat.wrapping_abs().cmp(&a.flat.wrapping_abs()))
            .then_with(|| a.name.cmp(&b.name))
    });
}

/// Drops tags below a cost.
pub(super) fn trim(tags: &mut BTreeMap<String, Tag>, least: i64) {
    tags.retain(|_, tag| tag.flat.wrapping_abs() >= least || tag.cum.wrapping_abs() >= least);
}

/// How many tags have a cost of their own.
pub(super) fn count(node: &Node) -> usize {
    let numbers = node.numbers.values().flat_map(BTreeMap::values);
    node.labels.values().chain(numbers).filter(|tag| tag.flat != 0).count()
}
