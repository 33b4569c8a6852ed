//! The path of the module that a file holds.

use std::path::{Component, Path};

use cargo_metadata::{Target, TargetKind};

use crate::source::file::SourceFile;

/// The crate's name and the modules down to the file's, joined by `::`.
///
/// A file that another module names by a `#[path]` attribute gets the path its place suggests;
/// nothing then leads to it, and its types stay unknown elsewhere.
pub fn module_path(file: &SourceFile) -> String {
    let Some(target) = &file.target else { return file.package.name.replace('-', "_") };
    let krate = krate(target);
    let root = target.src_path.as_std_path();
    if root.ends_with(&file.path) {
        return krate;
    }
    let Some(folder) = root.parent() else { return krate };
    match below(folder, &file.path) {
        Some(modules) => std::iter::once(krate).chain(modules).collect::<Vec<_>>().join("::"),
        None => krate,
    }
}

/// What a target's own paths begin with. Only a library's name is one that others may use: a bench or
/// a program is often called like its library, whose items it names.
fn krate(target: &Target) -> String {
    let name = target.name.replace('-', "_");
    let own = [TargetKind::Bench, TargetKind::Bin, TargetKind::Example, TargetKind::Test];
    match target.kind.iter().find(|kind| own.contains(kind)) {
        Some(kind) => format!("{name} {kind}"),
        None => name,
    }
}

/// The modules that a file below a crate's folder stands for.
fn below(folder: &Path, file: &Path) -> Option<Vec<String>> {
    // The folder is absolute, the file may be relative to the workspace.
    let relative = file.strip_prefix(folder).ok().or_else(|| {
        let shared = file
            .ancestors()
            .skip(1)
            .find(|prefix| prefix.as_os_str().is_empty() || folder.ends_with(prefix))?;
        file.strip_prefix(shared).ok()
    })?;
    let mut modules: Vec<String> = relative
        .with_extension("")
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => name.to_str().map(str::to_owned),
            _ => None,
        })
        .collect();
    if modules.last().is_some_and(|last| last == "mod") {
        modules.pop();
    }
    Some(modules)
}

#[cfg(test)]
mod tests {
    use super::below;
    use std::path::Path;

    #[test]
    fn files_below_a_crate_are_its_modules() {
        let modules = |file: &str| below(Path::new("/w/crates/a/src"), Path::new(file)).unwrap();
        assert_eq!(modules("crates/a/src/b/c.rs"), ["b", "c"]);
        assert_eq!(modules("crates/a/src/b/mod.rs"), ["b"]);
        assert_eq!(modules("/w/crates/a/src/b.rs"), ["b"]);
    }
}
