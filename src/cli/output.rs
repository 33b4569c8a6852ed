//! Where output goes: from `--message-format` and the terminal to a renderer, and which files can
//! be written.

use std::path::Path;

use crate::cli::Context;
use crate::cli::options::MessageFormat;
use crate::exit::Failure;
use crate::report::{Renderer, Style, github, human, json, markdown, sarif, short};

/// The renderer the user asked for.
pub(super) fn renderer<'a>(
    context: &Context<'_>,
    rules: &'a [sarif::Rule],
) -> Box<dyn Renderer + 'a> {
    match context.common.message_format.unwrap_or_default() {
        MessageFormat::Human => {
            let color = context.terminal.color_out(context.common.color);
            Box::new(human::Human { style: Style { color, width: context.terminal.width } })
        }
        MessageFormat::Short => Box::new(short::Short),
        MessageFormat::Json => Box::new(json::Json),
        MessageFormat::Sarif => Box::new(sarif::Sarif { rules }),
        MessageFormat::Github => Box::new(github::Github),
        MessageFormat::Markdown => Box::new(markdown::Markdown),
    }
}

/// Refuses a file that cannot be written there. That is better known before the work than after.
pub(super) fn refuse_place(option: &str, file: &Path) -> Result<(), Failure> {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let refused = |why: &str| Failure::usage(format!("{option} {}: {why}", file.display()));
    if !folder.is_dir() {
        return Err(refused("there is no such folder").help("make it first, or name another"));
    }
    if file.is_dir() {
        return Err(refused("this is a folder").help("name a file in it"));
    }
    Ok(())
}
