//! Folding: what the standard library, the runtime and the system cost is charged to the code that
//! called them.

use crate::model::profile::{Location, Profile};
use crate::report::views::flame::tint;
use crate::report::views::prepared::base_name;

/// Which functions and which mapped files are not the program's own.
pub(in crate::report::views) struct System {
    functions: Vec<bool>,
    mappings: Vec<bool>,
}

impl System {
    pub(in crate::report::views) fn of(profile: &Profile) -> Self {
        let function = |function: &crate::model::profile::Function| {
            tint(&function.name).is_none() || is_std(&function.filename)
        };
        System {
            functions: profile.functions.iter().map(function).collect(),
            mappings: profile.mappings.iter().map(|m| is_system(&m.filename)).collect(),
        }
    }

    pub(in crate::report::views) fn function(&self, at: u32) -> bool {
        self.functions[at as usize]
    }

    /// Whether the code lies in the C library, the loader or the kernel.
    pub(in crate::report::views) fn mapping(&self, location: &Location) -> bool {
        location.mapping.is_some_and(|at| self.mappings[at as usize])
    }
}

/// Sources of the standard library, as its builds record them.
fn is_std(file: &str) -> bool {
    ["/rustc/", "/rustlib/src/", "/rust/deps/"].iter().any(|part| file.contains(part))
}

/// The C library, the loader and the kernel.
fn is_system(module: &str) -> bool {
    let name = base_name(module);
    ["libc.", "libc-", "libm.", "libpthread", "ld-linux", "ld-musl", "linux-vdso", "["]
        .iter()
        .any(|start| name.starts_with(start))
}

/// Leaves out such frames. A stack of nothing else keeps its innermost frame, so that what it cost
/// stays in the sum and has a name.
pub(in crate::report::views) fn fold(profile: &mut Profile) {
    let system = System::of(profile);
    let mut hidden = vec![false; profile.locations.len()];
    for (location, hidden) in profile.locations.iter_mut().zip(&mut hidden) {
        let own = |line: &crate::model::profile::Line| !system.function(line.function);
        *hidden = system.mapping(location)
            || !location.lines.is_empty() && !location.lines.iter().any(own);
        if !*hidden {
            location.lines.retain(own);
        }
    }
    for sample in &mut profile.samples {
        if sample.stack.iter().all(|&at| hidden[at as usize]) {
            sample.stack.truncate(1);
        } else {
            sample.stack.retain(|&at| !hidden[at as usize]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::profile::{Function, Line, Mapping, Sample};

    /// Functions by name, each at a location of its own, and one that is inlined into another.
    fn profile() -> Profile {
        let names = ["app::parse", "alloc::vec::Vec<T>::push", "malloc", "core::iter::map"];
        let line = |function| Line { function, line: 1, column: 0 };
        let location =
            |mapping, lines| Location { mapping: Some(mapping), lines, ..Location::default() };
        let mapping = |name: &str| Mapping { filename: name.to_owned(), ..Mapping::default() };
        Profile {
            functions: names
                .map(|name| Function { name: name.to_owned(), ..Function::default() })
                .to_vec(),
            mappings: vec![mapping("/opt/app"), mapping("/lib/libc.so.6")],
            locations: vec![
                location(0, vec![line(0)]),
                location(0, vec![line(1), line(0)]),
                location(1, vec![line(2)]),
                location(0, vec![line(3)]),
            ],
            samples: vec![
                Sample { stack: vec![2, 1, 3, 0], values: vec![7], ..Sample::default() },
                Sample { stack: vec![2, 3], values: vec![5], ..Sample::default() },
            ],
            ..Profile::default()
        }
    }

    #[test]
    fn frames_of_the_library_are_charged_to_their_callers() {
        let mut profile = profile();
        fold(&mut profile);
        assert_eq!(profile.samples[0].stack, [1, 0]);
        assert_eq!(profile.locations[1].lines, [Line { function: 0, line: 1, column: 0 }]);
    }

    #[test]
    fn a_stack_of_the_library_alone_keeps_its_innermost_frame() {
        let mut profile = profile();
        fold(&mut profile);
        assert_eq!(profile.samples[1].stack, [2]);
        assert_eq!(profile.locations[2].lines.len(), 1);
    }
}
