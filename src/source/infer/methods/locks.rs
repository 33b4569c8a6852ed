//! Methods of locks, cells, readers and writers, time.

use super::{io_result, named, option, reference, result, string, vec};
use crate::model::type_name::{Lock, TypeName};
use crate::source::infer::calls::Call;
use crate::source::infer::lower::FUTURE;

pub(super) fn method(current: &TypeName, call: &Call<'_, '_, '_>) -> Option<TypeName> {
    if let Some(lock) = current.lock() {
        return locked(current, lock, call.name);
    }
    let arg = |n: usize| current.args().get(n).cloned();
    let same = || Some(current.clone());
    match (current.std_name()?, call.name) {
        ("RefCell", "borrow") => Some(TypeName::generic("std::cell::Ref", vec![arg(0)?])),
        ("RefCell", "borrow_mut") => Some(TypeName::generic("std::cell::RefMut", vec![arg(0)?])),
        ("RefCell" | "Cell" | "OnceCell", "into_inner" | "take" | "replace") => arg(0),
        ("Cell", "get") => arg(0),
        ("OnceLock" | "OnceCell", "get_or_init") => Some(reference(false, &arg(0)?)),
        ("OnceLock" | "OnceCell", "get") => Some(option(reference(false, &arg(0)?))),
        ("Box" | "Rc" | "Arc", "as_ref") => Some(reference(false, &arg(0)?)),
        ("Box", "as_mut") => Some(reference(true, &arg(0)?)),
        ("Instant", "elapsed" | "duration_since") => named("std::time::Duration"),
        ("Duration", "as_secs" | "as_millis" | "as_micros" | "as_nanos") => match call.name {
            "as_secs" => named("u64"),
            _ => named("u128"),
        },
        ("Duration", "as_secs_f64") => named("f64"),
        ("Stdin", "lock") => named("std::io::StdinLock"),
        ("Stdout", "lock") => named("std::io::StdoutLock"),
        ("Stderr", "lock") => named("std::io::StderrLock"),
        ("Stdin" | "StdinLock" | "BufReader", "lines") => {
            Some(TypeName::generic("std::io::Lines", vec![current.clone()]))
        }
        ("File", "metadata") => Some(io_result(TypeName::path("std::fs::Metadata"))),
        ("File" | "TcpStream", "try_clone") => Some(io_result(current.clone())),
        ("Metadata", "len") => named("u64"),
        ("OpenOptions", "open") => Some(io_result(TypeName::path("std::fs::File"))),
        ("OpenOptions", _) => same(),
        ("JoinHandle", "join") => Some(result(arg(0)?, TypeName::path("std::boxed::Box"))),
        ("Receiver", "recv") => Some(result(arg(0)?, TypeName::Unknown)),
        ("BufReader" | "BufWriter", "get_ref") => Some(reference(false, &arg(0)?)),
        ("DirEntry", "path") => named("std::path::PathBuf"),
        ("DirEntry", "file_name") => named("std::ffi::OsString"),
        (
            "Command",
            "arg" | "args" | "env" | "envs" | "env_clear" | "env_remove" | "current_dir" | "stdin"
            | "stdout" | "stderr",
        ) => Some(reference(true, current)),
        ("Command", "status") => Some(io_result(TypeName::path("std::process::ExitStatus"))),
        ("Command", "spawn") => Some(io_result(TypeName::path("std::process::Child"))),
        ("Command", "output") => Some(io_result(TypeName::path("std::process::Output"))),
        ("CString", "into_bytes") => Some(vec(TypeName::path("u8"))),
        ("Error", "to_string") => Some(string()),
        _ => None,
    }
}

fn locked(current: &TypeName, lock: Lock, name: &str) -> Option<TypeName> {
    let value = current.args().last()?.clone();
    let kind = current.name()?;
    let guard = match (kind, name) {
        ("Mutex" | "FairMutex" | "ReentrantMutex", "lock") => "MutexGuard",
        ("RwLock", "read") => "RwLockReadGuard",
        ("RwLock", "write") => "RwLockWriteGuard",
        ("Mutex" | "RwLock", "into_inner") if lock == Lock::Std => {
            return Some(result(value, TypeName::Unknown));
        }
        ("Mutex" | "RwLock", "into_inner") => return Some(value),
        ("Mutex" | "RwLock", "get_mut") => {
            let value = reference(true, &value);
            return Some(if lock == Lock::Std { result(value, TypeName::Unknown) } else { value });
        }
        _ => return None,
    };
    let krate = current.krate()?;
    let path = match lock {
        Lock::Std => format!("std::sync::{guard}"),
        Lock::ParkingLot => format!("{krate}::{guard}"),
        Lock::Async => format!("{krate}::sync::{guard}"),
    };
    let guard = TypeName::generic(&path, vec![value]);
    Some(match lock {
        Lock::Std => result(guard, TypeName::path("std::sync::PoisonError")),
        Lock::ParkingLot => guard,
        Lock::Async => TypeName::generic(FUTURE, vec![guard]),
    })
}
