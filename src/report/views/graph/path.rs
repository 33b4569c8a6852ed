//! Paths as names: shortened without asking the file system.

use std::borrow::Cow;

/// The shortest path that means the same: no empty, `.` or needless `..` components.
pub(crate) fn clean(path: &str) -> Cow<'_, str> {
    let rooted = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => {
                kept.pop();
            }
            ".." if rooted => {}
            part => kept.push(part),
        }
    }
    let cleaned = format!("{}{}", if rooted { "/" } else { "" }, kept.join("/"));
    if cleaned.is_empty() {
        Cow::Borrowed(".")
    } else if cleaned == path {
        Cow::Borrowed(path)
    } else {
        Cow::Owned(cleaned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needless_components_go() {
        for (path, cleaned) in [
            ("a//b/./c", "a/b/c"),
            ("/a/../../b", "/b"),
            ("../a/..", ".."),
            ("a/..", "."),
            ("src/lib.rs", "src/lib.rs"),
            ("/", "/"),
            ("", "."),
        ] {
            assert_eq!(clean(path), cleaned, "{path}");
        }
    }
}
