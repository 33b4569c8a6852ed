//! Attributes of items: whether they decide what an item is, or whether it is there at all.

use syn::{Attribute, ImplItem, Item};

use super::test_code;
use crate::source::Node;

/// Those of an item that may stand for tests or another configuration only.
pub fn of(node: Node<'_>) -> &[Attribute] {
    match node {
        Node::Item(Item::Fn(item)) => &item.attrs,
        Node::Item(Item::Mod(item)) => &item.attrs,
        Node::Item(Item::Impl(item)) => &item.attrs,
        Node::ImplItem(ImplItem::Fn(item)) => &item.attrs,
        _ => &[],
    }
}

/// Whether an item is there under a condition only, other than that of tests.
pub fn is_conditional(node: Node<'_>) -> bool {
    of(node).iter().any(|attribute| attribute.path().is_ident("cfg")) && !test_code::is_test(node)
}

/// Whether a function is what its text says: what a macro makes of it nobody sees.
pub fn is_as_written(attrs: &[Attribute]) -> bool {
    const KNOWN: [&str; 21] = [
        "allow",
        "automatically_derived",
        "cfg",
        "cfg_attr",
        "cold",
        "deny",
        "deprecated",
        "doc",
        "expect",
        "export_name",
        "forbid",
        "inline",
        "instrument",
        "main",
        "must_use",
        "no_mangle",
        "target_feature",
        "test",
        "track_caller",
        "unsafe",
        "warn",
    ];
    attrs.iter().all(|attribute| {
        let path = attribute.path();
        let is_named = |name: &&str| path.segments.last().is_some_and(|last| last.ident == name);
        let is_of_tool = path.segments.len() > 1
            && path.segments.first().is_some_and(|first| {
                ["rustfmt", "clippy", "diagnostic"].iter().any(|tool| first.ident == tool)
            });
        is_of_tool || KNOWN.iter().any(is_named)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_written(code: &str) -> bool {
        is_as_written(&syn::parse_str::<syn::ItemFn>(code).unwrap().attrs)
    }

    #[test]
    fn what_may_be_a_macro_hides_what_a_function_does() {
        assert!(as_written("/// Text.\n#[inline(always)] #[rustfmt::skip] fn f() {}"));
        assert!(as_written("#[tracing::instrument(skip(x))] #[unsafe(no_mangle)] fn f() {}"));
        assert!(!as_written("#[inline] #[cached] fn f() {}"));
        assert!(!as_written("#[cached::proc_macro::cached(size = 8)] fn f() {}"));
    }
}
