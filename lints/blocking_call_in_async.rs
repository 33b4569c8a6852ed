//! # What it finds
//!
//! A call that blocks its thread within an `async` function or block: `std::thread::sleep`,
//! `std::fs`, `std::net`, a process that is waited for, `recv` of a channel of threads, `join` of
//! a thread, `reqwest::blocking`, `block_on`.
//!
//! # What it costs
//!
//! A thread of the runtime that waits runs no other task meanwhile. With as many such calls at a
//! time as there are threads, everything stands still.
//!
//! # The rewrite
//!
//! The runtime's own call with `.await`, where there is one; else `spawn_blocking`.
//!
//! # When to keep the code
//!
//! It is done once, at the start, or the future has a thread of its own. Files of the operating
//! system's cache are often read faster than a task is handed over.
//!
//! # How it was proved
//!
//! By its shape; waiting of this kind leaves no samples. Where it reads or writes, the profile
//! counts the calls. `ui-tests/blocking_call_in_async` holds an example.

use crate::lint::prelude::*;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "blocking_call_in_async",
    summary: "a call blocks the thread that a future runs on",
    on: &[Kind::Call, Kind::MethodCall],
    methods: &[
        "join",
        "recv",
        "output",
        "status",
        "wait",
        "wait_with_output",
        "block_on",
        "read_to_string",
        "read_to_end",
        "read_line",
        "write_all",
        "blocking_recv",
        "blocking_send",
        "blocking_lock",
    ],
    check,
};

/// Calls for input and output that are fewer of all do not matter.
const LEAST_CALLS: f64 = 0.01;

/// What a call does to its thread.
struct Blocks {
    what: &'static str,
    shape: Shape,
    types: Types,
    /// The call of tokio that does the same.
    instead: Option<String>,
}

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let expr = site.expr()?;
    let found = match expr {
        Expr::Call(call) => function(site, call)?,
        Expr::MethodCall(call) => method(site, call)?,
        _ => return None,
    };
    if !place::is_async(site, site.node) || is_awaited(site) || is_start(site, found.shape) {
        return None;
    }
    let shown = place::on_one_line(site.text(site.node));
    let sketch = match &found.instead {
        Some(path) => format!("{path}{}.await", arguments(shown)),
        None => format!("tokio::task::spawn_blocking(move || {shown}).await"),
    };
    let suggestion = replaced(site, expr, &found)
        .unwrap_or_else(|| Suggestion::shown("wait without blocking the thread", sketch));
    let claim = Claim::new(site.node, format!("{} in a future", found.what))
        .label("no other task runs on this thread meanwhile")
        .shape(found.shape)
        .types(found.types)
        .about(site.node)
        .yields_to(&["query_per_row"])
        .leaves_no_samples();
    let claim = match found.shape {
        Shape::Suspect => claim.witness(Witness::of(Quantity::IoCalls, LEAST_CALLS)),
        _ => claim,
    };
    Some(claim.suggest(Some(suggestion)))
}

fn function(site: &Site<'_, '_>, call: &ExprCall) -> Option<Blocks> {
    let Expr::Path(path) = &*call.func else { return None };
    let full = site.resolve(&path.path);
    let blocks = |what, shape, instead: Option<&str>| {
        let instead = instead.map(str::to_owned);
        Some(Blocks { what, shape, types: Types::NotNeeded, instead })
    };
    match full.as_str() {
        "std::thread::sleep" => {
            blocks("the thread sleeps", Shape::Certain, Some("tokio::time::sleep"))
        }
        "futures::executor::block_on"
        | "pollster::block_on"
        | "async_std::task::block_on"
        | "smol::block_on"
        | "futures_lite::future::block_on" => {
            blocks("the thread waits for a future", Shape::Certain, None)
        }
        "std::net::TcpStream::connect" => {
            blocks("the thread connects", Shape::Certain, Some("tokio::net::TcpStream::connect"))
        }
        _ if full.starts_with("reqwest::blocking::")
            || full == "ureq::get"
            || full == "ureq::post" =>
        {
            blocks("the thread asks a server", Shape::Suspect, None)
        }
        _ => {
            let name = full.strip_prefix("std::fs::")?;
            let works = matches!(
                name,
                "read"
                    | "read_to_string"
                    | "write"
                    | "copy"
                    | "rename"
                    | "remove_file"
                    | "remove_dir_all"
                    | "create_dir_all"
                    | "read_dir"
                    | "metadata"
                    | "canonicalize"
                    | "File::open"
                    | "File::create"
            );
            works.then(|| Blocks {
                what: "the thread works on a file",
                shape: Shape::Suspect,
                types: Types::NotNeeded,
                instead: Some(format!("tokio::fs::{name}")),
            })
        }
    }
}

fn method<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Blocks> {
    let name = call.method.to_string();
    if !matches!(
        name.as_str(),
        "join"
            | "recv"
            | "output"
            | "status"
            | "wait"
            | "wait_with_output"
            | "block_on"
            | "read_to_string"
            | "read_to_end"
            | "read_line"
            | "write_all"
            | "blocking_recv"
            | "blocking_send"
            | "blocking_lock"
    ) {
        return None;
    }
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    let blocks = |what, shape| Some(Blocks { what, shape, types: typed.by, instead: None });
    // `std_name` is that of the standard library's own types: those of the runtimes have others.
    match (name.as_str(), ty.std_name()) {
        ("join", Some("JoinHandle")) => blocks("the thread waits for another", Shape::Certain),
        ("recv", Some("Receiver")) => blocks("the thread waits for a message", Shape::Certain),
        ("output" | "status", Some("Command")) | ("wait" | "wait_with_output", Some("Child")) => {
            blocks("the thread waits for a process", Shape::Certain)
        }
        ("read_to_string" | "read_to_end" | "write_all", Some("File" | "TcpStream"))
        | ("read_line" | "read_to_string", Some("Stdin" | "StdinLock")) => {
            blocks("the thread reads or writes", Shape::Suspect)
        }
        ("block_on", None) if ty.is_from("tokio", "Runtime") || ty.is_from("tokio", "Handle") => {
            blocks("the thread waits for a future", Shape::Certain)
        }
        ("blocking_recv" | "blocking_send" | "blocking_lock", _) if ty.krate() == Some("tokio") => {
            blocks("the thread waits", Shape::Certain)
        }
        _ => None,
    }
}

/// `output().await`: it is no blocking call at all.
fn is_awaited(site: &Site<'_, '_>) -> bool {
    let parent = site.tree.parent(site.node);
    matches!(parent.and_then(|id| site.tree.expr(id)), Some(Expr::Await(_)))
}

/// Files that `main` reads before there is anything to hold up.
fn is_start(site: &Site<'_, '_>, shape: Shape) -> bool {
    shape == Shape::Suspect
        && site.function(site.node).is_some_and(|function| function.signature.ident == "main")
        && place::own_loop(site, site.node).is_none()
}

/// The runtime's own call, where the package has the runtime and the call stands alone.
fn replaced(site: &Site<'_, '_>, expr: &Expr, found: &Blocks) -> Option<Suggestion> {
    let instead = found.instead.as_ref()?;
    let Expr::Call(call) = expr else { return None };
    let is_sleep = instead == "tokio::time::sleep";
    let opens = instead.contains("File::")
        || instead.contains("TcpStream")
        || instead.ends_with("read_dir");
    if !site.file.package.depends_on("tokio") || opens {
        return None;
    }
    let end = site.tree.range(site.node).end;
    let edits = vec![
        site.replace(site.tree.bytes(&*call.func), instead.clone()),
        site.insert(end, ".await"),
    ];
    let caveat = if is_sleep {
        "other tasks run meanwhile; it needs tokio's feature `time` and its runtime"
    } else {
        "other tasks run meanwhile; it needs tokio's feature `fs` and its runtime"
    };
    Some(Suggestion::with_caveat("let the runtime wait", edits, caveat))
}

/// The arguments of a call, with their parentheses.
fn arguments(call: &str) -> &str {
    call.find('(').map_or("(…)", |at| &call[at..])
}
