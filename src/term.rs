//! What the terminal can show, decided once before anything is printed.

use std::ffi::OsString;
use std::io::IsTerminal;

/// Where the output goes and how it may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Standard output is a terminal.
    pub out: bool,
    /// Standard error is a terminal: progress may be drawn there.
    pub err: bool,
    /// `NO_COLOR` is set to something.
    pub no_color: bool,
    /// `TERM` is `dumb`: a terminal that takes text alone.
    pub dumb: bool,
    /// `CARGO_TERM_COLOR`.
    pub cargo_color: Option<ColorChoice>,
    /// Columns of the terminal, where known.
    pub width: Option<u16>,
}

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal.
    #[default]
    Auto,
    /// Even into a file.
    Always,
    /// Never.
    Never,
}

impl Terminal {
    /// What this process was started with.
    pub fn of_process() -> Self {
        Terminal::of(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
    }

    /// The same with an environment of one's own.
    fn of(variable: impl Fn(&str) -> Option<OsString>) -> Self {
        Terminal {
            out: std::io::stdout().is_terminal(),
            err: std::io::stderr().is_terminal(),
            no_color: variable("NO_COLOR").is_some(),
            dumb: variable("TERM").is_some_and(|value| value == "dumb"),
            cargo_color: variable("CARGO_TERM_COLOR").and_then(|value| match value.to_str()? {
                "auto" => Some(ColorChoice::Auto),
                "always" => Some(ColorChoice::Always),
                "never" => Some(ColorChoice::Never),
                _ => None,
            }),
            width: None,
        }
    }

    /// Nothing is a terminal: what tests and pipes see.
    pub fn plain() -> Self {
        Terminal {
            out: false,
            err: false,
            no_color: false,
            dumb: false,
            cargo_color: None,
            width: None,
        }
    }

    /// Whether standard output is coloured: the flag wins over `NO_COLOR`, that over cargo's
    /// setting, that over what the stream is.
    pub fn color_out(self, flag: Option<ColorChoice>) -> bool {
        self.color(flag, self.out)
    }

    /// The same for standard error.
    pub fn color_err(self, flag: Option<ColorChoice>) -> bool {
        self.color(flag, self.err)
    }

    /// Whether progress can be drawn on standard error.
    pub fn draws(self) -> bool {
        self.err && !self.dumb
    }

    fn color(self, flag: Option<ColorChoice>, is_terminal: bool) -> bool {
        let by_environment =
            || if self.no_color { Some(ColorChoice::Never) } else { self.cargo_color };
        match flag.or_else(by_environment).unwrap_or_default() {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && !self.dumb,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dumb_terminal_is_coloured_only_when_told() {
        let of = |name: &str| {
            let dumb = Terminal::of(|of| (of == "TERM").then(|| name.into()));
            Terminal { out: true, err: true, ..dumb }
        };
        assert!(of("xterm").color_out(None) && of("xterm").color_err(None));
        assert!(!of("dumb").color_out(None) && !of("dumb").color_err(None));
        assert!(of("dumb").color_out(Some(ColorChoice::Always)));
    }
}
