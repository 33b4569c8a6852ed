//! What a recording leaves on disk: the profile, and one benchfmt line per bench.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Outcome;
use crate::formats::benchfmt::Writer;
use crate::formats::pprof;
use crate::workspace::replace;

/// Where it was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The profile.
    pub profile: PathBuf,
    /// The benchfmt text.
    pub benches: PathBuf,
}

/// Writes both files, each whole or not at all. An error names the file.
pub fn leave(
    outcome: &Outcome,
    profile: &Path,
    benches: &Path,
) -> Result<Left, (PathBuf, io::Error)> {
    replace(profile, |out| pprof::write(&outcome.profile, out))?;
    replace(benches, |out| write_lines(outcome, out))?;
    Ok(Left { profile: profile.to_owned(), benches: benches.to_owned() })
}

/// One line per bench; package, target and harness stand above them.
pub fn write_lines(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new(out);
    writer.config("os", std::env::consts::OS)?;
    writer.config("arch", std::env::consts::ARCH)?;
    for line in &outcome.lines {
        writer.config("pkg", &line.package)?;
        writer.config("target", &line.target)?;
        writer.config("harness", line.harness)?;
        let calls: Vec<_> =
            line.calls.iter().map(|(name, calls)| (*calls, format!("{name}-calls/op"))).collect();
        let values = line.values.iter().copied();
        let calls = calls.iter().map(|(calls, unit)| (*calls, unit.as_str()));
        let values: Vec<(f64, &str)> = values.chain(calls).collect();
        writer.bench(&capitalized(&line.bench), line.iterations, &values)?;
    }
    writer.finish()?;
    Ok(())
}

/// Go's names go on with a capital letter.
fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
