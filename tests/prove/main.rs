//! Trying rewrites: what is kept, what is reverted, and the copy in which it happens.

mod ledger;
mod rounds;
mod tree;
mod trial;
mod whole;

use std::fs;
use std::path::Path;

use cargo_perf::model::evidence::Evidence;
use cargo_perf::model::finding::{Confidence, Edit, Finding, Grade, Span, Suggestion, Types};
use cargo_perf::workspace::{Request, Workspace, load};

/// A finding at `needle` of `text` that replaces it.
fn finding(text: &str, needle: &str, by: &str, bound: f64) -> Finding {
    let start = text.find(needle).unwrap();
    let span = Span { file: "src/lib.rs".into(), bytes: start..start + needle.len() };
    Finding {
        id: format!("slow_call-{}", needle.trim_end_matches("()")),
        lint: "slow_call",
        confidence: Confidence::Proved,
        types: Types::NotNeeded,
        span: span.clone(),
        message: "slow".to_owned(),
        label: String::new(),
        evidence: vec![Evidence {
            bench: "main".to_owned(),
            samples: 1000,
            bound: Some(bound),
            ..Evidence::default()
        }],
        related: Vec::new(),
        hot_path: Vec::new(),
        notes: Vec::new(),
        suggestions: vec![Suggestion {
            message: "call the fast one".to_owned(),
            grade: Grade::Safe,
            edits: vec![Edit { span, text: by.to_owned() }],
            sketch: None,
            caveat: None,
            dependency: None,
        }],
        proof: None,
        setting: None,
    }
}

fn put(root: &Path, file: &str, text: &str) {
    let path = root.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn loaded(root: &Path) -> Workspace {
    load(Request { dir: root.to_owned(), ..Request::default() }).unwrap()
}
