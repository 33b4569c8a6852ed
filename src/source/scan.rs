//! A scan over raw text: where comments lie, how deep brackets nest and how long expressions are
//! chained. Strings and characters are stepped over.

use std::ops::Range;

/// What the scan found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// Line comments, without doc comments and without the line break.
    pub comments: Vec<Range<usize>>,
    /// The first place where a limit is passed.
    pub too_deep: Option<TooDeep>,
}

/// What would make a deeper tree than can be walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooDeep {
    /// Brackets nest deeper than the limit at this byte.
    Nested(usize),
    /// An expression has more links than the limit at this byte.
    Chained(usize),
}

/// How deep a tree may become.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Of brackets in brackets.
    pub nested: usize,
    /// Of operators, calls and words that no comma, semicolon or brace parts: each may lie below
    /// the one before.
    pub chained: usize,
}

impl Limits {
    /// Whatever there is.
    pub const NONE: Limits = Limits { nested: usize::MAX, chained: usize::MAX };
}

/// Scans a text; stops where a limit is passed.
pub fn scan(text: &str, limits: Limits) -> Scan {
    let bytes = text.as_bytes();
    let mut found = Scan::default();
    // The links so far in each open bracket, and in what lies outside.
    let mut outer: Vec<usize> = Vec::new();
    let mut links = 0_usize;
    // An `else` goes on with what its brace seemed to end.
    let mut before_brace = 0;
    let mut at = 0;
    while at < bytes.len() {
        at = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                let end = line_end(bytes, at);
                if !is_doc(&bytes[at..end]) {
                    found.comments.push(at..end);
                }
                end
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
            b'"' => string_end(bytes, at + 1),
            b'r' if starts_raw_string(bytes, at) => raw_string_end(bytes, at),
            b'\'' => quote_end(text, at),
            b'(' | b'[' | b'{' => {
                outer.push(links);
                links = 0;
                if outer.len() > limits.nested {
                    found.too_deep = Some(TooDeep::Nested(at));
                    return found;
                }
                at + 1
            }
            bracket @ (b')' | b']' | b'}') => {
                links = outer.pop().unwrap_or(0);
                if bracket == b'}' {
                    before_brace = std::mem::take(&mut links);
                }
                at + 1
            }
            b',' | b';' => {
                links = 0;
                before_brace = 0;
                at + 1
            }
            byte if byte.is_ascii_whitespace() => at + 1,
            byte => {
                if !(is_word(byte) && at > 0 && is_word(bytes[at - 1])) {
                    if byte == b'e' && bytes[at..].starts_with(b"else") {
                        links += before_brace;
                    }
                    links += 1;
                    if links > limits.chained {
                        found.too_deep = Some(TooDeep::Chained(at));
                        return found;
                    }
                }
                if is_word(byte) { word_end(bytes, at) } else { at + 1 }
            }
        };
    }
    found
}

/// Whether a byte may be part of a name.
pub(super) fn is_word(byte: u8) -> bool {
    const WORD: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            let ascii = byte as u8;
            table[byte] = ascii.is_ascii_alphanumeric() || ascii == b'_' || byte >= 0x80;
            byte += 1;
        }
        table
    };
    WORD[usize::from(byte)]
}

/// Behind the word that begins here, or behind its first letter where a raw string may follow it.
pub(super) fn word_end(bytes: &[u8], at: usize) -> usize {
    match &bytes[at..] {
        [b'b' | b'c', b'r', ..] => at + 1,
        _ => behind_word(bytes, at + 1),
    }
}

/// Behind the bytes of a word.
pub(super) fn behind_word(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..].iter().take_while(|&&byte| is_word(byte)).count()
}

pub(super) fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at)
}

/// `///` and `//!`, but not `////`.
fn is_doc(comment: &[u8]) -> bool {
    comment.starts_with(b"//!") || comment.starts_with(b"///") && !comment.starts_with(b"////")
}

pub(super) fn block_comment_end(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => {
                depth += 1;
                at += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

pub(super) fn string_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr2(b'\\', b'"', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// An `r` in the middle of a word starts no raw string, except behind `b` and `c`.
pub(super) fn continues_word(bytes: &[u8], at: usize) -> bool {
    match bytes[..at] {
        [.., before, b'b' | b'c'] => is_word(before),
        [b'b' | b'c'] => false,
        [.., before] => is_word(before),
        [] => false,
    }
}

fn starts_raw_string(bytes: &[u8], at: usize) -> bool {
    let hashes = bytes[at + 1..].iter().take_while(|&&byte| byte == b'#').count();
    !continues_word(bytes, at) && bytes.get(at + 1 + hashes) == Some(&b'"')
}

/// Behind a raw string, or behind the `r` where none starts.
pub(super) fn raw_string_end(bytes: &[u8], from: usize) -> usize {
    let hashes = bytes[from + 1..].iter().take_while(|&&byte| byte == b'#').count();
    let open = from + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return from + 1;
    }
    let mut at = open + 1;
    while at < bytes.len() {
        let closes = bytes[at] == b'"'
            && bytes[at + 1..].iter().take(hashes).filter(|&&byte| byte == b'#').count() == hashes;
        if closes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    bytes.len()
}

/// Behind a character, or behind the quote of a lifetime.
pub(super) fn quote_end(text: &str, from: usize) -> usize {
    let mut chars = text[from + 1..].char_indices();
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let after = from + 1 + at + escaped.len_utf8();
            let line = line_end(text.as_bytes(), after);
            text[after..line].find('\'').map_or(after, |at| after + at + 1)
        }
        (Some(_), Some((at, '\''))) => from + 1 + at + 1,
        _ => from + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(limit: usize) -> Limits {
        Limits { nested: limit, ..Limits::NONE }
    }

    fn comments(text: &str) -> Vec<&str> {
        scan(text, nested(10)).comments.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn comments_are_told_from_strings_and_docs() {
        let text = "//! no\n/// no\nf(\"// no\", r#\"\"// no\"#, '\"', b'\\'') // yes\n/* // no /* */ */ //// yes";
        assert_eq!(comments(text), ["// yes", "//// yes"]);
    }

    #[test]
    fn lifetimes_and_words_with_r_start_no_literal() {
        assert_eq!(
            comments("fn f<'a>(x: &'a str) {} // 1\nlet for_r = br\"//\"; attr#x // 2"),
            ["// 1", "// 2"]
        );
    }

    #[test]
    fn brackets_in_literals_do_not_nest() {
        let text = "'(' '[' \"((((((((((((((\" ((((((((((";
        assert_eq!(scan(text, nested(10)).too_deep, None);
        assert_eq!(scan(text, nested(9)).too_deep, Some(TooDeep::Nested(text.len() - 1)));
    }

    #[test]
    fn links_are_counted_between_commas_semicolons_and_braces() {
        let limits = |chained| Limits { chained, ..Limits::NONE };
        for (text, links) in [
            ("a.b(c, d, e).f", 5),
            ("!!!!x; !!!x", 5),
            ("fn f() {} fn g() {} fn h() {}", 2),
            ("if a {} else if b {} else if c {}", 8),
            ("return return 'x' \"y z\" r\"y z\"", 2),
        ] {
            assert_eq!(scan(text, limits(links)).too_deep, None, "{text}");
            let found = scan(text, limits(links - 1)).too_deep;
            assert!(matches!(found, Some(TooDeep::Chained(_))), "{text}");
        }
    }

    #[test]
    fn unclosed_literals_end_with_the_text() {
        for text in ["\"abc", "r#\"abc\"", "/* /* */", "'", "'\\", "b'", "r", "\"\\"] {
            scan(text, nested(10));
        }
    }
}
