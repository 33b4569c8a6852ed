//! Bare readers and writers that are handed on, boxed, or flushed: what only a person or a profile
//! can tell to matter.

use syn::{Expr, ExprCall, ExprMethodCall};

use super::claim::{Claim, Shape, Witness};
use super::place;
use super::site::Site;
use crate::model::finding::{Suggestion, Types};
use crate::source::bindings::UseRole;
use crate::source::heat::Quantity;
use crate::source::loops;
use crate::source::tree::NodeId;

/// Constructors that read or write in pieces what they are handed.
const HANDED: &[(&str, bool)] = &[
    ("zip::ZipArchive::new", true),
    ("zip::read::ZipArchive::new", true),
    ("zip::ZipWriter::new", false),
    ("tar::Archive::new", true),
    ("tar::Builder::new", false),
    ("png::Decoder::new", true),
    ("png::Encoder::new", false),
    ("gif::Decoder::new", true),
    ("xml::EventReader::new", true),
    ("xml::EventWriter::new", false),
    ("hound::WavWriter::new", false),
];

/// `Box::new(File::create(path)?)`, `zip::ZipArchive::new(file)`, `serde_json::to_writer(stdout)`,
/// `write_item(&mut file, item)` in a loop, `BufWriter::new(out)` on each turn.
pub fn of_call<'a>(site: &Site<'_, 'a>, call: &'a ExprCall) -> Option<Claim> {
    let Expr::Path(function) = &*call.func else { return None };
    let full = site.resolve(&function.path);
    if let Some((_, reads)) = HANDED.iter().find(|(path, _)| *path == full) {
        let typed = site.type_of(call.args.first()?);
        let is_bare = typed.ty.peeled().is_unbuffered_io();
        let message = format!("`{full}` is handed an unbuffered stream");
        return is_bare.then(|| {
            let claim = possible(site, message, "each piece may be a system call of its own");
            claim.types(typed.by).suggest(Some(if *reads { reader() } else { writer() }))
        });
    }
    match full.as_str() {
        "Box::new" | "std::boxed::Box::new" => boxed(site, call),
        "serde_json::to_writer" | "serde_json::to_writer_pretty" => {
            let typed = site.type_of(call.args.first()?);
            let message = format!("`{full}` writes to standard output piece by piece");
            typed.ty.peeled().is_stdout().then(|| {
                possible(site, message, "locked for each piece, and written at each line end")
                    .types(typed.by)
                    .suggest(Some(writer()))
            })
        }
        "std::io::BufWriter::new" | "std::io::BufReader::new" | "std::io::LineWriter::new" => {
            rewrapped(site, call)
        }
        _ => lent(site, call),
    }
}

fn possible(site: &Site<'_, '_>, message: String, label: &str) -> Claim {
    Claim::new(site.node, message)
        .label(label)
        .shape(Shape::Possible)
        .types(Types::NotNeeded)
        .witness(Witness::of(Quantity::IoCalls, 0.01))
}

fn reader() -> Suggestion {
    let sketch = "let mut input = std::io::BufReader::new(input);";
    Suggestion::shown("wrap it in a `BufReader`", sketch)
}

fn writer() -> Suggestion {
    let sketch = "let mut out = std::io::BufWriter::new(out);\n…\nout.flush()?;";
    Suggestion::shown("wrap it in a `BufWriter`", sketch)
}

/// A file as a `Box<dyn Write>`: whoever gets it writes piece by piece.
fn boxed<'a>(site: &Site<'_, 'a>, call: &'a ExprCall) -> Option<Claim> {
    let made = call.args.first()?;
    let typed = site.type_of(made);
    if typed.ty.is_reference() || !typed.ty.is_unbuffered_io() {
        return None;
    }
    let around = site.function(site.node)?;
    let head = site.file.text.get(site.tree.range(around.id))?;
    let is_written =
        ["dyn Write", "dyn std::io::Write", "dyn io::Write"].iter().any(|ty| head.contains(ty));
    let is_read =
        ["dyn Read", "dyn std::io::Read", "dyn io::Read"].iter().any(|ty| head.contains(ty));
    let suggestion = match (is_written, is_read) {
        (true, false) => writer(),
        (false, true) => reader(),
        _ => return None,
    };
    let message = "an unbuffered stream is boxed for whoever reads or writes".to_owned();
    let claim = possible(site, message, "each call on the box is a system call");
    Some(claim.types(typed.by).suggest(Some(suggestion)))
}

/// A buffer that is made anew around the same stream on each turn.
fn rewrapped<'a>(site: &Site<'_, 'a>, call: &'a ExprCall) -> Option<Claim> {
    let turn = place::own_loop(site, site.node)?;
    let inner = place::bare(call.args.first()?);
    let inner = match inner {
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => &unary.expr,
        Expr::MethodCall(call) if call.method == "by_ref" => &call.receiver,
        other => other,
    };
    if !place::is_place(inner) || !place::is_bound_outside(site, inner, turn.id) {
        return None;
    }
    let message = format!("a buffer around `{}` is made on each turn", site.source(inner));
    let sketch = "let mut buffered = …; // above the loop\nfor … {\n    … buffered …\n}";
    let claim = possible(site, message, "allocated, and emptied, on each turn");
    Some(claim.suggest(Some(Suggestion::shown("wrap it once, before the loop", sketch))))
}

/// `write_item(&mut file, item)` in a loop, where the file is made in this function.
fn lent<'a>(site: &Site<'_, 'a>, call: &'a ExprCall) -> Option<Claim> {
    loops::innermost(site.tree, site.node)?;
    let lent = call.args.iter().find_map(|arg| match arg {
        Expr::Reference(lent) if lent.mutability.is_some() => Some(&*lent.expr),
        _ => None,
    })?;
    let typed = site.type_of(lent);
    let ty = typed.ty.peeled();
    let is_file = ty.is_std("File") || ty.is_stdout();
    if !is_file || !is_first(site, lent) {
        return None;
    }
    let message = format!("an unbuffered `{}` is lent out on each turn", ty.name()?);
    let claim = possible(site, message, "each piece written or read goes to the operating system");
    Some(claim.types(typed.by).suggest(Some(writer())))
}

/// Whether this is the first loan of the stream in a loop: one wrapper serves all.
fn is_first(site: &Site<'_, '_>, lent: &Expr) -> bool {
    let Some(binding) = site.binding(lent) else { return true };
    let in_loop = |id: NodeId| loops::innermost(site.tree, id).is_some();
    let first = site
        .uses(&binding)
        .into_iter()
        .find(|used| matches!(used.role, UseRole::BorrowedMut) && in_loop(used.id));
    first.is_some_and(|used| site.tree.contains(site.node, used.id))
}

/// `self.out.flush()` after each line: in a loop, or at the end of a function that writes.
pub fn flushed<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Claim> {
    if call.method != "flush" || !call.args.is_empty() || !place::is_place(&call.receiver) {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    let is_buffered = ty.is_std("BufWriter");
    let in_loop = loops::innermost(site.tree, site.node).is_some();
    // `print!("> "); stdout.flush()` wants to be seen; what is no writer is not known here.
    let is_dyn = ty.short().contains("Write");
    let writes = !in_loop && is_buffered && is_field(&call.receiver) && writes_before(site, call);
    if !(writes || in_loop && is_dyn && !is_buffered) {
        return None;
    }
    let message = format!("`{}` is flushed after each piece", site.source(&call.receiver));
    let claim = possible(site, message, "the buffer never fills");
    let sketch = "// Flush where all is written, or on `Drop`:\nout.flush()?;";
    Some(claim.types(typed.by).suggest(Some(Suggestion::shown("flush once, at the end", sketch))))
}

fn is_field(expr: &Expr) -> bool {
    matches!(expr, Expr::Field(_))
}

/// Whether the same function writes one piece to what it flushes, and is not there to flush it.
fn writes_before(site: &Site<'_, '_>, call: &ExprMethodCall) -> bool {
    let Some(function) = site.function(site.node) else { return false };
    let name = function.signature.ident.to_string();
    let ends = ["flush", "finish", "close", "drop", "end", "save", "commit", "shutdown", "sync"];
    if ends.iter().any(|end| name.contains(end)) {
        return false;
    }
    let start = site.tree.range(function.id).start;
    let before = site.file.text.get(start..site.tree.range(site.node).start).unwrap_or_default();
    let out = site.source(&call.receiver);
    let writes = |text: &str| {
        ["write!(", "writeln!("].iter().any(|mac| text.contains(&format!("{mac}{out}")))
            || text.contains(&format!("{out}.write"))
    };
    // All pieces of a loop, flushed behind it.
    let in_loop = site.tree.below(function.id).take_while(|&id| id < site.node).any(|id| {
        let is_loop =
            matches!(site.tree.expr(id), Some(Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_)));
        is_loop && writes(site.text(id))
    });
    writes(before) && !in_loop
}

/// `writeln!(self.file, …)` on each call, with a bare file in a field.
pub fn written_by_call<'a>(site: &Site<'_, 'a>, sink: &'a Expr) -> Option<Claim> {
    let typed = site.type_of(sink);
    let is_file = typed.ty.peeled().is_std("File") && is_field(sink);
    if !is_file || loops::innermost(site.tree, site.node).is_some() {
        return None;
    }
    let message = format!("`{}` is written to on each call, unbuffered", site.source(sink));
    let claim = possible(site, message, "each piece of the format goes to the operating system");
    Some(claim.types(typed.by).suggest(Some(writer())))
}
