//! The debug info of a program and of the C library, read while the program runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use super::image::Image;
use super::resolve::Files;
use super::space::Module;

/// What is being read.
#[derive(Debug)]
pub(super) struct Ahead {
    coming: Receiver<Read>,
    here: Vec<Read>,
}

/// A file that was read.
#[derive(Debug)]
struct Read {
    path: PathBuf,
    build_id: String,
    files: Files,
}

impl Ahead {
    /// Begins to read what a program will most likely need.
    pub(super) fn of(program: &Path) -> Ahead {
        let (read, coming) = mpsc::channel();
        // As the kernel names what it maps.
        let paths = program.canonicalize().ok().into_iter().chain(own_c_library());
        let paths: Vec<PathBuf> = paths.collect();
        let all = move || {
            give_way();
            for path in paths {
                let build_id = Image::read(&path.to_string_lossy()).build_id;
                let files = Files::read(&path, &build_id);
                if read.send(Read { path, build_id, files }).is_err() {
                    return;
                }
            }
        };
        // Without a thread there is nothing to wait for.
        let _ = thread::Builder::new().name("debug-info".to_owned()).spawn(all);
        Ahead { coming, here: Vec::new() }
    }

    /// What was read of a module. On a machine that had no time for it, who needs it is sooner done
    /// without.
    pub(super) fn take(&mut self, module: &Module) -> Option<Files> {
        self.here.extend(self.coming.try_iter());
        let is_it =
            |it: &Read| it.path == Path::new(&module.path) && it.build_id == module.image.build_id;
        let at = self.here.iter().position(is_it)?;
        Some(self.here.swap_remove(at).files)
    }
}

/// The C library that we run with, which most programs here do.
fn own_c_library() -> Option<PathBuf> {
    let maps = fs::read_to_string("/proc/self/maps").ok()?;
    let mut paths = maps.lines().filter_map(|line| line.find('/').map(|at| &line[at..]));
    paths.find(|path| path.contains("/libc.so") || path.contains("/libc-")).map(PathBuf::from)
}

/// Lets whatever else wants to run go first: what is measured is not to wait for this thread.
fn give_way() {
    // Elsewhere the whole process would give way.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 19);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::raw::Map;
    use crate::symbolize::space::Modules;

    #[test]
    fn what_was_read_is_given_once_to_the_module_of_that_file() {
        let program = std::env::current_exe().unwrap().canonicalize().unwrap();
        let mut ahead = Ahead::of(&program);
        // All is there when nothing more can come.
        ahead.here.extend(ahead.coming.iter());
        let mut modules = Modules::default();
        let path = program.to_string_lossy().into_owned();
        let map = Map { pid: 1, time: 0, start: 0x1000, end: 0x2000, offset: 0, path };
        let id = modules.of(&map);
        let module = modules.get(id).unwrap();
        assert!(ahead.take(module).is_some() && ahead.take(module).is_none());
    }
}
