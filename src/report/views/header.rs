//! The lines above a view: what was profiled, what is shown, what was left out.

use super::clock;
use super::graph::Trimmed;
use super::measure;
use super::prepared::{Prepared, base_name};

/// What the profile says of itself.
pub(super) fn profile_lines(prepared: &Prepared) -> Vec<String> {
    let profile = &prepared.profile;
    let mut lines = Vec::new();
    if let Some(program) = profile.mappings.first() {
        if !program.filename.is_empty() {
            lines.push(format!("File: {}", base_name(&program.filename)));
        }
        if !program.build_id.is_empty() {
            lines.push(format!("Build ID: {}", program.build_id));
        }
    }
    lines.extend(profile.comments.iter().filter(|text| !text.starts_with('#')).cloned());
    if !prepared.kind.is_empty() {
        lines.push(format!("Type: {}", prepared.kind));
    }
    if profile.time_nanos != 0 {
        lines.push(format!("Time: {}", clock::headline(profile.time_nanos)));
    }
    if profile.duration_nanos != 0 {
        let duration = measure::auto_label(profile.duration_nanos, "nanoseconds");
        let (nanos, unit) = measure::scale(prepared.total, &prepared.unit, "nanoseconds");
        let ratio = if unit == "ns" && nanos != 0.0 {
            format!("({})", measure::percentage(measure::whole(nanos), profile.duration_nanos))
        } else {
            String::new()
        };
        let total = prepared.format(prepared.total);
        lines.push(format!("Duration: {duration}, Total samples = {total} {ratio}"));
    }
    lines
}

/// The whole header; with `full`, as a drawing's legend has it.
pub(super) fn lines(prepared: &Prepared, trimmed: &Trimmed, full: bool) -> Vec<String> {
    let settings = &prepared.settings;
    let mut lines =
        if full || !settings.compact_labels { profile_lines(prepared) } else { Vec::new() };
    let filters = settings.filters.active();
    if !filters.is_empty() {
        lines.push("Active filters:".to_owned());
        lines.extend(filters.iter().map(|filter| format!("   {}", shortened(filter))));
    }
    if settings.fold {
        lines.push("std, the runtime and the system are charged to their callers".to_owned());
    }
    let shown = trimmed.graph.live().fold(0i64, |sum, node| sum.wrapping_add(node.flat_value()));
    lines.push(format!(
        "Showing nodes accounting for {}, {} of {} total",
        prepared.format(shown),
        prepared.share(shown).trim(),
        prepared.format(prepared.total)
    ));
    if prepared.total != 0 {
        let limit = |fraction: f64| {
            prepared.format(measure::whole(prepared.total as f64 * fraction).wrapping_abs())
        };
        if trimmed.dropped_nodes > 0 {
            let limit = limit(settings.nodefraction);
            lines.push(dropped(trimmed.dropped_nodes, "node", "cum", &limit));
        }
        if full && trimmed.dropped_edges > 0 {
            let limit = limit(settings.edgefraction);
            lines.push(dropped(trimmed.dropped_edges, "edge", "freq", &limit));
        }
        let count = trimmed.graph.order.len();
        if count > 0 && count < trimmed.original {
            lines.push(format!("Showing top {count} nodes out of {}", trimmed.original));
        }
    }
    if full {
        lines.push("\nSee https://git.io/JfYMW for how to read the graph".to_owned());
    }
    lines
}

fn dropped(count: usize, what: &str, by: &str, limit: &str) -> String {
    let plural = if count > 1 { "s" } else { "" };
    format!("Dropped {count} {what}{plural} ({by} <= {limit})")
}

/// The first 80 bytes of a filter, at a character's end.
fn shortened(filter: &str) -> String {
    if filter.len() <= 80 {
        return filter.to_owned();
    }
    let end = (0..=80).rev().find(|&at| filter.is_char_boundary(at)).unwrap_or(0);
    format!("{}…", &filter[..end])
}
