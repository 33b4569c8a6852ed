//! The boxes of a drawing that show a node's labels.

use super::dot::escape;
use super::graph::{Node, Tag, sort_tags};
use super::measure;
use super::prepared::Prepared;

/// Graphviz statements for the costliest labels of a node; empty where it has none.
pub(super) fn of_node(prepared: &Prepared, node: &Node, number: usize, limit: usize) -> String {
    let mut text = String::new();
    // A leaf stands for what was left out below it as well.
    let flat = !node.outs.is_empty();
    let mut labels: Vec<Tag> = node.labels.values().cloned().collect();
    sort_tags(&mut labels, flat);
    for (index, tag) in labels.iter().take(limit).enumerate() {
        let cost = if flat { tag.flat_value() } else { tag.cum_value() };
        if cost == 0 {
            continue;
        }
        let cost = escape(&prepared.format(cost));
        let id = format!("N{number}_{index}");
        text += &box_of(&id, &escape_labels(&tag.name), &cost);
        text += &arrow_to(&format!("N{number}"), &id, &cost, "");
        text += &numbers(prepared, node, &tag.name, limit, flat, &id);
    }
    text + &numbers(prepared, node, "", limit, flat, &format!("N{number}"))
}

/// Quotes within labels are escaped, the separator between them stays.
fn escape_labels(joined: &str) -> String {
    joined.split("\\n").map(escape).collect::<Vec<_>>().join("\\n")
}

fn box_of(id: &str, label: &str, cost: &str) -> String {
    format!("{id} [label = \"{label}\" id=\"{id}\" fontsize=8 shape=box3d tooltip=\"{cost}\"]\n")
}

fn arrow_to(from: &str, id: &str, cost: &str, style: &str) -> String {
    format!(
        "{from} -> {id} [label=\" {cost}\" weight=100 tooltip=\"{cost}\" labeltooltip=\"{cost}\"{style}]\n"
    )
}

fn numbers(
    prepared: &Prepared,
    node: &Node,
    beside: &str,
    limit: usize,
    flat: bool,
    source: &str,
) -> String {
    let mut text = String::new();
    let Some(tags) = node.numbers.get(beside) else { return text };
    let tags = collapse(tags.values().cloned().collect(), limit, flat);
    for (index, tag) in tags.iter().enumerate() {
        let (cost, style) = if flat || tag.flat_value() == tag.cum_value() {
            (tag.flat_value(), "")
        } else {
            (tag.cum_value(), " style=\"dotted\"")
        };
        if cost != 0 {
            let cost = escape(&prepared.format(cost));
            let id = format!("N{source}_{index}");
            text += &box_of(&id, &escape(&tag.name), &cost);
            text += &arrow_to(source, &id, &cost, style);
        }
    }
    text
}

/// At most `limit` tags: each further one joins the nearest, as a range.
fn collapse(mut tags: Vec<Tag>, limit: usize, flat: bool) -> Vec<Tag> {
    sort_tags(&mut tags, flat);
    if tags.len() <= limit {
        return tags;
    }
    let rest = tags.split_off(limit);
    let mut groups: Vec<Vec<Tag>> = tags.into_iter().map(|tag| vec![tag]).collect();
    for tag in rest {
        let mut nearest = 0;
        for at in 1..groups.len() {
            if distance(&tag, &groups[at][0]) < distance(&tag, &groups[nearest][0]) {
                nearest = at;
            }
        }
        groups[nearest].push(tag);
    }
    let mut collapsed: Vec<Tag> = groups.iter().map(|group| range(group)).collect();
    sort_tags(&mut collapsed, flat);
    collapsed
}

fn distance(tag: &Tag, other: &Tag) -> f64 {
    (measure::scale(other.value, &other.unit, &tag.unit).0 - tag.value as f64).abs()
}

fn range(group: &[Tag]) -> Tag {
    let label = |tag: &Tag| measure::auto_label(tag.value, &tag.unit);
    let (mut low, mut high) = (&group[0], &group[0]);
    let mut sum = Tag::default();
    for tag in group {
        if (measure::scale(tag.value, &tag.unit, &low.unit).0 as i64) < low.value {
            low = tag;
        }
        if measure::scale(tag.value, &tag.unit, &high.unit).0 as i64 > high.value {
            high = tag;
        }
        sum.flat = sum.flat.wrapping_add(tag.flat);
        sum.flat_divisor = sum.flat_divisor.wrapping_add(tag.flat_divisor);
        sum.cum = sum.cum.wrapping_add(tag.cum);
        sum.cum_divisor = sum.cum_divisor.wrapping_add(tag.cum_divisor);
    }
    let name =
        if group.len() == 1 { label(low) } else { format!("{}..{}", label(low), label(high)) };
    Tag { name, flat: sum.flat_value(), cum: sum.cum_value(), ..Tag::default() }
}
