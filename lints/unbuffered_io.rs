//! # What it finds
//!
//! Reads and writes that go to the operating system one by one: `write!`, `write_all`, `read` or
//! `bytes` on a `File`, a socket, a pipe or standard output in a loop; a serializer that is handed
//! such a reader or writer; `println!` in a loop; a `flush` on each turn.
//!
//! With `--all` also: a bare stream that is boxed, lent out in a loop, or written to on each call;
//! a buffer made around the same stream on each turn; a writer flushed after each piece.
//!
//! # What it costs
//!
//! A system call takes as long as copying kilobytes. A formatted write makes one for each piece of
//! the format string, a serializer one for each token.
//!
//! # The rewrite
//!
//! A `BufReader` or `BufWriter` around the reader or writer where it is made. A writer is flushed
//! where its last use is, so that an error is not lost; without a place for that the rewrite is
//! shown only. `println!` writes to a locked, buffered standard output.
//!
//! # When to keep the code
//!
//! Each write must be seen at once (a log, a prompt, a protocol that waits for answers), or each
//! call moves tens of kilobytes already.
//!
//! # How it was proved
//!
//! The profile counts the I/O calls at the line, per iteration. `ui-tests/unbuffered_io` holds the
//! code before and after.

use crate::lint::prelude::*;
use crate::lint::streams;
use crate::source::bindings::{Binding, Origin, UseRole};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "unbuffered_io",
    summary: "reads or writes go to the operating system one by one",
    on: &[Kind::Call, Kind::MethodCall, Kind::Macro],
    methods: &METHODS,
    check,
};

/// Which way the bytes go.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Read,
    Write,
}

impl Way {
    fn wrapper(self) -> &'static str {
        match self {
            Way::Read => "std::io::BufReader",
            Way::Write => "std::io::BufWriter",
        }
    }
}

/// Functions that read or write in many small pieces what they are handed, by way and argument.
const SERIALIZERS: &[(&str, Way, usize)] = &[
    ("serde_json::to_writer", Way::Write, 0),
    ("serde_json::to_writer_pretty", Way::Write, 0),
    ("serde_json::from_reader", Way::Read, 0),
    ("serde_json::Serializer::new", Way::Write, 0),
    ("serde_json::Serializer::pretty", Way::Write, 0),
    ("serde_json::Deserializer::from_reader", Way::Read, 0),
    ("quick_xml::Writer::new", Way::Write, 0),
    ("xml::reader::EventReader::new", Way::Read, 0),
    ("rmp_serde::Serializer::new", Way::Write, 0),
    ("postcard::to_io", Way::Write, 1),
    ("bincode::serialize_into", Way::Write, 0),
    ("bincode::deserialize_from", Way::Read, 0),
    ("ciborium::into_writer", Way::Write, 1),
    ("ciborium::from_reader", Way::Read, 0),
    ("rmp_serde::encode::write", Way::Write, 0),
    ("rmp_serde::from_read", Way::Read, 0),
    ("serde_yaml::to_writer", Way::Write, 0),
];

/// Buffers below this are hardly ones.
const LEAST_BUFFER: u64 = 512;

const METHODS: [&str; 8] =
    ["write", "write_all", "write_fmt", "write_str", "read", "read_exact", "bytes", "flush"];
const WRITES: [&str; 4] = ["write", "write_all", "write_fmt", "write_str"];
const READS: [&str; 3] = ["read", "read_exact", "bytes"];

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    match site.tree.node(site.node) {
        Node::Expr(Expr::Call(call)) => {
            serializer(site, call).or_else(|| streams::of_call(site, call))
        }
        Node::Expr(Expr::MethodCall(call)) => {
            method(site, call).or_else(|| streams::flushed(site, call))
        }
        Node::Expr(Expr::Macro(call)) => written(site, &call.mac),
        Node::Stmt(Stmt::Macro(call)) => written(site, &call.mac),
        _ => None,
    }
}

/// A serializer that is handed a bare reader or writer.
fn serializer(site: &Site<'_, '_>, call: &ExprCall) -> Option<Claim> {
    let Expr::Path(function) = &*call.func else { return None };
    let full = site.resolve(&function.path);
    if let Some(claim) = tiny(site, call, &full) {
        return Some(claim);
    }
    let (path, way, at) = SERIALIZERS.iter().find(|(path, ..)| *path == full)?;
    let bare = call.args.iter().nth(*at)?;
    let bare_id = site.tree.id(bare)?;
    let bare = site.tree.expr(bare_id)?;
    let typed = site.type_of(bare);
    if !typed.ty.peeled().is_unbuffered_io() {
        return None;
    }
    let what = if *way == Way::Read { "reads from" } else { "writes to" };
    let wrapped = format!("{}::new({})", way.wrapper(), site.source(bare));
    let edits = vec![site.replace(site.tree.range(bare_id), wrapped)];
    let suggestion = match way {
        Way::Read => Suggestion {
            message: "read through a `BufReader`".to_owned(),
            // A reader that is borrowed may be read on after this call.
            grade: if typed.ty.is_reference() { Grade::Unsafe } else { Grade::Safe },
            edits,
            sketch: None,
            caveat: typed.ty.is_reference().then(|| {
                "what the buffer read ahead is missing for whoever reads on afterwards".to_owned()
            }),
            dependency: None,
        },
        Way::Write => Suggestion {
            message: "write through a `BufWriter`".to_owned(),
            grade: Grade::Unsafe,
            edits,
            sketch: None,
            caveat: Some("an error of the last write is lost unless it is flushed".to_owned()),
            dependency: None,
        },
    };
    Some(
        Claim::new(site.node, format!("`{path}` {what} {}", described(&typed)))
            .label("each token is a system call of its own")
            .shape(Shape::Certain)
            .types(typed.by)
            .witness(Witness::of(Quantity::IoCalls, 0.01))
            .suggest(Some(suggestion)),
    )
}

/// `BufWriter::with_capacity(16, file)`.
fn tiny(site: &Site<'_, '_>, call: &ExprCall, full: &str) -> Option<Claim> {
    let owner = full.strip_prefix("std::io::")?.strip_suffix("::with_capacity")?;
    if !matches!(owner, "BufReader" | "BufWriter" | "LineWriter") {
        return None;
    }
    let (size, inner) = (call.args.first()?, call.args.iter().nth(1)?);
    let Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(bytes), .. }) = size else { return None };
    let bytes: u64 = bytes.base10_parse().ok()?;
    if bytes >= LEAST_BUFFER {
        return None;
    }
    let path = site.source(&call.func).strip_suffix("::with_capacity")?;
    let text = format!("{path}::new({})", site.source(inner));
    Some(
        Claim::new(
            site.node,
            format!("a buffer of {bytes} bytes goes to the operating system often"),
        )
        .label("far smaller than what a call can move")
        .types(Types::NotNeeded)
        .witness(Witness::of(Quantity::IoCalls, 0.01))
        .suggest(Some(Suggestion::with_caveat(
            "take the usual size",
            vec![site.replace(site.tree.range(site.node), text)],
            "more is read ahead, or kept back, at a time",
        ))),
    )
}

/// `file.write_all(…)`, `file.bytes()`, `out.flush()` in a loop.
fn method(site: &Site<'_, '_>, call: &ExprMethodCall) -> Option<Claim> {
    let name = call.method.to_string();
    let is_bytes = name == "bytes" && call.args.is_empty();
    let way = if WRITES.contains(&name.as_str()) {
        Way::Write
    } else if READS.contains(&name.as_str()) {
        Way::Read
    } else if name == "flush" && call.args.is_empty() {
        return flushed(site, call);
    } else {
        return None;
    };
    let turn = loops::innermost(site.tree, site.node);
    // `bytes` is itself the loop: each step of the iterator reads one byte.
    if turn.is_none() && !is_bytes {
        return None;
    }
    let receiver = receiver(site, &call.receiver)?;
    let typed = site.type_of(receiver);
    if !is_bare(&typed.ty, way) || is_large(site, call, way) {
        return None;
    }
    let message = if is_bytes {
        format!("each byte of {} is read by itself", described(&typed))
    } else {
        let verb = if way == Way::Read { "read from" } else { "written to" };
        format!("{} is {verb} on each turn", described(&typed))
    };
    let claim = Claim::new(site.node, message)
        .regions(first_of(site, receiver)?)
        .label("each call goes to the operating system")
        .shape(if is_bytes { Shape::Certain } else { Shape::Suspect })
        .types(typed.by)
        .witness(Witness::of(Quantity::IoCalls, 0.01));
    Some(claim.suggest(Some(wrap(site, receiver, way))))
}

/// `write!(file, …)` and `println!` in a loop.
fn written(site: &Site<'_, '_>, mac: &syn::Macro) -> Option<Claim> {
    let name = mac.path.get_ident()?.to_string();
    let Some(turn) = loops::innermost(site.tree, site.node) else {
        let writes = matches!(name.as_str(), "write" | "writeln");
        let sink = site.tree.arguments(mac)?.exprs.first().filter(|_| writes)?;
        return streams::written_by_call(site, receiver(site, sink)?);
    };
    match name.as_str() {
        "print" | "println" => {
            let claim = printed(site, &name);
            // A trace, or a word now and then.
            let is_rare = crate::lint::filled::is_conditional(site, site.node, turn.id)
                && !matches!(turn.kind, LoopKind::Adapter(_));
            Some(if is_rare { claim.shape(Shape::NeedsProof) } else { claim })
        }
        "write" | "writeln" => {
            let sink = receiver(site, site.tree.arguments(mac)?.exprs.first()?)?;
            let typed = site.type_of(sink);
            if !is_bare(&typed.ty, Way::Write) {
                return None;
            }
            let message = format!("{} is written to on each turn", described(&typed));
            let claim = Claim::new(site.node, message)
                .regions(first_of(site, sink)?)
                .label("each piece of the format goes to the operating system")
                .types(typed.by)
                .witness(Witness::of(Quantity::IoCalls, 0.01));
            Some(claim.suggest(Some(wrap(site, sink, Way::Write))))
        }
        _ => None,
    }
}

fn printed(site: &Site<'_, '_>, name: &str) -> Claim {
    Claim::new(site.node, format!("`{name}!` locks and writes standard output on each turn"))
        .label("each line goes to the operating system")
        .types(Types::NotNeeded)
        .witness(Witness::of(Quantity::IoCalls, 0.01))
        .suggest(Some(Suggestion {
            message: "lock it once and write through a `BufWriter`".to_owned(),
            grade: Grade::Display,
            edits: Vec::new(),
            sketch: Some(
                "let mut out = std::io::BufWriter::new(std::io::stdout().lock());\n\
                 for … {\n    writeln!(out, …)?;\n}\nout.flush()?;"
                    .to_owned(),
            ),
            caveat: None,
            dependency: None,
        }))
}

/// A buffered writer that is flushed on each turn.
fn flushed(site: &Site<'_, '_>, call: &ExprMethodCall) -> Option<Claim> {
    let turn = loops::innermost(site.tree, site.node)?;
    let out = receiver(site, &call.receiver)?;
    let typed = site.type_of(out);
    // One that is made on this turn ends with it.
    let is_outer = !place::is_place(out) || place::is_bound_outside(site, out, turn.id);
    if typed.ty.peeled().std_name() != Some("BufWriter") || !is_outer {
        return None;
    }
    Some(
        Claim::new(site.node, "a buffered writer is flushed on each turn")
            .label("the buffer never fills")
            .types(typed.by)
            .witness(Witness::of(Quantity::IoCalls, 0.01))
            .suggest(Some(Suggestion::shown(
                "flush once, behind the loop",
                "for … {\n    …\n}\nout.flush()?;",
            ))),
    )
}

/// All calls on the same reader or writer in this loop, if this is the first of them: one wrapper
/// serves them all, so one finding speaks for them all.
fn first_of(site: &Site<'_, '_>, expr: &Expr) -> Option<Vec<NodeId>> {
    let Some(binding) = site.binding(expr) else { return Some(vec![site.node]) };
    let Some(turn) = loops::innermost(site.tree, site.node) else { return Some(vec![site.node]) };
    let mut calls: Vec<NodeId> = site
        .uses(&binding)
        .iter()
        .filter(|found| site.tree.contains(turn.id, found.id))
        .filter_map(|found| {
            let around = std::iter::once(found.id).chain(site.tree.ancestors(found.id));
            around.take(3).find(|&id| {
                let is_macro = Kind::of(site.tree.node(id)) == Some(Kind::Macro);
                is_macro || matches!(site.tree.node(id), Node::Expr(Expr::MethodCall(_)))
            })
        })
        .collect();
    calls.dedup();
    (calls.first() == Some(&site.node)).then_some(calls)
}

/// The expression itself, of this tree, without references around it.
fn receiver<'a>(site: &Site<'_, 'a>, expr: &Expr) -> Option<&'a Expr> {
    let mut expr = site.tree.expr(site.tree.id(expr)?)?;
    while let Expr::Reference(inner) = expr {
        expr = &inner.expr;
    }
    Some(expr)
}

fn is_bare(ty: &crate::model::type_name::TypeName, way: Way) -> bool {
    let ty = ty.peeled();
    ty.is_unbuffered_io() || (way == Way::Write && ty.is_stdout())
}

/// Whether each call moves a buffer that is known to be large.
fn is_large(site: &Site<'_, '_>, call: &ExprMethodCall, way: Way) -> bool {
    let Some(buffer) = call.args.first().and_then(|arg| receiver(site, arg)) else { return false };
    let Some(binding) = site.binding(buffer) else { return false };
    let Origin::Let(local, _) = binding.origin else { return false };
    let Some(init) = &local.init else { return false };
    let length = match &*init.expr {
        Expr::Repeat(array) => Some(site.source(&array.len)),
        Expr::Macro(made) if way == Way::Read => {
            let exprs = site.tree.arguments(&made.mac).map(|arguments| &arguments.exprs);
            exprs.and_then(|exprs| exprs.get(1)).map(|length| site.source(length))
        }
        _ => None,
    };
    // What cannot be read as a small number is taken for a large one: the profile may disagree.
    let number = |text: &str| text.replace('_', "").parse::<u64>().unwrap_or(u64::MAX);
    length.is_some_and(|text| number(text) >= 4096)
}

/// Wraps the reader or writer where it is made, if that is in sight and nothing but reads or
/// writes is asked of it.
fn wrap(site: &Site<'_, '_>, expr: &Expr, way: Way) -> Suggestion {
    wrapped(site, expr, way).unwrap_or_else(|| by_hand(way))
}

fn wrapped(site: &Site<'_, '_>, expr: &Expr, way: Way) -> Option<Suggestion> {
    if way == Way::Read && matches!(expr, Expr::Path(_)) {
        let binding = site.binding(expr)?;
        let Origin::Let(local, _) = binding.origin else { return bytes_of(site, expr) };
        let only_read = uses_are(site, &binding, &["read", "read_exact", "bytes", "read_to_end"]);
        if !only_read {
            return None;
        }
        return Some(Suggestion {
            message: "read through a `BufReader`".to_owned(),
            grade: Grade::Safe,
            edits: vec![around(site, &local.init.as_ref()?.expr, way)?],
            sketch: None,
            caveat: None,
            dependency: None,
        });
    }
    let binding = site.binding(expr)?;
    let Origin::Let(local, stmt) = binding.origin else { return None };
    if local.init.as_ref()?.diverge.is_some()
        || has_type(local)
        || !uses_are(site, &binding, &WRITES)
    {
        return None;
    }
    let name = binding.name.ident.to_string();
    let mut edits = vec![around(site, &local.init.as_ref()?.expr, way)?];
    binding.name.mutability?;
    let last = site.uses(&binding).into_iter().map(|found| found.id).max()?;
    // The statement of the writer's own block that holds its last use, usually the loop.
    let block = site.tree.parent(stmt)?;
    let last = std::iter::once(last)
        .chain(site.tree.ancestors(last))
        .find(|&id| site.tree.parent(id) == Some(block))?;
    let end = site.tree.range(last).end;
    let text = &site.file.text;
    if is_tail(site, block, last) || !text.get(..end)?.ends_with(['}', ';']) {
        return None;
    }
    let indent = site.indentation(site.tree.range(stmt).start);
    let tail = how_errors_end(site)?;
    edits.push(site.insert(end, format!("\n{indent}std::io::Write::flush(&mut {name}){tail};")));
    let leaves = site.tree.below(last).any(|id| {
        matches!(site.tree.node(id), Node::Expr(Expr::Return(_) | Expr::Break(_)))
            && site.tree.parent(id) != Some(last)
    });
    let caveat = "an error of the last write is lost where the loop is left early";
    Some(Suggestion {
        message: "write through a `BufWriter`, and flush it where it was last used".to_owned(),
        grade: if leaves { Grade::Unsafe } else { Grade::Safe },
        edits,
        sketch: None,
        caveat: leaves.then(|| caveat.to_owned()),
        dependency: None,
    })
}

/// `file.bytes()` of a parameter: wrapped right there.
fn bytes_of(site: &Site<'_, '_>, expr: &Expr) -> Option<Suggestion> {
    let Some(Expr::MethodCall(call)) = site.expr() else { return None };
    if call.method != "bytes" || site.type_of(receiver(site, expr)?).ty.is_reference() {
        return None;
    }
    Some(Suggestion {
        message: "read through a `BufReader`".to_owned(),
        grade: Grade::Safe,
        edits: vec![around(site, expr, Way::Read)?],
        sketch: None,
        caveat: None,
        dependency: None,
    })
}

fn around(site: &Site<'_, '_>, made: &Expr, way: Way) -> Option<Edit> {
    let id = site.tree.id(made)?;
    let text = format!("{}::new({})", way.wrapper(), site.text(id));
    Some(site.replace(site.tree.range(id), text))
}

fn has_type(local: &syn::Local) -> bool {
    matches!(local.pat, syn::Pat::Type(_))
}

/// Whether a binding is only used as the receiver of these methods, or written to by a macro.
fn uses_are(site: &Site<'_, '_>, binding: &Binding<'_>, methods: &[&str]) -> bool {
    site.uses(binding).iter().all(|found| match found.role {
        UseRole::Receiver(call) => methods.contains(&call.method.to_string().as_str()),
        UseRole::Formatted | UseRole::BorrowedMut => in_write(site, found.id),
        _ => false,
    })
}

/// Whether a use is the sink of `write!`.
fn in_write(site: &Site<'_, '_>, id: NodeId) -> bool {
    std::iter::once(id).chain(site.tree.ancestors(id)).take(3).any(|id| {
        let mac = match site.tree.node(id) {
            Node::Expr(Expr::Macro(call)) => &call.mac,
            Node::Stmt(Stmt::Macro(call)) => &call.mac,
            _ => return false,
        };
        mac.path.is_ident("write") || mac.path.is_ident("writeln")
    })
}

/// Whether a statement is the value of its block, so that nothing can stand behind it.
fn is_tail(site: &Site<'_, '_>, block: NodeId, statement: NodeId) -> bool {
    let Node::Block(block) = site.tree.node(block) else { return true };
    match site.tree.node(statement) {
        Node::Stmt(Stmt::Expr(Expr::ForLoop(_) | Expr::While(_) | Expr::Loop(_), None)) => false,
        Node::Stmt(Stmt::Expr(_, None)) => true,
        Node::Stmt(Stmt::Macro(call)) => call.semi_token.is_none() && block.stmts.len() == 1,
        _ => false,
    }
}

/// How the write itself treats errors: `?` and `unwrap` are repeated on the flush.
fn how_errors_end(site: &Site<'_, '_>) -> Option<&'static str> {
    match site.tree.expr(site.tree.parent(site.node)?)? {
        Expr::Try(_) => Some("?"),
        Expr::MethodCall(call) if call.method == "unwrap" || call.method == "expect" => {
            Some(".unwrap()")
        }
        _ => None,
    }
}

fn by_hand(way: Way) -> Suggestion {
    let sketch = match way {
        Way::Read => "let mut input = std::io::BufReader::new(input);",
        Way::Write => "let mut out = std::io::BufWriter::new(out);\n…\nout.flush()?;",
    };
    Suggestion {
        message: format!("wrap it in a `{}` where it is made", way.wrapper()),
        grade: Grade::Display,
        edits: Vec::new(),
        sketch: Some(sketch.to_owned()),
        caveat: None,
        dependency: None,
    }
}

fn described(typed: &crate::source::infer::Typed) -> String {
    let ty = typed.ty.peeled();
    let kind = if ty.is_stdout() { "a line-buffered" } else { "an unbuffered" };
    format!("{kind} `{}`", ty.name().unwrap_or("stream"))
}
