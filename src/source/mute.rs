//! A text without what the lints never look at: documentation, modules for tests, tables of
//! literals, and what `macro_rules!` holds. A third of a usual library, which would be parsed for
//! nothing.
//!
//! Every byte stays where it is, and every line too, so that places in the one text are places in
//! the other.

use std::borrow::Cow;
use std::ops::Range;

use super::scan::{behind_word, is_word, line_end};
use super::skeleton::{group_end, is_plain, step, value};
use super::table::literals_end;

/// The text with those parts blanked.
pub fn muted(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut muted: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < bytes.len() {
        at = match bytes[at] {
            byte if is_plain(byte) => at + 1,
            b'/' if is_doc(bytes, at) => {
                // A comment of another kind: nothing that the parser makes an attribute of.
                let muted = muted.get_or_insert_with(|| bytes.to_vec());
                muted[at + 2] = b' ';
                step(text, at)
            }
            b'#' | b'm' | b'c' | b's' => match unseen(text, at).or_else(|| table(text, at)) {
                Some(unseen) => {
                    let end = unseen.end;
                    blank(muted.get_or_insert_with(|| bytes.to_vec()), unseen);
                    end
                }
                None => step(text, at),
            },
            _ => step(text, at),
        };
    }
    match muted.map(String::from_utf8) {
        Some(Ok(muted)) => Cow::Owned(muted),
        _ => Cow::Borrowed(text),
    }
}

/// Blanks a part. Where a line of it is nothing else, it becomes a comment, over which the parser
/// goes faster than over as many blanks.
fn blank(bytes: &mut [u8], part: Range<usize>) {
    let mut from = part.start;
    while from < part.end {
        let end = line_end(bytes, from);
        let line = &mut bytes[from..end.min(part.end)];
        match line {
            [first, second, third, ..]
                if end < part.end && first.is_ascii() && second.is_ascii() && third.is_ascii() =>
            {
                // Not one of documentation.
                (*first, *second, *third) = (b'/', b'/', b' ');
            }
            _ => line.fill(b' '),
        }
        from = end + 1;
    }
}

/// What stands between the brackets of a `const` or `static` that is a table of literals.
fn table(text: &str, at: usize) -> Option<Range<usize>> {
    if !matches!(text.as_bytes()[at], b'c' | b's') {
        return None;
    }
    let (start, end) = value(text, at)?;
    let open = behind_blank(text, start);
    let open = open + usize::from(text.as_bytes()[open] == b'&');
    if text.as_bytes()[open] != b'[' {
        return None;
    }
    let behind = literals_end(text, open)?;
    (behind_blank(text, behind) == end).then_some(open + 1..behind - 1)
}

/// What stands between the braces of a module for tests, or of `macro_rules!`, whose first byte is
/// here.
pub(super) fn unseen(text: &str, at: usize) -> Option<Range<usize>> {
    match text.as_bytes()[at] {
        b'#' => test_module(text, at),
        b'm' => macro_rules(text, at),
        _ => None,
    }
}

/// `#[cfg(test)] mod tests { … }`.
fn test_module(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = &text.as_bytes()[at..];
    if !rest.starts_with(b"#[cfg(test)]") && !rest.starts_with(b"#[cfg(all(test,") {
        return None;
    }
    let bytes = text.as_bytes();
    let mut at = group_end(text, at + 1)?;
    loop {
        at = behind_blank(text, at);
        if bytes.get(at) != Some(&b'#') || bytes.get(at + 1) != Some(&b'[') {
            break;
        }
        at = group_end(text, at + 1)?;
    }
    if bytes[at..].starts_with(b"pub") {
        at = behind_blank(text, at + 3);
        if bytes.get(at) == Some(&b'(') {
            at = behind_blank(text, group_end(text, at)?);
        }
    }
    let rest = bytes[at..].strip_prefix(b"mod")?;
    rest.first().filter(|byte| byte.is_ascii_whitespace())?;
    let name = behind_blank(text, at + 3);
    braced(text, behind_blank(text, behind_word(bytes, name)))
}

const MACRO_RULES: &str = "macro_rules!";

/// The macros that a text defines: their names, and what stands between their braces.
pub(super) fn macro_definitions(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    text.match_indices(MACRO_RULES).filter_map(|(at, _)| macro_definition(text, at)).collect()
}

/// What stands between the braces of `macro_rules! name { … }`.
fn macro_rules(text: &str, at: usize) -> Option<Range<usize>> {
    macro_definition(text, at).map(|(_, body)| body)
}

/// Name and body of `macro_rules! name { … }`.
fn macro_definition(text: &str, at: usize) -> Option<(Range<usize>, Range<usize>)> {
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).map(|before| bytes[before]);
    if !bytes[at..].starts_with(MACRO_RULES.as_bytes()) || before.is_some_and(is_word) {
        return None;
    }
    let start = behind_blank(text, at + MACRO_RULES.len());
    let end = behind_word(bytes, start);
    let body = braced(text, behind_blank(text, end))?;
    (end > start).then_some((start..end, body))
}

/// What stands between the braces that open here.
fn braced(text: &str, open: usize) -> Option<Range<usize>> {
    if text.as_bytes().get(open) != Some(&b'{') {
        return None;
    }
    Some(open + 1..group_end(text, open)? - 1)
}

/// Behind blanks and comments.
pub(super) fn behind_blank(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        at = match bytes[at] {
            byte if byte.is_ascii_whitespace() => at + 1,
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => step(text, at),
            _ => return at,
        };
    }
    at
}

/// `///`, `//!`, `/**` and `/*!`, but neither `////` nor `/***` nor `/**/`.
fn is_doc(bytes: &[u8], at: usize) -> bool {
    match &bytes[at..] {
        [_, b'/', b'!', ..] | [_, b'*', b'!', ..] => true,
        [_, b'/', b'/', rest @ ..] => rest.first() != Some(&b'/'),
        [_, b'*', b'*', next, ..] => !matches!(next, b'*' | b'/'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::muted;

    #[test]
    fn docs_become_comments_and_all_else_stays() {
        let text =
            "//! é\n/// a\n//// b\n/** c */ /*** d */ /**/ f(\"/// e\", '\\'', r#\"\"//! \"#)";
        let kept = "// é\n// a\n//// b\n/* c */ /*** d */ /**/ f(\"/// e\", '\\'', r#\"\"//! \"#)";
        let muted = muted(text);
        assert_eq!(muted.len(), text.len());
        assert_eq!(muted.replace("//  ", "// ").replace("/*  ", "/* "), kept);
    }

    #[test]
    fn modules_for_tests_tables_and_macros_are_emptied() {
        for (text, kept) in [
            (
                "#[cfg(test)]\n// why\n#[allow(x)]\npub(crate) mod é {\n \"}\" }\nfn f() {}",
                "#[cfg(test)]\n// why\n#[allow(x)]\npub(crate) mod é {\n     }\nfn f() {}",
            ),
            ("#[cfg(all(test, unix))] mod a { b }", "#[cfg(all(test, unix))] mod a {   }"),
            ("macro_rules! m { () => {} } m!{ a }", "macro_rules! m {          } m!{ a }"),
            (
                "#[cfg(test)] mod a {\n\n fn é() {\n}\n  //! b\n é\n}",
                "#[cfg(test)] mod a {\n\n//  é() {\n \n// /! b\n   \n}",
            ),
            ("pub const A: [u8; 2] = [1, 2]; a", "pub const A: [u8; 2] = [    ]; a"),
            (
                "static A: &[(char, &str)] = &[('a', \"b\")];",
                "static A: &[(char, &str)] = &[          ];",
            ),
        ] {
            assert_eq!(muted(text), kept);
        }
    }

    #[test]
    fn what_may_be_part_of_the_product_is_left_alone() {
        for text in [
            "#[cfg(not(test))] mod a { b }",
            "#[cfg(any(test, unix))] mod a { b }",
            "#[cfg(test)] mod a;\nmod b { c }",
            "#[cfg(test)] fn a() { b }",
            "#[cfg(test)] mod",
            "#[cfg(test)",
            "const A: [u8; 2] = [B, 2];",
            "const A: [u8; 2] = [1, 2].b();",
            "fn f(a: *const A) { b = [1, 2]; }",
            "#[cfg(test)] mod a {",
            "\"#[cfg(test)] mod a { b }\"",
            "// #[cfg(test)] mod a { b }",
            "my_macro_rules! m { a }",
            "macro_rules! m ( a );",
            "macro_rules!",
            "",
        ] {
            assert_eq!(muted(text), text);
        }
    }
}
