//! `tagroot` and `tagleaf`: labels as frames of their own.

use std::collections::HashMap;

use crate::model::profile::{Function, Line, Location, Profile, Sample};
use crate::report::views::measure;

/// Adds a frame per key and sample, above the root or below the leaf.
pub(crate) fn add_tag_nodes(
    profile: &mut Profile,
    roots: &str,
    leaves: &str,
    output_unit: &str,
    warnings: &mut Vec<String>,
) {
    let keys = |text: &str| -> Vec<String> {
        text.split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect()
    };
    let (root_keys, leaf_keys) = (keys(roots), keys(leaves));
    if root_keys.is_empty() && leaf_keys.is_empty() {
        return;
    }
    let mut made: HashMap<(String, String), u32> = HashMap::new();
    let (mut root_matched, mut leaf_matched) = (root_keys.is_empty(), leaf_keys.is_empty());
    for index in 0..profile.samples.len() {
        let mut frames = |profile: &mut Profile, keys: &[String], matched: &mut bool| {
            let mut frames = Vec::new();
            // The first key is closest to the root.
            for key in keys.iter().rev() {
                let values = values(&profile.samples[index], key, output_unit);
                *matched |= !values.is_empty();
                let made_key = (values.join(","), key.clone());
                frames.push(*made.entry(made_key).or_insert_with_key(|(name, file)| {
                    let function = profile.functions.len() as u32;
                    profile.functions.push(Function {
                        name: name.clone(),
                        filename: file.clone(),
                        ..Function::default()
                    });
                    profile.locations.push(Location {
                        lines: vec![Line { function, line: 0, column: 0 }],
                        ..Location::default()
                    });
                    profile.locations.len() as u32 - 1
                }));
            }
            frames
        };
        let above = frames(profile, &root_keys, &mut root_matched);
        let mut stack = frames(profile, &leaf_keys, &mut leaf_matched);
        let sample = &mut profile.samples[index];
        stack.append(&mut sample.stack);
        stack.extend(above);
        sample.stack = stack;
    }
    for (matched, name) in [(root_matched, "TagRoot"), (leaf_matched, "TagLeaf")] {
        if !matched {
            warnings.push(format!("{name} expression matched no samples"));
        }
    }
}

fn values(sample: &Sample, key: &str, output_unit: &str) -> Vec<String> {
    let of_key = || sample.labels.iter().filter(|label| label.key == key);
    let texts = of_key().filter(|label| !label.text.is_empty()).map(|label| label.text.clone());
    let any_unit = of_key().any(|label| !label.unit.is_empty());
    let numbers = of_key().filter(|label| label.text.is_empty()).map(|label| {
        if any_unit {
            measure::label(label.number, &label.unit, output_unit)
        } else {
            measure::label(label.number, "", "")
        }
    });
    texts.chain(numbers).collect()
}
