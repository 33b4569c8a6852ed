//! What a recording leaves on disk: the profile, and one benchfmt line per bench.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::Outcome;
use crate::formats::benchfmt::Writer;
use crate::formats::pprof;

/// Where it was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The profile.
    pub profile: PathBuf,
    /// The benchfmt text.
    pub benches: PathBuf,
}

/// Writes both files, each whole or not at all. An error names the file.
pub fn leave(
    outcome: &Outcome,
    profile: &Path,
    benches: &Path,
) -> Result<Left, (PathBuf, io::Error)> {
    replace(profile, |out| pprof::write(&outcome.profile, out))?;
    replace(benches, |out| write_lines(outcome, out))?;
    Ok(Left { profile: profile.to_owned(), benches: benches.to_owned() })
}

/// One line per bench; package, target and harness stand above them.
pub fn write_lines(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new(out);
    writer.config("os", std::env::consts::OS)?;
    writer.config("arch", std::env::consts::ARCH)?;
    for line in &outcome.lines {
        writer.config("pkg", &line.package)?;
        writer.config("target", &line.target)?;
        writer.config("harness", line.harness)?;
        writer.bench(&capitalized(&line.bench), line.iterations, &line.values)?;
    }
    writer.finish()?;
    Ok(())
}

/// Go's names go on with a capital letter.
fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
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
