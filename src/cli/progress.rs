//! What a recording is at, on a terminal only.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Context;
use crate::record::Progress;

/// A line that is drawn over and over, or nothing.
pub(super) struct Line {
    bar: Option<ProgressBar>,
}

impl Line {
    pub(super) fn new(context: &Context<'_>) -> Self {
        if !context.terminal.draws() || context.common.quiet {
            return Line { bar: None };
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Line { bar: Some(bar) }
    }

    pub(super) fn show(&self, progress: Progress<'_>) {
        let Some(bar) = &self.bar else { return };
        match progress {
            Progress::Target { target, harness, .. } => {
                bar.set_prefix(format!("recording {target} ({})", harness.name()));
                bar.set_message(String::new());
            }
            // Names come from the project and may hold anything.
            Progress::Bench(name) => bar.set_message(name.replace(char::is_control, " ")),
            Progress::Resolving => {
                bar.set_prefix("resolving");
                bar.set_message(String::new());
            }
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
