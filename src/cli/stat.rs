//! `cargo perf stat`: benchstat.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::bench::{self, Measured, Sample};
use crate::cli::Context;
use crate::cli::options::MessageFormat;
use crate::exit::{Exit, Failure};
use crate::formats::benchfmt::{Measurement, Reader, Record, UnitTable, Value, clean_name};
use crate::formats::harness::Output;
use crate::report::inert::spoken;
use crate::report::{stat_csv, stat_json, stat_markdown, stat_text};
use crate::tables::{Builder, Grouping, QueryError, Table};

/// Arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Files of benchmark results, of what criterion or libtest printed, or criterion's directory;
    /// LABEL=FILE names a column, - is standard input
    #[arg(required = true, value_name = "[LABEL=]FILE")]
    inputs: Vec<String>,
    /// Use only benchmarks that match this filter
    #[arg(long, default_value = "*", value_name = "QUERY", allow_hyphen_values = true)]
    filter: String,
    /// Split results into tables by these keys
    #[arg(long, default_value = ".config", value_name = "KEYS", allow_hyphen_values = true)]
    table: String,
    /// Split results into rows by these keys
    #[arg(long, default_value = ".fullname", value_name = "KEYS", allow_hyphen_values = true)]
    row: String,
    /// Split results into columns by these keys
    #[arg(long, default_value = ".file", value_name = "KEYS", allow_hyphen_values = true)]
    col: String,
    /// Leave differences in these keys out of account
    #[arg(long, default_value = "", value_name = "KEYS", allow_hyphen_values = true)]
    ignore: String,
    /// A change counts if its p-value is at most this
    #[arg(long, default_value_t = 0.05, value_name = "ALPHA", allow_negative_numbers = true)]
    #[arg(value_parser = share)]
    alpha: f64,
    /// Confidence level of the intervals
    #[arg(long, default_value_t = 0.95, value_name = "LEVEL", allow_negative_numbers = true)]
    #[arg(value_parser = share)]
    confidence: f64,
    /// How to print the tables [default: text]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// The flags that benchstat's users write with one dash. Each takes a value.
const GO_FLAGS: [&str; 8] =
    ["table", "row", "col", "ignore", "filter", "alpha", "confidence", "format"];

/// Gives these flags their second dash, after `stat` and nowhere else.
pub(super) fn accept_one_dash(args: &mut [OsString]) {
    let Some(stat) = args.iter().position(|arg| arg == "stat") else { return };
    let mut is_value = false;
    for arg in &mut args[stat + 1..] {
        let Some(text) = arg.to_str() else { continue };
        if std::mem::take(&mut is_value) || !text.starts_with('-') {
            continue;
        }
        if text == "--" {
            return;
        }
        let name = text.trim_start_matches('-');
        let (name, value) = name.split_once('=').map_or((name, None), |(n, v)| (n, Some(v)));
        if GO_FLAGS.contains(&name) {
            is_value = value.is_none();
            if !text.starts_with("--") {
                *arg = format!("-{text}").into();
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Plain text
    Text,
    /// Comma-separated values; warnings go to standard error
    Csv,
    /// Markdown tables
    Markdown,
    /// One JSON object
    Json,
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        Ok(_) => Err("must be in range [0, 1]".to_owned()),
        Err(_) => Err("not a number".to_owned()),
    }
}

/// A file as it was named.
struct Input {
    path: String,
    label: String,
}

pub(super) fn run(args: Args, context: &mut Context<'_>) -> Result<Exit, Failure> {
    let grouping = Grouping {
        filter: args.filter,
        table: args.table,
        row: args.row,
        column: args.col,
        ignore: args.ignore,
    };
    let mut builder =
        Builder::new(&grouping).map_err(|(flag, error)| query_failure(flag, &error))?;
    let mut units = UnitTable::default();
    let mut failures = Vec::new();
    let mut measured = false;
    for input in inputs(&args.inputs) {
        let read = if input.path == "-" {
            read(std::io::stdin().lock(), &input, &mut builder, &mut units, context)
        } else if Path::new(&input.path).is_dir() {
            read_saved(&input, &mut builder)
        } else {
            match File::open(&input.path) {
                Ok(file) => {
                    let file = BufReader::with_capacity(1 << 17, file);
                    read(file, &input, &mut builder, &mut units, context)
                }
                Err(error) => Err(format!("could not open {}: {error}", input.path)),
            }
        };
        match read {
            Ok(any) => measured |= any,
            Err(failure) => failures.push(failure),
        }
    }
    if !measured && failures.is_empty() {
        failures.push(format!("{}: no benchmark results", args.inputs.join(", ")));
    }
    let tables = builder.finish(&units, args.confidence, args.alpha);
    let format = format(args.format, context.common.message_format);
    print(tables, format, context)?;
    match failures.split_last() {
        None => Ok(Exit::Clean),
        Some((last, others)) => {
            for failure in others {
                context.warn(failure);
            }
            let failure = Failure::usage(last.clone());
            if !measured {
                return Err(failure.help(
                    "name files of Go's benchmark format, or what criterion or libtest printed",
                ));
            }
            Err(failure.help("the tables hold what could be read"))
        }
    }
}

/// Prints one table after the other, so that one at a time is held.
fn print(
    tables: impl Iterator<Item = Table>,
    format: Format,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    if format == Format::Json {
        let tables: Vec<Table> = tables.collect();
        let text = stat_json::render(&tables)
            .map_err(|error| Failure::environment(format!("could not write JSON: {error}")))?;
        return context.print(text.as_bytes());
    }
    let mut sheet = stat_csv::Sheet::default();
    let mut before: Option<Vec<(String, String)>> = None;
    for table in tables {
        let text = match format {
            Format::Markdown => stat_markdown::render(&table, before.as_deref()),
            Format::Csv => {
                let (text, warnings) = sheet.render(&table, before.as_deref());
                // A closed standard error must not end the run.
                let _ = context.err.write_all(spoken(&warnings).as_bytes());
                text
            }
            Format::Text | Format::Json => stat_text::render(&table, before.as_deref()),
        };
        context.print(text.as_bytes())?;
        before = Some(table.key);
    }
    Ok(())
}

fn format(given: Option<Format>, messages: Option<MessageFormat>) -> Format {
    given.unwrap_or(match messages {
        Some(MessageFormat::Json) => Format::Json,
        Some(MessageFormat::Markdown) => Format::Markdown,
        _ => Format::Text,
    })
}

fn query_failure(flag: &str, error: &QueryError) -> Failure {
    Failure::usage(format!("parsing --{flag}: {error}"))
}

/// Takes labels off and tells inputs of the same path apart: what is named twice would otherwise
/// count twice.
fn inputs(args: &[String]) -> Vec<Input> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for arg in args.iter().filter(|arg| !arg.contains('=')) {
        *counts.entry(arg).or_default() += 1;
    }
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    args.iter()
        .map(|arg| match arg.split_once('=') {
            Some((label, path)) => Input { path: path.to_owned(), label: label.to_owned() },
            None if counts.get(arg.as_str()).is_some_and(|&count| count > 1) => {
                let number = numbers.entry(arg).or_default();
                *number += 1;
                Input { path: arg.clone(), label: format!("{arg}#{}", *number - 1) }
            }
            None => Input { path: arg.clone(), label: arg.clone() },
        })
        .collect()
}

/// Reads one input to its end; whether it holds a result. What is wrong with single lines goes to
/// standard error; an error is for an input that could not be read, or not all of it, or that is
/// no benchmark output at all.
fn read(
    input: impl BufRead,
    named: &Input,
    builder: &mut Builder,
    units: &mut UnitTable,
    context: &mut Context<'_>,
) -> Result<bool, String> {
    let mut reader = Reader::new(input, &named.path, units);
    reader.set(".file", &named.label);
    let (mut unreadable, mut complained) = (None, false);
    let mut measured = false;
    // What other harnesses print counts where there is nothing of Go's format.
    let mut output = Some(Output::default());
    loop {
        match reader.next_record() {
            Ok(None) => break,
            Ok(Some(Record::Measurement(measurement))) => {
                (measured, output) = (true, None);
                builder.add(measurement);
            }
            Ok(Some(Record::Other(line))) => {
                if let Some(output) = &mut output {
                    output.line(line);
                }
            }
            Ok(Some(Record::Syntax(error))) => {
                complained = true;
                let _ = writeln!(context.err, "{}", spoken(&error.to_string()));
            }
            Ok(Some(Record::Unreadable(error))) => {
                unreadable.get_or_insert(error.to_string());
            }
            Err(error) => return Err(format!("could not read {error}")),
        }
    }
    let results = output.map(Output::results).unwrap_or_default();
    measured |= !results.is_empty();
    add_all(results, named, builder);
    match unreadable {
        Some(unreadable) => Err(unreadable),
        // Configuration without results, as of a run that a filter left nothing of.
        None if measured || (reader.recognized() && !complained) => Ok(measured),
        None => Err(format!("{}: no benchmark results", named.path)),
    }
}

/// Reads what criterion saved below its directory: a result per sample.
fn read_saved(named: &Input, builder: &mut Builder) -> Result<bool, String> {
    let criterion = bench::criterion(&[]);
    let dir = Path::new(&named.path);
    let run = bench::Run { stdout: "", stderr: "", scratch: dir, reads: None };
    let of_bench = |measured: &Measured| {
        let name = clean_name(&measured.bench).into_owned();
        let samples = measured.samples.iter().filter(|sample| sample.iterations > 0);
        let result = |sample: &Sample| {
            let mut result = Measurement::new(&name);
            result.iterations = sample.iterations as i64;
            let value = sample.nanos / sample.iterations as f64 * 1e-9;
            result.values = vec![Value { value, unit: "sec/op".into(), written: None }];
            result
        };
        samples.map(result).collect::<Vec<_>>()
    };
    let results: Vec<Measurement> = criterion.measured(&run).iter().flat_map(of_bench).collect();
    if results.is_empty() {
        return Err(format!("{}: a directory without samples of criterion", named.path));
    }
    add_all(results, named, builder);
    Ok(true)
}

fn add_all(results: Vec<Measurement>, named: &Input, builder: &mut Builder) {
    for mut result in results {
        result.set(&".file".into(), &named.label, false);
        builder.add(&mut result);
    }
}
