//! Lists that hold nothing but literals, as tables of numbers and characters do: what stands in
//! them is of the right form at a glance, and says nothing to anybody.

use super::mute::behind_blank;
use super::scan::is_word;

/// Behind the list whose bracket opens here, if it is nothing but literals and lists of them, parted
/// by commas.
pub(super) fn literals_end(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    // The brackets that are open.
    let mut closing = vec![closing_of(*bytes.get(open)?)?];
    let mut at = open + 1;
    // Whether an element may stand here, or else a comma.
    let mut wants_element = true;
    while let Some(&close) = closing.last() {
        at = behind_blank(text, at);
        let byte = *bytes.get(at)?;
        at = if byte == close {
            closing.pop();
            wants_element = false;
            at + 1
        } else if !wants_element {
            wants_element = true;
            (byte == b',').then_some(at + 1)?
        } else if let Some(close) = closing_of(byte) {
            closing.push(close);
            at + 1
        } else if byte == b'&' && matches!(bytes.get(at + 1)?, b'[' | b'"') {
            at + 1
        } else {
            wants_element = false;
            literal_end(text, at)?
        };
    }
    Some(at)
}

fn closing_of(open: u8) -> Option<u8> {
    match open {
        b'[' => Some(b']'),
        b'(' => Some(b')'),
        _ => None,
    }
}

/// Behind a literal of the plainest kind.
fn literal_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    match rest.as_bytes()[0] {
        b'"' => {
            let end = rest[1..].find(['"', '\\', '\r'])?;
            (rest.as_bytes()[1 + end] == b'"').then_some(at + end + 2)
        }
        b'\'' => character_end(rest).map(|end| at + end),
        b'-' => number_end(&rest.as_bytes()[1..]).map(|end| at + 1 + end),
        _ => number_end(rest.as_bytes()).map(|end| at + end),
    }
}

/// `'a'`, `'\u{1f}'`.
fn character_end(rest: &str) -> Option<usize> {
    let inner = &rest[1..];
    let Some(hex) = inner.strip_prefix("\\u{") else {
        let only = inner.chars().next().filter(|&c| c >= ' ' && c != '\\' && c != '\'')?;
        return inner[only.len_utf8()..].starts_with('\'').then_some(2 + only.len_utf8());
    };
    let (digits, behind) = hex.split_once('}')?;
    let is_hex = (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let code = is_hex.then(|| u32::from_str_radix(digits, 16).ok())??;
    char::from_u32(code)?;
    // Behind the opening quote and `\u{`, the closing brace and the quote.
    behind.starts_with('\'').then_some(digits.len() + 6)
}

/// `12`, `0x1f`, `1.5`, without a suffix.
fn number_end(bytes: &[u8]) -> Option<usize> {
    let digits = |from: usize, test: fn(&u8) -> bool| {
        from + bytes[from..].iter().take_while(|byte| test(byte)).count()
    };
    let decimal = |byte: &u8| byte.is_ascii_digit();
    let mut end = match bytes {
        [b'0', b'x', ..] => digits(2, u8::is_ascii_hexdigit),
        _ => digits(0, decimal),
    };
    if bytes.get(end) == Some(&b'.') && !bytes.starts_with(b"0x") {
        let behind = digits(end + 1, decimal);
        end = (behind > end + 1).then_some(behind)?;
    }
    let has_digits = end > 0 && (end > 2 || !bytes.starts_with(b"0x"));
    let goes_on = |&byte: &u8| is_word(byte) || byte == b'.';
    (has_digits && !bytes.get(end).is_some_and(goes_on)).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::literals_end;

    #[test]
    fn lists_of_literals_are_told_from_others() {
        for text in [
            "[]",
            "[1, 0xfF, -2.5,]",
            "[('a', '\\u{10FFFF}'), (\"é\", &[1])] // b",
            "[ /* c */ 'é', // d\n ' ' ]",
        ] {
            let end = literals_end(text, 0).map(|end| &text[..end]);
            assert_eq!(end, Some(text.trim_end_matches(" // b")), "{text}");
            assert!(syn::parse_str::<syn::Expr>(text.trim_end_matches(" // b")).is_ok());
        }
        for text in [
            "[a]",
            "[1 2]",
            "[1,, 2]",
            "[,]",
            "[1; 2]",
            "[1",
            "[1)",
            "[0x]",
            "[0b1]",
            "[1u8]",
            "[1.]",
            "[1.max(2)]",
            "['\\n', '\\u{d800}']",
            "['\\u{d800}']",
            "['ab']",
            "[\"\\q\"]",
            "[f(1)]",
            "{1}",
            "",
        ] {
            assert_eq!(literals_end(text, 0), None, "{text}");
        }
    }
}
