//! Fixtures in which each `let` says in a comment what inference is to find: `?` for unknown.

use std::path::PathBuf;
use std::sync::Arc;

use cargo_perf::source::infer::{Index, Infer, NoWitness, declared, module_path};
use cargo_perf::source::{Node, Package, Role, SourceFile, Syntax, Tree};
use syn::{Pat, Stmt};

fn file(fixture: &str) -> SourceFile {
    let path = PathBuf::from(format!("tests/fixtures/inference/{fixture}"));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join(&path)).unwrap();
    let package = Package { name: "app".to_owned(), ..Package::default() };
    SourceFile::new(path, text, Role::Product, Arc::new(package))
}

/// Line, name and type of each local that has a value and no annotation.
fn locals(file: &SourceFile) -> Vec<(usize, String, String)> {
    let syntax = Syntax::parse(&file.text).unwrap();
    let tree = Tree::new(&syntax);
    let index = Index::new(vec![declared(syntax.file(), &module_path(file))]);
    let types = Infer::new(&tree, file.lines(), &index, &NoWitness, module_path(file));
    let mut found = Vec::new();
    for id in tree.ids() {
        let Node::Stmt(Stmt::Local(local)) = tree.node(id) else { continue };
        let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init) else { continue };
        let line = file.lines().line(tree.range(id).start);
        found.push((line, name.ident.to_string(), types.type_of(&init.expr).ty.short()));
    }
    found
}

fn check(fixture: &str) {
    let file = file(fixture);
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (line, name, found) in locals(&file) {
        let text = file.text.lines().nth(line - 1).unwrap();
        let Some((_, expected)) = text.rsplit_once("; // ") else { continue };
        let expected = if expected == "?" { "_" } else { expected };
        checked += 1;
        if expected != found {
            wrong.push(format!("{fixture}:{line}: {name} is {expected}, inferred {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 10, "{fixture}: only {checked} notes");
}

#[test]
fn constructors_literals_and_fields_are_followed() {
    check("values.rs");
}

#[test]
fn methods_of_std_are_followed() {
    check("methods.rs");
}

#[test]
fn names_are_resolved_by_scope() {
    check("scopes.rs");
}

#[test]
fn what_cannot_be_told_is_unknown() {
    check("unknown.rs");
}

#[test]
fn a_deep_expression_is_given_up_without_a_crash() {
    let depth = 400;
    let text = format!("fn f(x: u8) {{ let y = {}x{}; }}", "(".repeat(depth), ")".repeat(depth));
    let package = Arc::new(Package { name: "app".to_owned(), ..Package::default() });
    let file = SourceFile::new(PathBuf::from("deep.rs"), text, Role::Product, package);
    // The parser itself recurses; the engine runs it with room.
    let thread = std::thread::Builder::new().stack_size(64 << 20);
    let found = thread.spawn(move || locals(&file)).unwrap().join().unwrap();
    assert_eq!(found, [(1, "y".to_owned(), "_".to_owned())]);
}
