//! A unified diff that `git apply` and `patch` take.

use std::fmt::Write as _;
use std::path::Path;

use similar::udiff::UnifiedHunkHeader;
use similar::{ChangeTag, TextDiff};

use super::Change;

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// The changes as one patch, with `a/` and `b/` before the paths as git writes them.
pub fn unified(changes: &[Change]) -> String {
    let mut out = String::new();
    for change in changes {
        // Only `\n` ends a line for git; a lone `\r` does not.
        let old: Vec<&str> = change.before.split_inclusive('\n').collect();
        let new: Vec<&str> = change.after.split_inclusive('\n').collect();
        let diff = TextDiff::from_slices(&old, &new);
        let hunks = diff.grouped_ops(CONTEXT);
        if hunks.is_empty() {
            continue;
        }
        let _ = writeln!(out, "--- {}\n+++ {}", name("a", &change.file), name("b", &change.file));
        for ops in hunks {
            let _ = writeln!(out, "{}", UnifiedHunkHeader::new(&ops));
            for line in ops.iter().flat_map(|op| diff.iter_changes(op)) {
                out.push(match line.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                });
                out.push_str(line.value());
                if !line.value().ends_with('\n') {
                    out.push_str("\n\\ No newline at end of file\n");
                }
            }
        }
    }
    out
}

/// The file's name in a header, quoted where git quotes it.
fn name(side: &str, file: &Path) -> String {
    let mut path = side.to_owned();
    for part in file {
        path.push('/');
        path.push_str(&part.to_string_lossy());
    }
    let needs_quotes = |c: char| c.is_ascii_control() || c == '"' || c == '\\';
    if path.contains(needs_quotes) {
        let mut quoted = String::from("\"");
        for byte in path.bytes() {
            match byte {
                b'"' | b'\\' => quoted.extend(['\\', byte as char]),
                0x20..=0x7e => quoted.push(byte as char),
                _ => {
                    let _ = write!(quoted, "\\{byte:03o}");
                }
            }
        }
        quoted + "\""
    } else if path.contains(' ') {
        // A tab ends a name that has spaces in it.
        path + "\t"
    } else {
        path
    }
}
