//! From `--message-format` and the terminal to a renderer.

use crate::cli::Context;
use crate::cli::options::MessageFormat;
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
