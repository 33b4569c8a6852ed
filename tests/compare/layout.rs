//! Benches that are linked again with their functions in another order.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use cargo_perf::workspace::{self, BuildPlan, Link, Messages, Request, bench_targets};
use object::{Object, ObjectSymbol, SymbolKind};

use crate::repository::write;

/// The functions of the package, by where they lie.
fn order(executable: &Path) -> Vec<String> {
    let bytes = std::fs::read(executable).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let own: BTreeMap<u64, String> = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text)
        .filter(|symbol| symbol.name().is_ok_and(|name| name.starts_with("own_")))
        .map(|symbol| (symbol.address(), symbol.name().unwrap().to_owned()))
        .collect();
    own.into_values().collect()
}

fn says(executable: &Path) -> String {
    let output = Command::new(executable).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_bench_linked_again_does_the_same_with_its_functions_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(dir.path().join("benches")).unwrap();
    write(
        dir.path(),
        "Cargo.toml",
        "[package]\nname = \"work\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n\n\
         [[bench]]\nname = \"b\"\nharness = false\n",
    );
    let names: Vec<String> = ('a'..='h').map(|c| format!("own_{c}")).collect();
    let functions: String = names
        .iter()
        .enumerate()
        .map(|(at, name)| {
            // None is like another, or they would become one.
            format!(
                "#[no_mangle]\n#[inline(never)]\npub extern \"C\" fn {name}(x: u64) -> u64 {{ \
                 std::hint::black_box(x * 3 + {at}) }}\n"
            )
        })
        .collect();
    let calls: String = names.iter().map(|name| format!("x = {name}(x);")).collect();
    let main = format!("fn main() {{ let mut x = 1; {calls} println!(\"{{x}}\"); }}\n");
    write(dir.path(), "benches/b.rs", &format!("{functions}{main}"));
    let request = Request { dir: dir.path().to_owned(), ..Request::default() };
    let workspace = workspace::load(request).unwrap();
    let found = bench_targets(&workspace, &["b".to_owned()]).unwrap();
    let plan = BuildPlan {
        workspace: &workspace,
        targets: found.targets.iter().collect(),
        profile: None,
        toolchain: None,
        target_dir: workspace.perf_dir(),
        extra_args: Vec::new(),
        relink: Some(env!("CARGO_BIN_EXE_cargo-perf").into()),
    };
    let mut said = Vec::new();
    let built = workspace::build(&plan, Messages::Write(&mut said), &AtomicBool::new(false));
    let built = built.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&said)));
    let executable = &built.executables[0];
    let words = says(&executable.path);
    assert_eq!(order(&executable.path).len(), names.len());
    let Some(link) = executable.link.as_ref() else {
        if cfg!(target_os = "linux") {
            panic!("nothing was kept to link it again");
        }
        return;
    };
    let link = Link::read(link, &executable.path).expect("what was kept can be read");
    let mut orders = Vec::new();
    for seed in [1, 2, 1] {
        let out = dir.path().join(format!("b{}", orders.len()));
        if let Err(why) = link.relink(seed, &out) {
            let _ = writeln!(std::io::stderr(), "skipped: {why}");
            return;
        }
        assert_eq!(says(&out), words);
        orders.push(order(&out));
    }
    assert_eq!(orders[0], orders[2], "one seed, one order");
    assert_ne!(orders[0], orders[1]);
    assert_ne!(orders[0], order(&executable.path));
}
