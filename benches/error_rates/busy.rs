//! A process that keeps one core busy.

use std::process::{Child, Command};

pub const ARGUMENT: &str = "--spin";

/// Never returns; ended from outside, or after ten minutes should that never happen.
pub fn spin() -> ! {
    let start = std::time::Instant::now();
    while start.elapsed().as_secs() < 600 {
        (0..1_000_000_u64).for_each(|n| {
            std::hint::black_box(n);
        });
    }
    panic!("nobody ended the busy process")
}

/// The process, ended when this is dropped.
pub struct Busy(Child);

impl Busy {
    pub fn start() -> Result<Busy, String> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        Command::new(program)
            .arg(ARGUMENT)
            .spawn()
            .map(Busy)
            .map_err(|error| format!("the busy process: {error}"))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
