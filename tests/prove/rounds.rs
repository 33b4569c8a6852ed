//! The rounds, in a laboratory whose clock is arithmetic.
//!
//! The tree is one file of calls. `slow_x()` costs 100, `fast_x()` 10, and so on: what a call
//! costs is looked up in a table, and a comparison is the quotient of two sums.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use cargo_perf::model::finding::{Finding, Grade};
use cargo_perf::model::verdict::{
    BenchName, Comparison, ExactChange, ExactVerdict, TimeChange, Verdict,
};
use cargo_perf::proof::prove::{
    Attempt, Compared, Compiled, Fate, Kept, Laboratory, Options, Outcome, Stop, Tests, prove,
};
use cargo_perf::rewrite::Change;

use super::finding;

struct Arithmetic {
    text: String,
    accepted: String,
    costs: BTreeMap<&'static str, f64>,
    /// What is found, as long as it stands in the text and makes up a hundredth of the cost.
    rewrites: Vec<(&'static str, &'static str)>,
    /// So many attempts and the budget is spent.
    budget: usize,
    /// The text is that of a bench.
    is_of_bench: bool,
    log: Vec<String>,
    manifest: String,
}

impl Arithmetic {
    fn new(
        text: &str,
        costs: &[(&'static str, f64)],
        rewrites: &[(&'static str, &'static str)],
    ) -> Self {
        Arithmetic {
            text: text.to_owned(),
            accepted: text.to_owned(),
            costs: costs.iter().copied().collect(),
            rewrites: rewrites.to_vec(),
            budget: usize::MAX,
            is_of_bench: false,
            log: Vec::new(),
            manifest: "[dependencies]\n".to_owned(),
        }
    }

    fn cost(&self, text: &str) -> f64 {
        self.costs.iter().map(|(call, cost)| text.matches(call).count() as f64 * cost).sum()
    }
}

impl Laboratory for Arithmetic {
    fn findings(&mut self) -> Result<Vec<Finding>, Stop> {
        let total = self.cost(&self.text);
        let found =
            self.rewrites.iter().enumerate().filter(|(_, (slow, _))| self.text.contains(slow));
        Ok(found
            .map(|(at, rewrite @ (slow, fast))| {
                let cost = self.costs.get(slow).copied().unwrap_or(0.0);
                let mut found = finding(&self.text, slow, fast, total / (total - cost).max(0.001));
                if fast.starts_with("theirs") {
                    found.suggestions[0].dependency = Some(fast.replace("()", ""));
                }
                if self.rewrites[..at].contains(rewrite) {
                    found.id.push_str("-again");
                }
                found
            })
            .collect())
    }

    fn read(&self, _: &Path) -> io::Result<String> {
        Ok(self.text.clone())
    }

    fn is_of_bench(&self, _: &Path) -> bool {
        self.is_of_bench
    }

    fn write(&mut self, texts: &BTreeMap<PathBuf, String>) -> Result<(), Stop> {
        if let Some(text) = texts.get(Path::new("src/lib.rs")) {
            self.text.clone_from(text);
        }
        if let Some(text) = texts.get(Path::new("Cargo.toml")) {
            self.manifest.clone_from(text);
        }
        Ok(())
    }

    fn with_dependency(&mut self, _: &Path, name: &str) -> Result<Vec<Change>, String> {
        let (file, before) = (PathBuf::from("Cargo.toml"), self.manifest.clone());
        // Once is enough, as for cargo.
        let line = format!("{name} = \"1\"\n");
        let after = if before.contains(&line) { before.clone() } else { before.clone() + &line };
        Ok(vec![Change { file, before, after }])
    }

    fn format(&self, _: &mut Change) {}

    fn compile(&mut self) -> Result<Compiled, Stop> {
        Ok(if self.text.contains("missing()") {
            Compiled::No("cannot find function `missing`".to_owned())
        } else {
            Compiled::Yes
        })
    }

    fn test(&mut self) -> Result<Tests, Stop> {
        Ok(match () {
            () if self.text.contains("wrong()") => Tests::Failed(vec!["adds_up".to_owned()]),
            () if self.text.contains("endless()") => Tests::Hung,
            () if self.text.contains("ctrl_c()") => return Err(Stop::Interrupted),
            () => Tests::Passed { known: Vec::new() },
        })
    }

    fn compare(&mut self, _: &[&Finding]) -> Result<Compared, Stop> {
        let ratio = self.cost(&self.text) / self.cost(&self.accepted);
        let verdict = match ratio {
            r if r < 0.98 => Verdict::Faster,
            r if r > 1.02 => Verdict::Slower,
            _ => Verdict::NoChange,
        };
        let allocs = |text: &str| text.matches("alloc_").count() as f64;
        let (before, after) = (allocs(&self.accepted), allocs(&self.text));
        let exact = match after.total_cmp(&before) {
            std::cmp::Ordering::Less => ExactVerdict::Less,
            std::cmp::Ordering::Equal => ExactVerdict::Same,
            std::cmp::Ordering::Greater => ExactVerdict::More,
        };
        let comparison = Comparison {
            name: BenchName {
                package: "p".to_owned(),
                target: "main".to_owned(),
                bench: "main".to_owned(),
            },
            time: Some(TimeChange {
                verdict,
                ratio,
                low: ratio * 0.995,
                high: ratio * 1.005,
                p: 0.01,
                p_holm: 0.01,
                pairs: 12,
                more_pairs: None,
                before: Vec::new(),
                after: Vec::new(),
            }),
            exact: vec![ExactChange {
                unit: "allocs/op".to_owned(),
                before,
                after,
                verdict: exact,
            }],
            notes: Vec::new(),
        };
        let broken = self.text.contains("panics()").then(|| "main exited with 101".to_owned());
        Ok(Compared { benches: vec![comparison], broken: broken.into_iter().collect() })
    }

    fn accept(&mut self) -> Result<(), Stop> {
        self.accepted.clone_from(&self.text);
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.log.len() >= self.budget
    }

    fn tell(&mut self, attempt: &Attempt) {
        let ids: Vec<&str> = attempt.findings.iter().map(|f| &f.id["slow_call-".len()..]).collect();
        let fate = match &attempt.fate {
            Fate::Kept(Kept::Faster) => "faster",
            Fate::Kept(Kept::Leaner) => "leaner",
            Fate::Reverted(reason) => reason,
        };
        self.log.push(format!("{} {}: {fate}", attempt.round, ids.join("+")));
    }
}

fn options() -> Options {
    Options { grade: Grade::Unsafe, ids: Vec::new(), rounds: 5 }
}

fn outcome_of(laboratory: &mut dyn Laboratory, options: &Options) -> Outcome {
    let mut outcome = Outcome::default();
    prove(laboratory, options, &mut outcome).unwrap();
    outcome
}

fn run(laboratory: &mut Arithmetic) -> Outcome {
    outcome_of(laboratory, &options())
}

#[test]
fn what_is_faster_is_kept_costliest_first_and_what_is_not_is_put_back() {
    let mut lab = Arithmetic::new(
        "fn f() { a(); b(); c(); rest(); }",
        &[
            ("a()", 50.0),
            ("b()", 100.0),
            ("c()", 80.0),
            ("fast()", 1.0),
            ("slow()", 200.0),
            ("rest()", 99.0),
        ],
        &[("a()", "fast()"), ("b()", "slow()"), ("c()", "fast()")],
    );
    run(&mut lab);
    assert_eq!(lab.log, ["1 b: slower: main", "1 c: faster", "1 a: faster"]);
    assert_eq!(lab.text, "fn f() { fast(); b(); fast(); rest(); }");
}

#[test]
fn what_does_not_compile_or_fails_a_test_is_never_kept() {
    let mut lab = Arithmetic::new(
        "fn f() { a(); b(); c(); d(); }",
        &[("a()", 50.0), ("b()", 40.0), ("c()", 30.0), ("d()", 20.0), ("fast()", 1.0)],
        &[("a()", "missing()"), ("b()", "wrong()"), ("c()", "endless()"), ("d()", "fast()")],
    );
    let outcome = run(&mut lab);
    assert_eq!(
        lab.log,
        [
            "1 a: does not compile",
            "1 b: tests failed: adds_up",
            "1 c: tests did not end",
            "1 d: faster"
        ]
    );
    assert_eq!(lab.text, "fn f() { a(); b(); c(); fast(); }");
    assert!(outcome.attempts[0].benches.is_empty());
    // Wrong once is wrong for good: the second round does not try them again.
    assert_eq!(outcome.attempts.len(), 4);
}

#[test]
fn a_bench_that_fails_now_is_never_faster() {
    let mut lab = Arithmetic::new(
        "fn f() { a(); rest(); }",
        &[("a()", 50.0), ("panics()", 1.0), ("rest()", 50.0)],
        &[("a()", "panics()")],
    );
    run(&mut lab);
    assert_eq!(lab.log, ["1 a: a bench fails: main exited with 101"]);
    assert_eq!(lab.text, "fn f() { a(); rest(); }");
}

#[test]
fn what_changes_nothing_is_reported_and_not_kept() {
    let mut lab = Arithmetic::new(
        "fn f() { a(); rest(); }",
        &[("a()", 50.0), ("same()", 50.0), ("rest()", 50.0)],
        &[("a()", "same()")],
    );
    let outcome = run(&mut lab);
    assert_eq!(lab.log, ["1 a: no change (±0.5 % at most)"]);
    assert_eq!(lab.text, lab.accepted);
    assert!(outcome.steps.is_empty());
    let proof = outcome.attempts[0].proof().unwrap();
    assert_eq!((proof.verdict.as_str(), proof.tests.as_str()), ("no change", "passed"));
}

#[test]
fn fewer_allocations_in_the_same_time_are_kept() {
    let mut lab = Arithmetic::new(
        "fn f() { alloc_a(); rest(); }",
        &[("alloc_a()", 50.0), ("same()", 50.0), ("rest()", 50.0)],
        &[("alloc_a()", "same()")],
    );
    run(&mut lab);
    assert_eq!(lab.log, ["1 alloc_a: leaner"]);
}

#[test]
fn what_was_cold_beside_a_cost_that_is_gone_is_tried_in_the_next_round() {
    let mut lab = Arithmetic::new(
        "fn f() { huge(); small(); rest(); }",
        &[("huge()", 10_000.0), ("small()", 50.0), ("rest()", 50.0), ("fast()", 1.0)],
        &[("huge()", "fast()"), ("small()", "fast()")],
    );
    lab.rewrites.reverse();
    let outcome = run(&mut lab);
    assert_eq!(lab.log, ["1 huge: faster", "2 small: faster"]);
    assert_eq!(outcome.steps.len(), 2);
    assert!(outcome.skipped.is_empty());
}

#[test]
fn what_measures_is_not_changed_unless_it_is_named() {
    let costs = [("a()", 50.0), ("fast()", 1.0), ("rest()", 50.0)];
    let mut lab = Arithmetic::new("fn f() { a(); rest(); }", &costs, &[("a()", "fast()")]);
    lab.is_of_bench = true;
    let outcome = run(&mut lab);
    assert!(outcome.attempts.is_empty());
    let [(finding, reason)] = outcome.skipped.as_slice() else { panic!("{:?}", outcome.skipped) };
    assert_eq!(
        *reason,
        format!("it is the bench's own code; `fix --prove {}` tries it", finding.id)
    );
    let named = Options { ids: vec![finding.id.clone()], ..options() };
    outcome_of(&mut lab, &named);
    assert_eq!(lab.text, "fn f() { fast(); rest(); }");
}

/// Only when both `a()` and `b()` are gone does the pair cost less.
struct Hidden(Arithmetic);

impl Laboratory for Hidden {
    fn findings(&mut self) -> Result<Vec<Finding>, Stop> {
        self.0.findings()
    }

    fn read(&self, file: &Path) -> io::Result<String> {
        self.0.read(file)
    }

    fn is_of_bench(&self, file: &Path) -> bool {
        self.0.is_of_bench(file)
    }

    fn write(&mut self, texts: &BTreeMap<PathBuf, String>) -> Result<(), Stop> {
        self.0.write(texts)
    }

    fn with_dependency(&mut self, file: &Path, name: &str) -> Result<Vec<Change>, String> {
        self.0.with_dependency(file, name)
    }

    fn format(&self, change: &mut Change) {
        self.0.format(change);
    }

    fn compile(&mut self) -> Result<Compiled, Stop> {
        self.0.compile()
    }

    fn test(&mut self) -> Result<Tests, Stop> {
        self.0.test()
    }

    fn compare(&mut self, findings: &[&Finding]) -> Result<Compared, Stop> {
        let both = !self.0.text.contains("a()") && !self.0.text.contains("b()");
        self.0.costs.insert("rest()", if both { 50.0 } else { 100.0 });
        let after = self.0.cost(&self.0.text);
        self.0.costs.insert("rest()", 100.0);
        let before = self.0.cost(&self.0.accepted);
        let mut compared = self.0.compare(findings)?;
        let time = compared.benches[0].time.as_mut().unwrap();
        time.ratio = after / before;
        (time.low, time.high) = (time.ratio * 0.995, time.ratio * 1.005);
        time.verdict = if time.ratio < 0.98 { Verdict::Faster } else { Verdict::NoChange };
        Ok(compared)
    }

    fn accept(&mut self) -> Result<(), Stop> {
        self.0.accept()
    }

    fn is_over(&self) -> bool {
        self.0.is_over()
    }

    fn tell(&mut self, attempt: &Attempt) {
        self.0.tell(attempt);
    }
}

#[test]
fn a_crate_that_a_rewrite_needs_stays_only_if_the_rewrite_does() {
    let costs = [
        ("a()", 50.0),
        ("b()", 80.0),
        ("theirs()", 1.0),
        ("theirs_too()", 200.0),
        ("rest()", 99.0),
    ];
    let rewrites = [("b()", "theirs_too()"), ("a()", "theirs()")];
    let mut lab = Arithmetic::new("fn f() { a(); b(); rest(); }", &costs, &rewrites[..1]);
    run(&mut lab);
    assert_eq!(lab.manifest, "[dependencies]\n");

    let mut lab = Arithmetic::new("fn f() { a(); b(); rest(); }", &costs, &rewrites);
    let outcome = run(&mut lab);
    assert_eq!(lab.text, "fn f() { theirs(); b(); rest(); }");
    assert_eq!(lab.manifest, "[dependencies]\ntheirs = \"1\"\n");
    let [step] = outcome.steps.as_slice() else { panic!("{:?}", outcome.steps) };
    let files: Vec<&Path> = step.changes.iter().map(|change| &*change.file).collect();
    assert_eq!(files, [Path::new("Cargo.toml"), Path::new("src/lib.rs")]);
}

#[test]
fn what_two_findings_ask_for_alike_is_tried_once() {
    let mut lab = Arithmetic::new(
        "fn f() { a(); rest(); }",
        &[("a()", 50.0), ("slow()", 200.0), ("rest()", 99.0)],
        &[("a()", "slow()"), ("a()", "slow()")],
    );
    let outcome = run(&mut lab);
    assert_eq!(outcome.attempts.len(), 1);
    let [(finding, reason)] = outcome.skipped.as_slice() else { panic!("{:?}", outcome.skipped) };
    assert_eq!(finding.id, "slow_call-a-again");
    assert!(reason.ends_with("which was tried"), "{reason}");
}

#[test]
fn steps_that_hide_each_other_are_tried_together_and_without_those_not_needed() {
    let mut lab = Hidden(Arithmetic::new(
        "fn f() { a(); b(); c(); rest(); }",
        &[("a()", 10.0), ("b()", 9.0), ("c()", 8.0), ("d()", 10.0), ("e()", 9.0), ("g()", 8.0)],
        &[("a()", "d()"), ("b()", "e()"), ("c()", "g()")],
    ));
    lab.0.costs.insert("rest()", 100.0);
    let outcome = outcome_of(&mut lab, &options());
    assert_eq!(lab.0.log.last().unwrap(), "1 a+b: faster");
    assert_eq!(lab.0.text, "fn f() { d(); e(); c(); rest(); }");
    assert_eq!(lab.0.accepted, lab.0.text);
    assert_eq!(outcome.steps.len(), 1);
}

/// As [`Hidden`], with a second file, in which a rewrite changes nothing that is measured.
struct TwoFiles {
    main: Hidden,
    other: String,
    accepted: String,
}

impl Laboratory for TwoFiles {
    fn findings(&mut self) -> Result<Vec<Finding>, Stop> {
        let mut findings = self.main.findings()?;
        if self.other.contains("c()") {
            let mut other = finding(&self.other, "c()", "g()", 1.02);
            let file = PathBuf::from("src/other.rs");
            other.span.file.clone_from(&file);
            other.suggestions[0].edits[0].span.file = file;
            findings.push(other);
        }
        Ok(findings)
    }

    fn read(&self, file: &Path) -> io::Result<String> {
        if file == Path::new("src/other.rs") {
            Ok(self.other.clone())
        } else {
            self.main.read(file)
        }
    }

    fn is_of_bench(&self, file: &Path) -> bool {
        self.main.is_of_bench(file)
    }

    fn write(&mut self, texts: &BTreeMap<PathBuf, String>) -> Result<(), Stop> {
        if let Some(text) = texts.get(Path::new("src/other.rs")) {
            self.other.clone_from(text);
        }
        self.main.write(texts)
    }

    fn with_dependency(&mut self, file: &Path, name: &str) -> Result<Vec<Change>, String> {
        self.main.with_dependency(file, name)
    }

    fn format(&self, change: &mut Change) {
        self.main.format(change);
    }

    fn compile(&mut self) -> Result<Compiled, Stop> {
        self.main.compile()
    }

    fn test(&mut self) -> Result<Tests, Stop> {
        self.main.test()
    }

    fn compare(&mut self, findings: &[&Finding]) -> Result<Compared, Stop> {
        self.main.compare(findings)
    }

    fn accept(&mut self) -> Result<(), Stop> {
        self.accepted.clone_from(&self.other);
        self.main.accept()
    }

    fn is_over(&self) -> bool {
        self.main.is_over()
    }

    fn tell(&mut self, attempt: &Attempt) {
        self.main.tell(attempt);
    }
}

#[test]
fn what_is_left_out_leaves_no_trace_in_a_file_of_its_own() {
    let costs = [("a()", 10.0), ("b()", 9.0), ("d()", 10.0), ("e()", 9.0), ("rest()", 100.0)];
    let rewrites = [("a()", "d()"), ("b()", "e()")];
    let mut lab = TwoFiles {
        main: Hidden(Arithmetic::new("fn f() { a(); b(); rest(); }", &costs, &rewrites)),
        other: "fn h() { c(); }".to_owned(),
        accepted: String::new(),
    };
    outcome_of(&mut lab, &options());
    assert_eq!(lab.main.0.text, "fn f() { d(); e(); rest(); }");
    assert_eq!((lab.other.as_str(), lab.accepted.as_str()), ("fn h() { c(); }", "fn h() { c(); }"));
}

#[test]
fn of_two_that_overlap_the_second_is_refused_with_its_reason() {
    let mut lab = Arithmetic::new(
        "fn f() { a(b()); rest(); }",
        &[("a(", 50.0), ("b()", 40.0), ("fast()", 1.0), ("rest()", 1.0)],
        &[("a(b())", "fast()"), ("b()", "fast()")],
    );
    lab.costs.insert("a(b())", 60.0);
    run(&mut lab);
    assert_eq!(lab.log[0], "1 a(b()): faster");
    assert_eq!(lab.log[1], "1 b: another rewrite touches the same text of src/lib.rs");
    assert_eq!(lab.text, "fn f() { fast(); rest(); }");
}

#[test]
fn the_budget_ends_it_and_an_interrupt_stops_it() {
    let costs = [("a()", 50.0), ("b()", 40.0), ("c()", 30.0), ("fast()", 1.0)];
    let text = "fn f() { a(); b(); c(); }";
    let mut lab =
        Arithmetic::new(text, &costs, &[("a()", "fast()"), ("b()", "fast()"), ("c()", "fast()")]);
    lab.budget = 2;
    let outcome = run(&mut lab);
    assert!(outcome.is_cut_short);
    assert_eq!(outcome.skipped.len(), 1);
    assert_eq!(outcome.skipped[0].1, "the budget was spent");
    let mut lab = Arithmetic::new(text, &costs, &[("a()", "fast()"), ("b()", "ctrl_c()")]);
    let mut outcome = Outcome::default();
    assert_eq!(prove(&mut lab, &options(), &mut outcome), Err(Stop::Interrupted));
    assert_eq!(outcome.steps.len(), 1, "what was proved before is not lost");
}

#[test]
fn each_step_carries_what_it_changed_on_top_of_those_before() {
    let mut lab = Arithmetic::new(
        "fn f() { a(); b(); rest(); }",
        &[("a()", 50.0), ("b()", 40.0), ("fast()", 1.0), ("rest()", 9.0)],
        &[("a()", "fast()"), ("b()", "fast()")],
    );
    let outcome = run(&mut lab);
    let [first, second] = &outcome.steps[..] else { panic!("{:?}", outcome.steps) };
    assert_eq!(first.changes[0].before, "fn f() { a(); b(); rest(); }");
    assert_eq!(first.changes[0].after, second.changes[0].before);
    assert_eq!(second.changes[0].after, lab.text);
}

#[test]
fn only_what_was_asked_for_and_is_graded_well_enough_is_tried() {
    let costs = [("a()", 50.0), ("b()", 40.0), ("c()", 30.0), ("fast()", 1.0)];
    let rewrites = [("a()", "fast()"), ("b()", "fast()"), ("c()", "fast()")];
    let mut lab = Arithmetic::new("fn f() { a(); b(); c(); }", &costs, &rewrites);
    let only = Options { ids: vec!["slow_call-b".to_owned()], ..options() };
    outcome_of(&mut lab, &only);
    assert_eq!(lab.log, ["1 b: faster"]);
    // All suggestions of this laboratory are safe; nothing is better graded than that.
    let mut lab = Arithmetic::new("fn f() { a(); b(); c(); }", &costs, &rewrites);
    let safe = Options { grade: Grade::Safe, ..options() };
    outcome_of(&mut lab, &safe);
    assert_eq!(lab.log.len(), 3);
}
