//! This program in place of rustc and, called by rustc, in place of the linker.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::disk::empty_dir;
use super::{Argument, SAVED, Saved, response, take};

/// Set while cargo builds: where to keep what executables are linked from.
pub(super) const LINKS: &str = "CARGO_PERF_LINKS";
/// Set for the linker: the user's, and the compiler that calls it.
const LINKER: &str = "CARGO_PERF_LINKER";
const RUSTC: &str = "CARGO_PERF_RUSTC";

/// Whether this program asked [`stand_in`] at its start, as one must that is called in place of others.
static ASKED: AtomicBool = AtomicBool::new(false);

/// This program, where it can stand in for a compiler, under whatever name it goes; another one that
/// calls the library cannot.
pub fn own_program() -> Option<PathBuf> {
    if ASKED.load(Ordering::Relaxed) { env::current_exe().ok() } else { None }
}

/// Does the work of the program it is called in place of, if it is; `None` if it is called as
/// itself. Returns an exit code only where that program does not run.
pub fn stand_in(args: &[OsString]) -> Option<ExitCode> {
    ASKED.store(true, Ordering::Relaxed);
    let links = PathBuf::from(env::var_os(LINKS)?);
    let rest = args.get(1..).unwrap_or_default();
    let (program, mut command) = match env::var_os(LINKER) {
        Some(linker) => {
            // What cannot be kept is linked all the same; its order will not be varied.
            let _ = keep(&linker, rest, &links);
            let mut command = Command::new(&linker);
            command.args(rest).env_remove(LINKS).env_remove(LINKER).env_remove(RUSTC);
            (linker, command)
        }
        None => {
            let rustc = rest.first()?.clone();
            (rustc.clone(), as_rustc(rustc, &rest[1..], &links))
        }
    };
    let error = replace(&mut command);
    let _ = writeln!(io::stderr(), "error: {}: {error}", program.to_string_lossy());
    Some(ExitCode::from(127))
}

#[cfg(unix)]
fn replace(command: &mut Command) -> io::Error {
    use std::os::unix::process::CommandExt;
    command.exec()
}

#[cfg(not(unix))]
fn replace(_: &mut Command) -> io::Error {
    io::ErrorKind::Unsupported.into()
}

/// The call of rustc; for what becomes an executable, with this program as its linker.
fn as_rustc(rustc: OsString, args: &[OsString], links: &Path) -> Command {
    let mut command = Command::new(&rustc);
    command.args(args);
    let words: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    if words.len() == args.len() && makes_executable(&words) {
        let linker = linker(&words).unwrap_or("cc");
        if let Ok(stand_in) = named_like(linker, links) {
            let mut option = OsString::from("linker=");
            option.push(&stand_in);
            command.arg("-C").arg(option).env(LINKER, linker).env(RUSTC, &rustc);
        }
    }
    command
}

fn makes_executable(args: &[&str]) -> bool {
    let value = |name: &str| {
        let with = format!("{name}=");
        args.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix(&with) {
            Some(value) => Some(value),
            None if arg == &name => args.get(at + 1).copied(),
            None => None,
        })
    };
    let links = value("--emit").is_some_and(|emit| emit.split(',').any(|kind| kind == "link"));
    let is_program = value("--crate-type").is_none_or(|kind| kind == "bin");
    let is_script = value("--crate-name").is_none_or(|name| name.starts_with("build_script_"));
    links && !is_script && (is_program || args.contains(&"--test"))
}

/// The linker that the flags name; the last one counts.
fn linker<'a>(args: &[&'a str]) -> Option<&'a str> {
    let mut found = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let option = match *arg {
            "-C" | "--codegen" => args.next().copied(),
            arg => arg.strip_prefix("-C").or_else(|| arg.strip_prefix("--codegen=")),
        };
        found = option.and_then(|option| option.strip_prefix("linker=")).or(found);
    }
    found
}

/// This program under the linker's name, by which rustc knows how to call it.
fn named_like(linker: &str, links: &Path) -> io::Result<PathBuf> {
    let own = env::current_exe()?;
    let dir = links.join("as");
    let path = dir.join(Path::new(linker).file_name().unwrap_or(OsStr::new("cc")));
    if fs::read_link(&path).is_ok_and(|target| target == own) {
        return Ok(path);
    }
    fs::create_dir_all(&dir)?;
    // Several compilers run at once.
    let fresh = dir.join(format!("{}.new", std::process::id()));
    link(&own, &fresh)?;
    fs::rename(&fresh, &path)?;
    Ok(path)
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Keeps the files that will be gone or written over, and how they are linked.
fn keep(linker: &OsStr, args: &[OsString], links: &Path) -> io::Result<()> {
    let not_text = || io::Error::from(io::ErrorKind::InvalidData);
    let mut words = Vec::new();
    for arg in args {
        let arg = arg.to_str().ok_or_else(not_text)?;
        match arg.strip_prefix('@') {
            Some(file) => words.extend(response::read(&fs::read_to_string(file)?)),
            None => words.push(arg.to_owned()),
        }
    }
    let output = words.iter().position(|word| word == "-o").map(|at| at + 1);
    let Some(path) = output.and_then(|at| words.get(at)).map(PathBuf::from) else {
        return Ok(());
    };
    let (Some(name), Some(own)) = (path.file_name(), path.parent()) else { return Ok(()) };
    let dir = links.join(name);
    empty_dir(&dir)?;
    let mut saved = Vec::new();
    for (at, word) in words.into_iter().enumerate() {
        if Some(at) == output {
            saved.push(Argument::Output);
            continue;
        }
        // A file by itself, or behind an option of the linker.
        let start = word.find('/').unwrap_or(0);
        let file = Path::new(&word[start..]);
        if !(file.starts_with(own) && file.is_file()) {
            saved.push(Argument::Text(word));
            continue;
        }
        let name = format!("{at}-{}", file.file_name().unwrap_or_default().to_string_lossy());
        take(file, &dir.join(&name))?;
        saved.push(Argument::Kept { before: word[..start].to_owned(), file: name });
    }
    let saved = Saved {
        program: linker.to_str().ok_or_else(not_text)?.to_owned(),
        rustc: env::var(RUSTC).map_err(io::Error::other)?,
        cwd: env::current_dir()?,
        args: saved,
    };
    fs::write(dir.join(SAVED), serde_json::to_vec(&saved)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benches_become_executables_and_libraries_do_not() {
        let bench = ["--crate-name", "b", "--emit=dep-info,link", "-C", "opt-level=3"];
        assert!(makes_executable(&bench));
        let test = ["--crate-name", "x", "--crate-type", "lib", "--emit", "link", "--test"];
        assert!(makes_executable(&test));
        assert!(!makes_executable(&test[..6]));
        assert!(!makes_executable(&["--crate-name", "b", "--emit=dep-info,metadata"]));
        assert!(!makes_executable(&["--crate-name", "build_script_build", "--emit=link"]));
        assert!(!makes_executable(&["-vV"]));
    }

    #[test]
    fn the_last_linker_that_is_named_counts() {
        assert_eq!(linker(&["-C", "linker=a", "-O", "-Clinker=b"]), Some("b"));
        assert_eq!(linker(&["--codegen=linker=a", "-C", "opt-level=3"]), Some("a"));
        assert_eq!(linker(&["-C", "linker-plugin-lto"]), None);
    }
}
