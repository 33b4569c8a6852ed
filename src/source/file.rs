//! A source file: its text, and what cargo says of it.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::lines::LineIndex;

/// One file of the workspace.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Relative to the workspace root where it lies in it.
    pub path: PathBuf,
    /// The whole text.
    pub text: String,
    /// Where its lines start: of most files nobody asks.
    lines: OnceLock<LineIndex>,
    /// What kind of target it belongs to.
    pub role: Role,
    /// The package it belongs to.
    pub package: Arc<Package>,
    /// The target it belongs to, where cargo knows it.
    pub target: Option<Arc<cargo_metadata::Target>>,
}

/// What a file is compiled into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Role {
    /// A library or a binary: what the lints are for.
    #[default]
    Product,
    /// A bench target.
    Bench,
    /// An example.
    Example,
    /// An integration test.
    Test,
    /// A build script.
    BuildScript,
}

/// What the lints need to know of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Cargo's package id.
    pub id: String,
    /// `2015` to `2024`.
    pub edition: u16,
    /// The oldest compiler it promises to build with, as minor version: 80 for 1.80.
    pub rust_version: Option<u32>,
    /// Names of its normal dependencies, as the code writes them (underscores).
    pub dependencies: Vec<String>,
}

impl Package {
    /// Whether the standard library of this minor version may be relied on. A package that names
    /// no version is taken to follow the stable compiler.
    pub fn has_std(&self, minor: u32) -> bool {
        self.rust_version.is_none_or(|version| version >= minor)
    }

    /// Whether a crate is a normal dependency.
    pub fn depends_on(&self, name: &str) -> bool {
        self.dependencies.iter().any(|dependency| dependency == name)
    }
}

impl SourceFile {
    /// A file whose text is at hand.
    pub fn new(path: PathBuf, text: String, role: Role, package: Arc<Package>) -> Self {
        SourceFile { path, text, lines: OnceLock::new(), role, package, target: None }
    }

    /// Where its lines start.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}
