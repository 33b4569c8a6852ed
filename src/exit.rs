//! The exit codes, in one place: they are part of the command line's contract.

use std::process::ExitCode;

/// What a run of the tool ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing at or above the bar.
    Clean = 0,
    /// Findings or a regression at or above the bar.
    Found = 1,
    /// The invocation, the configuration or an input is wrong.
    Usage = 2,
    /// The environment failed: a build, a bench, the profiler.
    Environment = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// A failure on its way to the user: one line saying what is wrong and where, and how to go on.
///
/// Modules raise their own small error types; each is turned into a `Failure` where a subcommand
/// meets it, so that the choice of the exit code stands beside the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit code: [`Exit::Usage`] or [`Exit::Environment`].
    pub exit: Exit,
    /// What is wrong, with the file and the place.
    pub message: String,
    /// The next step for the user.
    pub help: Option<String>,
}

impl Failure {
    /// The invocation, the configuration or an input is wrong.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure { exit: Exit::Usage, message: message.into(), help: None }
    }

    /// The environment failed.
    pub fn environment(message: impl Into<String>) -> Self {
        Failure { exit: Exit::Environment, message: message.into(), help: None }
    }

    /// Adds the next step.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
