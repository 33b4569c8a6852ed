//! Where the type of a local decides, debug info says it in every case, and inference never wrongly.

use std::path::PathBuf;
use std::sync::Arc;

use cargo_perf::facts::{Facts, FileWitness};
use cargo_perf::model::finding::Types;
use cargo_perf::model::type_name::TypeName;
use cargo_perf::source::infer::{Index, Infer, Typed, declared, module_path};
use cargo_perf::source::{Node, Package, Role, SourceFile, Syntax, Tree};

use crate::program::{BUILDS, Program};

/// What the fixture calls a type, as the lints tell them apart.
fn class(ty: &TypeName) -> &'static str {
    let ty = ty.peeled();
    let classes = [
        ("integer", ty.is_integer()),
        ("text", ty.is_string()),
        ("shared", ty.is_shared_pointer()),
        ("deep", ty.is_vec() && ty.args().iter().any(|ty| ty.is_primitive("u64"))),
        ("wrapped", ty.is_buffered_io()),
        ("bare", ty.is_unbuffered_io()),
        ("guard", ty.guard().is_some()),
        ("hashed", ty.hash_map().is_some()),
        ("sorted", ty.btree_map().is_some()),
    ];
    let found: Vec<&str> =
        classes.into_iter().filter(|(_, is)| *is).map(|(name, _)| name).collect();
    match found[..] {
        [] => "neither",
        [one] => one,
        _ => panic!("{ty} is {found:?}"),
    }
}

/// Line, name and type of every local that the fixture speaks of, and what it says.
fn locals(file: &SourceFile, facts: &Facts) -> Vec<(usize, String, Typed, String)> {
    let syntax = Syntax::parse(&file.text).unwrap();
    let tree = Tree::new(&syntax);
    let module = module_path(file);
    let index = Index::new(vec![declared(syntax.file(), &module)]);
    let witness = FileWitness::new(facts, file);
    let types = Infer::new(&tree, file.lines(), &index, &witness, module);
    let mut found = Vec::new();
    for id in tree.ids() {
        let Some(syn::Expr::Path(path)) = tree.expr(id) else { continue };
        let Some(name) = path.path.get_ident().map(ToString::to_string) else { continue };
        let Some(binding) = cargo_perf::source::bindings::find(&tree, id, &name) else { continue };
        let line = file.lines().line(tree.token(binding.name.ident.span()).start);
        let text = file.text.lines().nth(line - 1).unwrap();
        let Some((_, said)) = text.rsplit_once("; // is ") else { continue };
        assert!(matches!(tree.node(id), Node::Expr(_)));
        found.push((line, name.clone(), types.type_of_local(id, &name), said.to_owned()));
    }
    found
}

fn source(program: &Program) -> SourceFile {
    let package = Package { name: "app".to_owned(), ..Package::default() };
    let path = PathBuf::from("src/main.rs");
    SourceFile::new(path, program.text.clone(), Role::Product, Arc::new(package))
}

#[test]
fn facts_decide_right_in_every_case() {
    for (build, flags) in BUILDS {
        let program = Program::compile("decide.rs", flags);
        let found = locals(&source(&program), &program.facts());
        assert!(found.len() >= 50, "{build}: {}", found.len());
        // The optimiser drops locals, and a library what is not public; what is there is right.
        let is_whole = !matches!(build, "optimised" | "library");
        for (line, name, typed, said) in found {
            let by_facts = typed.by == Types::DebugInfo;
            assert!(by_facts || !is_whole, "{build}:{line}: nothing is said of {name}");
            if by_facts {
                assert_eq!(class(&typed.ty), said, "{build}:{line}: {name} is {}", typed.ty);
            }
        }
    }
}

#[test]
fn inference_knows_some_of_them_and_is_never_wrong() {
    let program = Program::compile("decide.rs", &["-Cdebuginfo=0"]);
    let found = locals(&source(&program), &Facts::none());
    let mut known = 0;
    for (line, name, typed, said) in &found {
        if !typed.ty.is_unknown() {
            assert_eq!(typed.by, Types::Inferred);
            assert_eq!(class(&typed.ty), said, "{line}: {name} is {}", typed.ty);
            known += 1;
        }
    }
    assert!(known * 3 >= found.len(), "{known} of {} known", found.len());
    assert!(known < found.len(), "the fixture asks nothing that needs a compiler");
}
