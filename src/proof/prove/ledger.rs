//! What was proved of a finding, kept under `target/perf` until the code around it changes.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::model::finding::{Finding, Proof};
use crate::source::imports::stripped_prefix;
use crate::workspace::replace;

/// The folder of proofs.
#[derive(Clone, Debug)]
pub struct Ledger {
    folder: PathBuf,
}

/// Why a proof could not be kept.
#[derive(Debug)]
pub struct LedgerError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for LedgerError {}

/// A proof and the code it is about.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    id: String,
    code: String,
    proof: Proof,
}

impl Ledger {
    /// The proofs of a workspace, by its `target/perf`.
    pub fn of(perf_dir: &Path) -> Ledger {
        Ledger { folder: perf_dir.join("proofs") }
    }

    /// Nothing was ever proved here.
    pub fn is_empty(&self) -> bool {
        !self.folder.exists()
    }

    /// Keeps the proof of a finding; `text` is that of its file when it was tried.
    pub fn keep(&self, finding: &Finding, text: &str, proof: &Proof) -> Result<(), LedgerError> {
        let entry =
            Entry { id: finding.id.clone(), code: code(finding, text), proof: proof.clone() };
        let path = self.path(&finding.id);
        let write = || {
            fs::create_dir_all(&self.folder)?;
            let text = serde_json::to_vec_pretty(&entry)?;
            replace(&path, |out| out.write_all(&text)).map_err(|(_, error)| error)
        };
        write().map_err(|error| LedgerError { path: path.clone(), error })
    }

    /// The proof of a finding, if the code around it is still what was proved.
    pub fn proof(&self, finding: &Finding, text: &str) -> Option<Proof> {
        let bytes = fs::read(self.path(&finding.id)).ok()?;
        let entry: Entry = serde_json::from_slice(&bytes).ok()?;
        (entry.id == finding.id && entry.code == code(finding, text)).then_some(entry.proof)
    }

    fn path(&self, id: &str) -> PathBuf {
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
        self.folder.join(format!("{}.json", id.chars().map(plain).collect::<String>()))
    }
}

/// What the proof is about: the function around the finding, and the rewrite.
fn code(finding: &Finding, text: &str) -> String {
    let mut hash = Fnv::default();
    let around = function_around(text, finding.span.bytes.start);
    hash.add(around.and_then(|range| text.get(range)).unwrap_or(text));
    for edit in finding.suggestions.iter().flat_map(|suggestion| &suggestion.edits) {
        hash.add(&edit.text);
    }
    format!("{:016x}", hash.0)
}

fn function_around(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    struct Around {
        at: usize,
        shift: usize,
        found: Option<std::ops::Range<usize>>,
    }
    impl Around {
        fn look(&mut self, node: &impl Spanned) {
            let range = node.span().byte_range();
            let range = range.start + self.shift..range.end + self.shift;
            if range.contains(&self.at) {
                self.found = Some(range);
            }
        }
    }
    impl Visit<'_> for Around {
        fn visit_item_fn(&mut self, item: &syn::ItemFn) {
            self.look(item);
            visit::visit_item_fn(self, item);
        }
        fn visit_impl_item_fn(&mut self, item: &syn::ImplItemFn) {
            self.look(item);
            visit::visit_impl_item_fn(self, item);
        }
        fn visit_trait_item_fn(&mut self, item: &syn::TraitItemFn) {
            self.look(item);
            visit::visit_trait_item_fn(self, item);
        }
    }
    let ast = syn::parse_file(text).ok()?;
    let mut around = Around { at, shift: stripped_prefix(text, &ast), found: None };
    around.visit_file(&ast);
    around.found
}

/// FNV-1a, which is the same with every toolchain.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
