//! Sixty inputs with what benchstat itself printed for them.

use super::{fixtures, stat};

#[test]
fn the_reference_cases_agree_to_the_byte() {
    let dir = fixtures("benchstat");
    let mut cases: Vec<_> = std::fs::read_dir(&dir)
        .expect("the cases are there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert_eq!(cases.len(), 60);
    for case in cases {
        let read = |name: &str| std::fs::read_to_string(case.join(name)).expect(name);
        let args: Vec<String> = serde_json::from_str(&read("args.json")).expect("a list");
        let ran = stat(&case, &args);
        assert_eq!(ran.stdout, read("stdout"), "{case:?} {args:?}");
        assert_eq!(ran.stderr, read("stderr"), "{case:?} {args:?}");
        assert_eq!(ran.code, Some(0), "{case:?}");
        // The same flags with two dashes.
        let long: Vec<String> = args
            .iter()
            .map(|arg| match arg.strip_prefix('-') {
                Some(name) if !name.starts_with('.') => format!("--{name}"),
                _ => arg.clone(),
            })
            .collect();
        assert_eq!(stat(&case, &long).stdout, ran.stdout, "{case:?} {long:?}");
    }
}
