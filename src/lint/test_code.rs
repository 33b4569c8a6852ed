//! What is compiled for tests only: the lints have nothing to say of it.

use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Meta, Token};

use super::attributes;
use crate::source::Node;

/// Items that are compiled for tests only.
pub fn is_test(node: Node<'_>) -> bool {
    is_test_only(attributes::of(node))
}

/// The files and folders that `#[cfg(test)] mod …;` declarations of a file bring in.
pub fn modules(path: &Path, file: &syn::File) -> Vec<PathBuf> {
    let stem = path.file_stem().unwrap_or_default();
    let owns_folder = ["lib", "main", "mod"].iter().any(|name| stem == *name);
    let folder = path.parent().unwrap_or(Path::new(""));
    let children = if owns_folder { folder.to_owned() } else { folder.join(stem) };
    let is_out_of_line = |item: &&syn::ItemMod| item.content.is_none() && is_test_only(&item.attrs);
    let modules = file.items.iter().filter_map(|item| match item {
        Item::Mod(item) => Some(item),
        _ => None,
    });
    modules
        .filter(is_out_of_line)
        .flat_map(|item| match path_attribute(&item.attrs) {
            Some(path) => vec![folder.join(path)],
            None => {
                let name = item.ident.to_string();
                vec![children.join(&name), children.join(name + ".rs")]
            }
        })
        .collect()
}

fn path_attribute(attrs: &[Attribute]) -> Option<String> {
    attrs.iter().find_map(|attr| match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => {
            crate::source::syntax::literal_text(&pair.value)
        }
        _ => None,
    })
}

fn is_test_only(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        let path = attr.path();
        let last = path.segments.last().map(|part| part.ident.to_string());
        match last.as_deref() {
            Some("test") => true,
            Some("cfg") => attr.parse_args::<Meta>().is_ok_and(|meta| requires_test(&meta)),
            _ => false,
        }
    })
}

/// Whether a `cfg` holds only in tests.
fn requires_test(meta: &Meta) -> bool {
    match meta {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => list
            .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .is_ok_and(|parts| parts.iter().any(requires_test)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_for_tests_are_files_and_folders() {
        let file = syn::parse_str(
            "#[cfg(test)] mod a; mod b; #[cfg(all(test, unix))] #[path = \"c/d.rs\"] mod e;",
        );
        let file = file.unwrap();
        let paths = |name: &str| {
            let found = modules(Path::new(name), &file);
            found.iter().map(|path| path.to_string_lossy().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(paths("src/lib.rs"), ["src/a", "src/a.rs", "src/c/d.rs"]);
        assert_eq!(paths("src/x.rs"), ["src/x/a", "src/x/a.rs", "src/c/d.rs"]);
    }

    #[test]
    fn a_cfg_that_holds_elsewhere_too_is_no_test() {
        let attrs = |code: &str| syn::parse_str::<syn::ItemFn>(code).unwrap().attrs;
        assert!(is_test_only(&attrs("#[tokio::test] fn f() {}")));
        assert!(is_test_only(&attrs("#[cfg(all(test, feature = \"x\"))] fn f() {}")));
        assert!(!is_test_only(&attrs("#[cfg(any(test, feature = \"x\"))] fn f() {}")));
        assert!(!is_test_only(&attrs("#[cfg(not(test))] fn f() {}")));
    }
}
