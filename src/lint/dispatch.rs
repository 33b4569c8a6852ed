//! Which lints are called for a node: by its kind, and for calls of methods by the name.

use rustc_hash::FxHashMap;

use super::registry::{Entry, KINDS, Kind, Lint};
use crate::source::Node;

/// The lints of a run, by what they ask for; in the order of the list.
pub(super) struct Dispatch {
    by_kind: Vec<Vec<&'static Lint>>,
    by_method: FxHashMap<&'static str, Vec<&'static Lint>>,
    /// Those that ask for every method.
    any_method: Vec<&'static Lint>,
}

impl Dispatch {
    pub(super) fn new(lints: &[&Entry]) -> Dispatch {
        let mut by_kind = vec![Vec::new(); KINDS];
        let (mut by_method, mut any_method) = (FxHashMap::default(), Vec::new());
        let wants_methods = |lint: &Lint| lint.on.contains(&Kind::MethodCall);
        let lints = || lints.iter().map(|entry| entry.lint);
        for name in lints().filter(|lint| wants_methods(lint)).flat_map(|lint| lint.methods) {
            by_method.insert(*name, Vec::new());
        }
        for lint in lints() {
            for &kind in lint.on {
                by_kind[kind as usize].push(lint);
            }
            if !wants_methods(lint) {
                continue;
            }
            let is_any = lint.methods.is_empty();
            any_method.extend(is_any.then_some(lint));
            for (name, wanting) in &mut by_method {
                if is_any || lint.methods.contains(name) {
                    wanting.push(lint);
                }
            }
        }
        Dispatch { by_kind, by_method, any_method }
    }

    /// The lints to call for a node.
    pub(super) fn of(&self, node: Node<'_>) -> &[&'static Lint] {
        match (node, Kind::of(node)) {
            (_, None) => &[],
            (Node::Expr(syn::Expr::MethodCall(call)), _) => {
                let name = call.method.to_string();
                self.by_method.get(name.as_str()).unwrap_or(&self.any_method)
            }
            (_, Some(kind)) => &self.by_kind[kind as usize],
        }
    }
}
