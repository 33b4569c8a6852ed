//! What a manifest says of its bench targets and `cargo metadata` does not: `harness`, `bench`.

use std::path::Path;

use toml::{Table, Value};

/// What the manifest sets for one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settings {
    /// libtest makes the `main`.
    pub harness: bool,
    /// `cargo bench` includes it.
    pub bench: bool,
}

/// Settings per target name of a section: `bench`, `bin`, or `lib`.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    table: Table,
}

impl Manifest {
    /// Reads it; cargo has accepted the file already, so what we cannot read is as if unset.
    pub(super) fn read(path: &Path) -> Self {
        let table = std::fs::read_to_string(path).ok().and_then(|text| text.parse().ok());
        Manifest { table: table.unwrap_or_default() }
    }

    /// The bench targets that it names.
    pub(super) fn benches(&self) -> impl Iterator<Item = &str> {
        let entries = self.table.get("bench").and_then(Value::as_array).into_iter().flatten();
        entries.filter_map(|entry| entry.get("name")?.as_str())
    }

    pub(super) fn target(&self, section: &str, name: &str, path: &Path) -> Settings {
        let entry = match self.table.get(section) {
            Some(Value::Array(entries)) => entries.iter().find(|entry| {
                let text = |key| entry.get(key).and_then(Value::as_str);
                match text("name") {
                    Some(own) => own == name,
                    None => text("path").is_some_and(|own| path.ends_with(own)),
                }
            }),
            Some(entry @ Value::Table(_)) => Some(entry),
            _ => None,
        };
        let flag = |key| entry.and_then(|e| e.get(key)).and_then(Value::as_bool);
        Settings { harness: flag("harness").unwrap_or(true), bench: flag("bench").unwrap_or(true) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_means_libtest_and_included() {
        let manifest = Manifest {
            table: "[[bench]]\nname = 'a'\nharness = false\n[[bench]]\nname='b'\nbench=false\n\
                    [lib]\nbench = false"
                .parse()
                .unwrap(),
        };
        let target = |section, name| manifest.target(section, name, Path::new("x"));
        assert_eq!(target("bench", "a"), Settings { harness: false, bench: true });
        assert_eq!(target("bench", "b"), Settings { harness: true, bench: false });
        assert_eq!(target("bench", "found-by-cargo"), Settings { harness: true, bench: true });
        assert_eq!(target("lib", "any"), Settings { harness: true, bench: false });
    }
}
