//! What the user's own builds left in the target directory: programs and libraries of the
//! workspace, and the sources that each was made of.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A program or library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Artefact {
    pub(super) path: PathBuf,
    pub(super) length: u64,
    pub(super) written: SystemTime,
    /// Its sources were read before this.
    pub(super) built: SystemTime,
    /// The sources below the root, relative to it.
    pub(super) sources: BTreeSet<PathBuf>,
}

impl Artefact {
    /// The sources that have not been touched since it was built.
    pub(super) fn unchanged(&self, root: &Path) -> HashSet<PathBuf> {
        let is_older = |path: &&PathBuf| {
            let modified = fs::metadata(root.join(path)).and_then(|found| found.modified());
            modified.is_ok_and(|modified| modified < self.built)
        };
        self.sources.iter().filter(is_older).cloned().collect()
    }
}

/// The newest library and the newest program of each of these crates in a folder of cargo's.
pub(super) fn newest(folder: &Path, crates: &HashSet<String>, root: &Path) -> Vec<Artefact> {
    let mut found: HashMap<String, (SystemTime, PathBuf)> = HashMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        let Some(kind) = name.to_str().and_then(|name| kind(name, crates)) else { continue };
        // Another user's file, or one that has just gone: nothing is lost.
        let Ok(written) = entry.metadata().and_then(|found| found.modified()) else { continue };
        if found.get(&kind).is_none_or(|(known, _)| *known < written) {
            found.insert(kind, (written, entry.path()));
        }
    }
    let mut artefacts: Vec<Artefact> =
        found.into_values().filter_map(|(_, path)| artefact(path, root)).collect();
    artefacts.sort_by(|a, b| a.path.cmp(&b.path));
    artefacts
}

/// `NAME-HASH`, or `libNAME-HASH.rlib`: what the file is, without the hash.
fn kind(name: &str, crates: &HashSet<String>) -> Option<String> {
    let (stem, is_library) = match name.strip_suffix(".rlib") {
        Some(stem) => (stem.strip_prefix("lib")?, true),
        None => (name.strip_suffix(".exe").unwrap_or(name), false),
    };
    let (krate, hash) = stem.rsplit_once('-')?;
    let is_hash = hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hash && crates.contains(krate)).then(|| format!("{krate} {is_library}"))
}

fn artefact(path: PathBuf, root: &Path) -> Option<Artefact> {
    let stem = path.file_stem()?.to_str()?;
    let library = path.extension().is_some_and(|ending| ending == "rlib");
    let stem = if library { stem.strip_prefix("lib")? } else { stem };
    // The compiler writes this list as soon as it has read the sources; the rest takes longer, and
    // what is edited meanwhile is in the file already.
    let list = path.with_file_name(format!("{stem}.d"));
    let text = fs::read_to_string(&list).ok()?;
    let listed = fs::metadata(&list).ok()?.modified().ok()?;
    let metadata = fs::metadata(&path).ok()?;
    let written = metadata.modified().ok()?;
    let sources = sources(&text, root);
    if sources.is_empty() {
        return None;
    }
    Some(Artefact { path, length: metadata.len(), written, built: listed.min(written), sources })
}

/// The sources below the root that a list of the compiler's names.
fn sources(text: &str, root: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((_, names)) = line.split_once(": ") else { continue };
        for name in names.replace("\\ ", "\0").split_ascii_whitespace() {
            let path = PathBuf::from(name.replace('\0', " "));
            let path = root.join(path);
            let Ok(relative) = path.strip_prefix(root) else { continue };
            if relative.extension().is_some_and(|ending| ending == "rs") {
                found.insert(relative.to_owned());
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_and_programs_of_the_workspace_are_told_from_the_rest() {
        let crates: HashSet<String> = ["app".to_owned()].into();
        let kind = |name: &str| kind(name, &crates).is_some();
        assert!(kind("libapp-0123456789abcdef.rlib"));
        assert!(kind("app-0123456789abcdef"));
        assert!(kind("app-0123456789abcdef.exe"));
        for other in ["app-0123456789abcdef.d", "libapp-0123456789abcdef.rmeta", "app", "x-app-1"] {
            assert!(!kind(other), "{other}");
        }
        assert!(!kind("other-0123456789abcdef"));
    }

    #[test]
    fn sources_outside_the_root_are_not_read() {
        let text = "/t/app.d: src/a\\ b.rs /w/src/c.rs /else/d.rs src/data.txt\n\nsrc/c.rs:\n# env: x.rs\n";
        let found: Vec<PathBuf> = sources(text, Path::new("/w")).into_iter().collect();
        assert_eq!(found, [PathBuf::from("src/a b.rs"), PathBuf::from("src/c.rs")]);
    }
}
