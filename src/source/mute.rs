//! A text without what the lints never look at: documentation, modules for tests, and what
//! `macro_rules!` holds. A third of a usual library, which would be parsed for nothing.
//!
//! Every byte stays where it is, and every line too, so that places in the one text are places in
//! the other.

use std::borrow::Cow;
use std::ops::Range;

use super::scan::is_word;
use super::skeleton::{group_end, step};

/// The text with those parts blanked.
pub fn muted(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut muted: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < bytes.len() {
        at = match bytes[at] {
            b'/' if is_doc(bytes, at) => {
                // A comment of another kind: nothing that the parser makes an attribute of.
                let muted = muted.get_or_insert_with(|| bytes.to_vec());
                muted[at + 2] = b' ';
                step(text, at)
            }
            b'#' | b'm' => match unseen(text, at) {
                Some(unseen) => {
                    let end = unseen.end;
                    let muted = muted.get_or_insert_with(|| bytes.to_vec());
                    for byte in &mut muted[unseen] {
                        if *byte != b'\n' {
                            *byte = b' ';
                        }
                    }
                    end
                }
                None => at + 1,
            },
            b'/' | b'"' | b'r' | b'\'' => step(text, at),
            _ => at + 1,
        };
    }
    match muted.map(String::from_utf8) {
        Some(Ok(muted)) => Cow::Owned(muted),
        _ => Cow::Borrowed(text),
    }
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

/// `macro_rules! name { … }`.
fn macro_rules(text: &str, at: usize) -> Option<Range<usize>> {
    const MARK: &str = "macro_rules!";
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).map(|before| bytes[before]);
    if !bytes[at..].starts_with(MARK.as_bytes()) || before.is_some_and(is_word) {
        return None;
    }
    let name = behind_blank(text, at + MARK.len());
    let open = behind_blank(text, behind_word(bytes, name));
    (open > name).then(|| braced(text, open)).flatten()
}

/// What stands between the braces that open here.
fn braced(text: &str, open: usize) -> Option<Range<usize>> {
    if text.as_bytes().get(open) != Some(&b'{') {
        return None;
    }
    Some(open + 1..group_end(text, open)? - 1)
}

pub(super) fn behind_word(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..].iter().take_while(|&&byte| is_word(byte)).count()
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
    fn modules_for_tests_and_macros_are_emptied() {
        for (text, kept) in [
            (
                "#[cfg(test)]\n// why\n#[allow(x)]\npub(crate) mod é {\n \"}\" }\nfn f() {}",
                "#[cfg(test)]\n// why\n#[allow(x)]\npub(crate) mod é {\n     }\nfn f() {}",
            ),
            ("#[cfg(all(test, unix))] mod a { b }", "#[cfg(all(test, unix))] mod a {   }"),
            ("macro_rules! m { () => {} } m!{ a }", "macro_rules! m {          } m!{ a }"),
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
