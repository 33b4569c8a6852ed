//! The agent's two libraries: carried in this executable, written to a directory when needed.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::Error;
use crate::model::fnv::Fnv;

/// Which of the agent's libraries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// CPU sampling and clock reads alone: no hooks in the allocator, locks or I/O.
    Cpu,
    /// Everything.
    Full,
}

static CPU: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/agent-cpu.so"));
static FULL: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/agent-full.so"));
static MISSING: &str = include_str!(concat!(env!("OUT_DIR"), "/agent-missing.txt"));

const PREFIX: &str = "cargo-perf-agent-";

/// Why this build carries no agent; `None` if it does.
pub fn why_missing() -> Option<&'static str> {
    (!MISSING.is_empty()).then_some(MISSING)
}

/// Whether a mapped file is the agent, whose frames are none of the program's.
pub fn is_agent(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(PREFIX))
}

impl Variant {
    fn library(self) -> &'static [u8] {
        match self {
            Variant::Cpu => CPU,
            Variant::Full => FULL,
        }
    }

    /// File name with a hash of the content, so that versions live side by side.
    fn file_name(self) -> String {
        let kind = match self {
            Variant::Cpu => "cpu",
            Variant::Full => "full",
        };
        let mut hash = Fnv::default();
        hash.bytes(self.library());
        format!("{PREFIX}{kind}-{:016x}.so", hash.0)
    }
}

/// A library of the agent that lies in a file. Keep it until the program has ended.
#[derive(Debug)]
pub struct Agent {
    variant: Variant,
    preload: OsString,
    /// Keeps the path valid where the loader has to go through this process's open files.
    _open: Option<File>,
}

impl Agent {
    /// Writes the library into a directory unless it is there already.
    pub fn install(variant: Variant, directory: &Path) -> Result<Agent, Error> {
        if let Some(why) = why_missing() {
            return Err(Error::NoAgent { why: why.to_owned() });
        }
        let fail = |path: &Path, error| Error::File { path: path.to_owned(), error };
        fs::create_dir_all(directory).map_err(|error| fail(directory, error))?;
        // The program may run in another directory.
        let directory = fs::canonicalize(directory).map_err(|error| fail(directory, error))?;
        let path = directory.join(variant.file_name());
        if fs::read(&path).ok().as_deref() != Some(variant.library()) {
            write_whole(&path, variant.library()).map_err(|error| fail(&path, error))?;
        }
        let (preload, open) = loadable(path)?;
        Ok(Agent { variant, preload, _open: open })
    }

    /// Which library it is.
    pub fn variant(&self) -> Variant {
        self.variant
    }

    /// What the loader has to be told.
    pub fn preload(&self) -> &OsStr {
        &self.preload
    }
}

/// Writes beside the path and renames: another process may be loading it right now.
fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    // Another thread of this process may be writing it as well.
    static WRITTEN: AtomicU32 = AtomicU32::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}-{number}.tmp", std::process::id()));
    let temporary = PathBuf::from(temporary);
    let written = File::create(&temporary)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // Nothing else can be done about it.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A spelling of the path that the loader's list can hold: it is split at colons and spaces, and
/// nothing escapes them.
#[cfg(target_os = "linux")]
fn loadable(path: PathBuf) -> Result<(OsString, Option<File>), Error> {
    use std::os::fd::AsRawFd;
    let splits = |byte: &u8| matches!(byte, b':' | b' ' | b';');
    if !path.as_os_str().as_encoded_bytes().iter().any(splits) {
        return Ok((path.into_os_string(), None));
    }
    let file = File::open(&path).map_err(|error| Error::File { path, error })?;
    let through = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
    Ok((through.into(), Some(file)))
}

#[cfg(not(target_os = "linux"))]
fn loadable(path: PathBuf) -> Result<(OsString, Option<File>), Error> {
    Ok((path.into_os_string(), None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_written_once_and_named_by_its_content() {
        let Ok(directory) = tempfile::tempdir() else { panic!("no temporary directory") };
        let first = Agent::install(Variant::Cpu, directory.path()).expect("installed");
        let again = Agent::install(Variant::Cpu, directory.path()).expect("installed again");
        assert_eq!(first.preload(), again.preload());
        let other = Agent::install(Variant::Full, directory.path()).expect("installed too");
        assert_ne!(first.preload(), other.preload());
        assert_eq!(fs::read_dir(directory.path()).expect("listed").count(), 2);
    }

    #[test]
    fn threads_may_write_it_at_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let install = || Agent::install(Variant::Full, directory.path()).map(drop);
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(install)).collect();
            threads.into_iter().for_each(|it| it.join().expect("ended").expect("installed"));
        });
    }

    #[test]
    fn a_damaged_library_is_replaced() {
        let directory = tempfile::tempdir().expect("a directory");
        let agent = Agent::install(Variant::Cpu, directory.path()).expect("installed");
        fs::write(agent.preload(), "half").expect("damaged");
        Agent::install(Variant::Cpu, directory.path()).expect("installed again");
        assert_eq!(fs::read(agent.preload()).expect("read"), Variant::Cpu.library());
    }

    #[test]
    fn a_directory_with_a_space_or_colon_is_reached_another_way() {
        let directory = tempfile::tempdir().expect("a directory");
        let agent =
            Agent::install(Variant::Cpu, &directory.path().join("my: perf")).expect("installed");
        let spelled = agent.preload().to_str().expect("text");
        assert!(!spelled.contains(' ') && !spelled.contains(':'), "{spelled}");
        assert_eq!(fs::read(spelled).expect("read"), Variant::Cpu.library());
    }
}
