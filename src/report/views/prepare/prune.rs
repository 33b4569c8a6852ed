//! Frames the profile itself asks to drop, and those below a frame the user names.

use regex::Regex;

use crate::model::profile::Profile;

/// Applies `drop_frames` and `keep_frames`. A profile whose expressions do not parse is shown whole.
pub(crate) fn remove_uninteresting(profile: &mut Profile) {
    let whole = |text: &str| Regex::new(&format!("^({text})$")).ok();
    if profile.drop_frames.is_empty() {
        return;
    }
    let Some(drop) = whole(&profile.drop_frames) else { return };
    let keep = if profile.keep_frames.is_empty() {
        None
    } else {
        let Some(keep) = whole(&profile.keep_frames) else { return };
        Some(keep)
    };
    prune(profile, &drop, keep.as_ref());
}

/// What of a location is dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Nothing,
    /// What is called from here; the location's own remaining lines stay.
    Beneath,
    /// The location as well.
    Whole,
}

fn prune(profile: &mut Profile, drop: &Regex, keep: Option<&Regex>) {
    let dropped: Vec<bool> = profile
        .functions
        .iter()
        .map(|function| {
            let name = simple_name(&function.name);
            !function.name.is_empty()
                && drop.is_match(name)
                && !keep.is_some_and(|keep| keep.is_match(name))
        })
        .collect();
    let cuts: Vec<Cut> = profile
        .locations
        .iter_mut()
        .map(|location| {
            let outermost = location.lines.iter().rposition(|line| dropped[line.function as usize]);
            match outermost {
                None => Cut::Nothing,
                Some(at) if at + 1 == location.lines.len() => Cut::Whole,
                Some(at) => {
                    location.lines.drain(..=at);
                    Cut::Beneath
                }
            }
        })
        .collect();
    for sample in &mut profile.samples {
        // Frames before the program's own first one stay, or nothing might be left.
        let mut found_own = false;
        for at in (0..sample.stack.len()).rev() {
            match cuts[sample.stack[at] as usize] {
                Cut::Nothing => found_own = true,
                Cut::Whole if found_own => {
                    sample.stack.drain(..=at);
                    break;
                }
                Cut::Beneath if found_own => {
                    sample.stack.drain(..at);
                    break;
                }
                _ => {}
            }
        }
    }
}

/// Drops what was called from the frames an expression matches.
pub(super) fn prune_from(profile: &mut Profile, from: &Regex) {
    let matched: Vec<bool> = profile
        .functions
        .iter()
        .map(|function| !function.name.is_empty() && from.is_match(simple_name(&function.name)))
        .collect();
    let cut: Vec<bool> = profile
        .locations
        .iter_mut()
        .map(|location| {
            let innermost = location.lines.iter().position(|line| matched[line.function as usize]);
            if let Some(at) = innermost {
                location.lines.drain(..at);
            }
            innermost.is_some()
        })
        .collect();
    for sample in &mut profile.samples {
        if let Some(at) = sample.stack.iter().position(|&location| cut[location as usize]) {
            sample.stack.drain(..at);
        }
    }
}

/// Without the argument list, and without the dot that one ABI puts in front.
fn simple_name(name: &str) -> &str {
    let name = name.strip_prefix('.').unwrap_or(name);
    let mut from = 0;
    while let Some(found) = name[from..].find(['(', 'o']) {
        let at = from + found;
        let reserved = ["(anonymous namespace)", "operator()"];
        if let Some(word) = reserved.iter().find(|word| name[at..].starts_with(**word)) {
            from = at + word.len();
        } else if name[at..].starts_with('(') {
            return &name[..at];
        } else {
            from = at + 1;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn argument_lists_do_not_count() {
        assert_eq!(simple_name("foo(int)"), "foo");
        assert_eq!(simple_name("(anonymous namespace)::foo(int)"), "(anonymous namespace)::foo");
        assert_eq!(simple_name("a::operator()(int)"), "a::operator()");
        assert_eq!(simple_name(".ppc"), "ppc");
    }
}
