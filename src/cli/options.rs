//! Flags that every subcommand takes, on either side of its name.

use std::path::PathBuf;

use crate::term::ColorChoice;

/// Flags that every subcommand takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Common {
    /// Path to Cargo.toml
    #[arg(long, global = true, value_name = "PATH", help_heading = "Workspace")]
    pub manifest_path: Option<PathBuf>,
    /// Package to work on (may be given more than once)
    #[arg(short, long, global = true, value_name = "SPEC", help_heading = "Workspace")]
    pub package: Vec<String>,
    /// All packages of the workspace
    #[arg(long, global = true, help_heading = "Workspace")]
    pub workspace: bool,
    /// Only this bench target (may be given more than once)
    #[arg(long, global = true, value_name = "NAME", help_heading = "Workspace")]
    pub bench: Vec<String>,
    /// Features to activate, separated by spaces or commas
    #[arg(short = 'F', long, global = true, value_name = "FEATURES", help_heading = "Workspace")]
    pub features: Vec<String>,
    /// Activate all features
    #[arg(long, global = true, help_heading = "Workspace")]
    pub all_features: bool,
    /// Do not activate the default features
    #[arg(long, global = true, help_heading = "Workspace")]
    pub no_default_features: bool,
    /// Build with this cargo profile [default: bench]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Workspace")]
    pub cargo_profile: Option<String>,
    /// When to colour the output
    #[arg(long, global = true, value_enum, value_name = "WHEN", help_heading = "Output")]
    pub color: Option<ColorChoice>,
    /// How to print findings
    #[arg(long, global = true, value_enum, value_name = "FORMAT", help_heading = "Output")]
    pub message_format: Option<MessageFormat>,
    /// Print results only
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,
    /// Say more of what was done (-vv for still more)
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Output")]
    pub verbose: u8,
}

/// `--message-format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum MessageFormat {
    /// For people, with source and rewrite
    #[default]
    Human,
    /// One line per finding
    Short,
    /// One JSON object per line, as cargo prints them
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// GitHub workflow annotations
    Github,
    /// Markdown
    Markdown,
}
