//! The comment's Markdown: verdict first, then what changed, then findings, the rest folded.

use super::Body;
use super::bundle::{Bench, Bundle, Change, Flagged};
use crate::report::inert::{inert_lines, markdown, markdown_block, markdown_code};
use crate::report::words;

/// Forges take 65,536 characters; the marker and a margin are kept free.
const LONGEST: usize = 65_000;

/// A part of the comment that loses rows, last ones first, until the whole fits.
struct Table {
    head: String,
    rows: Vec<String>,
    tail: &'static str,
    is_folded: bool,
}

/// The comment for a bundle.
pub fn body(bundle: &Bundle) -> Body {
    let mut changed: Vec<&Bench> = bundle.benches.iter().filter(|bench| !is_still(bench)).collect();
    changed.sort_by_key(|bench| bench.change);
    let still: Vec<&Bench> = bundle.benches.iter().filter(|bench| is_still(bench)).collect();
    let mut tables = Vec::new();
    if !changed.is_empty() {
        tables.push(Table {
            head: "| bench | | base | head | vs base | pairs |\n\
                   | --- | --- | ---: | ---: | ---: | ---: |\n"
                .to_owned(),
            rows: changed.iter().map(|bench| row(bench)).collect(),
            tail: "\n",
            is_folded: false,
        });
    }
    if !bundle.findings.is_empty() {
        tables.push(Table {
            head: "**On the changed lines**\n\n| where | finding | cost | |\n\
                   | --- | --- | --- | --- |\n"
                .to_owned(),
            rows: bundle.findings.iter().map(finding_row).collect(),
            tail: "\n",
            is_folded: false,
        });
    }
    if !still.is_empty() {
        let noun = if still.len() == 1 { "bench" } else { "benches" };
        tables.push(Table {
            head: format!(
                "<details><summary>{} {noun} without a change that could be told</summary>\n\n\
                 | bench | | base | head | vs base | pairs |\n\
                 | --- | --- | ---: | ---: | ---: | ---: |\n",
                words::thousands(still.len() as u64)
            ),
            rows: still.iter().map(|bench| row(bench)).collect(),
            tail: "\n</details>\n\n",
            is_folded: true,
        });
    }
    let title = format!("### cargo perf: {}\n\n", verdict(bundle));
    let foot = foot(bundle);
    let text = fit(&title, tables, &foot);
    let worth_saying = !bundle.findings.is_empty()
        || bundle
            .benches
            .iter()
            .any(|bench| matches!(bench.change, Change::Slower | Change::Faster));
    Body { text, worth_saying }
}

/// No change, or none that stood out of the noise.
fn is_still(bench: &Bench) -> bool {
    matches!(bench.change, Change::Same | Change::Noisy)
}

/// The comment at the lines of a finding, with a suggestion that a click commits: `fence` is what
/// the forge wants above such a block.
pub fn line_body(finding: &Flagged, fence: &str) -> String {
    let mut text = format!(
        "{}\n**{}** {}\n",
        line_marker(&finding.id),
        markdown(&finding.lint),
        markdown(&finding.message)
    );
    for evidence in &finding.evidence {
        let line = markdown(&words::evidence(evidence));
        // The rest is left for the rewrite.
        if text.len() + line.len() < LONGEST / 4 {
            text.push_str(&format!("\n- {line}"));
        }
    }
    if let Some(rewrite) = &finding.rewrite {
        // Never alone on its line: GitLab takes a line that begins with a slash for a command.
        text.push_str(&format!("\n\nRewrite: {}", markdown(rewrite)));
    }
    if let Some(replacement) = &finding.replacement {
        // A line end of the other kind is the forge's to keep. What would have to be spelled out
        // to be harmless must not be committed with a click.
        let replacement = replacement.replace("\r\n", "\n");
        let fence = if inert_lines(&replacement) == replacement { fence } else { "rust" };
        let block = markdown_block(fence, &replacement);
        // Only what is mostly escapes gets that long, and that is no suggestion anyway.
        if text.chars().count() + block.chars().count() < LONGEST {
            text.push_str(&format!("\n\n{block}"));
        }
    }
    text
}

/// What makes a comment at lines ours, so that it is not repeated on the next push.
pub fn line_marker(id: &str) -> String {
    super::marker(id)
}

/// The whole of it in one line.
pub fn verdict(bundle: &Bundle) -> String {
    let count = |change| bundle.benches.iter().filter(|bench| bench.change == change).count();
    let mut parts = Vec::new();
    for (change, word) in [
        (Change::Slower, "slower"),
        (Change::Faster, "faster"),
        (Change::Noisy, "too noisy to tell"),
    ] {
        match count(change) {
            0 => {}
            1 => parts.push(format!("1 bench {word}")),
            n => parts.push(format!("{n} benches {word}")),
        }
    }
    if !bundle.findings.is_empty() {
        parts.push(words::count(bundle.findings.len(), "finding"));
    }
    match (parts.is_empty(), bundle.benches.is_empty()) {
        (true, true) => "resolved, nothing on the changed lines".to_owned(),
        (true, false) => "resolved, no change".to_owned(),
        _ => parts.join(", "),
    }
}

fn row(bench: &Bench) -> String {
    let word = match bench.change {
        Change::Slower => "**slower**",
        Change::Faster => "faster",
        Change::Noisy => "too noisy",
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Same => "no change",
    };
    let mut delta = markdown(&bench.delta);
    for exact in &bench.exact {
        if !delta.is_empty() {
            delta.push_str("<br>");
        }
        delta.push_str(&markdown(exact));
    }
    for note in &bench.notes {
        delta.push_str(&format!("<br><sub>{}</sub>", markdown(note)));
    }
    format!(
        "| {} | {word} | {} | {} | {delta} | {} |\n",
        markdown_code(&bench.name),
        markdown(&bench.before),
        markdown(&bench.after),
        bench.pairs
    )
}

fn finding_row(finding: &Flagged) -> String {
    let cost = finding.evidence.first().map(words::evidence).unwrap_or_default();
    format!(
        "| {} | {}: {} | {} | {} |\n",
        markdown_code(&format!("{}:{}", finding.path, finding.first)),
        markdown_code(&finding.lint),
        markdown(&finding.message),
        // Code within code is for text that has no other marks.
        markdown(&cost.replace('`', "")),
        finding.confidence.word()
    )
}

fn foot(bundle: &Bundle) -> String {
    let mut lines = Vec::new();
    for (word, text) in [
        ("base", &bundle.base),
        ("head", &bundle.head),
        ("machine", &bundle.machine),
        ("canary", &bundle.canary),
    ] {
        if !text.is_empty() {
            lines.push(format!("- {word}: {}", markdown(text)));
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    format!(
        "<details><summary>How this was measured</summary>\n\n{}\n\n</details>\n",
        lines.join("\n")
    )
}

/// Drops rows until everything fits, and counts them: what is folded goes first, then the end of
/// the longest table, so that neither benches nor findings push the others out.
fn fit(title: &str, mut tables: Vec<Table>, foot: &str) -> String {
    let mut dropped = vec![0_usize; tables.len()];
    let size = |row: &String| row.chars().count();
    let mut sizes: Vec<usize> =
        tables.iter().map(|table| table.rows.iter().map(size).sum()).collect();
    loop {
        let mut text = title.to_owned();
        for (table, &dropped) in tables.iter().zip(&dropped) {
            text.push_str(&table.head);
            text.extend(table.rows.iter().map(String::as_str));
            if dropped > 0 {
                text.push_str(&format!("\n… and {} more\n", words::thousands(dropped as u64)));
            }
            text.push_str(table.tail);
        }
        text.push_str(foot);
        let over = text.chars().count().saturating_sub(LONGEST);
        if over == 0 {
            return text;
        }
        let mut freed = 0;
        while freed < over + 40 {
            let longest = (0..tables.len())
                .filter(|&at| !tables[at].rows.is_empty())
                .max_by_key(|&at| (tables[at].is_folded, sizes[at]));
            let Some((at, row)) = longest.and_then(|at| Some((at, tables[at].rows.pop()?))) else {
                break;
            };
            freed += size(&row);
            sizes[at] -= size(&row);
            dropped[at] += 1;
        }
        if freed == 0 {
            return text.chars().take(LONGEST).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bundle::SCHEMA;
    use super::*;

    fn bench(name: &str, change: Change) -> Bench {
        Bench {
            name: name.into(),
            change,
            before: "12.3 µs".into(),
            after: "10.1 µs".into(),
            delta: "−17.9 %".into(),
            pairs: 12,
            exact: vec!["allocs/op 71 → 0".into()],
            notes: vec![],
        }
    }

    #[test]
    fn the_verdict_comes_first_and_unchanged_benches_are_folded() {
        let benches =
            vec![bench("a", Change::Same), bench("b", Change::Faster), bench("c", Change::Slower)];
        let body = body(&Bundle { schema: SCHEMA, benches, ..Bundle::default() });
        assert!(body.text.starts_with("### cargo perf: 1 bench slower, 1 bench faster\n"));
        let at = |part: &str| body.text.find(part).unwrap();
        assert!(at("| `c` |") < at("| `b` |") && at("| `b` |") < at("<details>"));
        assert!(at("<details>") < at("| `a` |"));
        assert!(body.worth_saying);
    }

    #[test]
    fn nothing_left_to_say_is_said_as_resolved() {
        let body = body(&Bundle { schema: SCHEMA, ..Bundle::default() });
        assert!(body.text.contains("resolved") && !body.worth_saying);
    }

    #[test]
    fn a_huge_report_loses_rows_from_the_end_and_counts_them() {
        let mut benches: Vec<Bench> =
            (0..3000).map(|n| bench(&format!("bench {n}"), Change::Same)).collect();
        benches.push(bench("the one", Change::Slower));
        let body = body(&Bundle { schema: SCHEMA, benches, ..Bundle::default() });
        assert!(body.text.chars().count() <= LONGEST);
        assert!(body.text.contains("the one") && body.text.contains(" more\n"));
        assert!(body.text.trim_end().ends_with("</details>"));
    }

    #[test]
    fn neither_benches_nor_findings_push_the_others_out() {
        let finding = Flagged {
            path: "src/a.rs".into(),
            first: 1,
            last: 2,
            lint: "recompiled_regex".into(),
            id: "recompiled_regex-1".into(),
            confidence: crate::model::finding::Confidence::Hot,
            message: "compiled on each turn of the loop".into(),
            evidence: vec![],
            replacement: None,
            rewrite: None,
        };
        for (benches, findings) in [(3000, 3), (3, 3000), (3000, 3000)] {
            let slower = (0..benches).map(|n| bench(&format!("bench {n}"), Change::Slower));
            let text = body(&Bundle {
                schema: SCHEMA,
                benches: slower.chain([bench("still", Change::Same)]).collect(),
                findings: vec![finding.clone(); findings],
                ..Bundle::default()
            });
            let text = text.text;
            assert!(text.chars().count() <= LONGEST);
            let rows = |part: &str| text.matches(part).count();
            assert!(rows("| `bench ") >= benches.min(200), "{}", rows("| `bench "));
            assert!(rows("| `src/a.rs:1` |") >= findings.min(200), "{}", rows("| `src/a.rs:1` |"));
            assert_eq!(rows("| `still` |"), 0, "what is folded goes first");
        }
    }

    #[test]
    fn hostile_texts_stay_inert() {
        let evil = "<img onerror=x> @everyone ``` </details> \x1b[2J\n## heading | [a](http://b)";
        let finding = Flagged {
            path: evil.into(),
            first: 1,
            last: 2,
            lint: evil.into(),
            id: evil.into(),
            confidence: crate::model::finding::Confidence::Hot,
            message: evil.into(),
            evidence: vec![],
            replacement: Some(format!("x\n```\n{evil}")),
            rewrite: Some(evil.into()),
        };
        let line = line_body(&finding, "suggestion");
        assert!(line.contains("````rust"), "not to be committed with a click: {line}");
        let plain = Flagged { replacement: Some("x\r\n```".into()), ..finding.clone() };
        assert!(line_body(&plain, "suggestion").contains("````suggestion\nx\n```\n````"));
        let bundle = Bundle {
            schema: SCHEMA,
            base: evil.into(),
            findings: vec![finding],
            benches: vec![bench(evil, Change::Slower)],
            ..Bundle::default()
        };
        let text = body(&bundle).text;
        assert!(!text.contains("\n## heading") && !text.contains('\x1b'), "{text}");
        // Outside of code spans nothing is left alive.
        let prose: String = text.split("````").step_by(2).collect::<Vec<_>>().join("");
        for live in ["<img", "@everyone", "](http://"] {
            assert!(!prose.contains(live), "{live} in {prose}");
        }
    }
}
