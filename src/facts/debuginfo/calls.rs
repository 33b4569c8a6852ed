//! Calls that were not inlined: each call instruction, at its line and column, with its target.
//!
//! The compiler writes no entry for such a call, so the instructions are looked at. Nothing is
//! disassembled: bytes that look like a call count only where the address they name is exactly
//! the first of a known function.

use gimli::{ColumnType, Unit};

use super::image::Image;
use super::instructions;
use super::scan::Bytes;

/// A call at a place of the source.
pub(super) struct Call<'d> {
    pub(super) file: u64,
    pub(super) line: u32,
    pub(super) column: u32,
    /// The symbol called.
    pub(super) symbol: &'d str,
}

/// Walks the line table of a unit and reports the calls in the lines of `wanted` files.
pub(super) fn read<'d>(
    unit: &Unit<Bytes<'d>>,
    image: &Image<'d>,
    wanted: &dyn Fn(u64) -> bool,
    report: &mut dyn FnMut(Call<'d>),
) {
    if image.code.is_empty() && image.calls.is_empty() {
        return;
    }
    let Some(program) = unit.line_program.clone() else { return };
    let mut rows = program.rows();
    let mut before: Option<(u64, u64, u32, u32)> = None;
    // A damaged table ends the walk; what was read stays.
    while let Ok(Some((_, row))) = rows.next_row() {
        let address = row.address();
        if let Some((start, file, line, column)) = before.take() {
            calls_between(image, start, address, &mut |symbol| {
                report(Call { file, line, column, symbol });
            });
        }
        let line = row.line().map_or(0, |line| u32::try_from(line.get()).unwrap_or(0));
        let column = match row.column() {
            ColumnType::Column(column) => u32::try_from(column.get()).unwrap_or(0),
            ColumnType::LeftEdge => 0,
        };
        let file = row.file_index();
        if !row.end_sequence() && line > 0 && wanted(file) {
            before = Some((address, file, line, column));
        }
    }
}

fn calls_between<'d>(image: &Image<'d>, start: u64, end: u64, report: &mut dyn FnMut(&'d str)) {
    if end <= start {
        return;
    }
    let first = image.calls.partition_point(|&(at, _)| at < start);
    for &(_, symbol) in image.calls[first..].iter().take_while(|&&(at, _)| at < end) {
        report(symbol);
    }
    let Some(code) = image
        .code
        .iter()
        .find(|code| start >= code.base && end - code.base <= code.bytes.len() as u64)
    else {
        return;
    };
    let (Ok(from), Ok(to)) = (usize::try_from(start - code.base), usize::try_from(end - code.base))
    else {
        return;
    };
    let Some(bytes) = code.bytes.get(from..to) else { return };
    for target in instructions::targets(bytes, start, image.arm) {
        if let Some(symbol) = image.function_at(target) {
            report(symbol);
        }
    }
}
