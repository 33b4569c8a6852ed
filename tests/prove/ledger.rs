//! Proofs last as long as the code they are about.

use cargo_perf::model::finding::Proof;
use cargo_perf::proof::prove::Ledger;

use super::finding;

const TEXT: &str = "fn a() {}\nfn f() {\n    slow();\n}\n";

fn proof() -> Proof {
    Proof {
        verdict: "faster".to_owned(),
        ratio: 0.11,
        low: 0.10,
        high: 0.12,
        pairs: 12,
        unit: "sec/op".to_owned(),
        allocs_before: Some(71.0),
        allocs_after: Some(0.0),
        tests: "passed".to_owned(),
    }
}

#[test]
fn a_proof_is_found_again_until_the_function_changes() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::of(dir.path());
    let found = finding(TEXT, "slow()", "fast()", 2.0);
    assert_eq!(ledger.proof(&found, TEXT), None);
    ledger.keep(&found, TEXT, &proof()).unwrap();
    assert_eq!(ledger.proof(&found, TEXT), Some(proof()));

    let moved = TEXT.replace("fn a() {}\n", "fn a() {}\n\nfn b() {}\n");
    let found_lower = finding(&moved, "slow()", "fast()", 2.0);
    assert_eq!(ledger.proof(&found_lower, &moved), Some(proof()));

    let changed = TEXT.replace("slow();", "slow();\n    other();");
    let found_changed = finding(&changed, "slow()", "fast()", 2.0);
    assert_eq!(ledger.proof(&found_changed, &changed), None);

    let rewrite = finding(TEXT, "slow()", "other()", 2.0);
    assert_eq!(ledger.proof(&rewrite, TEXT), None);
}

#[test]
fn a_broken_or_hostile_entry_is_no_proof() {
    let dir = tempfile::tempdir().unwrap();
    let ledger = Ledger::of(dir.path());
    let mut found = finding(TEXT, "slow()", "fast()", 2.0);
    ledger.keep(&found, TEXT, &proof()).unwrap();
    let file = dir.path().join("proofs").join(format!("{}.json", found.id));
    std::fs::write(file, "{").unwrap();
    assert_eq!(ledger.proof(&found, TEXT), None);
    found.id = "../../../escape".to_owned();
    ledger.keep(&found, TEXT, &proof()).unwrap();
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}
