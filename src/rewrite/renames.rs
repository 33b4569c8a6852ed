//! Renames in a row, by a process of their own where the system has `fork`: what kills this one,
//! be it SIGKILL, does not stop them half-way.

use std::fs;
use std::io;
use std::path::Path;

/// The rename that could not be made, by its place in the row, and why.
pub type Failed = (usize, io::Error);

/// Renames the first of each pair to the second, up to one that fails.
pub fn rename_all(pairs: &[(&Path, &Path)]) -> Result<(), Failed> {
    #[cfg(unix)]
    if let Some(result) = apart::rename_all(pairs) {
        return result;
    }
    for (index, (from, to)) in pairs.iter().enumerate() {
        fs::rename(from, to).map_err(|error| (index, error))?;
    }
    Ok(())
}

#[cfg(unix)]
mod apart {
    use std::ffi::CString;
    use std::io::{self, PipeReader, PipeWriter, Read as _};
    use std::os::fd::AsRawFd as _;
    use std::os::unix::ffi::OsStrExt as _;
    use std::path::Path;

    use super::Failed;

    /// How far the other process came, and the error number of the rename that failed, if any.
    type Told = [usize; 2];

    /// `None` where there is no second process, and nothing was renamed.
    #[expect(unsafe_code, reason = "the standard library starts programs only, no process")]
    pub fn rename_all(pairs: &[(&Path, &Path)]) -> Option<Result<(), Failed>> {
        let name = |path: &Path| CString::new(path.as_os_str().as_bytes()).ok();
        let names: Vec<_> =
            pairs.iter().map(|(from, to)| Some((name(from)?, name(to)?))).collect::<Option<_>>()?;
        let (told, tell) = io::pipe().ok()?;
        // SAFETY: between `fork` and `_exit` the child calls only what may be called in the child
        // of a process with threads: it neither allocates nor locks.
        match unsafe { libc::fork() } {
            -1 => None,
            0 => child(&names, &tell),
            pid => {
                drop(tell);
                let result = listen(told, pairs.len());
                // SAFETY: the child is this process's own, and nobody else waits for it.
                while unsafe { libc::waitpid(pid, std::ptr::null_mut(), 0) } < 0
                    && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted
                {
                }
                Some(result)
            }
        }
    }

    #[expect(unsafe_code, reason = "what allocates may not be called here")]
    fn child(names: &[(CString, CString)], tell: &PipeWriter) -> ! {
        // SAFETY: the strings end with a zero byte, `said` is as long as is said, and all of
        // these functions are async-signal-safe. A session of its own: a signal to the group of
        // the parent is not meant for it.
        unsafe {
            libc::setsid();
            let mut said: Told = [names.len(), 0];
            for (index, (from, to)) in names.iter().enumerate() {
                if libc::rename(from.as_ptr(), to.as_ptr()) != 0 {
                    let number = io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
                    said = [index, number.unsigned_abs() as usize];
                    break;
                }
            }
            libc::write(tell.as_raw_fd(), said.as_ptr().cast(), size_of::<Told>());
            libc::_exit(0)
        }
    }

    fn listen(mut told: PipeReader, count: usize) -> Result<(), Failed> {
        let mut said = [0; size_of::<Told>()];
        told.read_exact(&mut said)
            .map_err(|_| (count, io::Error::other("what moves the files was ended")))?;
        let (index, number) = said.split_at(size_of::<usize>());
        let number_of = |bytes: &[u8]| usize::from_ne_bytes(bytes.try_into().unwrap_or_default());
        match number_of(number) {
            0 => Ok(()),
            number => Err((number_of(index), io::Error::from_raw_os_error(number as i32))),
        }
    }
}
