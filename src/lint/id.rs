//! A finding's id: the lint, the names around the code, and the code itself without what a formatter
//! changes.
//!
//! It survives edits elsewhere in the file, reformatting, and moving the function to another
//! file. Findings that would share an id are numbered in the order of the files.

use std::collections::{HashMap, HashSet};

use crate::model::fnv::Fnv;
use crate::source::{Node, NodeId, SourceFile, Tree};

/// What an id is made of.
pub fn fingerprint(lint: &str, file: &SourceFile, tree: &Tree<'_>, at: NodeId) -> u64 {
    let mut hash = Hash::default();
    hash.add(lint);
    let mut names: Vec<String> = tree.ancestors(at).filter_map(|id| name(tree.node(id))).collect();
    names.reverse();
    for name in names {
        hash.add(&name);
    }
    hash.code(file.text.get(tree.range(at)).unwrap_or_default());
    hash.0.0
}

/// The same for a piece of text that is no code.
pub fn of_text(lint: &str, text: &str) -> u64 {
    let mut hash = Hash::default();
    hash.add(lint);
    hash.add(text);
    hash.0.0
}

/// Turns fingerprints into ids; the order of the calls decides which of two equals comes first.
#[derive(Debug, Default)]
pub struct Ids {
    taken: HashSet<String>,
    /// How far the numbering of equals has come: one by one, from the start again for each, a
    /// generated file would take its square.
    last: HashMap<(String, u64), u64>,
}

impl Ids {
    /// The id of a finding.
    pub fn next(&mut self, lint: &str, fingerprint: u64) -> String {
        let last = self.last.entry((lint.to_owned(), fingerprint)).or_insert(fingerprint);
        let mut value = *last;
        loop {
            let id = format!("{lint}-{:06x}", (value ^ value >> 24 ^ value >> 48) & 0xff_ffff);
            if self.taken.insert(id.clone()) {
                *last = value;
                return id;
            }
            let mut hash = Fnv(value);
            hash.bytes(b"again");
            value = hash.0;
        }
    }
}

fn name(node: Node<'_>) -> Option<String> {
    Some(match node {
        Node::Item(syn::Item::Fn(item)) => item.sig.ident.to_string(),
        Node::Item(syn::Item::Mod(item)) => item.ident.to_string(),
        Node::Item(syn::Item::Trait(item)) => item.ident.to_string(),
        Node::Item(syn::Item::Impl(item)) => self_name(&item.self_ty),
        Node::ImplItem(syn::ImplItem::Fn(item)) => item.sig.ident.to_string(),
        Node::TraitItem(syn::TraitItem::Fn(item)) => item.sig.ident.to_string(),
        _ => return None,
    })
}

fn self_name(ty: &syn::Type) -> String {
    match ty {
        syn::Type::Path(path) => {
            path.path.segments.last().map(|part| part.ident.to_string()).unwrap_or_default()
        }
        syn::Type::Reference(reference) => self_name(&reference.elem),
        _ => String::new(),
    }
}

/// Ids are written into baselines, so the hash may never change with the toolchain.
#[derive(Default)]
struct Hash(Fnv);

impl Hash {
    fn add(&mut self, text: &str) {
        self.0.bytes(text.as_bytes());
        self.0.bytes(&[0]);
    }

    /// Code without what a formatter changes: blanks, and commas before a closing bracket.
    fn code(&mut self, text: &str) {
        let mut comma = false;
        for char in text.chars().filter(|char| !char.is_whitespace()) {
            if comma && !matches!(char, ')' | ']' | '}' | '>') {
                self.0.bytes(b",");
            }
            comma = char == ',';
            if !comma {
                self.0.bytes(char.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_are_numbered_however_many_there_are() {
        let mut ids = Ids::default();
        // Were each numbered from the start, this would take minutes.
        let given: HashSet<String> = (0..50_000).map(|_| ids.next("a_lint", 7)).collect();
        assert_eq!(given.len(), 50_000);
        // Baselines hold the ids of the first ones.
        let mut ids = Ids::default();
        let first: Vec<String> = (0..3).map(|_| ids.next("a_lint", 7)).collect();
        assert_eq!(first, ["a_lint-000007", "a_lint-821c80", "a_lint-34fe15"]);
    }
}
