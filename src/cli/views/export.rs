//! `cargo perf export`: the profile in another format.

use std::io::{self, Write};

use super::options::ViewArgs;
use super::{pager, prepare};
use crate::cli::Context;
use crate::exit::{Exit, Failure};
use crate::formats::{collapsed, firefox, pprof, speedscope};
use crate::report::views::{Prepared, View, callgrind, dot, drawing, raw};

/// Arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The format
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    view: ViewArgs,
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// pprof's profile.proto, gzipped
    #[value(alias = "proto", alias = "pb")]
    Pprof,
    /// Collapsed stacks, for flame graph scripts; of the sample type chosen
    Collapsed,
    /// The Firefox Profiler's processed profile
    Firefox,
    /// speedscope's file format
    Speedscope,
    /// Callgrind, for KCachegrind
    Callgrind,
    /// The call graph in Graphviz's language
    Dot,
    /// The call graph as a drawing
    Svg,
    /// The whole profile as text
    Raw,
}

impl Format {
    fn view(self) -> View {
        match self {
            Format::Pprof | Format::Raw | Format::Firefox | Format::Speedscope => View::Raw,
            // As coarse as `--granularity` says: a function, unless lines are asked for.
            Format::Collapsed => View::Traces,
            Format::Callgrind => View::Callgrind,
            Format::Dot | Format::Svg => View::Dot,
        }
    }

    fn write(self, prepared: &mut Prepared, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Format::Pprof => pprof::write(prepared.profile(), out),
            Format::Collapsed => collapsed::write(prepared.profile(), prepared.sample_index(), out),
            Format::Firefox => firefox::write(prepared.profile(), prepared.title(), out),
            Format::Speedscope => speedscope::write(prepared.profile(), prepared.title(), out),
            Format::Callgrind => callgrind::write(prepared, out),
            Format::Dot => dot::write(prepared, out),
            Format::Svg => drawing::write(prepared, out),
            Format::Raw => raw::write(prepared, out),
        }
    }
}

pub(in crate::cli) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let mut prepared = prepare(&args.view, args.format.view(), context)?;
    let output = args.view.output.as_deref();
    pager::show(output, context, |out| args.format.write(&mut prepared, out))
}
