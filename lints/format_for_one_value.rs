//! # What it finds
//!
//! A value that is made a string of its own only to be written, printed, compared or looked up:
//! `out.write_all(format!(…).as_bytes())`, `f.write_str(&x.to_string())`,
//! `println!("{}", x.to_string())`, `number.to_string() == text`; a local that holds such a string
//! and is only written; `format!(…).into()` where another kind of string is wanted; a character that
//! is made a string to be lent out; a text that is formatted only to be copied. Appending such a string to another one is the case of
//! `string_concat_in_loop`.
//!
//! # What it costs
//!
//! An allocation, a copy into the place where it was to go, and a free, for each value.
//!
//! # The rewrite
//!
//! `write!` straight into where it goes; the value itself as the argument of a format. Safe where
//! the types are known; a writer without a buffer would be called once for each piece instead of
//! once for all. Where integers or floats are most of the time, the crates `itoa` and `ryu` print
//! them faster.
//!
//! # When to keep the code
//!
//! The string is kept, or written more than once, or goes to a file or socket without a buffer.
//!
//! # How it was proved
//!
//! The profile shows allocation below the very expression that makes the string.
//! `ui-tests/format_for_one_value` holds the code before and after.

use crate::lint::prelude::*;
use crate::model::type_name::TypeName;
use crate::source::bindings::{self, UseRole};
use crate::source::imports::{Import, import};

/// See the text above.
pub static LINT: Lint = Lint {
    name: "format_for_one_value",
    summary: "a value is made a string only to be written or compared",
    on: &[Kind::Macro, Kind::MethodCall],
    methods: &["to_string"],
    check,
};

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let made = made(site)?;
    printed(site, &made)
        .or_else(|| written(site, &made, site.node))
        .or_else(|| compared(site, &made))
        .or_else(|| held(site, &made))
        .or_else(|| converted(site, &made))
        .or_else(|| asked(site, &made))
        .or_else(|| character(site, &made))
        .or_else(|| copied(site, &made))
}

/// A string made of a value.
struct Made {
    /// The arguments of a `format!` that makes it.
    format: String,
    /// `x` of `x.to_string()`, with its type.
    value: Option<(String, TypeName)>,
    types: Types,
}

fn made(site: &Site<'_, '_>) -> Option<Made> {
    match site.tree.node(site.node) {
        Node::Expr(Expr::Macro(call)) if call.mac.path.is_ident("format") => {
            let arguments = site.tree.arguments(&call.mac)?;
            literal_text(arguments.exprs.first()?)?;
            let first = site.tree.bytes(arguments.exprs.first()?).start;
            let last = site.tree.bytes(arguments.exprs.last()?).end;
            let format = site.file.text.get(first..last)?.to_owned();
            Some(Made { format, value: None, types: Types::NotNeeded })
        }
        Node::Expr(Expr::MethodCall(call))
            if call.method == "to_string" && call.args.is_empty() =>
        {
            let typed = site.type_of(&call.receiver);
            if site.types.prints_as_to_string(&typed.ty) == Some(false) {
                return None;
            }
            let source = site.source(&call.receiver).to_owned();
            let is_name =
                matches!(&*call.receiver, Expr::Path(path) if path.path.get_ident().is_some());
            let is_self = source == "self";
            let format = if is_name && !is_self {
                format!("\"{{{source}}}\"")
            } else {
                format!("\"{{}}\", {source}")
            };
            let types = typed.by;
            Some(Made { format, value: Some((source, typed.ty.peeled().clone())), types })
        }
        _ => None,
    }
}

fn claim(site: &Site<'_, '_>, what: &str, types: Types) -> Claim {
    Claim::new(site.node, format!("a string is allocated only to be {what}"))
        .label("allocated, copied and freed at once")
        .types(types)
        .witness(Witness::cpu_in(allocates))
        .yields_to(&["string_concat_in_loop", "copied_out_buffer", "owned_map_key"])
}

/// An argument of `println!`, `write!`, `format!`.
fn printed(site: &Site<'_, '_>, made: &Made) -> Option<Claim> {
    let mac = match site.tree.node(site.tree.parent(site.node)?) {
        Node::Expr(Expr::Macro(call)) => &call.mac,
        Node::Stmt(Stmt::Macro(call)) => &call.mac,
        _ => return None,
    };
    const PRINTS: [&str; 8] =
        ["format", "print", "println", "eprint", "eprintln", "write", "writeln", "format_args"];
    let name = mac.path.get_ident()?.to_string();
    if !PRINTS.contains(&name.as_str()) {
        return None;
    }
    let arguments = site.tree.arguments(mac)?;
    let format = arguments.format?;
    let at = arguments.exprs.iter().position(|expr| site.tree.id(expr) == Some(site.node))?;
    // A width pads the whole string, but not each piece of what it is made of.
    if at <= format || !is_plain(&literal_text(&arguments.exprs[format])?) {
        return None;
    }
    let range = site.tree.range(site.node);
    let suggestion = match &made.value {
        None => {
            let text = site.text(site.node).replacen("format!", "format_args!", 1);
            Suggestion::safe("print it as it is", vec![site.replace(range, text)])
        }
        Some((value, ty)) if site.types.prints_as_to_string(ty) == Some(true) => {
            Suggestion::safe("print it as it is", vec![site.replace(range, value.as_str())])
        }
        Some((value, _)) => Suggestion::with_caveat(
            "print it as it is",
            vec![site.replace(range, value.as_str())],
            "its type is not known here: it must implement `Display`",
        ),
    };
    Some(claim(site, "printed", made.types).suggest(Some(suggestion)))
}

/// A format string whose placeholders ask for nothing but `{}`.
fn is_plain(format: &str) -> bool {
    let rest = format.replace("{{", "").replace("}}", "");
    !rest.split('{').skip(1).any(|part| part.split('}').next().is_some_and(|p| p.contains(':')))
}

/// `out.write_all(format!(…).as_bytes())`, `f.write_str(&x.to_string())`.
fn written(site: &Site<'_, '_>, made: &Made, string: NodeId) -> Option<Claim> {
    let tree = site.tree;
    let mut id = string;
    let mut view = None;
    loop {
        let parent = tree.parent(id)?;
        match tree.expr(parent)? {
            Expr::Reference(_) => id = parent,
            Expr::MethodCall(call) if tree.id(&call.receiver) == Some(id) => {
                let name = call.method.to_string();
                if view.is_some() || !call.args.is_empty() {
                    return None;
                }
                view = Some(name);
                id = parent;
            }
            Expr::MethodCall(call) => {
                let is_only = call.args.len() == 1 && tree.id(&call.args[0]) == Some(id);
                if !is_only {
                    return None;
                }
                // What is moved there may be kept.
                let is_lent = id != string;
                let known = (string == site.node)
                    .then(|| sink(site, made, parent, call, view.as_deref()))
                    .flatten();
                return known.or_else(|| {
                    is_lent.then(|| unknown_sink(site, made, call, view.as_deref()))?
                });
            }
            _ => return None,
        }
    }
}

fn sink<'a>(
    site: &Site<'_, 'a>,
    made: &Made,
    id: NodeId,
    call: &'a ExprMethodCall,
    view: Option<&str>,
) -> Option<Claim> {
    let name = call.method.to_string();
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    let is_bytes = ty.is_vec() && ty.element().is_some_and(|byte| byte.is_primitive("u8"));
    let fits = match (name.as_str(), view) {
        ("write_str", None | Some("as_str")) => true,
        // To a file each call is a system call: one for all is what is wanted.
        ("write_all", Some("as_bytes" | "into_bytes")) => !ty.is_unbuffered_io() && !ty.is_stdout(),
        ("extend_from_slice", Some("as_bytes")) => is_bytes,
        ("extend", Some("bytes" | "into_bytes")) => is_bytes,
        ("extend", Some("chars")) => ty.is_string(),
        _ => false,
    };
    let into = site.source(&call.receiver);
    let root = place::root(&call.receiver)?;
    if !fits || !place::is_place(&call.receiver) {
        return None;
    }
    let claim = claim(site, &format!("written to `{into}`"), made.types);
    let sketch = format!("write!({into}, {})", made.format);
    if place::has_word(&made.format, &root) {
        return Some(claim.suggest(Some(Suggestion::shown("write it as it is", sketch))));
    }
    let is_formatter = ty.is_std("Formatter") || ty.is_string();
    let prints = |ty| site.types.prints_as_to_string(ty) == Some(true);
    let printable = made.value.as_ref().is_none_or(|(_, ty)| prints(ty));
    let suggestion = match name.as_str() {
        "write_str" | "write_all" => {
            let edits = vec![site.replace(site.tree.range(id), sketch)];
            let known = match name.as_str() {
                "write_str" => is_formatter,
                _ => is_bytes || ty.is_std("BufWriter"),
            };
            if known && printable {
                Suggestion::safe("write it as it is", edits)
            } else {
                Suggestion::with_caveat(
                    "write it as it is",
                    edits,
                    "a writer without a buffer is then called for each piece",
                )
            }
        }
        _ => append(site, id, sketch, if is_bytes { "io" } else { "fmt" }, printable)?,
    };
    Some(claim.suggest(Some(suggestion)))
}

/// `out.write(format!(…).as_ref())` of who knows what: a person sees whether it takes `write!`.
fn unknown_sink<'a>(
    site: &Site<'_, 'a>,
    made: &Made,
    call: &'a ExprMethodCall,
    view: Option<&str>,
) -> Option<Claim> {
    let name = call.method.to_string();
    let lends = matches!(view, None | Some("as_str" | "as_bytes" | "as_ref" | "into_bytes"));
    let writes = match name.as_str() {
        "write" | "write_str" | "write_all" | "update" | "put_slice" | "extend_from_slice" => true,
        // Without a view it is the case of `string_concat_in_loop`.
        "push_str" => view.is_some(),
        _ => false,
    };
    let typed = site.type_of(&call.receiver);
    let ty = typed.ty.peeled();
    let is_bare = ty.is_unbuffered_io() || ty.is_stdout();
    if !lends || !writes || is_bare || !place::is_place(&call.receiver) {
        return None;
    }
    let into = site.source(&call.receiver);
    let sketch = format!("write!({into}, {})", made.format);
    let claim = claim(site, &format!("written to `{into}`"), made.types);
    Some(claim.suggest(Some(Suggestion::shown("write it as it is", sketch))))
}

/// `let line = format!(…);` that is written once, and perhaps asked for its length.
fn held(site: &Site<'_, '_>, made: &Made) -> Option<Claim> {
    let stmt = site.tree.parent(site.node)?;
    let binding = bindings::of_let(site.tree, stmt)?;
    if binding.name.mutability.is_some() {
        return None;
    }
    let uses = site.uses(&binding);
    let mut written_at = uses
        .iter()
        .filter(|used| !matches!(used.role, UseRole::Receiver(call) if call.method == "len"));
    let (only, None) = (written_at.next()?, written_at.next()) else { return None };
    let turns = |id| loops::innermost(site.tree, id).map(|turn| turn.id);
    if turns(only.id) != turns(stmt)
        || !matches!(only.role, UseRole::Receiver(_) | UseRole::Borrowed)
    {
        return None;
    }
    Some(written(site, made, only.id)?.related(site.related(only.id, "written here")).about(stmt))
}

/// `format!(…).into()` in a function that returns another kind of string.
fn converted(site: &Site<'_, '_>, made: &Made) -> Option<Claim> {
    let tree = site.tree;
    let (outer, call) = place::called_on(site, site.node)?;
    if call.method != "into" {
        return None;
    }
    let function = site.function(site.node)?;
    let statement = tree.parent(outer)?;
    let returns = matches!(
        tree.node(statement),
        Node::Stmt(Stmt::Expr(_, None)) | Node::Expr(Expr::Return(_))
    );
    let syn::ReturnType::Type(_, ty) = &function.signature.output else { return None };
    let syn::Type::Path(path) = &**ty else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    // `Box<str>` is made of the string's own memory; an error says that something went wrong.
    let is_string = (name.contains("Str") || name.contains("Name") || name.contains("Symbol"))
        && name != "String";
    if !returns || !is_string {
        return None;
    }
    let sketch = format!(
        "let mut text = {name}::new(); // if it can be written to\nwrite!(text, {})",
        made.format
    );
    let claim = claim(site, &format!("made a `{name}`"), made.types);
    Some(claim.suggest(Some(Suggestion::shown("write into the one that is wanted", sketch))))
}

/// `kind.to_string() == "a"`, `match kind.to_string().as_str() { … }`, `format!(…).len()`.
fn asked(site: &Site<'_, '_>, made: &Made) -> Option<Claim> {
    // Copies of texts are the case of `copied_out_buffer`.
    if made.value.as_ref().is_some_and(|(_, ty)| ty.is_text()) {
        return None;
    }
    let parent = site.tree.parent(site.node)?;
    let what = match site.tree.expr(parent)? {
        Expr::Binary(both) if matches!(both.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_)) => {
            "compared".to_owned()
        }
        Expr::MethodCall(call) if site.tree.id(&call.receiver) == Some(site.node) => {
            match call.method.to_string().as_str() {
                "as_str" if is_matched(site, parent) => "matched".to_owned(),
                name @ ("len" | "is_empty" | "contains" | "starts_with" | "ends_with" | "parse"
                | "eq" | "cmp" | "find") => format!("asked for `{name}`"),
                _ => return None,
            }
        }
        _ => return None,
    };
    let sketch = "// ask the value, or a `&str` that it can give, instead of its text";
    let claim = claim(site, &what, made.types);
    Some(claim.suggest(Some(Suggestion::shown("ask the value itself", sketch))))
}

/// `format!("{name}")` of a text, `format!("text")`, `format!(…).to_string()`.
fn copied(site: &Site<'_, '_>, made: &Made) -> Option<Claim> {
    if let Some((_, outer)) = place::called_on(site, site.node)
        && matches!(outer.method.to_string().as_str(), "to_string" | "to_owned" | "clone")
        && outer.args.is_empty()
    {
        let claim = claim(site, "copied", made.types);
        return Some(
            claim.suggest(Some(Suggestion::shown("take it as it is", site.text(site.node)))),
        );
    }
    let Node::Expr(Expr::Macro(call)) = site.tree.node(site.node) else { return None };
    let arguments = site.tree.arguments(&call.mac)?;
    let format = literal_text(&arguments.exprs[arguments.format?])?;
    let (text, types) = match (format.as_str(), &arguments.exprs[1..]) {
        ("{}", [value]) => {
            let typed = site.type_of(value);
            (typed.ty.is_text().then(|| site.source(value).to_owned())?, typed.by)
        }
        (text, []) if !text.contains(['{', '}']) => {
            (site.source(&arguments.exprs[0]).to_owned(), Types::NotNeeded)
        }
        (text, []) => {
            let name = text.strip_prefix('{')?.strip_suffix('}')?;
            let typed = site.types.type_of_local(site.node, name);
            (typed.ty.is_text().then(|| name.to_owned())?, typed.by)
        }
        _ => return None,
    };
    let claim = Claim::new(site.node, "a text is formatted only to be copied")
        .label("the machinery of formatting does no more than a copy")
        .types(types)
        .witness(Witness::cpu_in(allocates))
        .yields_to(&["string_concat_in_loop", "copied_out_buffer", "eager_default"]);
    let sketch = format!("{text}.to_string()");
    Some(claim.suggest(Some(Suggestion::shown("copy it", sketch))))
}

/// Whether an expression is what a `match` or a comparison looks at.
fn is_matched(site: &Site<'_, '_>, id: NodeId) -> bool {
    match site.tree.parent(id).and_then(|parent| site.tree.expr(parent)) {
        Some(Expr::Match(choice)) => site.tree.id(&choice.expr) == Some(id),
        Some(Expr::Binary(both)) => bindings::is_comparison(&both.op),
        _ => false,
    }
}

/// `f(&c.to_string())` of a character.
fn character(site: &Site<'_, '_>, made: &Made) -> Option<Claim> {
    let (value, ty) = made.value.as_ref()?;
    let reference = site.tree.parent(site.node)?;
    let is_lent = matches!(site.tree.expr(reference)?, Expr::Reference(_))
        && matches!(
            site.tree.expr(site.tree.parent(reference)?)?,
            Expr::Call(_) | Expr::MethodCall(_)
        );
    if !ty.is_char() || !is_lent {
        return None;
    }
    let sketch = format!("{value}.encode_utf8(&mut [0; 4])");
    let claim = claim(site, "lent out", made.types);
    Some(claim.suggest(Some(Suggestion::shown("encode it on the stack", sketch))))
}

/// `let _ = write!(…)` instead of a statement.
fn append(
    site: &Site<'_, '_>,
    id: NodeId,
    sketch: String,
    module: &str,
    printable: bool,
) -> Option<Suggestion> {
    let statement = site.tree.parent(id)?;
    let text = format!("let _ = {sketch};");
    if !place::is_statement(site, statement) || !printable {
        return Some(Suggestion::shown("write it as it is", text));
    }
    let range = site.tree.range(statement);
    let file = site.tree.syntax().file();
    let path = format!("std::{module}::Write as _");
    let mut edits = vec![site.replace(range.clone(), text.clone())];
    match import(&site.file.path, &site.file.text, file, range.start, &path) {
        Import::Present => {}
        Import::Add(edit) => edits.push(edit),
        Import::Taken => return Some(Suggestion::shown("write it as it is", text)),
    }
    Some(Suggestion::safe("write it as it is", edits))
}

/// `number.to_string() == text`, `map.get(&number.to_string())`.
fn compared(site: &Site<'_, '_>, made: &Made) -> Option<Claim> {
    let (value, ty) = made.value.as_ref()?;
    if !ty.is_number() {
        return None;
    }
    let tree = site.tree;
    let parent = tree.parent(site.node)?;
    let (what, sketch) = match tree.expr(parent)? {
        Expr::Binary(both) if bindings::is_comparison(&both.op) => {
            let sketch = format!("text.parse() == Ok({value}) // if `text` has no other spelling");
            ("compared", sketch)
        }
        Expr::Reference(_) => {
            let Expr::MethodCall(call) = tree.expr(tree.parent(parent)?)? else { return None };
            let looks = ["get", "contains_key", "contains", "get_mut", "remove"];
            let name = call.method.to_string();
            if call.args.len() != 1 || !looks.contains(&name.as_str()) {
                return None;
            }
            let receiver = site.source(&call.receiver);
            ("looked up", format!("{receiver}.{name}(&{value}) // with numbers for keys"))
        }
        _ => return None,
    };
    let suggestion = Suggestion::shown("compare numbers, not their texts", sketch);
    Some(claim(site, what, made.types).suggest(Some(suggestion)))
}

/// Frames of making and throwing away a string.
fn allocates(function: &str) -> bool {
    let parts =
        ["finish_grow", "RawVec", "exchange_malloc", "alloc::alloc::", "__rust_", "format_inner"];
    parts.iter().any(|part| function.contains(part))
        || ["malloc", "realloc", "free", "cfree", "_int_malloc", "_int_free"].contains(&function)
}
