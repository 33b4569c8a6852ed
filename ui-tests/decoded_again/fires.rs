use std::borrow::Cow;
use std::path::{Path, PathBuf};

pub struct Tree {
    root: PathBuf,
    files: Vec<PathBuf>,
}

impl Tree {
    pub fn below(&self) -> usize {
        self.files
            .iter()
            .filter(|file| file.to_string_lossy().starts_with(&*self.root.to_string_lossy()))
            .count()
    }
}

pub fn name(path: &Path) -> String {
    path.to_string_lossy().to_string()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).to_string()
}

pub fn is_hidden(path: &Path) -> bool {
    if path.to_string_lossy().starts_with('.') {
        return true;
    }
    path.to_string_lossy().contains("/.")
}

pub fn word(bytes: &[u8]) -> &str {
    if std::str::from_utf8(bytes).is_ok() { std::str::from_utf8(bytes).unwrap() } else { "" }
}

fn escaped(text: &str) -> Cow<'_, str> {
    if text.contains('<') { Cow::Owned(text.replace('<', "&lt;")) } else { Cow::Borrowed(text) }
}

pub fn html(text: &str) -> String {
    escaped(text.trim_end()).to_string()
}

pub fn is_source(path: &Path) -> bool {
    let name = path.to_string_lossy().into_owned();
    name.ends_with(".rs") && !name.contains("test")
}

pub fn stemmed(stem: impl Fn(&str) -> Cow<'_, str>, word: &str) -> String {
    stem(word).to_string()
}

/// Copies nothing of a `Cow`, by the profile.
pub fn measured(length: impl Fn(&str) -> usize, word: &str) -> String {
    length(word).to_string()
}

/// Only what it calls copies one.
pub fn titled(title: impl Fn(&str) -> String, word: &str) -> String {
    title(word).to_string()
}

pub fn run() -> String {
    let tree = Tree { root: "a".into(), files: vec!["a/b".into(), "c".into()] };
    format!(
        "{} {} {} {} {} {} {} {} {} {}",
        html("<a"),
        is_source(Path::new("a.rs")),
        tree.below(),
        name(Path::new("x")),
        text(b"y"),
        is_hidden(Path::new("a/.b")),
        word(b"z"),
        stemmed(|word| Cow::Borrowed(word), "s"),
        measured(|word| word.len(), "s"),
        titled(|word| word.to_owned(), "s")
    )
}
