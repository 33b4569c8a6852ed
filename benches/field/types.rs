//! Holds what inference says of every local against what the compiler wrote into debug info.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

use cargo_metadata::Message;
use cargo_perf::facts::debuginfo::Wanted;
use cargo_perf::facts::{Facts, FileFacts};
use cargo_perf::model::type_name::TypeName;
use cargo_perf::source::bindings;
use cargo_perf::source::infer::{Index, Infer, NoWitness, declared, module_path};
use cargo_perf::source::load;
use cargo_perf::source::{SourceFile, Syntax, Tree};
use cargo_perf::workspace::{self, Request};

use crate::crates::Crate;

#[derive(Default)]
struct Count {
    locals: usize,
    known: usize,
    wrong: Vec<String>,
}

/// Locals that debug info names, those of them that inference knows too, and where they differ.
pub fn types(crates: &[Crate]) -> Result<(), String> {
    println!(
        "{:<28} {:>8} {:>8} {:>6} {:>6} {:>9}",
        "crate", "locals", "inferred", "%", "wrong", "facts ms"
    );
    let mut total = Count::default();
    for one in crates {
        let name = format!("{} {}", one.name, one.version);
        let (count, millis) = match compare(one) {
            Ok(found) => found,
            Err(error) => {
                println!("{name:<28} {error}");
                continue;
            }
        };
        row(&name, &count, millis);
        for wrong in &count.wrong {
            println!("    {wrong}");
        }
        total.locals += count.locals;
        total.known += count.known;
        total.wrong.extend(count.wrong);
    }
    row("total", &total, 0);
    Ok(())
}

fn row(name: &str, count: &Count, millis: u128) {
    let share = 100.0 * count.known as f64 / count.locals.max(1) as f64;
    let wrong = count.wrong.len();
    println!(
        "{name:<28} {:>8} {:>8} {share:>6.1} {wrong:>6} {millis:>9}",
        count.locals, count.known
    );
}

fn compare(one: &Crate) -> Result<(Count, u128), String> {
    let request = Request { dir: one.folder.clone(), ..Request::default() };
    let workspace = workspace::load(request).map_err(|error| error.to_string())?;
    let (files, _) = load::list(&workspace);
    let is_library = |file: &&load::Listed| file.target.is_lib() || file.target.is_proc_macro();
    let library = files.iter().find(is_library).ok_or("no library")?.target.clone();
    let binary = build(one, &library.name)?;
    let root = one.folder.canonicalize().map_err(|error| error.to_string())?;
    let crates: HashSet<String> = [library.name.replace('-', "_")].into();
    let wanted =
        Wanted { root: root.clone(), crates, except: vec![PathBuf::from("target")], files: None };
    let start = Instant::now();
    let facts = Facts::read(&binary, &wanted).map_err(|error| error.to_string())?;
    let millis = start.elapsed().as_millis();
    let files: Vec<SourceFile> =
        files.iter().filter_map(|file| load::read(file, workspace.root()).ok()).collect();
    let mut count = Count::default();
    let index = Index::new(
        files
            .iter()
            .filter_map(|file| {
                let syntax = Syntax::parse(&file.text).ok()?;
                Some(declared(syntax.file(), &module_path(file)))
            })
            .collect(),
    );
    for file in &files {
        check(file, &facts, &index, &mut count);
    }
    Ok((count, millis))
}

/// Builds the library as a developer would and finds it.
fn build(one: &Crate, library: &str) -> Result<PathBuf, String> {
    let mut output = compile(one)?;
    if !output.status.success() && fs::remove_file(one.folder.join("Cargo.lock")).is_ok() {
        // A published lock file may name what was withdrawn since; users never read it.
        output = compile(one)?;
    }
    if !output.status.success() {
        return Err("does not build".to_owned());
    }
    let name = library.replace('-', "_");
    Message::parse_stream(&output.stdout[..])
        .filter_map(Result::ok)
        .filter_map(|message| match message {
            Message::CompilerArtifact(artifact) => Some(artifact),
            _ => None,
        })
        .filter(|artifact| artifact.target.name.replace('-', "_") == name)
        .flat_map(|artifact| artifact.filenames)
        .map(|path| path.into_std_path_buf())
        .find(|path| path.extension().is_some_and(|ending| ending == "rlib"))
        .ok_or_else(|| "no library was made".to_owned())
}

fn compile(one: &Crate) -> Result<Output, String> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/field/target");
    Command::new("cargo")
        .current_dir(&one.folder)
        .args(["build", "--lib", "--message-format", "json", "--quiet", "--config"])
        .arg("profile.dev.package.\"*\".debug=false")
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_PROFILE_DEV_DEBUG", "2")
        .output()
        .map_err(|error| error.to_string())
}

fn check(file: &SourceFile, facts: &Facts, index: &Index, count: &mut Count) {
    let known = facts.of_file(&file.path, &file.text);
    if known.is_empty() {
        return;
    }
    let Ok(syntax) = Syntax::parse(&file.text) else { return };
    let tree = Tree::new(&syntax);
    let types = Infer::new(&tree, file.lines(), index, &NoWitness, module_path(file));
    for id in tree.ids() {
        // Each use of a name is asked for where it stands.
        let Some(syn::Expr::Path(path)) = tree.expr(id) else { continue };
        let Some(name) = path.path.get_ident().map(ToString::to_string) else { continue };
        let Some(binding) = bindings::find(&tree, id, &name) else { continue };
        let line = file.lines().line(tree.token(binding.name.ident.span()).start);
        let inferred = types.type_of_local(id, &name).ty;
        compare_local(file, &known, line as u32, &name, &inferred, count);
    }
}

fn compare_local(
    file: &SourceFile,
    known: &FileFacts<'_>,
    line: u32,
    name: &str,
    inferred: &TypeName,
    count: &mut Count,
) {
    let Some(fact) = known.local_type(line, name) else { return };
    count.locals += 1;
    if inferred.is_unknown() {
        return;
    }
    count.known += 1;
    if !agrees(inferred, &fact) {
        let wrong = format!(
            "{}:{line}: {name} is {}, inferred {}",
            file.path.display(),
            fact.short(),
            inferred.short()
        );
        if !count.wrong.contains(&wrong) {
            count.wrong.push(wrong);
        }
    }
}

/// Nothing inferred contradicts the fact.
fn agrees(inferred: &TypeName, fact: &TypeName) -> bool {
    let all = |a: &[TypeName], b: &[TypeName]| a.iter().zip(b).all(|(a, b)| agrees(a, b));
    match (inferred, fact) {
        (TypeName::Unknown, _) | (_, TypeName::Unknown) => true,
        (TypeName::Ref { mutable: a, to: x }, TypeName::Ref { mutable: b, to: y }) => {
            a == b && agrees(x, y)
        }
        (TypeName::Pointer(a), TypeName::Pointer(b)) => agrees(a, b),
        (TypeName::Slice(a), TypeName::Slice(b)) => agrees(a, b),
        (TypeName::Array(a, n), TypeName::Array(b, m)) => agrees(a, b) && (n.is_none() || n == m),
        (TypeName::Tuple(a), TypeName::Tuple(b)) => a.len() == b.len() && all(a, b),
        (TypeName::Dyn(_), TypeName::Dyn(_)) => true,
        (TypeName::Fn, _) => *fact == TypeName::Fn,
        (TypeName::Path { .. }, TypeName::Path { .. }) => {
            if inferred.is_number() && inferred.name().is_some_and(|name| name.starts_with('{')) {
                return inferred.is_integer() == fact.is_integer();
            }
            if inferred.name().is_some_and(|name| name.starts_with('{')) {
                return true;
            }
            inferred.name() == fact.name()
                && inferred.std_name().is_some() == fact.std_name().is_some()
                && all(inferred.args(), fact.args())
        }
        _ => false,
    }
}
