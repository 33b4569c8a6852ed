//! Which harness a bench target uses, found without running it: from its manifest, then its
//! source, then the symbols of the built binary.

use std::path::Path;

use object::{Object, ObjectSymbol};
use syn::visit::{self, Visit};

use super::{Harness, bencher};
use crate::workspace::BenchTarget;
use crate::workspace::Enabled;

/// What the source of a target tells before it is built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clue {
    /// The harness, where the source shows it.
    pub harness: Option<Harness>,
    /// It needs a compiler that takes `#![feature(test)]`.
    pub unstable: bool,
    /// It holds `#[bench]` functions, or macros that make them.
    pub bench_functions: bool,
    /// Its benches, where it is the source that tells them.
    pub benches: Option<Vec<String>>,
}

/// Reads the target's root source file. A file that cannot be read or parsed gives no clue: the
/// build will say what is wrong with it.
pub fn clue(target: &BenchTarget) -> Clue {
    let text = std::fs::read_to_string(&target.source).unwrap_or_default();
    let mut clue = clue_of(&text, &target.features);
    if target.libtest {
        clue.harness = Some(Harness::Libtest);
    }
    clue
}

fn clue_of(text: &str, features: &Enabled) -> Clue {
    let Ok(file) = syn::parse_file(text) else { return Clue::default() };
    let mut seen = Seen::default();
    seen.visit_file(&file);
    let harness = if seen.criterion_main {
        Some(Harness::Criterion)
    } else if seen.divan {
        Some(Harness::Divan)
    } else if seen.criterion {
        Some(Harness::Criterion)
    } else if seen.bencher && seen.benchmark_main {
        Some(Harness::Bencher)
    } else {
        None
    };
    let benches = (harness == Some(Harness::Bencher)).then(|| bencher::benches(&file, features));
    Clue {
        harness,
        unstable: file.attrs.iter().any(|attr| enables_test(&attr.meta, features)),
        bench_functions: seen.bench_functions,
        benches: benches.flatten(),
    }
}

#[derive(Default)]
struct Seen {
    criterion_main: bool,
    criterion: bool,
    divan: bool,
    benchmark_main: bool,
    bencher: bool,
    bench_functions: bool,
}

impl<'ast> Visit<'ast> for Seen {
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        if let Some(name) = mac.path.segments.last() {
            self.criterion_main |= name.ident == "criterion_main";
            self.benchmark_main |= name.ident == "benchmark_main";
        }
        self.note_tokens(&mac.tokens);
        visit::visit_macro(self, mac);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1
            && let Some(first) = path.segments.first()
        {
            self.note_root(&first.ident.to_string());
        }
        visit::visit_path(self, path);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        self.note_root(&item.ident.to_string());
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.note_use(&item.tree);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        self.bench_functions |= attribute.path().is_ident("bench");
        visit::visit_attribute(self, attribute);
    }
}

impl Seen {
    /// The first segment of a path that leads into a crate.
    fn note_root(&mut self, root: &str) {
        match root {
            "criterion" | "codspeed_criterion_compat" => self.criterion = true,
            "divan" | "codspeed_divan_compat" => self.divan = true,
            "bencher" | "codspeed_bencher_compat" => self.bencher = true,
            _ => {}
        }
    }

    fn note_use(&mut self, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.note_root(&path.ident.to_string()),
            syn::UseTree::Name(name) => self.note_root(&name.ident.to_string()),
            syn::UseTree::Rename(rename) => self.note_root(&rename.ident.to_string()),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.note_use(tree)),
            syn::UseTree::Glob(_) => {}
        }
    }

    /// `#[bench]` in the body of a macro.
    fn note_tokens(&mut self, tokens: &proc_macro2::TokenStream) {
        let mut after_hash = false;
        for token in tokens.clone() {
            match token {
                proc_macro2::TokenTree::Group(group) => {
                    let alone = group.stream().to_string() == "bench";
                    self.bench_functions |= after_hash && alone;
                    self.note_tokens(&group.stream());
                    after_hash = false;
                }
                proc_macro2::TokenTree::Punct(punct) => after_hash = punct.as_char() == '#',
                _ => after_hash = false,
            }
        }
    }
}

/// `feature(test)`, alone or under a `cfg_attr` that holds in a bench build.
fn enables_test(meta: &syn::Meta, features: &Enabled) -> bool {
    let syn::Meta::List(list) = meta else { return false };
    let nested = || {
        list.parse_args_with(
            syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
        )
    };
    if list.path.is_ident("feature") {
        return nested().is_ok_and(|metas| metas.iter().any(|meta| meta.path().is_ident("test")));
    }
    if list.path.is_ident("cfg_attr")
        && let Ok(metas) = nested()
        && let Some(condition) = metas.first()
    {
        return holds(condition, features)
            && metas.iter().skip(1).any(|meta| enables_test(meta, features));
    }
    false
}

/// Whether an item is left out of a bench build by its own `cfg`, as far as can be told.
pub(super) fn is_off(attributes: &[syn::Attribute], features: &Enabled) -> bool {
    let conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let parsed = conditions.filter_map(|cfg| cfg.parse_args::<syn::Meta>().ok());
    parsed.into_iter().any(|condition| !holds(&condition, features))
}

/// Whether a condition holds in a bench build; what cannot be told is taken to hold.
fn holds(condition: &syn::Meta, features: &Enabled) -> bool {
    match condition {
        syn::Meta::List(list) => {
            let Ok(parts) = list.parse_args_with(
                syn::punctuated::Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated,
            ) else {
                return true;
            };
            let mut parts = parts.iter().map(|part| holds(part, features));
            if list.path.is_ident("all") {
                parts.all(|holds| holds)
            } else if list.path.is_ident("any") {
                parts.any(|holds| holds)
            } else if list.path.is_ident("not") {
                !parts.all(|holds| holds)
            } else {
                true
            }
        }
        syn::Meta::NameValue(pair) if pair.path.is_ident("feature") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. }) => {
                features.has(&name.value())
            }
            _ => true,
        },
        _ => true,
    }
}

/// A harness leaves hundreds of its functions in a binary; a stray mention leaves a few.
const ENOUGH_SYMBOLS: usize = 20;

/// The harness whose functions the executable holds.
pub fn harness_of_symbols(executable: &Path) -> Option<Harness> {
    let bytes = std::fs::read(executable).ok()?;
    let file = object::File::parse(&*bytes).ok()?;
    let count = |part: &str| {
        file.symbols().filter(|s| s.name().is_ok_and(|name| name.contains(part))).count()
    };
    // As both of rustc's manglings write the crate's name.
    if count("9criterion") >= ENOUGH_SYMBOLS {
        Some(Harness::Criterion)
    } else if count("5divan") >= ENOUGH_SYMBOLS {
        Some(Harness::Divan)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn harness(text: &str) -> Option<Harness> {
        clue_of(text, &Enabled::default()).harness
    }

    #[test]
    fn the_macro_that_makes_main_names_criterion() {
        let text = "use criterion::*; fn b(c: &mut Criterion) {} criterion_group!(g, b); \
                    criterion_main!(g);";
        assert_eq!(harness(text), Some(Harness::Criterion));
        assert_eq!(harness("criterion::criterion_main!(g);"), Some(Harness::Criterion));
    }

    #[test]
    fn a_main_of_ones_own_around_criterion_is_criterion() {
        let text = "fn main() { criterion::Criterion::default().final_summary() }";
        assert_eq!(harness(text), Some(Harness::Criterion));
    }

    #[test]
    fn divan_shows_in_its_main_or_its_attribute() {
        assert_eq!(harness("fn main() { divan::main() }"), Some(Harness::Divan));
        assert_eq!(harness("#[divan::bench] fn f() {} fn main() {}"), Some(Harness::Divan));
    }

    #[test]
    fn bencher_shows_in_the_macro_that_makes_main() {
        let text = "#[macro_use] extern crate bencher; fn f(b: &mut bencher::Bencher) {} \
                    benchmark_group!(g, f); benchmark_main!(g);";
        assert_eq!(harness(text), Some(Harness::Bencher));
        let benches = clue_of(text, &Enabled::default()).benches;
        assert_eq!(benches.as_deref(), Some(&["f".to_owned()][..]));
        assert_eq!(harness("bencher::benchmark_main!(g);"), Some(Harness::Bencher));
        assert_eq!(harness("use bencher::black_box; fn main() {}"), None);
        assert_eq!(harness("benchmark_main!(g);"), None);
    }

    #[test]
    fn a_plain_main_is_nothing_known() {
        assert_eq!(harness("fn main() { run() }"), None);
        assert_eq!(harness("fn main() { // criterion\n let s = \"divan::main\"; }"), None);
        assert_eq!(harness("this does not parse"), None);
    }

    #[test]
    fn bench_functions_are_seen_also_inside_macros() {
        let seen = |text| clue_of(text, &Enabled::default()).bench_functions;
        assert!(seen("#[bench] fn f(b: &mut Bencher) {}"));
        assert!(seen("macro_rules! m { ($n:ident) => { #[bench] fn $n(b: &mut Bencher) {} } }"));
        assert!(!seen("fn bench() {}"));
    }

    #[test]
    fn the_test_feature_counts_where_its_condition_holds() {
        let unstable = |text| clue_of(text, &Enabled::default()).unstable;
        assert!(unstable("#![feature(test)]"));
        assert!(unstable("#![feature(a, test)]"));
        assert!(unstable("#![cfg_attr(test, feature(test))]"));
        assert!(!unstable("#![cfg_attr(feature = \"nightly\", feature(test))]"));
        assert!(unstable("#![cfg_attr(not(feature = \"stable\"), feature(test))]"));
        assert!(!unstable("#![feature(box_patterns)]"));
    }
}
