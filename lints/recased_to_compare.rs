//! # What it finds
//!
//! A text whose case is changed only to compare it: `word.to_lowercase() == "limit"`,
//! `a.to_ascii_lowercase() == b.to_ascii_lowercase()`.
//!
//! # What it costs
//!
//! An allocation, a copy that looks at each character, and a free for each comparison, also for
//! texts whose length alone would tell.
//!
//! # The rewrite
//!
//! `eq_ignore_ascii_case`, which compares in place. Safe where only ASCII letters can become the
//! text that it is compared with; a few others have an ASCII letter as their other case: the Kelvin
//! sign is a `k` in lower case, `ß` is `SS` in upper case.
//!
//! # When to keep the code
//!
//! Both sides are texts of all languages, whose case only Unicode's tables know.
//!
//! # How it was proved
//!
//! The profile shows the conversion below this very call. `ui-tests/recased_to_compare` holds the
//! code before and after.

use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "recased_to_compare",
    summary: "a text's case is changed only to compare it",
    on: &[Kind::MethodCall],
    methods: &["to_lowercase", "to_uppercase", "to_ascii_lowercase", "to_ascii_uppercase"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    let to = Case::of(call)?;
    let (tree, mut id) = (site.tree, site.node);
    // `x.to_lowercase().as_str() == …`
    if let Some((outer, view)) = place::called_on(site, id)
        && matches!(view.method.to_string().as_str(), "as_str" | "as_ref")
    {
        id = outer;
    }
    let parent = tree.parent(id)?;
    let Expr::Binary(both) = tree.expr(parent)? else { return None };
    let not = match both.op {
        syn::BinOp::Eq(_) => "",
        syn::BinOp::Ne(_) => "!",
        _ => return None,
    };
    let is_left = tree.id(&both.left) == Some(id);
    let other = if is_left { &*both.right } else { &*both.left };
    let subject = site.source(&call.receiver);
    let edits = |with: &str| {
        let text = format!("{not}{subject}.eq_ignore_ascii_case({with})");
        vec![site.replace(tree.range(parent), text)]
    };
    let message = "compare without regard to case";
    let (types, suggestion) = match literal_text(other) {
        // Nothing else than a text can be equal to one.
        Some(text) => {
            // Another case than that would never be equal.
            if !text.is_ascii() || text != to.applied(&text) {
                return None;
            }
            let edits = edits(site.source(other));
            let suggestion = match to.others(&text) {
                None => Suggestion::safe(message, edits),
                Some(others) => Suggestion::with_caveat(message, edits, others),
            };
            (Types::NotNeeded, suggestion)
        }
        None => {
            // One finding for both sides.
            let Expr::MethodCall(theirs) = other else { return None };
            if !is_left || Case::of(theirs)? != to {
                return None;
            }
            let typed = site.type_of(&call.receiver);
            let ty = typed.ty.peeled();
            if !ty.is_text() && !ty.is_std("Cow") {
                return None;
            }
            // A reference to a text is one already.
            let lent = site.type_of(&theirs.receiver).ty.is_reference();
            let and = if lent { "" } else { "&" };
            let edits = edits(&format!("{and}{}", site.source(&theirs.receiver)));
            let suggestion = if to.ascii {
                Suggestion::safe(message, edits)
            } else {
                let caveat = "letters beyond ASCII are then compared as they are";
                Suggestion::with_caveat(message, edits, caveat)
            };
            (typed.by, suggestion)
        }
    };
    let short = if subject.contains('\n') { "a text" } else { &format!("`{subject}`") };
    Some(
        Claim::new(site.node, format!("the case of {short} is changed only to compare it"))
            .label("allocated, converted and freed")
            .types(types)
            .witness(Witness::cpu_in(converts))
            .yields_to(&["invariant_call_in_loop"])
            .suggest(Some(suggestion)),
    )
}

/// The case that a method changes a text to.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Case {
    upper: bool,
    ascii: bool,
}

impl Case {
    fn of(call: &ExprMethodCall) -> Option<Case> {
        let (upper, ascii) = match call.method.to_string().as_str() {
            "to_lowercase" => (false, false),
            "to_uppercase" => (true, false),
            "to_ascii_lowercase" => (false, true),
            "to_ascii_uppercase" => (true, true),
            _ => return None,
        };
        call.args.is_empty().then_some(Case { upper, ascii })
    }

    fn applied(self, text: &str) -> String {
        if self.upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() }
    }

    /// What beyond ASCII letters becomes a part of this text, in words.
    fn others(self, text: &str) -> Option<&'static str> {
        // From Unicode's tables: `K`; `ı`, `ſ`, `ß` and the ligatures of `f` and `st`.
        let (letters, words): (&[char], _) = if self.upper {
            (&['I', 'S', 'F'], "`ı`, `ſ`, `ß` and ligatures are not an `I`, `S`, `SS`, `FF` then")
        } else {
            (&['k'], "the Kelvin sign is not a `k` then")
        };
        (!self.ascii && text.contains(letters)).then_some(words)
    }
}

/// Frames of converting a text.
fn converts(function: &str) -> bool {
    let parts = ["to_lower", "to_upper", "to_ascii_", "RawVec", "alloc::alloc::", "__rust_"];
    parts.iter().any(|part| function.contains(part))
        || ["malloc", "free", "cfree", "_int_malloc", "_int_free", "realloc"].contains(&function)
}
