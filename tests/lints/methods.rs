//! The names of methods that a lint asks for, against what it would say of others.

use cargo_perf::lint::{Kind, Site};
use cargo_perf::source::infer::{Index, Infer, NoWitness, declared, module_path};
use cargo_perf::source::names::Names;
use cargo_perf::source::{Node, Syntax, Tree};
use syn::Expr;

use super::ui;

/// The engine calls a lint for no other method than those it names: one that could speak of another
/// would be silent there.
#[test]
fn a_lint_speaks_of_no_method_that_it_does_not_name() {
    let lints = cargo_perf::lints::ALL.iter().map(|entry| entry.lint);
    let choosy: Vec<_> = lints
        .filter(|lint| lint.on.contains(&Kind::MethodCall) && !lint.methods.is_empty())
        .collect();
    let mut asked = 0;
    for (_, path) in ui::fixtures() {
        let file = ui::source(&path);
        let syntax = Syntax::parse(&file.text).unwrap();
        let tree = Tree::new(&syntax);
        let names = Names::new(&tree);
        let index = Index::new(vec![declared(syntax.file(), &module_path(&file))]);
        let types = Infer::new(&tree, file.lines(), &index, &NoWitness, module_path(&file));
        for node in tree.ids() {
            let Node::Expr(Expr::MethodCall(call)) = tree.node(node) else { continue };
            let site = Site { file: &file, tree: &tree, names: &names, types: &types, node };
            for lint in &choosy {
                if lint.methods.iter().any(|name| call.method == name) {
                    continue;
                }
                asked += 1;
                let place = format!("{}: {}", path.display(), site.text(node));
                assert!((lint.check)(&site).is_none(), "{} lacks a method: {place}", lint.name);
            }
        }
    }
    assert!(asked > 1000, "only {asked} calls");
}
