//! The settings of a project: `[workspace.metadata.perf]` and `[package.metadata.perf]`.
//!
//! ```toml
//! [workspace.metadata.perf]
//! hot = 0.02                       # share of a bench's CPU time from which on code is hot
//!
//! [workspace.metadata.perf.lints]
//! unpreallocated_vec = "off"       # never
//! recompiled_regex = "suspected"   # even where nothing was measured
//! ```
//!
//! A package's own settings win over those of its workspace, key by key.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::model::finding::Confidence;
use crate::workspace::{Workspace, nearest};

/// The share of a bench's CPU time from which on code is hot, unless configured otherwise.
pub const HOT: f64 = 0.01;

/// The settings of a package, with their defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The share of a bench's CPU time from which on code is hot.
    pub hot_share: f64,
    /// What was set for a lint by name.
    pub lints: BTreeMap<String, Level>,
}

/// When a lint speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The weakest confidence that is reported; `None` for never.
    pub least: Option<Confidence>,
    /// Where that was said, as the report shows it.
    pub said: String,
}

/// The settings of every package of a workspace.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    workspace: Config,
    packages: BTreeMap<String, Config>,
}

impl Default for Config {
    fn default() -> Self {
        Config { hot_share: HOT, lints: BTreeMap::new() }
    }
}

/// A setting that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The manifest it stands in.
    pub manifest: String,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub help: Option<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.manifest, self.message)
    }
}

impl std::error::Error for ConfigError {}

impl Settings {
    /// Reads the settings of a workspace; `lints` are the names there are.
    pub fn read(workspace: &Workspace, lints: &[&str]) -> Result<Settings, ConfigError> {
        let manifest = workspace.root().join("Cargo.toml");
        let own = &workspace.metadata.workspace_metadata;
        let mut settings = Settings::default();
        let reader = Reader {
            table: "workspace.metadata.perf",
            manifest: &manifest.to_string_lossy(),
            lints,
        };
        reader.read(own.get("perf"), &mut settings.workspace)?;
        for package in workspace.members() {
            let mut config = settings.workspace.clone();
            let manifest = package.manifest_path.as_str();
            let reader = Reader { table: "package.metadata.perf", manifest, lints };
            reader.read(package.metadata.get("perf"), &mut config)?;
            settings.packages.insert(package.name.to_string(), config);
        }
        Ok(settings)
    }

    /// The settings of a package.
    pub fn of(&self, package: &str) -> &Config {
        self.packages.get(package).unwrap_or(&self.workspace)
    }
}

struct Reader<'r> {
    table: &'static str,
    manifest: &'r str,
    lints: &'r [&'r str],
}

const KEYS: [&str; 2] = ["hot", "lints"];
const LEVELS: [&str; 5] = ["off", "suspected", "certain", "hot", "proved"];

impl Reader<'_> {
    fn read(&self, value: Option<&Value>, config: &mut Config) -> Result<(), ConfigError> {
        let Some(value) = value else { return Ok(()) };
        let table = value.as_object().ok_or_else(|| self.wrong("is no table", None))?;
        for (key, value) in table {
            match key.as_str() {
                "hot" => {
                    let share = value.as_f64().filter(|share| (0.0..=1.0).contains(share));
                    config.hot_share = share.ok_or_else(|| {
                        self.wrong(".hot is no share between 0 and 1", Some("such as `hot = 0.01`"))
                    })?;
                }
                "lints" => {
                    let levels = value.as_object();
                    let levels = levels.ok_or_else(|| self.wrong(".lints is no table", None))?;
                    for (lint, level) in levels {
                        let level = self.level(lint, level)?;
                        config.lints.insert(lint.clone(), level);
                    }
                }
                other => return Err(self.unknown("", "setting", other, &KEYS)),
            }
        }
        Ok(())
    }

    fn level(&self, lint: &str, value: &Value) -> Result<Level, ConfigError> {
        if !self.lints.contains(&lint) {
            return Err(self.unknown(".lints", "lint", lint, self.lints));
        }
        let word = value.as_str().unwrap_or_default();
        let least = match word {
            "off" => None,
            "suspected" => Some(Confidence::Suspected),
            "certain" => Some(Confidence::Certain),
            "hot" => Some(Confidence::Hot),
            "proved" => Some(Confidence::Proved),
            _ => {
                let (place, word) = (format!(".lints.{lint}"), value.to_string().replace('"', ""));
                return Err(self.unknown(&place, "level", &word, &LEVELS));
            }
        };
        Ok(Level { least, said: format!("{}.lints.{lint} = \"{word}\"", self.table) })
    }

    /// `place` is the setting below the table, such as `.lints`.
    fn unknown(&self, place: &str, kind: &str, name: &str, known: &[&str]) -> ConfigError {
        let nearest = nearest(name, known.iter().copied());
        let help = match nearest {
            Some(nearest) => format!("a {kind} with a similar name exists: `{nearest}`"),
            None => format!("there are: {}", known.join(", ")),
        };
        self.wrong(&format!("{place} has an unknown {kind} `{name}`"), Some(&help))
    }

    fn wrong(&self, words: &str, help: Option<&str>) -> ConfigError {
        ConfigError {
            manifest: self.manifest.to_owned(),
            message: format!(
                "{}{}{words}",
                self.table,
                if words.starts_with(['.', ' ']) { "" } else { " " }
            ),
            help: help.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Config, ConfigError> {
        let reader = Reader {
            table: "package.metadata.perf",
            manifest: "Cargo.toml",
            lints: &["slow_hasher"],
        };
        let mut config = Config::default();
        reader.read(Some(&value), &mut config).map(|()| config)
    }

    #[test]
    fn settings_are_typed() {
        let config = read(json!({"hot": 0.05, "lints": {"slow_hasher": "off"}})).unwrap();
        assert_eq!(config.hot_share, 0.05);
        assert_eq!(config.lints["slow_hasher"].least, None);
        assert!(read(json!({"hot": "much"})).is_err());
        assert!(read(json!([])).is_err());
    }

    #[test]
    fn a_name_that_does_not_exist_is_answered_with_the_nearest() {
        let error = read(json!({"hott": 1})).unwrap_err();
        assert_eq!(error.help.as_deref(), Some("a setting with a similar name exists: `hot`"));
        let error = read(json!({"lints": {"slow_hashr": "off"}})).unwrap_err();
        assert!(error.help.unwrap().contains("slow_hasher"));
        let error = read(json!({"lints": {"slow_hasher": "of"}})).unwrap_err();
        assert_eq!(
            error.to_string(),
            "Cargo.toml: package.metadata.perf.lints.slow_hasher has an unknown level `of`"
        );
    }
}
