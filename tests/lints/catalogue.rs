//! Lists that are generated from the folder of the lints and checked in.

use std::fmt::Write;

use super::{expect_file, files, lint_files, package_dir, stem, ui};

#[test]
fn the_list_of_lints_is_that_of_the_folder() {
    let mut text = String::from(
        "//! The lints, one file each. This list is generated from the folder; a test holds them together.\n\
         \n\
         use crate::lint::Entry;\n\n",
    );
    let names: Vec<String> = lint_files().iter().map(|path| stem(path)).collect();
    for name in &names {
        writeln!(text, "pub mod {name};").unwrap();
    }
    text.push_str("\n/// Every lint, by name.\npub static ALL: &[Entry] = &[\n");
    for name in &names {
        writeln!(text, "    Entry::new(&{name}::LINT, include_str!(\"{name}.rs\")),").unwrap();
    }
    text.push_str("];\n");
    expect_file(&package_dir().join("lints/mod.rs"), &text).unwrap();
}

#[test]
fn the_catalogue_is_made_of_the_lints_own_texts() {
    let mut text = String::from(
        "# The lints\n\n\
         One file each; the comment a file starts with is the lint's text, which \
         `cargo perf explain LINT` prints. This page is made of those texts.\n\n\
         | lint | finds |\n|---|---|\n",
    );
    for entry in cargo_perf::lints::ALL {
        let name = entry.lint.name;
        writeln!(text, "| [`{name}`](#{name}) | {} |", entry.lint.summary).unwrap();
    }
    for entry in cargo_perf::lints::ALL {
        let own = entry.text().replace("\n# ", "\n### ");
        let own = own.strip_prefix("# ").map_or(own.clone(), |rest| format!("### {rest}"));
        write!(text, "\n## {}\n\n{own}", entry.lint.name).unwrap();
    }
    expect_file(&package_dir().join("lints/README.md"), &text).unwrap();
}

#[test]
fn every_fixture_is_compiled() {
    let mut text = String::from(
        "//! The fixtures, compiled. Generated from the folders; a test holds them together.\n\n\
         // They hold what is wrong on purpose, laid out as the tests need it.\n\
         #![allow(warnings, clippy::all)]\n\n",
    );
    let mut lint = String::new();
    let mut pairs = String::new();
    for (name, path) in ui::fixtures() {
        if name != lint {
            if !lint.is_empty() {
                text.push_str("}\n\n");
            }
            writeln!(text, "pub mod {name} {{").unwrap();
            lint.clone_from(&name);
        }
        let case = stem(&path);
        let mut module = |file: &str, module: &str| {
            writeln!(text, "    #[path = \"../{name}/{file}\"]\n    pub mod {module};").unwrap();
        };
        module(&format!("{case}.rs"), &case);
        if path.with_extension("fixed").exists() {
            module(&format!("{case}.fixed"), &format!("{case}_fixed"));
            writeln!(
                pairs,
                "    (\"{name}/{case}\", {name}::{case}::run, {name}::{case}_fixed::run),"
            )
            .unwrap();
        }
    }
    text.push_str("}\n\n/// What makes a fixture do its work and say what came of it.\n");
    text.push_str("pub type Run = fn() -> String;\n\n");
    text.push_str("/// Each rewritten fixture: before and after.\n");
    write!(text, "pub const PAIRS: &[(&str, Run, Run)] = &[\n{pairs}];\n").unwrap();
    expect_file(&package_dir().join("ui-tests/mod.rs"), &text).unwrap();
}

#[test]
fn each_lint_has_fixtures_that_fire_stay_cold_and_look_alike() {
    for path in lint_files() {
        let name = stem(&path);
        let cases: Vec<String> = files(&package_dir().join("ui-tests").join(&name), "rs")
            .iter()
            .map(|path| stem(path))
            .collect();
        for kind in ["fires", "cold", "look_alike"] {
            assert!(
                cases.iter().any(|case| case.starts_with(kind)),
                "{name} has no fixture {kind}"
            );
        }
    }
}
