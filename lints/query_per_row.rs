//! # What it finds
//!
//! A database that is asked once for each element of a loop: `sqlx::query…`, `query_row` and its
//! kin with a statement, `execute("INSERT …")`, a chain of diesel ended by `load` or `first`, a
//! statement that is prepared anew on each turn.
//!
//! # What it costs
//!
//! Each question goes to the database and back, and is parsed and planned there: a thousand rows
//! take a thousand times the way.
//!
//! # The rewrite
//!
//! One question for all: a join, `WHERE id = ANY($1)` or `IN (…)`, an `INSERT` of many rows. At
//! least prepare once before the loop, and insert within one transaction. Shown only: what the
//! rows are keyed by, its author knows.
//!
//! # When to keep the code
//!
//! There are few rows, or each question depends on what the last one answered.
//!
//! # How it was proved
//!
//! By its shape; waiting for a database leaves no samples. With one in the process, the profile
//! shows time below this call. `ui-tests/query_per_row` holds an example.

use crate::lint::prelude::*;
use crate::source::bindings;
use crate::source::loops::Loop;

/// See the text above.
pub static LINT: Lint = Lint {
    name: "query_per_row",
    summary: "a database is asked once for each element of a loop",
    on: &[Kind::Call, Kind::MethodCall, Kind::Macro],
    methods: &[
        "query",
        "query_row",
        "query_one",
        "query_opt",
        "query_map",
        "query_scalar",
        "query_first",
        "query_drop",
        "exec",
        "exec_first",
        "exec_drop",
        "execute",
        "query_and_then",
        "query_raw",
        "fetch_one",
        "fetch_all",
        "execute_batch",
        "prepare",
        "prep",
        "first",
        "load",
        "get_result",
        "get_results",
        "one",
        "all",
    ],
    check,
};

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Rows,
    Change,
    /// Parsed and planned anew, asked or not.
    Prepared,
}

fn check(site: &Site<'_, '_>) -> Option<Claim> {
    let asked = match site.expr() {
        Some(Expr::Call(call)) => function(site, call)?,
        Some(Expr::MethodCall(call)) => method(site, call)?,
        Some(Expr::Macro(call)) => macro_call(&call.mac)?,
        _ => return None,
    };
    let turn = loops::innermost(site.tree, site.node)?;
    let whole = whole(site);
    if asked != Asked::Prepared && !depends_on_turn(site, whole, turn) {
        return None;
    }
    let (message, sketch) = match asked {
        Asked::Rows => (
            "the database is asked once for each turn of the loop",
            "// One question for all: SELECT … WHERE id = ANY($1), or IN (…), or a join;\n\
             let by_id: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();",
        ),
        Asked::Change => (
            "the database is told once for each turn of the loop",
            "// One statement for all: INSERT … VALUES (…), (…), or … SELECT * FROM UNNEST($1, $2);\n\
             // at least one transaction around the loop",
        ),
        Asked::Prepared => (
            "the statement is parsed and planned anew on each turn of the loop",
            "let mut statement = connection.prepare(…)?; // before the loop\n\
             … statement.query(…)?",
        ),
    };
    let mut claim = Claim::new(site.node, message)
        .label("goes to the database and back")
        .regions([whole])
        .types(Types::NotNeeded)
        .about(site.node)
        .yields_to(&["serial_wait"])
        .witness(Witness::cpu_in(asks));
    if !matches!(turn.kind, LoopKind::Adapter(_)) {
        claim = claim.related(site.related(turn.id, "in this loop"));
    }
    Some(claim.suggest(Some(Suggestion::shown("ask once for all", sketch))))
}

fn function(site: &Site<'_, '_>, call: &ExprCall) -> Option<Asked> {
    let Expr::Path(path) = &*call.func else { return None };
    let full = site.resolve(&path.path);
    match full.as_str() {
        "sqlx::query"
        | "sqlx::query_as"
        | "sqlx::query_scalar"
        | "sqlx::query_with"
        | "sqlx::query_as_with"
        | "diesel::sql_query" => {
            // A statement that is put together elsewhere is a question all the same.
            let text = call.args.first().and_then(literal_text);
            Some(text.and_then(|text| statement(&text)).unwrap_or(Asked::Rows))
        }
        "diesel::insert_into" | "diesel::update" | "diesel::delete" => Some(Asked::Change),
        _ => None,
    }
}

fn macro_call(mac: &syn::Macro) -> Option<Asked> {
    let segments: Vec<String> =
        mac.path.segments.iter().map(|part| part.ident.to_string()).collect();
    let names: Vec<&str> = segments.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["sqlx", "query" | "query_as" | "query_scalar" | "query_file" | "query_file_as"] => {
            let text = mac.tokens.to_string();
            let text = text.split('"').nth(1).unwrap_or_default();
            Some(statement(text).unwrap_or(Asked::Rows))
        }
        _ => None,
    }
}

fn method<'a>(site: &Site<'_, 'a>, call: &'a ExprMethodCall) -> Option<Asked> {
    let name = call.method.to_string();
    match name.as_str() {
        "query" | "query_row" | "query_one" | "query_opt" | "query_map" | "query_scalar"
        | "query_first" | "query_drop" | "exec" | "exec_first" | "exec_drop" | "execute"
        | "query_and_then" | "query_raw" | "fetch_one" | "fetch_all" | "execute_batch" => {
            statement(&literal_text(call.args.first()?)?)
        }
        "prepare" | "prep" => {
            statement(&literal_text(call.args.first()?)?).map(|_| Asked::Prepared)
        }
        // `users.filter(id.eq(x)).first::<User>(conn)`.
        "first" | "load" | "get_result" | "get_results" if call.args.len() == 1 => {
            let receiver = place::root(&call.receiver)?;
            let in_file = place::has_word(&site.file.text, "diesel");
            let is_query = chain(&call.receiver, &|part| {
                matches!(part, "filter" | "find" | "select" | "order" | "inner_join" | "left_join")
            });
            (in_file && is_query && !receiver.is_empty()).then_some(Asked::Rows)
        }
        // `entity::Entity::find_by_id(x).one(db)` of sea-orm.
        "one" | "all" if call.args.len() == 1 => {
            let mut base = &*call.receiver;
            while let Expr::MethodCall(inner) = base {
                base = &inner.receiver;
            }
            let Expr::Call(find) = base else { return None };
            let Expr::Path(path) = &*find.func else { return None };
            let last = path.path.segments.last()?.ident.to_string();
            let is_entity = path.path.segments.len() > 1 && last.starts_with("find");
            is_entity.then_some(Asked::Rows)
        }
        _ => None,
    }
}

/// Whether a chain of method calls has one with such a name.
fn chain(expr: &Expr, test: &dyn Fn(&str) -> bool) -> bool {
    match expr {
        Expr::MethodCall(call) => test(&call.method.to_string()) || chain(&call.receiver, test),
        _ => false,
    }
}

/// What a statement of SQL asks for.
fn statement(text: &str) -> Option<Asked> {
    let mut words = text.split_whitespace();
    let first = words.next()?.to_ascii_uppercase();
    match first.as_str() {
        "SELECT" | "WITH" => Some(Asked::Rows),
        "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "MERGE" => Some(Asked::Change),
        _ => None,
    }
}

/// The chain that the call starts: its arguments are bound further up.
fn whole(site: &Site<'_, '_>) -> NodeId {
    let mut at = site.node;
    loop {
        if let Some((outer, _)) = place::called_on(site, at) {
            at = outer;
            continue;
        }
        match site.tree.parent(at) {
            Some(parent)
                if matches!(site.tree.expr(parent), Some(Expr::Await(_) | Expr::Try(_))) =>
            {
                at = parent;
            }
            _ => return at,
        }
    }
}

/// Whether the question has something of this turn in it.
fn depends_on_turn(site: &Site<'_, '_>, whole: NodeId, turn: Loop<'_>) -> bool {
    let text = site.text(whole);
    let tree = site.tree;
    let bound_in_turn = |name: &str| {
        place::has_word(text, name)
            && bindings::find(tree, whole, name).is_some_and(|binding| {
                binding.scope > turn.id || tree.contains(turn.id, binding.from)
            })
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c: char| !is_word(c))
        .filter(|word| word.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_'))
        .any(bound_in_turn)
}

/// Frames of asking a database.
fn asks(function: &str) -> bool {
    const PARTS: [&str; 9] =
        ["sqlx", "rusqlite", "sqlite3", "postgres", "diesel", "mysql", "query", "execute", "fetch"];
    PARTS.iter().any(|part| function.contains(part))
}
