//! A bench that is a whole program: one run of milliseconds gives hardly any samples, so it is run
//! again for as long as a bench is measured.
//!
//! It was asked for once, and whatever it leaves behind each `cargo bench` leaves again. A command is
//! never run twice, nor is a program that failed or takes long.

use std::sync::atomic::Ordering;
use std::time::Instant;

use super::Error;
use super::assemble::Assembler;
use super::run::{Finished, Program, Runner, chosen};
use crate::bench::Harness;
use crate::capture::End;

/// Runs a plain `main` again that was begun then and has ended once, as long as another run fits.
pub(super) fn until_enough(
    runner: &Runner<'_>,
    program: &Program,
    begun: Instant,
    assembler: &mut Assembler,
) -> Result<(), Error> {
    let mut last = begun.elapsed();
    while begun.elapsed() + last <= runner.pace.length.measure
        && !runner.interrupt.load(Ordering::Relaxed)
    {
        let start = Instant::now();
        match chosen(runner, program, None, &runner.options.choice)? {
            Ok(finished) if ended_well(&finished) => assembler.add_again(program, finished)?,
            // Nobody asked for this run: it may only ever work once.
            _ => return Ok(()),
        }
        last = start.elapsed();
    }
    Ok(())
}

/// Whether it may be run again.
pub(super) fn may_repeat(runner: &Runner<'_>, program: &Program, finished: &Finished) -> bool {
    let counts_calls = !runner.options.calls.names.is_empty();
    program.adapter.harness() == Harness::Main && !counts_calls && ended_well(finished)
}

fn ended_well(finished: &Finished) -> bool {
    let exited = matches!(finished.recording.end, End::Exited(status) if status.success());
    exited && finished.failed.is_none()
}
