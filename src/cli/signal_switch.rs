//! A signal that starts and stops the recording of a running command.

use std::sync::Arc;

use crate::capture::Switch;
use crate::exit::Failure;

/// `--signal`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum SignalName {
    /// SIGUSR1
    #[value(alias = "sigusr1")]
    Usr1,
    /// SIGUSR2
    #[value(alias = "sigusr2")]
    Usr2,
}

/// Flips a switch at each signal for as long as it lives.
pub(super) struct SignalSwitch {
    name: SignalName,
    switch: Arc<Switch>,
    #[cfg(unix)]
    hook: signal_hook::SigId,
}

impl SignalSwitch {
    /// From now on.
    #[cfg(unix)]
    pub(super) fn watch(name: SignalName) -> Result<Self, Failure> {
        use std::io::Read;
        use std::os::unix::net::UnixStream;

        let failed = |error| Failure::environment(format!("signal handler: {error}"));
        let (mut signals, sender) = UnixStream::pair().map_err(failed)?;
        let number = match name {
            SignalName::Usr1 => signal_hook::consts::SIGUSR1,
            SignalName::Usr2 => signal_hook::consts::SIGUSR2,
        };
        let hook = signal_hook::low_level::pipe::register(number, sender).map_err(failed)?;
        let switch = Arc::new(Switch::default());
        let flipped = Arc::clone(&switch);
        // Ends when the hook is dropped, and with it the other end of the pair.
        std::thread::spawn(move || {
            let mut byte = [0];
            while signals.read_exact(&mut byte).is_ok() {
                flipped.flip();
            }
        });
        Ok(SignalSwitch { name, switch, hook })
    }

    /// There are no signals.
    #[cfg(not(unix))]
    pub(super) fn watch(_name: SignalName) -> Result<Self, Failure> {
        Err(Failure::environment("this system has no signals"))
    }

    pub(super) fn switch(&self) -> &Arc<Switch> {
        &self.switch
    }

    /// How to use it.
    pub(super) fn instruction(&self) -> String {
        let name = match self.name {
            SignalName::Usr1 => "USR1",
            SignalName::Usr2 => "USR2",
        };
        let pid = std::process::id();
        format!("`kill -{name} {pid}` starts the recording, the next one stops it")
    }
}

#[cfg(unix)]
impl Drop for SignalSwitch {
    fn drop(&mut self) {
        signal_hook::low_level::unregister(self.hook);
    }
}
