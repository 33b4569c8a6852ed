//! Files below a target's folder that no target reaches, such as templates and old copies.

use std::path::Path;

use crate::source::SourceFile;

/// Whether a file is no target's own, and no other file of its package names it as a module, by a
/// path or in an `include!`. A mention anywhere in the text counts, so that what is reached is
/// never taken for a stray.
pub(super) fn is_stray(path: &Path, files: &[SourceFile]) -> bool {
    let Some(file) = files.iter().find(|file| file.path == path) else { return false };
    // Only some of the files were read, or none has a target: nobody can tell.
    let Some(target) = &file.target else { return false };
    let root = target.src_path.as_std_path();
    let is_root = |file: &SourceFile| root.ends_with(&file.path);
    if is_root(file) || !files.iter().any(is_root) {
        return false;
    }
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    let stem = file.path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = file.path.parent().and_then(Path::file_name).unwrap_or_default();
    let module = if stem == "mod" { folder.to_string_lossy() } else { stem };
    let others =
        files.iter().filter(|other| other.package.id == file.package.id && other.path != file.path);
    !others.into_iter().any(|other| mentions(&other.text, &module, &name))
}

/// `mod module`, or a string that ends with the file's name; macros may put them together.
fn mentions(text: &str, module: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let is_module = text.match_indices(module).any(|(at, _)| {
        let before = text[..at].trim_end();
        let before = before.strip_suffix("r#").map_or(before, str::trim_end);
        before.ends_with("mod") && !text[at + module.len()..].starts_with(is_word)
    });
    is_module
        || text.match_indices(name).any(|(at, _)| text[at + name.len()..].starts_with('"'))
        || text.contains("macro_rules!") && text.contains("mod $")
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_module_or_a_path_is_a_mention() {
        let is = |text: &str| mentions(text, "old", "old.rs");
        assert!(is("pub mod old;"));
        assert!(is("mod r#old;"));
        assert!(is("#[path = \"x/old.rs\"] mod other;"));
        assert!(is("include!(\"old.rs\");"));
        assert!(is("macro_rules! all { ($($n:ident)*) => { $(mod $n;)* } }"));
        assert!(!is("mod older; fn old() {} // old.rs"));
    }
}
