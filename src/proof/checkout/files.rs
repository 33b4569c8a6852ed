//! Copying, emptying and renewing files of a checkout.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use walkdir::WalkDir;

/// Copies a file or a link. The copy is as new as a checkout of it would be.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    if fs::symlink_metadata(from)?.is_symlink() {
        return link(&fs::read_link(from)?, to);
    }
    fs::copy(from, to).map(drop)
}

#[cfg(unix)]
fn link(target: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

#[cfg(not(unix))]
fn link(target: &Path, link: &Path) -> io::Result<()> {
    // Git writes a file that holds the path where links are not at hand.
    fs::write(link, target.to_string_lossy().as_bytes())
}

/// Copies a directory without what version control keeps in it; one that is not there is empty.
pub(super) fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    let is_source = |entry: &walkdir::DirEntry| entry.depth() == 0 || entry.file_name() != ".git";
    for entry in WalkDir::new(from).into_iter().filter_entry(is_source) {
        let Ok(entry) = entry else { continue };
        let Ok(inside) = entry.path().strip_prefix(from) else { continue };
        if entry.file_type().is_dir() {
            fs::create_dir_all(to.join(inside))?;
        } else {
            copy(entry.path(), &to.join(inside))?;
        }
    }
    Ok(())
}

/// Cargo also reads the configuration of the directories above a checkout, so that of the
/// original would count twice.
pub(super) fn leave_out_configuration(original: &Path, dir: &Path) -> io::Result<()> {
    if !dir.starts_with(original) {
        return Ok(());
    }
    for name in [".cargo/config.toml", ".cargo/config"] {
        let (above, own) = (original.join(name), dir.join(name));
        if own.exists() && fs::read(&above).ok() == Some(fs::read(&own)?) {
            fs::remove_file(&own)?;
        }
    }
    Ok(())
}

/// Sets the time of each file to now.
pub(super) fn renew(dir: &Path) -> io::Result<()> {
    let now = SystemTime::now();
    for entry in WalkDir::new(dir) {
        let entry = entry?;
        if entry.file_type().is_file() {
            File::options().append(true).open(entry.path())?.set_modified(now)?;
        }
    }
    Ok(())
}
