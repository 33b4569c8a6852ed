//! Which witness spoke for a type: debug info of the builds that are there, or the source alone.

use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::project::{Project, stderr};

/// Only the compiler knows what the macro makes here.
const SOURCE: &str = "macro_rules! made {
    ($value:expr) => {
        $value
    };
}
pub fn names(items: &[&str]) -> String {
    let mut all = made!(String::new());
    for item in items {
        all = all.clone() + item;
    }
    all
}
pub fn counts(items: &[u64]) -> u64 {
    let mut all = made!(0);
    for item in items {
        all = all.clone() + item;
    }
    all
}
";

fn built(profile: &str) -> Project {
    let project = Project::new(&[("src/lib.rs", SOURCE)]);
    project.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"demo\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[workspace]\n{profile}"
        ),
    );
    // Older than any build, on clocks of any resolution.
    set_age(&project, Duration::from_secs(3600));
    build(&project);
    project
}

fn build(project: &Project) {
    let output = Command::new(env!("CARGO"))
        .current_dir(project.folder.path())
        .args(["build", "--offline"])
        .env_remove("CARGO_TARGET_DIR")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

fn set_age(project: &Project, age: Duration) {
    let file = fs::File::options().write(true).open(project.path("src/lib.rs")).unwrap();
    file.set_modified(SystemTime::now() - age).unwrap();
}

/// Line and witness of what is said of concatenation.
fn said(project: &Project) -> Vec<(u64, String)> {
    let found = project.findings(&["--all", "--lint", "string_concat_in_loop"]);
    let line = |value: &Value| value["message"]["spans"][0]["line_start"].as_u64().unwrap();
    let types = |value: &Value| value["message"]["perf"]["types"].as_str().unwrap().to_owned();
    found.iter().map(|value| (line(value), types(value))).collect()
}

fn from_debug_info(line: u64) -> Vec<(u64, String)> {
    vec![(line, "debug-info".to_owned())]
}

#[test]
fn without_a_build_nobody_knows_and_with_one_debug_info_decides() {
    let project = Project::new(&[("src/lib.rs", SOURCE)]);
    assert_eq!(said(&project), []);
    let project = built("");
    assert_eq!(said(&project), from_debug_info(9));
    // What was read is kept; the answer is the same.
    assert!(fs::read_dir(project.path("target/perf/facts")).unwrap().count() > 0);
    assert_eq!(said(&project), from_debug_info(9));
    for entry in fs::read_dir(project.path("target/perf/facts")).unwrap() {
        fs::write(entry.unwrap().path(), b"damaged").unwrap();
    }
    assert_eq!(said(&project), from_debug_info(9));
}

#[test]
fn facts_follow_lines_that_moved_and_forget_those_edited() {
    let project = built("");
    assert_eq!(said(&project), from_debug_info(9));
    project.write("src/lib.rs", &format!("// one more\n{SOURCE}"));
    assert_eq!(said(&project), from_debug_info(10));
    project.write("src/lib.rs", &SOURCE.replace("all = made!(S", "all  = made!(S"));
    assert_eq!(said(&project), []);
}

#[test]
fn a_source_edited_before_anybody_looked_at_the_build_has_no_facts() {
    let project = built("");
    project.write("src/lib.rs", &SOURCE.replace("all = made", "all  = made"));
    let later = SystemTime::now() + Duration::from_secs(60);
    let file = fs::File::options().write(true).open(project.path("src/lib.rs")).unwrap();
    file.set_modified(later).unwrap();
    assert_eq!(said(&project), []);
}

#[test]
fn a_build_without_types_tells_none_and_is_no_error() {
    let project = built("[profile.dev]\ndebug = \"line-tables-only\"\n");
    assert_eq!(said(&project), []);
}

#[test]
fn a_bench_and_a_program_called_like_their_library_do_not_hide_its_types() {
    let lib = "use std::collections::HashMap;
pub struct Rates {
    rates: HashMap<String, f64>,
}
impl Rates {
    pub fn total(&self, to: &str, trades: &[(&str, f64)]) -> f64 {
        let mut total = 0.0;
        for (from, amount) in trades {
            let pair = format!(\"{from}/{to}\");
            if let Some(rate) = self.rates.get(&pair) {
                total += amount * rate;
            }
        }
        total
    }
}
";
    let program = "use demo::Rates;\nfn main() {\n    drop(None::<Rates>);\n}\n";
    let files = [("src/lib.rs", lib), ("src/main.rs", program), ("benches/demo.rs", program)];
    let lints: Vec<String> = Project::new(&files)
        .findings(&["--all"])
        .iter()
        .filter_map(|finding| Some(finding["message"]["perf"]["lint"].as_str()?.to_owned()))
        .collect();
    assert_eq!(lints, ["owned_map_key"]);
}
