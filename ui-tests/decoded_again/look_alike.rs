use std::path::{Path, PathBuf};

/// Two paths.
pub fn joined(from: &Path, to: &Path) -> String {
    let (a, b) = (from.to_string_lossy(), to.to_string_lossy());
    format!("{a}:{b}")
}

/// One or the other.
pub fn shown(path: &Path, long: bool) -> usize {
    match long {
        true => path.to_string_lossy().len(),
        false => path.to_string_lossy().chars().count(),
    }
}

/// Another path each time.
pub fn steps(path: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let mut path = PathBuf::from(path);
    names.push(path.to_string_lossy().into_owned());
    path.push("x");
    names.push(path.to_string_lossy().into_owned());
    names
}

/// Another one on each turn.
pub fn all(paths: &[PathBuf]) -> usize {
    paths.iter().map(|path| path.to_string_lossy().len()).sum()
}

/// A text or a number, nobody knows.
pub fn made(make: impl Fn(&Path) -> usize, path: &Path) -> String {
    make(path).to_string()
}

/// After the fixes.
pub fn after(path: &Path) -> (bool, String) {
    let text = path.to_string_lossy();
    (text.starts_with('.') || text.contains("/."), text.into_owned())
}

pub fn run() -> String {
    let path = Path::new("a");
    format!(
        "{} {} {:?} {} {:?}",
        joined(path, path),
        shown(path, true),
        steps(path),
        all(&[path.into()]),
        after(path)
    )
}
