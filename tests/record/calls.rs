//! `record --calls`: what is counted is how often the program calls a function, by construction.
//! Where the system refuses uprobes, that is said and the rest is recorded.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::project::{Project, Ran};
use crate::truth;

/// Calls `parse::number` as often as its argument says, and a thousand times in each of two threads;
/// `generic` three times with one type and four times with another.
const PROGRAM: &str = r#"
use std::hint::black_box;
mod parse {
    use super::black_box;
    #[inline(never)]
    pub fn number(x: u64) -> u64 { black_box(x) + 1 }
    #[inline(never)]
    pub fn generic<T>(x: T) -> T { black_box(x) }
    #[inline(always)]
    pub fn inlined(x: u64) -> u64 { black_box(x) + 2 }
}
struct Row;
impl std::fmt::Display for Row {
    #[inline(never)]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { black_box(f).write_str("row") }
}
struct Node { value: u64, next: Option<Box<Node>> }
#[inline(never)]
fn last(mut node: &Node) -> u64 {
    loop { match &node.next { Some(next) => node = next, None => return node.value } }
}
fn main() {
    let count: u64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let many = |count: u64| (0..count).for_each(|i| { black_box(parse::number(i)); });
    many(count);
    std::thread::scope(|scope| for _ in 0..2 { scope.spawn(|| many(1000)); });
    (0..3u8).for_each(|i| { parse::generic(i); });
    (0..4u32).for_each(|i| { parse::generic(i); });
    black_box(parse::inlined(count));
    let node = Node { value: 1, next: Some(Box::new(Node { value: 2, next: None })) };
    println!("{Row} {}", last(black_box(&node)));
    if std::env::args().nth(2).is_some() { std::io::stdin().read_line(&mut String::new()).unwrap(); }
}
"#;

fn project() -> Project {
    let project = Project::new(&[("program.rs", PROGRAM)]);
    let built = Command::new("rustc")
        .args(["-g", "-O", "--edition=2021", "program.rs"])
        .current_dir(project.path(""))
        .status()
        .unwrap();
    assert!(built.success());
    project
}

/// Whether the system let calls be counted; why not is shown.
fn permitted(ran: &Ran) -> bool {
    ran.succeeds();
    let refused = ran.err.split("; ").find(|part| part.starts_with("no calls: "));
    if let Some(why) = refused {
        eprintln!("skipped: {why}");
    }
    refused.is_none()
}

#[test]
fn calls_of_a_command_are_counted_in_all_threads_and_instances() {
    let project = project();
    let functions = ["--calls", "parse::number", "--calls", "generic", "--calls", "Row::fmt"];
    let ran = project.run(&[&["record"], &functions[..], &["--", "./program", "12345"]].concat());
    if !permitted(&ran) {
        assert!(!ran.err.contains("calls of"), "{}", ran.err);
        return;
    }
    for line in ["14345 calls of parse::number", "7 calls of generic", "1 calls of Row::fmt"] {
        assert!(ran.err.contains(&format!("\n{line} in all\n")), "{line}: {}", ran.err);
    }
    let benches = std::fs::read_to_string(project.path("target/perf/bench.txt")).unwrap();
    assert!(benches.contains(" 14345 parse::number-calls/op"), "{benches}");
}

#[test]
fn what_has_no_calls_is_an_error_that_says_what_to_do() {
    let project = project();
    let fails = |name: &str, words: &[&str]| {
        project.run(&["record", "--calls", name, "--", "./program", "1"]).fails(2, words);
    };
    fails("parse::nubmer", &["no function `parse::nubmer`", "exists: `parse::number`"]);
    fails("parse::inlined", &["was inlined wherever it is used", "#[inline(never)]"]);
    fails("fmt", &["more than 32 functions are `fmt`", "name one of them, such as "]);
    let ran = project.run(&["record", "--calls", "number", "--", "./program.rs"]);
    ran.fails(2, &["./program.rs", "not a script"]);
    assert!(!project.path("target").exists(), "nothing ran");
}

#[test]
#[cfg(target_arch = "x86_64")]
fn a_loop_that_looks_like_calls_is_said_and_not_counted() {
    let ran = project().run(&["record", "--calls", "last", "--", "./program", "1"]);
    ran.succeeds();
    assert!(ran.err.contains("calls of last are not counted: a loop of it"), "{}", ran.err);
    assert!(!ran.err.contains("of last in all"), "{}", ran.err);
}

#[test]
fn where_calls_cannot_be_counted_the_rest_is_recorded() {
    let project = project();
    // What runs elsewhere is refused even to those who may do anything.
    let mut other = Command::new(project.path("program"))
        .args(["1", "wait"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    BufReader::new(other.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
    let ran = project.run(&["record", "--calls", "parse::number", "--", "./program", "1"]);
    drop(other.stdin.take());
    other.wait().unwrap();
    ran.succeeds();
    assert_eq!(ran.err.matches("; no calls: ").count(), 1, "{}", ran.err);
    assert!(!ran.err.contains("calls of parse::number"), "{}", ran.err);
    assert!(project.benches()[0].counters["alloc_objects"] > 0);
}

#[test]
fn calls_of_benches_are_counted_per_iteration_without_set_up() {
    let filters = ["three", "many", "batched", "by value", "other", "threads"];
    let args = ["--time", "50ms", "--out", "calls.pb.gz", "--calls", "harnesses::allocate"];
    let ran = truth::record(&[&args, &filters[..]].concat(), &[]);
    if !permitted(&ran) {
        return;
    }
    let mut target = "";
    let mut seen = 0;
    for line in ran.out.lines() {
        if let Some(name) = line.strip_prefix("target: ") {
            target = name;
        }
        let Some((bench, rest)) = line.split_once(' ') else { continue };
        let Some(bench) = bench.strip_prefix("Benchmark") else { continue };
        let expected = match bench.to_lowercase().as_str() {
            "not_three" => 1,
            "three_and_one" => 4,
            name if name.contains("other") => 5,
            name if name.ends_with("10") => 10,
            name if name.ends_with("many/1") || name.ends_with("many::1") => 1,
            _ => 3,
        };
        let calls = format!(" {expected} harnesses::allocate-calls/op");
        assert!(rest.contains(&calls), "{target}, {bench}: {rest}\n{}", ran.err);
        seen += 1;
    }
    assert!(seen >= 14, "{}", ran.out);
}
