//! # What it finds
//!
//! A file with the same path that is read on each turn of a loop, or in a function that the
//! profile shows to be called again and again.
//!
//! # What it costs
//!
//! Opening, reading and closing are system calls of some microseconds each, and what was read is
//! checked, copied and mostly parsed anew.
//!
//! # The rewrite
//!
//! Read it before the loop; or keep what was made of it, in a `LazyLock` where it never changes.
//! Shown only: nobody but its author knows whether the file may change meanwhile.
//!
//! # When to keep the code
//!
//! The file is watched: it is read again because it changes. Files below `/proc` and `/sys`, and
//! loops that sleep, are left alone.
//!
//! # How it was proved
//!
//! The profile counts the I/O calls below the line. `ui-tests/reread_file` holds an example.

use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "reread_file",
    summary: "the same file is read again and again",
    on: &[Kind::Call],
    methods: &[],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let Some(Expr::Call(call)) = site.expr() else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    let reads = matches!(
        site.resolve(&function.path).as_str(),
        "std::fs::read_to_string"
            | "std::fs::read"
            | "std::fs::File::open"
            | "fs::read_to_string"
            | "fs::read"
    );
    let path = call.args.first()?;
    if !reads || loops::once_ever(site.tree, site.node) {
        return None;
    }
    let turn = loops::innermost(site.tree, site.node);
    let is_constant = literal_text(path).is_some() || is_constant(path);
    let same_each_turn = turn.is_some_and(|turn| {
        is_constant
            || place::is_place(place::bare(path)) && place::is_invariant(site, path, turn.id)
    });
    if !(same_each_turn || is_constant && turn.is_none()) || is_watched(site, path, turn) {
        return None;
    }
    let named = site.source(path);
    let what = if turn.is_some() { "on each turn" } else { "on each call" };
    let sketch = if turn.is_some() {
        format!("let content = {};\nfor … {{\n    …\n}}", site.text(site.node))
    } else {
        format!(
            "static CONTENT: LazyLock<String> = LazyLock::new(|| {}.expect(\"…\"));",
            site.text(site.node)
        )
    };
    Some(
        Claim::new(site.node, format!("the same file, `{named}`, is read {what}"))
            .label("opened and read anew")
            .shape(if turn.is_some() { Shape::Suspect } else { Shape::NeedsProof })
            .types(Types::NotNeeded)
            .witness(Witness::of(Quantity::IoCalls, 0.01))
            .suggest(Some(Suggestion::shown("read it once", sketch))),
    )
}

/// A constant or static by its name.
fn is_constant(path: &Expr) -> bool {
    let Expr::Path(path) = place::bare(path) else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    let name = last.ident.to_string();
    name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Whether the file is read again because it changes: the loop waits, or writes it too.
fn is_watched(site: &Site<'_, '_>, path: &Expr, turn: Option<loops::Loop<'_>>) -> bool {
    let changes = literal_text(path)
        .is_some_and(|text| ["/proc", "/sys", "/dev"].iter().any(|dir| text.starts_with(dir)));
    let body = turn.map_or("", |turn| site.text(turn.id));
    let waits = ["sleep", "write", "recv", "wait", "remove_file", "create", "rename", "append"];
    let is_endless = turn.is_some_and(|turn| matches!(turn.kind, LoopKind::Loop(_)));
    changes || is_endless || waits.iter().any(|word| place::has_word(body, word))
}
