//! `cargo perf explain` and `cargo perf lints`: what the lints say of themselves.

use serde::Serialize;

use crate::cli::Context;
use crate::cli::check::find_lint;
use crate::cli::options::MessageFormat;
use crate::exit::{Exit, Failure};

/// Arguments of `explain`.
#[derive(Debug, Default, clap::Args)]
pub struct ExplainArgs {
    /// The lint's name
    pub lint: String,
}

/// Arguments of `lints`.
#[derive(Debug, Default, clap::Args)]
pub struct LintsArgs {}

pub(super) fn explain(args: ExplainArgs, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let entry = find_lint(&args.lint)?;
    let text = format!("# {}\n\n{}.\n\n{}", entry.lint.name, entry.lint.summary, entry.text());
    write(context, &text)
}

/// A lint, as `lints --message-format json` prints it.
#[derive(Serialize)]
struct Row {
    name: &'static str,
    summary: &'static str,
}

pub(super) fn lints(_args: LintsArgs, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let rows: Vec<Row> = crate::lints::ALL
        .iter()
        .map(|entry| Row { name: entry.lint.name, summary: entry.lint.summary })
        .collect();
    let mut text = String::new();
    if context.common.message_format == Some(MessageFormat::Json) {
        for row in &rows {
            let line = serde_json::to_string(row)
                .map_err(|error| Failure::environment(error.to_string()))?;
            text.push_str(&line);
            text.push('\n');
        }
    } else {
        let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        for row in &rows {
            text.push_str(&format!("{:width$}  {}\n", row.name, row.summary));
        }
    }
    write(context, &text)
}

fn write(context: &mut Context<'_>, text: &str) -> Result<Exit, Failure> {
    context.print(text.as_bytes()).map(|()| Exit::Clean)
}
