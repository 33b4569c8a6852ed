//! Lets signals that would end the process wait while files are moved.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

#[cfg(unix)]
use signal_hook::consts::SIGHUP;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag::register_conditional_default;

/// What would end the process.
#[cfg(unix)]
const ENDING: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];
#[cfg(not(unix))]
const ENDING: [i32; 2] = [SIGINT, SIGTERM];

/// True while a signal does what it always does. Handlers stay once they are installed, so there
/// is one of these for the process.
static OPEN: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// While this lives, a signal changes nothing.
pub struct Shield(Arc<AtomicBool>);

impl Shield {
    /// Raises it.
    pub fn raise() -> io::Result<Shield> {
        let open = match OPEN.get() {
            Some(open) => open.clone(),
            None => {
                let open = Arc::new(AtomicBool::new(true));
                // What was started to ignore a signal, as nohup does, goes on ignoring it.
                for signal in ENDING.into_iter().filter(|&n| !is_ignored(n)) {
                    register_conditional_default(signal, open.clone())?;
                }
                OPEN.get_or_init(|| open).clone()
            }
        };
        open.store(false, Ordering::SeqCst);
        Ok(Shield(open))
    }
}

impl Drop for Shield {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & (1 << (signal - 1)) != 0)
}
