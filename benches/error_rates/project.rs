//! The package that is compared with itself, built in each variant.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use cargo_perf::proof::paired;
use cargo_perf::workspace::{
    self, BuildPlan, Executable, Messages, Request, Workspace, bench_targets,
};

use crate::settings::Variant;

pub struct Project {
    pub workspace: Workspace,
    builds: Vec<(Variant, Vec<Executable>)>,
}

const MANIFEST: &str = r#"[package]
name = "work"
version = "0.1.0"
edition = "2021"
build = "build.rs"

[dev-dependencies]
criterion = { version = "0.8", default-features = false, features = ["cargo_bench_support"] }
divan = "0.1"

[[bench]]
name = "by_criterion"
harness = false

[[bench]]
name = "by_divan"
harness = false

[[bench]]
name = "by_libtest"

[workspace]
"#;

/// The linker is told the order of sections; all variants are linked by the same one.
const BUILD: &str = r#"
fn main() {
    println!("cargo:rerun-if-changed=order");
    for arg in std::fs::read_to_string("order").unwrap().split_whitespace() {
        println!("cargo:rustc-link-arg-benches={arg}");
    }
}
"#;

/// Lets a stable compiler build the benches of libtest.
const CONFIG: &str = "[env]\nRUSTC_BOOTSTRAP = \"1\"\n";

const LIB: &str = include_str!("work.rs");

const CRITERION: &str = r#"
use criterion::{Criterion, criterion_group, criterion_main};
fn benches(c: &mut Criterion) {
    c.bench_function("bytes", |b| b.iter(work::bytes));
    c.bench_function("lookup", |b| { let map = work::map(); b.iter(|| work::lookup(&map)) });
    c.bench_function("parse", |b| b.iter(work::parse));
}
criterion_group!(all, benches);
criterion_main!(all);
"#;

const DIVAN: &str = r#"
fn main() { divan::main() }
#[divan::bench]
fn sort() -> u32 { work::sort() }
#[divan::bench]
fn float() -> f64 { work::float() }
#[divan::bench]
fn boxes() -> usize { work::boxes() }
#[divan::bench]
fn format() -> usize { work::format() }
"#;

/// One is enough: a process of libtest takes seconds.
const LIBTEST: &str = r#"#![feature(test)]
extern crate test;
#[bench]
fn tree(b: &mut test::Bencher) { let tree = work::tree(); b.iter(|| work::climb(&tree)) }
"#;

impl Project {
    pub fn build(dir: &Path) -> Result<Project, String> {
        let root = dir.join("package");
        let put = |name: &str, text: &str| {
            let path = root.join(name);
            let written = fs::create_dir_all(path.parent().unwrap_or(&root));
            written.and_then(|()| fs::write(&path, text)).map_err(at(&path))
        };
        put("Cargo.toml", MANIFEST)?;
        put("build.rs", BUILD)?;
        put(".cargo/config.toml", CONFIG)?;
        put("benches/by_criterion.rs", CRITERION)?;
        put("benches/by_divan.rs", DIVAN)?;
        put("benches/by_libtest.rs", LIBTEST)?;
        let mut builds = Vec::new();
        let mut loaded = None;
        let variants =
            [Variant::Same, Variant::More(2), Variant::More(5), Variant::More(10), Variant::Layout];
        for variant in variants {
            let units = match variant {
                Variant::More(percent) => 1000 + 10 * percent,
                _ => 1000,
            };
            put("src/lib.rs", &LIB.replace("UNITS: u32 = 1000", &format!("UNITS: u32 = {units}")))?;
            put("order", if variant == Variant::Layout { SHUFFLED } else { "" })?;
            let workspace = match loaded.take() {
                Some(workspace) => workspace,
                None => {
                    let request = Request { dir: root.clone(), ..Request::default() };
                    workspace::load(request).map_err(|error| error.to_string())?
                }
            };
            match executables(&workspace) {
                Ok(built) => {
                    let keep =
                        dir.join("kept").join(format!("{variant:?}").replace(['(', ')'], ""));
                    let kept = paired::keep(&built, &keep).map_err(|error| error.to_string())?;
                    builds.push((variant, kept));
                }
                Err(error) if variant == Variant::Layout => {
                    eprintln!("no other layout, since the linker does not take the order: {error}");
                }
                Err(error) => return Err(error),
            }
            loaded = Some(workspace);
        }
        let workspace = loaded.ok_or("nothing was built")?;
        Ok(Project { workspace, builds })
    }

    pub fn has(&self, variant: Variant) -> bool {
        self.builds.iter().any(|(own, _)| *own == variant)
    }

    pub fn executables(&self, variant: Variant) -> &[Executable] {
        let own = self.builds.iter().find(|(own, _)| *own == variant);
        own.map_or(&[], |(_, executables)| executables)
    }

    /// The executable of criterion's benches.
    pub fn criterion(&self, variant: Variant) -> Result<&Executable, String> {
        let own = self.executables(variant).iter().find(|e| e.target.name == "by_criterion");
        own.ok_or_else(|| "there is no bench of criterion".to_owned())
    }
}

const SHUFFLED: &str = "-fuse-ld=lld -Wl,--shuffle-sections=.text.*=7";

fn executables(workspace: &Workspace) -> Result<Vec<Executable>, String> {
    let found = bench_targets(workspace, &[]).map_err(|error| error.to_string())?;
    let plan = BuildPlan {
        workspace,
        targets: found.targets.iter().filter(|t| t.name.starts_with("by_")).collect(),
        profile: None,
        toolchain: None,
        target_dir: workspace.perf_dir(),
        extra_args: vec!["--quiet".to_owned()],
        relink: Some(env!("CARGO_BIN_EXE_cargo-perf").into()),
    };
    workspace::build(&plan, Messages::Inherit, &AtomicBool::new(false))
        .map_err(|error| error.to_string())?
        .whole()
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> String {
    let path: PathBuf = path.to_owned();
    move |error| format!("{}: {error}", path.display())
}
