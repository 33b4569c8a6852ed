//! Which benches a target of `bencher` holds: the functions that its source puts into groups.

use std::collections::HashMap;

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};

use crate::bench::detect::is_off;
use crate::workspace::Enabled;

/// In the order in which they run. `None` where the source does not tell all of them, such as
/// those of a group that another file or a macro makes.
pub fn benches(file: &syn::File, features: &Enabled) -> Option<Vec<String>> {
    let mut seen = Seen { features, groups: HashMap::new(), main: None };
    seen.visit_file(file);
    let mut names = Vec::new();
    for group in seen.main? {
        names.extend(seen.groups.remove(group.rsplit("::").next()?)??);
    }
    names.sort();
    names.dedup();
    Some(names)
}

struct Seen<'a> {
    features: &'a Enabled,
    groups: HashMap<String, Option<Vec<String>>>,
    main: Option<Vec<String>>,
}

impl<'ast> Visit<'ast> for Seen<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_off(&module.attrs, self.features) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        let Some(name) = item.mac.path.segments.last() else { return };
        if is_off(&item.attrs, self.features) {
            return;
        }
        if name.ident == "benchmark_main" {
            self.main = paths(&item.mac);
        } else if name.ident == "benchmark_group"
            && let Some((group, _)) = item.mac.tokens.to_string().split_once(',')
        {
            let functions = paths(&item.mac).map(|paths| paths[1..].to_vec());
            self.groups.insert(group.trim().to_owned(), functions);
        }
    }
}

/// The paths that a macro is given, as it writes them itself; `None` where there is anything else.
fn paths(mac: &syn::Macro) -> Option<Vec<String>> {
    let paths = mac.parse_body_with(Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
    let written = |path: syn::Path| {
        let names: Option<Vec<String>> = path
            .segments
            .iter()
            .map(|segment| segment.arguments.is_none().then(|| segment.ident.to_string()))
            .collect();
        names.filter(|_| path.leading_colon.is_none()).map(|names| names.join("::"))
    };
    paths.ok()?.into_iter().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<Vec<String>> {
        benches(&syn::parse_file(text).unwrap(), &Enabled::default())
    }

    #[test]
    fn the_functions_of_all_groups_of_main_are_found_in_the_order_of_their_names() {
        let text = "benchmark_group!(pushes, push, deep::push_all,); \
                    mod inner { bencher::benchmark_group!(pops, pop); } \
                    benchmark_group!(unused, never); \
                    benchmark_main!(pushes, inner::pops);";
        assert_eq!(found(text).unwrap(), ["deep::push_all", "pop", "push"]);
    }

    #[test]
    fn of_two_groups_the_one_counts_whose_condition_holds() {
        let text = "#[cfg(feature = \"fast\")] benchmark_group!(all, fast); \
                    #[cfg(not(feature = \"fast\"))] benchmark_group!(all, slow); \
                    benchmark_main!(all);";
        assert_eq!(found(text).unwrap(), ["slow"]);
    }

    #[test]
    fn what_the_source_does_not_show_is_unknown() {
        assert_eq!(found("mod other; benchmark_main!(other::all);"), None);
        assert_eq!(found("benchmark_group!(all, sum::<u8>); benchmark_main!(all);"), None);
        assert_eq!(found("make_group!(all); benchmark_main!(all);"), None);
        assert_eq!(found("benchmark_group!(all, push); fn main() {}"), None);
    }
}
