//! Links a bench again with its functions in another order, from the objects it was made of.
//!
//! Where a function lies decides how fast it runs, by up to a fifth, and any change moves some. To
//! tell that from a real difference, the benches are linked in many orders. The user's flags stay
//! what they are: cargo is told to call this program in place of rustc, which adds nothing but
//! this program as the linker, which keeps what it was given and becomes the user's linker.
//!
//! ```text
//! stand_in   in place of rustc and of the linker, while cargo builds
//! response   the arguments of a linker in a file
//! ```

mod response;
mod stand_in;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use object::{Object, ObjectSymbol, SymbolKind};
use serde::{Deserialize, Serialize};

use super::disk::empty_dir;

pub use stand_in::{own_program, stand_in};

/// The file that says how a bench was linked, in a folder of its own.
const SAVED: &str = "link.json";

/// How an executable was linked.
#[derive(Debug, Serialize, Deserialize)]
struct Saved {
    /// The linker.
    program: String,
    /// The compiler that called it.
    rustc: String,
    /// Where it ran.
    cwd: PathBuf,
    args: Vec<Argument>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Argument {
    Text(String),
    /// A file that is kept in the folder, and what stands before its path.
    Kept {
        before: String,
        file: String,
    },
    /// The file to be written.
    Output,
}

/// An executable that can be linked again.
#[derive(Debug)]
pub struct Link {
    dir: PathBuf,
    saved: Saved,
    /// Its functions: a name that is the same in another build, and the symbol.
    functions: Vec<(String, String)>,
}

impl Link {
    /// Reads how this executable was linked; `None` where it cannot be linked again.
    pub fn read(dir: &Path, executable: &Path) -> Option<Link> {
        let saved = serde_json::from_slice(&fs::read(dir.join(SAVED)).ok()?).ok()?;
        let bytes = fs::read(executable).ok()?;
        let file = object::File::parse(&*bytes).ok()?;
        let functions: Vec<(String, String)> = file
            .symbols()
            .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.is_definition())
            .filter_map(|symbol| symbol.name().ok())
            // Without the hash, which differs from build to build.
            .map(|name| (format!("{:#}", rustc_demangle::demangle(name)), name.to_owned()))
            .collect();
        (!functions.is_empty()).then(|| Link { dir: dir.to_owned(), saved, functions })
    }

    /// Links it with the functions in an order that the seed draws. Functions that two builds have
    /// in common come in the same order in both.
    pub fn relink(&self, seed: u64, out: &Path) -> Result<(), String> {
        let place = |name: &str| {
            let mut hasher = DefaultHasher::new();
            (seed, name).hash(&mut hasher);
            hasher.finish()
        };
        let mut order: Vec<(u64, &str)> =
            self.functions.iter().map(|(name, symbol)| (place(name), symbol.as_str())).collect();
        order.sort_unstable();
        order.dedup();
        let symbols: String = order.iter().map(|(_, symbol)| format!("{symbol}\n")).collect();
        let (list, args) = (out.with_extension("order"), out.with_extension("args"));
        let write = |path: &Path, text: &str| {
            fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
        };
        write(&list, &symbols)?;
        write(&args, &response::write(&self.arguments(&list, out)?))?;
        let mut at_file = std::ffi::OsString::from("@");
        at_file.push(&args);
        let output = Command::new(&self.saved.program)
            .arg(at_file)
            .current_dir(&self.saved.cwd)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("{}: {error}", self.saved.program))?;
        let _ = (fs::remove_file(&list), fs::remove_file(&args));
        if output.status.success() {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&output.stderr);
        let first = words.lines().next().unwrap_or("it gave no reason").to_owned();
        Err(format!("{} failed: {first}", self.saved.program))
    }

    fn arguments(&self, list: &Path, out: &Path) -> Result<Vec<String>, String> {
        let text = |path: &Path| {
            path.to_str().map(str::to_owned).ok_or(format!("{}: is not UTF-8", path.display()))
        };
        let mut args = Vec::new();
        for argument in &self.saved.args {
            args.push(match argument {
                Argument::Text(text) => text.clone(),
                Argument::Kept { before, file } => {
                    format!("{before}{}", text(&self.dir.join(file))?)
                }
                Argument::Output => text(out)?,
            });
        }
        let chosen = args.iter().rfind(|arg| arg.starts_with("-fuse-ld="));
        if chosen.is_none_or(|arg| arg != "-fuse-ld=lld") {
            // The one linker that orders functions by a list comes with the compiler.
            args.push(format!("-B{}", text(&lld(&self.saved)?)?));
            args.push("-fuse-ld=lld".to_owned());
        }
        args.push(format!("-Wl,--symbol-ordering-file={}", text(list)?));
        // Debug info takes most of the time and changes nothing of the code.
        args.extend(["-Wl,--no-warn-symbol-ordering", "-Wl,--strip-debug"].map(str::to_owned));
        Ok(args)
    }
}

/// The folder with the `ld.lld` that the compiler brings.
fn lld(saved: &Saved) -> Result<PathBuf, String> {
    let output = Command::new(&saved.rustc)
        .args(["--print", "target-libdir"])
        .current_dir(&saved.cwd)
        .output()
        .map_err(|error| format!("{}: {error}", saved.rustc))?;
    let libraries = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let dir = Path::new(&libraries).with_file_name("bin").join("gcc-ld");
    if dir.join("ld.lld").exists() {
        return Ok(dir);
    }
    Err("the compiler brings no lld, which orders functions by a list".to_owned())
}

/// Keeps what an executable was linked from in another folder, where no later build writes.
pub fn keep_link(from: &Path, to: &Path) -> io::Result<()> {
    empty_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        take(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Compilers write to a new file and rename it, so a second name keeps the first content.
fn take(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}

/// Where a build in this directory keeps what its benches are linked from.
pub(super) fn links_of(target_dir: &Path) -> PathBuf {
    target_dir.join("links")
}

/// The folder of one executable, if what it was linked from was kept.
pub(super) fn link_of(target_dir: &Path, executable: &Path) -> Option<PathBuf> {
    let dir = links_of(target_dir).join(executable.file_name()?);
    dir.join(SAVED).exists().then_some(dir)
}

/// What makes cargo call `program` in place of rustc for the members of the workspace; nothing
/// where something else stands there already.
pub(super) fn environment(
    program: &Path,
    target_dir: &Path,
) -> Vec<(&'static str, std::ffi::OsString)> {
    const WRAPPER: &str = "RUSTC_WORKSPACE_WRAPPER";
    if !cfg!(target_os = "linux") || std::env::var_os(WRAPPER).is_some() {
        return Vec::new();
    }
    vec![(WRAPPER, program.into()), (stand_in::LINKS, links_of(target_dir).into())]
}
