//! Which features of a package are on, and which a bench target still needs.

use std::collections::BTreeSet;

use cargo_metadata::Package;

/// `--features`, `--all-features`, `--no-default-features`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// As given: each may hold several names, separated by spaces or commas.
    pub list: Vec<String>,
    /// All features.
    pub all: bool,
    /// Not the default ones.
    pub no_default: bool,
}

impl Features {
    /// The flags that hand the same wish to cargo.
    pub fn to_args(&self) -> Vec<String> {
        let mut args = Vec::new();
        if self.all {
            args.push("--all-features".to_owned());
        }
        if self.no_default {
            args.push("--no-default-features".to_owned());
        }
        for list in &self.list {
            args.extend(["--features".to_owned(), list.clone()]);
        }
        args
    }

    /// The features of this package that are on with these flags.
    pub fn enabled(&self, package: &Package) -> Enabled {
        let mut on = BTreeSet::new();
        if self.all {
            on.extend(package.features.keys().cloned());
            return Enabled(on);
        }
        let mut open: Vec<String> = self
            .list
            .iter()
            .flat_map(|list| list.split([' ', ',']))
            .filter(|name| !name.is_empty())
            .map(|name| {
                // `package/feature` on the command line means a member's feature.
                name.strip_prefix(&format!("{}/", package.name)).unwrap_or(name).to_owned()
            })
            .collect();
        if !self.no_default {
            open.push("default".to_owned());
        }
        while let Some(name) = open.pop() {
            if on.insert(name.clone()) {
                open.extend(package.features.get(&name).into_iter().flatten().cloned());
                // `dependency/feature` turns the dependency itself on, `dependency?/feature`
                // does not.
                if let Some((dependency, _)) = name.split_once('/')
                    && !dependency.ends_with('?')
                {
                    open.push(dependency.to_owned());
                }
            }
        }
        Enabled(on)
    }
}

/// Features that are on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enabled(BTreeSet<String>);

impl Enabled {
    /// Whether this one is on.
    pub fn has(&self, feature: &str) -> bool {
        self.0.contains(feature)
    }

    /// Those of `required` that are off.
    pub fn missing(&self, required: &[String]) -> Vec<String> {
        required.iter().filter(|feature| !self.has(feature)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package() -> Package {
        serde_json::from_value(serde_json::json!({
            "name": "p", "version": "1.0.0", "id": "p 1.0.0", "dependencies": [], "targets": [],
            "features": {
                "default": ["std"], "std": ["alloc"], "alloc": [], "bench": ["dep:x", "y/z"],
                "weak": ["w?/f"],
            },
            "manifest_path": "/p/Cargo.toml",
        }))
        .unwrap()
    }

    fn enabled(list: &[&str], all: bool, no_default: bool) -> Enabled {
        let list = list.iter().map(|name| (*name).to_owned()).collect();
        Features { list, all, no_default }.enabled(&package())
    }

    #[test]
    fn default_features_bring_what_they_name() {
        assert!(enabled(&[], false, false).has("alloc"));
        assert!(!enabled(&[], false, true).has("alloc"));
    }

    #[test]
    fn features_are_split_at_spaces_and_commas_and_may_name_the_package() {
        let on = enabled(&["weak,p/bench"], false, true);
        assert!(on.has("weak") && on.has("bench") && on.has("y"));
        assert!(!on.has("w"));
    }

    #[test]
    fn what_a_target_lacks_is_named() {
        let required = ["std".to_owned(), "bench".to_owned()];
        assert_eq!(enabled(&[], false, false).missing(&required), ["bench"]);
        assert!(enabled(&[], true, false).missing(&required).is_empty());
    }
}
