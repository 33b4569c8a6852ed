//! From the file names a compiler recorded to the files of the workspace.
//!
//! The build may have run elsewhere, with another prefix or with a remapped one. One prefix is
//! looked for under which most of the recorded names become files of the workspace; names of the
//! standard library and of downloaded packages are never taken for the workspace's own.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// For each recorded name, the index of the workspace file it means.
pub fn matched(root: &Path, files: &[PathBuf], recorded: &[&str]) -> Vec<Option<usize>> {
    let by_path: HashMap<String, usize> =
        files.iter().enumerate().map(|(at, path)| (text(path), at)).collect();
    let root = text(root);
    let foreign_prefix = foreign_prefix(&by_path, &root, recorded);
    recorded
        .iter()
        .map(|name| {
            let name = normal(name);
            let below =
                |prefix: &str| name.strip_prefix(prefix)?.strip_prefix('/').map(str::to_owned);
            let relative = below(&root).or_else(|| {
                if is_downloaded(&name) {
                    None
                } else if name.starts_with('/') {
                    below(foreign_prefix.as_deref()?)
                } else {
                    Some(name.clone())
                }
            })?;
            by_path.get(&relative).or_else(|| by_path.get(&name)).copied()
        })
        .collect()
}

/// The prefix other than the root under which most names are files of the workspace.
fn foreign_prefix(files: &HashMap<String, usize>, root: &str, recorded: &[&str]) -> Option<String> {
    let mut votes: HashMap<String, usize> = HashMap::new();
    let is_below = |name: &str| name.strip_prefix(root).is_some_and(|rest| rest.starts_with('/'));
    for name in recorded {
        let name = normal(name);
        if is_below(&name) || is_downloaded(&name) || !name.starts_with('/') {
            continue;
        }
        for (at, _) in name.match_indices('/') {
            if files.contains_key(&name[at + 1..]) {
                *votes.entry(name[..at].to_owned()).or_default() += 1;
            }
        }
    }
    let (prefix, _) = votes.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))?;
    Some(prefix)
}

/// Whether a name lies where cargo and rustup keep what they downloaded.
fn is_downloaded(name: &str) -> bool {
    ["/registry/src/", "/git/checkouts/", "/rustc/", "/rustlib/src/", "/vendor/"]
        .iter()
        .any(|part| name.contains(part))
}

/// With forward slashes, without `.` and `..`.
fn normal(name: &str) -> String {
    let name = name.replace('\\', "/");
    if !name.contains("/.") && !name.starts_with("./") {
        return name;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|last| !last.is_empty() && *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn text(path: &Path) -> String {
    normal(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(recorded: &[&str]) -> Vec<Option<usize>> {
        let files = ["src/lib.rs", "src/a.rs", "crates/x/src/lib.rs"].map(PathBuf::from);
        matched(Path::new("/home/me/project"), &files, recorded)
    }

    #[test]
    fn absolute_and_relative_names_are_found() {
        let names = ["/home/me/project/src/lib.rs", "src/a.rs", "./crates/x/src/../src/lib.rs"];
        assert_eq!(check(&names), [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn a_remapped_prefix_is_found_by_most_of_its_files() {
        let names = ["/build/7/src/lib.rs", "/build/7/src/a.rs", "/other/thing/src/lib.rs"];
        assert_eq!(check(&names), [Some(0), Some(1), None]);
    }

    #[test]
    fn a_remapped_prefix_may_begin_as_the_root_does() {
        let names = ["/home/me/project2/src/lib.rs", "/home/me/project2/src/a.rs"];
        assert_eq!(check(&names), [Some(0), Some(1)]);
    }

    #[test]
    fn downloaded_sources_are_not_the_workspace() {
        let names = [
            "/home/me/.cargo/registry/src/index/foo-1.0.0/src/lib.rs",
            "/rustc/0123/library/alloc/src/lib.rs",
            "/home/me/project2/src/lib.rs",
        ];
        assert_eq!(check(&names[..2]), [None, None]);
    }

    #[test]
    fn a_workspace_within_the_download_folder_knows_itself() {
        let root = Path::new("/x/registry/src/index/foo-1.0.0");
        let name = "/x/registry/src/index/foo-1.0.0/src/lib.rs";
        assert_eq!(matched(root, &[PathBuf::from("src/lib.rs")], &[name]), [Some(0)]);
    }
}
