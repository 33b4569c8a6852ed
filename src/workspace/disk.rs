//! Files that are there whole or not at all, folders that are empty, and those looked into.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use walkdir::DirEntry;

/// Makes a directory that is there and empty.
pub fn empty_dir(dir: &Path) -> io::Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::create_dir_all(dir)
}

/// Writes beside the file, then renames over it. What is no ordinary file, such as a link, a
/// device or a pipe, is written to as it is: a rename would put a file in its place.
pub fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), (PathBuf, io::Error)> {
    let failed = |error| (path.to_owned(), error);
    let through = |file: &Path| -> io::Result<()> {
        let mut out = BufWriter::new(fs::File::create(file)?);
        write(&mut out)?;
        out.flush()
    };
    if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return through(path).map_err(failed);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(name);
    through(&beside).and_then(|()| fs::rename(&beside, path)).map_err(|error| {
        let _ = fs::remove_file(&beside);
        failed(error)
    })
}

/// No build output, and no hidden folder.
pub fn is_looked_into(entry: &DirEntry) -> bool {
    if !entry.file_type().is_dir() {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let is_target = name == "target" && entry.path().join("CACHEDIR.TAG").exists();
    !name.starts_with('.') && !is_target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("p");
        replace(&path, |out| out.write_all(b"first")).unwrap();
        let failing = replace(&path, |out| {
            out.write_all(b"second")?;
            Err(io::Error::other("full"))
        });
        assert_eq!(failing.unwrap_err().0, path);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_stays_a_device() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

        // Written through the link: were it replaced, only the link would be lost.
        let device = dir.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &device).unwrap();
        replace(&device, |out| out.write_all(b"x")).unwrap();
        assert!(!fs::metadata(&device).unwrap().is_file());
    }
}
