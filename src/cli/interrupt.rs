//! Ctrl-C as a flag: whoever works looks at it, ends what it started, and keeps what it has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::Failure;

/// Turns interrupts into a flag for as long as it lives.
pub(super) struct Interrupt {
    flag: Arc<AtomicBool>,
    #[cfg(unix)]
    hooks: Vec<signal_hook::SigId>,
}

impl Interrupt {
    /// From now on; the second interrupt ends the process as it would have without us.
    pub(super) fn watch() -> Result<Self, Failure> {
        let flag = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        let hooks = {
            use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
            use signal_hook::flag;
            let mut hooks = Vec::new();
            for signal in [SIGINT, SIGTERM, SIGHUP] {
                let second = flag::register_conditional_default(signal, Arc::clone(&flag));
                let first = flag::register(signal, Arc::clone(&flag));
                for hook in [second, first] {
                    let failed = |error| Failure::environment(format!("signal handler: {error}"));
                    hooks.push(hook.map_err(failed)?);
                }
            }
            hooks
        };
        Ok(Interrupt {
            flag,
            #[cfg(unix)]
            hooks,
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
        for hook in self.hooks.drain(..) {
            signal_hook::low_level::unregister(hook);
        }
    }
}
