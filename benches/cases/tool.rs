//! Cases that the tool rewrites, or only finds.

use cargo_perf::model::verdict::Comparison;
use serde_json::Value;

use crate::Case;
use crate::copy::{Copied, perf};
use crate::row::Row;

/// Lets `fix --prove` rewrite the package.
pub fn prove(copied: &Copied, cases: &[&Case]) -> Result<Vec<Row>, String> {
    let args = [
        "fix",
        "--prove",
        "--allow-dirty",
        "--allow-no-vcs",
        "--message-format",
        "json",
        "--package",
        &copied.name,
    ];
    let messages = lines(&perf(copied, &args)?.stdout);
    Ok(cases.iter().map(|case| row(case, &messages)).collect())
}

fn row(case: &Case, messages: &[Value]) -> Row {
    let of =
        |reason: &'static str| messages.iter().filter(move |message| message["reason"] == reason);
    if case.lints.is_empty() {
        let overall = of("perf-overall").filter_map(|message| comparison(&message["comparison"]));
        let overall = overall.into_iter().find(|comparison| comparison.name.bench == case.bench);
        let lints: Vec<String> =
            of("perf-attempt").filter(|m| m["kept"] == true).flat_map(lints).collect();
        let found = (!lints.is_empty()).then(|| format!("{} rewrites kept", lints.len()));
        return Row::new(case, found, overall.as_ref());
    }
    let attempt = of("perf-attempt")
        .filter(|message| lints(message).iter().any(|lint| case.lints.contains(lint)))
        .max_by_key(|message| message["kept"] == true);
    let Some(attempt) = attempt else {
        let skipped = of("perf-skipped").find(|m| lints(m).iter().any(|l| case.lints.contains(l)));
        let found =
            skipped.map(|m| format!("{}, not tried: {}", lints(m).join(", "), text(&m["why"])));
        return Row::new(case, found, None);
    };
    let benches = attempt["benches"].as_array().cloned().unwrap_or_default();
    let measured = benches.iter().filter_map(comparison).find(|c| c.name.bench == case.bench);
    let confidence = text(&attempt["confidence"][0]);
    Row::new(case, Some(format!("{} ({confidence})", lints(attempt).join(", "))), measured.as_ref())
}

/// Lets the tool record and check the package.
pub fn check(copied: &Copied, cases: &[&Case]) -> Result<Vec<Row>, String> {
    let found = found(copied)?;
    Ok(cases.iter().map(|case| Row::new(case, by_lint(case, &found), None)).collect())
}

/// The lints that speak of a package, with their confidence.
pub fn found(copied: &Copied) -> Result<Vec<(String, String)>, String> {
    perf(copied, &["record", "--package", &copied.name])?;
    let output = perf(copied, &["check", "--all", "--message-format", "json"])?;
    let here = format!("{}/", copied.name);
    Ok(lines(&output.stdout)
        .iter()
        .filter(|message| message["reason"] == "compiler-message")
        .map(|message| &message["message"])
        // Paths are relative to the workspace; an example that is its own has no folder.
        .filter(|message| text(&message["spans"][0]["file_name"]).starts_with(&here))
        .map(|message| (text(&message["perf"]["lint"]), text(&message["perf"]["confidence"])))
        .collect())
}

/// What of it a case is about.
pub fn by_lint(case: &Case, found: &[(String, String)]) -> Option<String> {
    let (lint, confidence) = found.iter().find(|(lint, _)| case.lints.contains(lint))?;
    Some(format!("{lint} ({confidence})"))
}

fn lines(stdout: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(stdout);
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

fn comparison(value: &Value) -> Option<Comparison> {
    serde_json::from_value(value.clone()).ok()
}

fn lints(message: &Value) -> Vec<String> {
    message["lints"].as_array().into_iter().flatten().map(text).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
