//! `--with clippy`: what it says of performance, beside ours.

use std::path::Path;

use crate::cli::Context;
use crate::cli::build::load_workspace_to_read;
use crate::cli::interrupt::Interrupt;
use crate::cli::options::MessageFormat;
use crate::exit::Failure;
use crate::lint::{Foreign, Shape};
use crate::model::finding::{Edit, Span, Suggestion};
use crate::workspace::Compiled;
use crate::workspace::clippy::{self, Checked, Rewrite, Said};

/// Asks clippy; passes on its other lines where a machine reads them.
pub(super) fn clippy(context: &mut Context<'_>) -> Result<(Vec<Foreign>, Compiled), Failure> {
    let workspace = load_workspace_to_read(context)?;
    let interrupt = Interrupt::watch()?;
    let checked = clippy::check(&workspace, interrupt.flag())
        .map_err(|error| Failure::environment(format!("could not start cargo: {error}")))?;
    interrupt.not_yet("clippy ran")?;
    let Checked { said, lines, last, errors, words, status } = checked;
    if !status.success() && (words.contains("no such command") || words.contains("not installed")) {
        let _ = write!(context.err, "{words}");
        return Err(Failure::environment("clippy is not installed")
            .help("`rustup component add clippy` installs it"));
    }
    if context.common.message_format == Some(MessageFormat::Json) {
        context.print(&lines)?;
    }
    if !status.success() {
        for words in errors.iter().chain([&words]) {
            let _ = write!(context.err, "{words}");
        }
    }
    let json = context.common.message_format == Some(MessageFormat::Json);
    let last = last.filter(|_| json);
    let said = said.into_iter().map(|said| foreign(said, workspace.root())).collect();
    Ok((said, Compiled { status, last }))
}

fn foreign(said: Said, root: &Path) -> Foreign {
    let lint = clippy::LINTS.iter().find(|lint| lint.name == said.lint);
    let file = said.file.strip_prefix(root).unwrap_or(&said.file).to_owned();
    Foreign {
        lint: said.lint,
        file,
        bytes: said.bytes,
        // What clippy says to everybody is said without a profile too.
        shape: if lint.is_some_and(|lint| lint.is_perf) { Shape::Certain } else { Shape::Suspect },
        message: said.message,
        label: said.label,
        notes: said.notes,
        suggestions: said.rewrites.into_iter().map(|rewrite| suggestion(rewrite, root)).collect(),
        yields_to: lint.map_or(&[], |lint| lint.ours),
    }
}

fn suggestion(rewrite: Rewrite, root: &Path) -> Suggestion {
    let edits: Vec<Edit> = rewrite
        .edits
        .into_iter()
        .map(|(file, bytes, text)| {
            let file = file.strip_prefix(root).unwrap_or(&file).to_owned();
            Edit { span: Span { file, bytes }, text }
        })
        .collect();
    if rewrite.has_placeholders {
        let sketch = edits.into_iter().map(|edit| edit.text).collect::<Vec<_>>().join("\n");
        return Suggestion::shown(rewrite.message, sketch);
    }
    if rewrite.is_applicable {
        return Suggestion::safe(rewrite.message, edits);
    }
    Suggestion::with_caveat(rewrite.message, edits, "clippy does not vouch for it")
}
