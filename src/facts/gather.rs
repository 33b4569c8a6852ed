//! Facts of a workspace, from whatever builds of it are at hand; nothing is built for them.
//!
//! What was read is kept beside the profile, one file per artefact, under a stamp of the artefact:
//! while that stays as it is, facts are known without reading debug info again, and also of files
//! that were edited since.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::artefacts::{Artefact, newest};
use super::debuginfo::{self, Wanted};
use super::tables::{Builder, Tables};
use super::{Facts, Layer, drift};
use crate::workspace::{Workspace, facts_dir, replace};

/// Changes whenever what is read, or how it is kept, does.
const FORMAT: u32 = 2;

#[derive(Serialize)]
struct Keep<'k> {
    stamp: &'k str,
    tables: &'k Tables,
}

#[derive(Deserialize)]
struct Kept {
    stamp: String,
    tables: Tables,
}

/// Facts from the builds in the target directory that were made with full debug info, as cargo's
/// `dev` profile does unless told otherwise.
pub fn gather(workspace: &Workspace) -> Facts {
    // The compiler sees its directory without symbolic links.
    let root = workspace.root().canonicalize().unwrap_or_else(|_| workspace.root().to_owned());
    let target = workspace.metadata.target_directory.as_std_path();
    let crates: HashSet<String> = workspace
        .members()
        .iter()
        .flat_map(|package| &package.targets)
        .filter(|target| !target.is_custom_build())
        .map(|target| target.name.replace('-', "_"))
        .collect();
    let mut artefacts = newest(&target.join("debug/deps"), &crates, &root);
    artefacts.extend(newest(&facts_dir(workspace).join("debug/deps"), &crates, &root));
    let kept = workspace.perf_dir().join("facts");
    let wanted = Wanted { root, crates, ..Wanted::default() };
    let facts = read_all(&artefacts, &wanted, &kept);
    forget_others(&kept, &artefacts);
    facts
}

/// Large artefacts take a while: on all processors.
fn read_all(artefacts: &[Artefact], wanted: &Wanted, kept: &Path) -> Facts {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut layers = Vec::new();
        while let Some(artefact) = artefacts.get(next.fetch_add(1, Ordering::Relaxed)) {
            layers.extend(layer(artefact, wanted, kept).map(|layer| (&artefact.path, layer)));
        }
        layers
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let mut layers = std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers.min(artefacts.len())).map(|_| scope.spawn(work)).collect();
        let mut layers = work();
        layers.extend(others.into_iter().filter_map(|other| other.join().ok()).flatten());
        layers
    });
    layers.sort_by(|a, b| a.0.cmp(b.0));
    Facts { layers: layers.into_iter().map(|(_, layer)| layer).collect() }
}

fn layer(artefact: &Artefact, wanted: &Wanted, kept: &Path) -> Option<Layer> {
    let unchanged = artefact.unchanged(&wanted.root);
    // A field may have changed its type in any of the files.
    let fields = unchanged.len() == artefact.sources.len();
    let file = kept.join(kept_name(&artefact.path));
    let stamp = stamp(artefact, &wanted.root);
    if let Some(tables) = recall(&file, &stamp) {
        return Some(Layer { tables: Arc::new(tables), stamp: short(&stamp), fields });
    }
    if unchanged.is_empty() {
        return None;
    }
    let wanted = Wanted { files: Some(unchanged), ..wanted.clone() };
    let mut builder = Builder::new();
    // No debug info is as good an answer as any, and is remembered too.
    let found = debuginfo::read_file(&artefact.path, &wanted, &mut builder);
    let tables = match found {
        Ok(()) => builder.finish(|path| {
            let text = fs::read_to_string(wanted.root.join(path)).ok()?;
            Some(drift::line_hashes(&text))
        }),
        Err(_) => Tables::default(),
    };
    remember(&file, &stamp, &tables);
    Some(Layer { tables: Arc::new(tables), stamp: short(&stamp), fields })
}

/// Two artefacts with this in common are the same.
fn stamp(artefact: &Artefact, root: &Path) -> String {
    let written = artefact.written.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let (path, root) = (artefact.path.display(), root.display());
    format!("{FORMAT} {} {} {written} {path} {root}", env!("CARGO_PKG_VERSION"), artefact.length)
}

fn short(stamp: &str) -> u64 {
    let mut hash = DefaultHasher::new();
    stamp.hash(&mut hash);
    hash.finish()
}

fn kept_name(artefact: &Path) -> OsString {
    // The user's build and the one for facts may name a file alike.
    let path = short(&artefact.to_string_lossy());
    let mut name = artefact.file_name().unwrap_or_default().to_owned();
    name.push(format!("-{path:016x}.facts"));
    name
}

fn recall(file: &Path, stamp: &str) -> Option<Tables> {
    // A damaged file is as good as none.
    let kept: Kept = postcard::from_bytes(&fs::read(file).ok()?).ok()?;
    (kept.stamp == stamp).then_some(kept.tables)
}

/// Kept for the next run; if it cannot be, that run reads again.
fn remember(file: &Path, stamp: &str, tables: &Tables) {
    let write = || -> Option<()> {
        let bytes = postcard::to_stdvec(&Keep { stamp, tables }).ok()?;
        fs::create_dir_all(file.parent()?).ok()?;
        replace(file, |out| out.write_all(&bytes)).ok()
    };
    let _ = write();
}

/// Builds that were replaced leave nothing behind.
fn forget_others(kept: &Path, artefacts: &[Artefact]) {
    let names: HashMap<OsString, &PathBuf> =
        artefacts.iter().map(|artefact| (kept_name(&artefact.path), &artefact.path)).collect();
    for entry in fs::read_dir(kept).into_iter().flatten().filter_map(Result::ok) {
        let is_kept = entry.path().extension().is_some_and(|ending| ending == "facts");
        if is_kept && !names.contains_key(&entry.file_name()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
