//! Writes all files of a patch, or none.
//!
//! The new texts are first written in full beside the build's own files and flushed; a journal
//! names them together with the old ones. Only then is each moved into place by a rename, which a
//! process of its own does while signals that would end this one wait. If a rename fails, those
//! before it are taken back. If everything ends between two renames, as when the power fails, the
//! journal lets the next run take them back.

use std::fmt;
use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Change;
use super::renames::rename_all;
use super::shield::Shield;

const JOURNAL: &str = "journal.json";

/// How long another run's lock is waited for: a run that was killed may still have renames on
/// their way, which is a matter of milliseconds.
const PATIENCE: Duration = Duration::from_secs(1);

/// Why nothing was written.
#[derive(Debug)]
pub enum LandError {
    /// A file cannot be replaced, or a text not be prepared.
    File(PathBuf, String),
    /// Another run is at it.
    Busy(PathBuf),
    /// What an earlier run left half-done cannot be taken back.
    Stuck {
        /// The file.
        file: PathBuf,
        /// Why.
        why: String,
        /// The folder that keeps the old texts.
        staging: PathBuf,
    },
}

impl fmt::Display for LandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LandError::File(path, why) => write!(f, "{}: {why}", path.display()),
            LandError::Busy(path) => write!(f, "another run holds {}", path.display()),
            LandError::Stuck { file, why, staging } => write!(
                f,
                "{} cannot be put back as it was: {why}; its old text is kept in {}",
                file.display(),
                staging.display()
            ),
        }
    }
}

impl std::error::Error for LandError {}

/// One file on its way, as the journal keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct Step {
    /// The file itself, links resolved.
    target: PathBuf,
    /// Its new text; gone once it has been moved.
    new: PathBuf,
    /// The new text again, to tell whether somebody changed it since.
    same: PathBuf,
    /// Its old text.
    old: PathBuf,
}

/// Writes the changes to the files under `root`, by way of the folder `staging`.
pub fn land(root: &Path, staging: &Path, changes: &[Change]) -> Result<(), LandError> {
    let _held = hold(staging)?;
    take_back(staging)?;
    let result = prepare(root, staging, changes).and_then(|steps| {
        write_journal(staging, &steps)?;
        let _shield = Shield::raise().map_err(|error| at(staging, &error))?;
        let moved = move_into_place(staging, &steps);
        if !matches!(moved, Err(LandError::Stuck { .. })) {
            clear(staging);
        }
        moved
    });
    if !matches!(result, Err(LandError::Stuck { .. })) {
        clear(staging);
    }
    result
}

/// Takes back what a run that was killed left half-way; says whether there was anything.
pub fn recover(staging: &Path) -> Result<bool, LandError> {
    if !staging.join(JOURNAL).exists() {
        return Ok(false);
    }
    let _held = hold(staging)?;
    take_back(staging)
}

/// One run at a time; the lock goes with the process.
fn hold(staging: &Path) -> Result<File, LandError> {
    fs::create_dir_all(staging).map_err(|error| at(staging, &error))?;
    let path = staging.join("lock");
    let lock = File::create(&path).map_err(|error| at(&path, &error))?;
    let start = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(fs::TryLockError::WouldBlock) if start.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(fs::TryLockError::WouldBlock) => return Err(LandError::Busy(path)),
            Err(fs::TryLockError::Error(error)) => return Err(at(&path, &error)),
        }
    }
}

/// Writes every new text in full and keeps every old one, without touching the tree.
fn prepare(root: &Path, staging: &Path, changes: &[Change]) -> Result<Vec<Step>, LandError> {
    let inside = root.canonicalize().map_err(|error| at(root, &error))?;
    let staging = staging.canonicalize().map_err(|error| at(staging, &error))?;
    let mut steps = Vec::new();
    for (index, change) in changes.iter().enumerate() {
        let named = root.join(&change.file);
        let target = named.canonicalize().map_err(|error| at(&named, &error))?;
        if !target.starts_with(&inside) {
            return Err(LandError::File(named, "leads out of the workspace".to_owned()));
        }
        let permissions = replaceable(&target, change)?;
        let file = |kind: &str| staging.join(format!("{index}.{kind}"));
        let step = Step { target, new: file("new"), same: file("same"), old: file("old") };
        match stage(step, change, permissions) {
            Ok(step) => steps.push(step),
            Err(error) => {
                // Those beside their targets are not in the staging folder, nor in a journal yet.
                steps.iter().for_each(|step: &Step| drop(fs::remove_file(&step.new)));
                return Err(error);
            }
        }
    }
    Ok(steps)
}

fn replaceable(target: &Path, change: &Change) -> Result<Permissions, LandError> {
    let metadata = fs::metadata(target).map_err(|error| at(target, &error))?;
    let refuse = |why: &str| Err(LandError::File(target.to_owned(), why.to_owned()));
    if !metadata.is_file() {
        return refuse("not a regular file");
    }
    // A rename would replace it all the same: whoever made it read-only did not mean that.
    if metadata.permissions().readonly() {
        return refuse("read-only");
    }
    let now = fs::read(target).map_err(|error| at(target, &error))?;
    if now != change.before.as_bytes() {
        return refuse("changed while it was being rewritten");
    }
    Ok(metadata.permissions())
}

/// Keeps the old text and writes the new one where a rename can take it to its target.
fn stage(mut step: Step, change: &Change, permissions: Permissions) -> Result<Step, LandError> {
    // What is left of an older run may be a link to the user's file: never written, only removed.
    for file in [&step.old, &step.new, &step.same] {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(at(file, &error)),
            _ => {}
        }
    }
    let write = |path: &Path, text: &str| {
        let mut file = File::create_new(path)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(permissions.clone())?;
        file.sync_all()
    };
    let failed = |path: &Path, error: io::Error| {
        let _ = fs::remove_file(path);
        at(path, &error)
    };
    if fs::hard_link(&step.target, &step.old).is_err() {
        // Another file system, or one without links: the new text waits beside its target.
        write(&step.old, &change.before).map_err(|error| failed(&step.old, error))?;
        let name = step.target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        step.new = step.target.with_file_name(format!(".{name}.cargo-perf-new"));
    }
    write(&step.same, &change.after).map_err(|error| failed(&step.same, error))?;
    write(&step.new, &change.after).map_err(|error| failed(&step.new, error))?;
    Ok(step)
}

fn write_journal(staging: &Path, steps: &[Step]) -> Result<(), LandError> {
    let path = staging.join(JOURNAL);
    let partial = staging.join("journal.new");
    let write = || {
        let mut file = File::create(&partial)?;
        file.write_all(&serde_json::to_vec(steps)?)?;
        file.sync_all()?;
        fs::rename(&partial, &path)
    };
    write().map_err(|error| {
        steps.iter().for_each(|step| drop(fs::remove_file(&step.new)));
        at(&path, &error)
    })
}

fn move_into_place(staging: &Path, steps: &[Step]) -> Result<(), LandError> {
    let pairs: Vec<_> = steps.iter().map(|step| (&*step.new, &*step.target)).collect();
    rename_all(&pairs).or_else(|(index, error)| {
        put_back(staging, &steps[..index])?;
        Err(at(steps.get(index).map_or(staging, |step| &step.target), &error))
    })
}

fn put_back(staging: &Path, steps: &[Step]) -> Result<(), LandError> {
    let stuck = |step: &Step, why: String| LandError::Stuck {
        file: step.target.clone(),
        why,
        staging: staging.to_owned(),
    };
    for step in steps {
        let read = |path: &Path| fs::read(path).map_err(|error| stuck(step, error.to_string()));
        let (now, old) = (read(&step.target)?, read(&step.old)?);
        if now == old {
            continue;
        }
        if now != read(&step.same)? {
            return Err(stuck(step, "it was edited since".to_owned()));
        }
        // A further link needs no room on a full disk; where there are no links, a copy must do.
        let again = step.new.with_extension("cargo-perf-back");
        let _ = fs::remove_file(&again);
        fs::hard_link(&step.old, &again)
            .or_else(|_| fs::copy(&step.old, &again).map(drop))
            .and_then(|()| fs::rename(&again, &step.target))
            .map_err(|error| stuck(step, error.to_string()))?;
    }
    Ok(())
}

fn take_back(staging: &Path) -> Result<bool, LandError> {
    let path = staging.join(JOURNAL);
    let Ok(journal) = fs::read(&path) else { return Ok(false) };
    let steps: Vec<Step> = serde_json::from_slice(&journal).map_err(|error| {
        LandError::File(path, format!("{error}; remove it if no file needs to be put back"))
    })?;
    let count = steps.len();
    let moved: Vec<Step> = steps.into_iter().filter(|step| !step.new.exists()).collect();
    // With all of them moved, the run had done its work.
    let is_half_done = !moved.is_empty() && moved.len() < count;
    if is_half_done {
        put_back(staging, &moved)?;
    }
    clear(staging);
    Ok(is_half_done)
}

/// Removes the journal, and then what only it gave a meaning.
fn clear(staging: &Path) {
    let path = staging.join(JOURNAL);
    let journal = fs::read(&path).unwrap_or_default();
    let steps: Vec<Step> = serde_json::from_slice(&journal).unwrap_or_default();
    let _ = fs::remove_file(path);
    for step in steps {
        let _ = fs::remove_file(step.new);
    }
    for path in fs::read_dir(staging).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let kind = path.extension().and_then(|kind| kind.to_str());
        if matches!(kind, Some("new" | "old" | "same" | "cargo-perf-back")) {
            let _ = fs::remove_file(path);
        }
    }
}

fn at(path: &Path, error: &io::Error) -> LandError {
    LandError::File(path.to_owned(), error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> (tempfile::TempDir, Vec<Change>) {
        let dir = tempfile::tempdir().unwrap();
        let changes = ["a.rs", "b.rs", "c.rs"].map(|name| {
            let before = format!("fn old() {{}} // {name}\n");
            fs::write(dir.path().join(name), &before).unwrap();
            Change { file: name.into(), before, after: format!("fn new() {{}} // {name}\n") }
        });
        (dir, changes.into())
    }

    fn texts(root: &Path, changes: &[Change]) -> Vec<String> {
        changes.iter().map(|c| fs::read_to_string(root.join(&c.file)).unwrap()).collect()
    }

    fn befores(changes: &[Change]) -> Vec<String> {
        changes.iter().map(|change| change.before.clone()).collect()
    }

    fn afters(changes: &[Change]) -> Vec<String> {
        changes.iter().map(|change| change.after.clone()).collect()
    }

    /// As `land` does it up to the renames, the last `unmoved` of which cannot happen.
    fn half_way(root: &Path, staging: &Path, changes: &[Change], moved: usize) {
        fs::create_dir_all(staging).unwrap();
        let steps = prepare(root, staging, changes).unwrap();
        write_journal(staging, &steps).unwrap();
        move_into_place(staging, &steps[..moved]).unwrap();
    }

    #[test]
    fn all_files_are_written_and_nothing_else_is_left() {
        let (dir, changes) = tree();
        let staging = dir.path().join("target/perf/fix");
        land(dir.path(), &staging, &changes).unwrap();
        assert_eq!(texts(dir.path(), &changes), afters(&changes));
        let left: Vec<_> =
            fs::read_dir(&staging).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(left, ["lock"]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 4);
    }

    #[test]
    fn a_rename_that_fails_takes_back_those_before_it() {
        let (dir, changes) = tree();
        let staging = dir.path().join("staging");
        fs::create_dir_all(&staging).unwrap();
        let steps = prepare(dir.path(), &staging, &changes).unwrap();
        fs::remove_file(&steps[2].new).unwrap();
        let error = move_into_place(&staging, &steps).unwrap_err();
        assert!(matches!(error, LandError::File(file, _) if file.ends_with("c.rs")));
        assert_eq!(texts(dir.path(), &changes), befores(&changes));
    }

    #[test]
    fn a_run_killed_between_two_renames_is_taken_back_by_the_next() {
        for moved in 0..=3 {
            let (dir, changes) = tree();
            let staging = dir.path().join("staging");
            half_way(dir.path(), &staging, &changes, moved);
            assert_eq!(recover(&staging).unwrap(), moved == 1 || moved == 2);
            let expected = if moved == 3 { afters(&changes) } else { befores(&changes) };
            assert_eq!(texts(dir.path(), &changes), expected, "{moved} moved");
            assert!(!recover(&staging).unwrap());
        }
    }

    #[test]
    fn what_was_edited_after_a_killed_run_is_not_overwritten() {
        let (dir, changes) = tree();
        let staging = dir.path().join("staging");
        half_way(dir.path(), &staging, &changes, 1);
        fs::write(dir.path().join("a.rs"), "fn edited() {}\n").unwrap();
        assert!(matches!(recover(&staging), Err(LandError::Stuck { .. })));
        assert_eq!(fs::read_to_string(dir.path().join("a.rs")).unwrap(), "fn edited() {}\n");
        assert_eq!(fs::read_to_string(staging.join("0.old")).unwrap(), changes[0].before);
    }

    #[test]
    fn one_file_that_cannot_be_replaced_stops_all() {
        let (dir, changes) = tree();
        let staging = dir.path().join("staging");
        let last = dir.path().join("c.rs");

        let mut permissions = fs::metadata(&last).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&last, permissions.clone()).unwrap();
        let error = land(dir.path(), &staging, &changes).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{}: read-only", last.canonicalize().unwrap().display())
        );
        assert_eq!(texts(dir.path(), &changes), befores(&changes));

        fs::remove_file(&last).unwrap();
        fs::write(&last, "fn meanwhile() {}\n").unwrap();
        let error = land(dir.path(), &staging, &changes).unwrap_err();
        assert!(error.to_string().ends_with("changed while it was being rewritten"));
        assert_eq!(texts(dir.path(), &changes[..2]), befores(&changes[..2]));

        fs::remove_file(&last).unwrap();
        assert!(land(dir.path(), &staging, &changes).is_err());
        assert_eq!(texts(dir.path(), &changes[..2]), befores(&changes[..2]));
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_are_kept_and_links_out_of_the_tree_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (dir, changes) = tree();
        let staging = dir.path().join("staging");
        let script = dir.path().join("a.rs");
        fs::set_permissions(&script, Permissions::from_mode(0o750)).unwrap();
        fs::rename(dir.path().join("b.rs"), dir.path().join("real.rs")).unwrap();
        symlink("real.rs", dir.path().join("b.rs")).unwrap();
        land(dir.path(), &staging, &changes).unwrap();
        assert_eq!(fs::metadata(&script).unwrap().permissions().mode() & 0o7777, 0o750);
        assert!(fs::symlink_metadata(dir.path().join("b.rs")).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(dir.path().join("real.rs")).unwrap(), changes[1].after);

        let (dir, changes) = tree();
        let outside = tempfile::tempdir().unwrap();
        fs::rename(dir.path().join("b.rs"), outside.path().join("b.rs")).unwrap();
        symlink(outside.path().join("b.rs"), dir.path().join("b.rs")).unwrap();
        let error = land(dir.path(), &dir.path().join("staging"), &changes).unwrap_err();
        assert!(error.to_string().ends_with("leads out of the workspace"));
        assert_eq!(texts(dir.path(), &changes), befores(&changes));
    }

    #[test]
    fn a_second_run_at_the_same_time_is_turned_away() {
        let (dir, changes) = tree();
        let staging = dir.path().join("staging");
        let _held = hold(&staging).unwrap();
        assert!(matches!(land(dir.path(), &staging, &changes), Err(LandError::Busy(_))));
        assert_eq!(texts(dir.path(), &changes), befores(&changes));
    }
}
