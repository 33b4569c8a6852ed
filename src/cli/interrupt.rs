//! Ctrl-C as a flag: whoever works looks at it, ends what it started, and keeps what it has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Failure;

/// Turns interrupts into a flag for as long as it lives.
pub(super) struct Interrupt {
    flag: Arc<AtomicBool>,
    #[cfg(unix)]
    signals: signal_hook::iterator::Handle,
}

impl Interrupt {
    /// From now on; a later interrupt ends the process, and with it what it started.
    pub(super) fn watch() -> Result<Self, Failure> {
        let flag = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        let signals = {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
            use signal_hook::iterator::Signals;
            let failed = |error| Failure::environment(format!("signal handler: {error}"));
            let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).map_err(failed)?;
            let (handle, flag) = (signals.handle(), Arc::clone(&flag));
            std::thread::spawn(move || heed(&mut signals, &flag));
            handle
        };
        Ok(Interrupt {
            flag,
            #[cfg(unix)]
            signals,
        })
    }

    /// Set once the user has interrupted.
    pub(super) fn flag(&self) -> &AtomicBool {
        &self.flag
    }

    /// Fails if it is set, and says during what that came.
    pub(super) fn not_yet(&self, what: &str) -> Result<(), Failure> {
        match self.flag.load(Ordering::Relaxed) {
            true => Err(Failure::environment(format!("interrupted while {what}"))),
            false => Ok(()),
        }
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        #[cfg(unix)]
        self.signals.close();
    }
}

/// Signals that come within this time are one interrupt: `timeout` sends its signal to the process
/// and to its group, and a terminal may do so after a wrapper that passes it on.
#[cfg(unix)]
const AT_ONCE: std::time::Duration = std::time::Duration::from_millis(500);

#[cfg(unix)]
fn heed(signals: &mut signal_hook::iterator::Signals, flag: &AtomicBool) {
    let mut first: Option<std::time::Instant> = None;
    for signal in signals.forever() {
        match first {
            None => {
                flag.store(true, Ordering::Relaxed);
                first = Some(std::time::Instant::now());
            }
            Some(first) if first.elapsed() > AT_ONCE => {
                crate::capture::kill_started();
                // It fails for signals that cannot be caught, which none of these is.
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
            Some(_) => {}
        }
    }
}
