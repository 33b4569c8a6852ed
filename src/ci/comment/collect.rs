//! From the JSON lines of `check` to the findings of a bundle.

use std::fmt;
use std::path::Path;

use serde_json::Value;

use super::bundle::Flagged;

/// A line that `check` did not write.
#[derive(Debug)]
pub struct Error {
    /// 1-based.
    line: usize,
    message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for Error {}

/// The findings in the output of `check --message-format json`; lines of other tools are skipped.
/// Cargo names files from the workspace, forges from the top of the repository: `below` is between.
pub fn findings(text: &str, below: &Path) -> Result<Vec<Flagged>, Error> {
    let below: String = below.iter().map(|part| format!("{}/", part.to_string_lossy())).collect();
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let failed = |message: String| Error { line: at + 1, message };
        let value: Value = serde_json::from_str(line).map_err(|error| failed(error.to_string()))?;
        if value["message"]["perf"].is_object() {
            let finding = finding(&value["message"]);
            let mut finding =
                finding.ok_or_else(|| failed("a finding without its parts".into()))?;
            finding.path.insert_str(0, &below);
            findings.push(finding);
        }
    }
    Ok(findings)
}

fn finding(message: &Value) -> Option<Flagged> {
    let perf = &message["perf"];
    let span = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let mut flagged = Flagged {
        path: span["file_name"].as_str()?.replace('\\', "/"),
        first: span["line_start"].as_u64()?,
        last: span["line_end"].as_u64()?,
        lint: perf["lint"].as_str()?.to_owned(),
        id: perf["id"].as_str()?.to_owned(),
        confidence: serde_json::from_value(perf["confidence"].clone()).ok()?,
        message: message["message"].as_str()?.to_owned(),
        evidence: serde_json::from_value(perf["evidence"].clone()).ok()?,
        replacement: None,
        rewrite: None,
    };
    let suggestion = message["children"].as_array()?.iter().find(|child| {
        child["level"] == "help" && child["spans"].as_array().is_some_and(|spans| !spans.is_empty())
    });
    if let Some(suggestion) = suggestion {
        flagged.rewrite = suggestion["message"].as_str().map(str::to_owned);
        if let Some((first, last, text)) = whole_lines(&flagged.path, suggestion) {
            (flagged.first, flagged.last) = (first, last);
            flagged.replacement = Some(text);
        }
    }
    Some(flagged)
}

/// The rewrite as whole lines, which is all that a suggestion block can replace; `None` where
/// its edits are not next to each other, because half of a rewrite must not be committed.
fn whole_lines(path: &str, suggestion: &Value) -> Option<(u64, u64, String)> {
    let mut spans: Vec<&Value> = suggestion["spans"].as_array()?.iter().collect();
    spans.sort_by_key(|span| span["byte_start"].as_u64());
    let first = spans.first()?["line_start"].as_u64()?;
    let mut last = first;
    let mut lines: Vec<String> = Vec::new();
    // What of the last line is still to come, behind the edit before.
    let mut rest = String::new();
    let mut column = 1;
    for (at, span) in spans.iter().enumerate() {
        if span["file_name"].as_str()?.replace('\\', "/") != path {
            return None;
        }
        let start = (span["line_start"].as_u64()?, span["column_start"].as_u64()? as usize);
        let end = (span["line_end"].as_u64()?, span["column_end"].as_u64()? as usize);
        let text = span["text"].as_array()?;
        let line = |at: usize| text.get(at)?["text"].as_str();
        if at > 0 && start.0 > last.saturating_add(1) {
            return None;
        }
        let before: String = if at > 0 && start.0 == last {
            rest.chars().take(start.1.checked_sub(column)?).collect()
        } else {
            if at > 0 {
                lines.last_mut()?.push_str(&rest);
                lines.push(String::new());
            }
            line(0)?.chars().take(start.1.checked_sub(1)?).collect()
        };
        if lines.is_empty() {
            lines.push(String::new());
        }
        let current = lines.last_mut()?;
        current.push_str(&before);
        current.push_str(span["suggested_replacement"].as_str()?);
        let lines_on = usize::try_from(end.0.checked_sub(start.0)?).ok()?;
        rest = line(lines_on)?.chars().skip(end.1.checked_sub(1)?).collect();
        column = end.1;
        last = end.0;
    }
    lines.last_mut()?.push_str(&rest);
    Some((first, last, lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn span(line: u64, from: u64, to: u64, text: &str, by: &str) -> Value {
        json!({"file_name": "src/a.rs", "line_start": line, "line_end": line,
               "column_start": from, "column_end": to, "byte_start": line * 100 + from,
               "text": [{"text": text}], "suggested_replacement": by})
    }

    #[test]
    fn edits_on_one_line_become_that_line() {
        let line = "let é = a(b) + c;";
        let spans = json!({"spans": [span(7, 16, 17, line, "d"), span(7, 9, 10, line, "x")]});
        let lines = whole_lines("src/a.rs", &spans).unwrap();
        assert_eq!(lines, (7, 7, "let é = x(b) + d;".to_owned()));
    }

    #[test]
    fn edits_on_neighbouring_lines_become_both_and_distant_ones_nothing() {
        let near = json!({"spans": [span(7, 1, 2, "ab", "X"), span(8, 2, 3, "cd", "Y")]});
        assert_eq!(whole_lines("src/a.rs", &near).unwrap(), (7, 8, "Xb\ncY".to_owned()));
        let far = json!({"spans": [span(7, 1, 2, "ab", "X"), span(9, 2, 3, "cd", "Y")]});
        assert_eq!(whole_lines("src/a.rs", &far), None);
        assert_eq!(whole_lines("src/b.rs", &near), None);
    }

    #[test]
    fn numbers_that_no_compiler_writes_are_no_lines() {
        let with = |key: &str, number: u64| {
            let mut wrong = span(7, 1, 2, "ab", "X");
            wrong[key] = number.into();
            json!({"spans": [wrong]})
        };
        for wrong in [with("column_start", 0), with("column_end", 0), with("line_end", 6)] {
            assert_eq!(whole_lines("src/a.rs", &wrong), None, "{wrong}");
        }
        let mut last = span(7, 1, 2, "ab", "X");
        (last["line_start"], last["line_end"]) = (u64::MAX.into(), u64::MAX.into());
        let last = json!({"spans": [last.clone(), last]});
        assert_eq!(whole_lines("src/a.rs", &last), None);
    }
}
