//! Which compiler builds here, and where a nightly one could be had.

use std::fmt;
use std::process::Command;

use super::load::Workspace;

/// The compiler that the workspace is built with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// `rustc -V` without the date, such as `1.95.0`.
    pub release: String,
    /// `x86_64-unknown-linux-gnu`.
    pub host: String,
    /// It takes `#![feature(…)]`.
    pub unstable: bool,
}

/// Why the compiler could not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolchainError {
    /// Its own words, or the system's.
    pub words: String,
}

impl fmt::Display for ToolchainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rustc does not run: {}", self.words)
    }
}

impl std::error::Error for ToolchainError {}

impl Toolchain {
    /// Asks the compiler that cargo would use in this workspace.
    pub fn of(workspace: &Workspace) -> Result<Self, ToolchainError> {
        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let output = Command::new(rustc)
            .arg("-vV")
            .current_dir(&workspace.request.dir)
            .output()
            .map_err(|error| ToolchainError { words: error.to_string() })?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            return Err(ToolchainError { words });
        }
        let bootstrap = std::env::var_os("RUSTC_BOOTSTRAP").is_some_and(|v| v == "1");
        Ok(Self::parse(&String::from_utf8_lossy(&output.stdout), bootstrap))
    }

    fn parse(text: &str, bootstrap: bool) -> Self {
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        let release = field("release:");
        let unstable = bootstrap || release.contains("nightly") || release.contains("dev");
        Toolchain { release, host: field("host:"), unstable }
    }

    /// A nightly toolchain that rustup has installed: the undated one, or else the newest.
    pub fn installed_nightly() -> Option<String> {
        let output = Command::new("rustup").args(["toolchain", "list"]).output().ok()?;
        newest_nightly(&String::from_utf8_lossy(&output.stdout))
    }
}

/// A toolchain that rustup has installed: its default one, or else the first.
pub(super) fn installed() -> Option<String> {
    let output = Command::new("rustup").args(["toolchain", "list"]).output().ok()?;
    first_installed(&String::from_utf8_lossy(&output.stdout))
}

fn first_installed(list: &str) -> Option<String> {
    let named = |line: &str| line.split_whitespace().next().map(str::to_owned);
    // `no installed toolchains` is what it says otherwise.
    let mut lines = list.lines().filter(|line| line.contains('-') && !line.starts_with("no "));
    let default = list.lines().find(|line| line.contains("default)") || line.contains("(default"));
    default.or_else(|| lines.next()).and_then(named)
}

fn newest_nightly(list: &str) -> Option<String> {
    list.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| name.starts_with("nightly"))
        .max_by_key(|name| {
            let dated = name["nightly".len()..].starts_with("-20");
            (!dated, (*name).to_owned())
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nightly_and_bootstrap_take_unstable_features() {
        let text = "rustc 1.95.0 (x 2026-01-01)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\n\
                    release: 1.95.0\n";
        assert!(!Toolchain::parse(text, false).unstable);
        assert!(Toolchain::parse(text, true).unstable);
        let nightly = Toolchain::parse(&text.replace("1.95.0\n", "1.97.0-nightly\n"), false);
        assert!(nightly.unstable);
        assert_eq!(nightly.host, "x86_64-unknown-linux-gnu");
    }

    #[test]
    fn the_default_toolchain_is_borrowed_or_else_the_first() {
        let list = "1.80.0-x86\nstable-x86 (active, default)\n";
        assert_eq!(first_installed(list).as_deref(), Some("stable-x86"));
        assert_eq!(first_installed("1.80.0-x86\nnightly-x86\n").as_deref(), Some("1.80.0-x86"));
        assert_eq!(first_installed("no installed toolchains\n"), None);
    }

    #[test]
    fn the_undated_nightly_is_preferred_then_the_newest() {
        let dated = "stable-x (active, default)\nnightly-2025-01-01-x\nnightly-2026-01-01-x\n";
        assert_eq!(newest_nightly(dated).as_deref(), Some("nightly-2026-01-01-x"));
        let both = format!("{dated}nightly-x\n");
        assert_eq!(newest_nightly(&both).as_deref(), Some("nightly-x"));
        assert_eq!(newest_nightly("stable-x\n"), None);
    }
}
