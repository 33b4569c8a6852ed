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

    /// The first name that cargo will refuse: none of the packages has such a feature. What
    /// belongs to a dependency is left for cargo to judge.
    pub fn unknown(&self, packages: &[&Package]) -> Option<String> {
        let has = |package: &Package, feature: &str| {
            let is_implied = package.dependencies.iter().any(|dependency| {
                dependency.optional
                    && dependency.rename.as_ref().unwrap_or(&dependency.name) == feature
            });
            feature == "default" || package.features.contains_key(feature) || is_implied
        };
        let is_known = |name: &str| match name.split_once('/') {
            Some((owner, feature)) => {
                let mut owners = packages.iter().filter(|package| package.name == owner).peekable();
                owners.peek().is_none() || owners.any(|package| has(package, feature))
            }
            None => packages.iter().any(|package| has(package, name)),
        };
        self.names().find(|name| !is_known(name)).map(str::to_owned)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let lists = self.list.iter().flat_map(|list| list.split([' ', ',']));
        lists.filter(|name| !name.is_empty())
    }

    /// The features of this package that are on with these flags.
    pub fn enabled(&self, package: &Package) -> Enabled {
        let mut on = BTreeSet::new();
        if self.all {
            on.extend(package.features.keys().cloned());
            return Enabled(on);
        }
        let mut open: Vec<String> = self
            .names()
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
    fn a_name_that_cargo_would_refuse_is_known_before_it_builds() {
        let unknown = |list: &str| {
            let features = Features { list: vec![list.to_owned()], ..Features::default() };
            features.unknown(&[&package()])
        };
        assert_eq!(unknown("std,p/weak default"), None);
        assert_eq!(unknown("dependency/anything"), None);
        assert_eq!(unknown("std stdd").as_deref(), Some("stdd"));
        assert_eq!(unknown("p/stdd").as_deref(), Some("p/stdd"));
    }

    #[test]
    fn what_a_target_lacks_is_named() {
        let required = ["std".to_owned(), "bench".to_owned()];
        assert_eq!(enabled(&[], false, false).missing(&required), ["bench"]);
        assert!(enabled(&[], true, false).missing(&required).is_empty());
    }
}
