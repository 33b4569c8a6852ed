//! Which formats of `--message-format` each subcommand has. What it does not have is refused: who
//! asked for JSON must not be given text.

use clap::ValueEnum as _;

use super::Command;
use super::options::MessageFormat;
use crate::exit::Failure;

/// Findings.
pub(super) const FINDINGS: &[MessageFormat] = &[
    MessageFormat::Human,
    MessageFormat::Short,
    MessageFormat::Json,
    MessageFormat::Sarif,
    MessageFormat::Github,
    MessageFormat::Markdown,
];

/// What was measured, as a table.
pub(super) const TABLE: &[MessageFormat] =
    &[MessageFormat::Human, MessageFormat::Json, MessageFormat::Markdown];

/// A text that people read, and that forges render.
const MARKDOWN: &[MessageFormat] = &[MessageFormat::Human, MessageFormat::Markdown];

/// Nothing but a text of its own, or formats of its own.
pub(super) const TEXT: &[MessageFormat] = &[MessageFormat::Human];

impl Command {
    fn formats(&self) -> &'static [MessageFormat] {
        match self {
            Command::Run(_) | Command::Check(_) => FINDINGS,
            Command::Hook(args) => args.formats(),
            Command::Fix(args) => args.formats(),
            Command::Compare(_) | Command::Merge(_) | Command::Stat(_) => TABLE,
            Command::Lints(_) => &[MessageFormat::Human, MessageFormat::Json],
            Command::Explain(_) | Command::Comment(_) | Command::Ci(_) => MARKDOWN,
            Command::Record(_)
            | Command::Top(_)
            | Command::List(_)
            | Command::Peek(_)
            | Command::Tree(_)
            | Command::Traces(_)
            | Command::Tags(_)
            | Command::Report(_)
            | Command::Flamegraph(_)
            | Command::Diff(_)
            | Command::Export(_)
            | Command::Init(_)
            | Command::Completions(_)
            | Command::Man(_) => TEXT,
        }
    }

    /// Refuses a format that this subcommand does not have.
    pub(super) fn refuse_format(&self, given: Option<MessageFormat>) -> Result<(), Failure> {
        let formats = self.formats();
        match given {
            Some(given) if !formats.contains(&given) => {
                let known: Vec<String> = formats.iter().copied().map(name).collect();
                let message = format!("there is no `--message-format {}` here", name(given));
                Err(Failure::usage(message)
                    .help(format!("this subcommand has {}", known.join(", "))))
            }
            _ => Ok(()),
        }
    }
}

/// As it is written on the command line.
fn name(format: MessageFormat) -> String {
    format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}
