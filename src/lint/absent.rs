//! Modules that are declared and whose files are not there: a check that passes over them has seen
//! less than it was asked to.
//!
//! Only what the compiler would look for, too: reached from a target's own file, with no condition
//! and no path of its own, and not in the arguments of a macro.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use memchr::memmem;
use rustc_hash::FxHashMap;
use syn::spanned::Spanned;
use syn::{Attribute, Item};

use crate::source::each::each;
use crate::source::{Role, SourceFile, Syntax, syntax};

/// A module without a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// The file that declares it.
    pub file: PathBuf,
    /// 1-based.
    pub line: usize,
    /// 1-based, in characters.
    pub column: usize,
    /// Its name.
    pub name: String,
    /// Where its file should be.
    pub expected: PathBuf,
    /// Whether a build script may make it.
    pub may_be_made: bool,
}

/// The modules of all targets whose files neither were read nor are there, as `exists` tells.
pub fn absent(files: &[SourceFile], exists: impl Fn(&Path) -> bool) -> Vec<Absent> {
    let by_path: FxHashMap<&Path, usize> =
        files.iter().enumerate().map(|(at, file)| (&*file.path, at)).collect();
    let known = |path: &Path| by_path.get(path).copied();
    let declared = each(files, |at, _| declared(&files[at].text).collect::<Vec<_>>());
    let mut waiting: Vec<(usize, bool)> =
        (0..files.len()).filter(|&at| is_root(&files[at])).map(|at| (at, true)).collect();
    let mut seen: HashSet<usize> = waiting.iter().map(|&(at, _)| at).collect();
    let mut found = Vec::new();
    while let Some((at, is_root)) = waiting.pop() {
        let file = &files[at];
        let folder = folder(&file.path, is_root);
        let mut is_suspect = false;
        for name in &declared[at] {
            let places = places(&folder, name);
            let read = places.iter().find_map(|place| known(place));
            match read {
                Some(next) if seen.insert(next) => waiting.push((next, false)),
                Some(_) => {}
                None => is_suspect |= !places.iter().any(|place| exists(place)),
            }
        }
        if is_suspect {
            let missing = |path: &Path| known(path).is_none() && !exists(path);
            let of_package = |other: &&SourceFile| other.package.id == file.package.id;
            let has_script = |other: &SourceFile| other.role == Role::BuildScript;
            let may_be_made = files.iter().filter(of_package).any(has_script);
            look(file, &folder, may_be_made, &missing, &mut found);
        }
    }
    found.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    found
}

fn is_root(file: &SourceFile) -> bool {
    file.target.as_ref().is_some_and(|target| target.src_path.as_std_path().ends_with(&file.path))
}

/// Where the modules of a file lie.
fn folder(path: &Path, is_root: bool) -> PathBuf {
    let is_folder = is_root || path.file_stem().is_some_and(|stem| stem == "mod");
    if is_folder {
        path.parent().unwrap_or(Path::new("")).to_owned()
    } else {
        path.with_extension("")
    }
}

fn places(folder: &Path, name: &str) -> [PathBuf; 2] {
    [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")]
}

/// The names in what looks like `mod name;` on a line of its own, without a condition before it.
/// All files are looked at on every check, so lines of another kind are passed over.
fn declared(text: &str) -> impl Iterator<Item = &str> {
    memmem::find_iter(text.as_bytes(), "mod ").filter_map(|at| {
        let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
        let line = text[at..].split('\n').next().unwrap_or_default();
        let name = line.strip_prefix("mod ")?.trim().strip_suffix(';')?.trim();
        let name = name.strip_prefix("r#").unwrap_or(name);
        let before = text[start..at].trim_start();
        let is_visibility = before.is_empty() || before.starts_with("pub");
        let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let is_declared = is_visibility && is_name && !name.is_empty();
        (is_declared && !is_conditional(&text[..start])).then_some(name)
    })
}

/// Whether a text ends with attributes of which one may be a condition.
fn is_conditional(before: &str) -> bool {
    let lines = before.lines().rev().map(str::trim);
    let mut attributes = lines.take_while(|line| !line.ends_with([';', '{', '}']));
    attributes.any(|line| line.starts_with("#[") && line.contains("cfg"))
}

/// Parses the file and takes what is truly a declaration.
fn look(
    file: &SourceFile,
    folder: &Path,
    may_be_made: bool,
    missing: &dyn Fn(&Path) -> bool,
    found: &mut Vec<Absent>,
) {
    // What cannot be parsed is a problem of its own.
    if let Ok(syntax) = Syntax::parse(&file.text)
        && !syntax.file().attrs.iter().any(decides)
    {
        let lines_before = file.text[..syntax.skipped()].matches('\n').count();
        let mut report = |item: &syn::ItemMod, expected: PathBuf| {
            let start = item.span().start();
            found.push(Absent {
                file: file.path.clone(),
                line: start.line + lines_before,
                column: start.column + 1,
                name: item.ident.to_string(),
                expected,
                may_be_made,
            });
        };
        look_among(&syntax.file().items, folder, missing, &mut report);
    }
    syntax::forget_spans();
}

fn look_among(
    items: &[Item],
    folder: &Path,
    missing: &dyn Fn(&Path) -> bool,
    report: &mut dyn FnMut(&syn::ItemMod, PathBuf),
) {
    for item in items {
        let Item::Mod(module) = item else { continue };
        if module.attrs.iter().any(decides) {
            continue;
        }
        let name = module.ident.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        match &module.content {
            Some((_, items)) => look_among(items, &folder.join(name), missing, report),
            None => {
                let [plain, nested] = places(folder, name);
                if missing(&plain) && missing(&nested) {
                    report(module, plain);
                }
            }
        }
    }
}

/// Whether an attribute may decide that a module is not compiled, or lies elsewhere. What a macro
/// makes of its item nobody knows.
fn decides(attribute: &Attribute) -> bool {
    const HARMLESS: [&str; 9] =
        ["allow", "deny", "warn", "forbid", "expect", "doc", "macro_use", "rustfmt", "deprecated"];
    let path = attribute.path();
    let first = path.segments.first().map(|segment| segment.ident.to_string());
    let is_inner_setting = matches!(attribute.style, syn::AttrStyle::Inner(_))
        && !path.is_ident("cfg")
        && !path.is_ident("cfg_attr");
    !is_inner_setting && !first.is_some_and(|first| HARMLESS.contains(&&*first))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::source::Package;

    fn file(path: &str, text: &str, role: Role) -> SourceFile {
        let package = Arc::new(Package::default());
        let mut file = SourceFile::new(PathBuf::from(path), text.to_owned(), role, package);
        let (kind, source) = match role {
            Role::BuildScript => ("custom-build", "/w/build.rs"),
            _ => ("lib", "/w/src/lib.rs"),
        };
        let target = serde_json::json!({
            "name": "w", "kind": [kind], "crate_types": [], "required-features": [],
            "src_path": source, "edition": "2021", "doctest": false, "test": true, "doc": true,
        });
        file.target = Some(Arc::new(serde_json::from_value(target).unwrap()));
        file
    }

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> =
            files.iter().map(|(path, text)| file(path, text, Role::Product)).collect();
        absent(&files, |path| path.starts_with("src/linked"))
            .into_iter()
            .map(|a| {
                format!("{}:{}:{} {}", a.file.display(), a.line, a.column, a.expected.display())
            })
            .collect()
    }

    #[test]
    fn a_module_without_a_file_is_found_where_the_compiler_looks() {
        let lib = "//! x\npub mod a;\nmod b;\n  pub(crate) mod r#type;\nmod linked;\n";
        let files = [("src/lib.rs", lib), ("src/a.rs", "mod inner;\nmod outer { mod deep; }\n")];
        let more = [("src/b/mod.rs", "#[allow(dead_code)]\nmod beside;\n")];
        assert_eq!(
            found(&[&files[..], &more[..]].concat()),
            [
                "src/a.rs:1:1 src/a/inner.rs",
                "src/a.rs:2:13 src/a/outer/deep.rs",
                "src/b/mod.rs:1:1 src/b/beside.rs",
                "src/lib.rs:4:3 src/type.rs",
            ]
        );
    }

    #[test]
    fn inline_modules_are_folders() {
        let lib = "mod inline {\n    mod there;\n    mod gone;\n}\n";
        let files = [("src/lib.rs", lib), ("src/inline/there.rs", "")];
        assert_eq!(found(&files), ["src/lib.rs:3:5 src/inline/gone.rs"]);
    }

    #[test]
    fn what_may_not_be_compiled_or_lie_elsewhere_is_no_loss() {
        let lib = "#[cfg(windows)]\nmod a;\n#[path = \"x.rs\"]\nmod b;\n#[made]\nmod c;\n\
                   cfg_if! { if #[cfg(unix)] {\nmod d;\n} }\n/*\nmod e;\n*/\nmacro_rules! m { () => {\n\
                   mod f;\n} }\n#[cfg(unix)] mod g;\n#[cfg(any(\n    a,\n))]\nmod h;\n";
        assert!(found(&[("src/lib.rs", lib)]).is_empty());
        assert!(found(&[("src/lib.rs", "#![cfg(windows)]\nmod a;\n")]).is_empty());
        assert_eq!(found(&[("src/lib.rs", "#![no_std]\nmod a;\n")]).len(), 1);
    }

    #[test]
    fn files_that_no_target_reaches_or_only_under_a_condition_are_left_alone() {
        let lib = "#[cfg(windows)]\nmod windows;\n";
        let files =
            [("src/lib.rs", lib), ("src/windows.rs", "mod gone;\n"), ("src/old.rs", "mod gone;\n")];
        assert!(found(&files).is_empty());
    }

    #[test]
    fn a_build_script_may_make_it() {
        let lib = file("src/lib.rs", "mod made;\n", Role::Product);
        let script = file("build.rs", "", Role::BuildScript);
        let found = absent(&[lib, script], |_| false);
        assert_eq!(found.len(), 1);
        assert!(found[0].may_be_made);
    }
}
