//! `perf.data`, as `perf record` writes it: its stacks, named from the programs on this machine.
//!
//! The file holds addresses and the paths of programs. So programs are opened on its word, which is
//! for files of one's own: what comes over a network is not read here. The readers that the
//! registry has end the process on a damaged file (a length that is asserted, a buffer as large as
//! the file says), so the few kinds of records that matter here are read by code of our own.

mod cursor;
mod file;
mod record;
mod sample;
mod stacks;

use crate::formats::FormatError;
use crate::model::profile::Profile;

/// Reads the file, and resolves its addresses.
pub fn read(bytes: &[u8]) -> Result<Profile, FormatError> {
    let file = file::File::parse(bytes)?;
    let records = record::sorted(&file)?;
    let mut stacks = stacks::Stacks::new(&file);
    for (_, offset) in &records {
        stacks.record(&file, *offset)?;
    }
    stacks.finish(&file)
}

/// What is wrong with the file.
fn wrong(what: impl Into<String>) -> FormatError {
    FormatError::Binary { format: "perf.data as it is read here", what: what.into() }
}

/// What `perf` itself can read, and we cannot.
fn foreign(what: &str) -> FormatError {
    wrong(format!("{what}; `perf script -i FILE > FILE.txt` writes what can be read"))
}
