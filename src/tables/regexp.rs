//! Regular expressions as Go writes them, in the words of the `regex` crate: brackets do not
//! nest, `\d`, `\s`, `\w` and `\b` mean ASCII, `\Q…\E` quotes, a brace that repeats nothing is a
//! brace.

use regex::Regex;

/// Compiles one.
pub(super) fn compile(expression: &str) -> Result<Regex, String> {
    Regex::new(&translate(expression)?).map_err(|error| {
        // The last line of the error says what is wrong, those before show where.
        let text = error.to_string();
        text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

fn translate(expression: &str) -> Result<String, String> {
    let mut out = String::with_capacity(expression.len() + 8);
    let mut rest = expression;
    while let Some(c) = rest.chars().next() {
        let used = match c {
            '\\' => escape(rest, false, &mut out),
            '[' => class(rest, &mut out)?,
            '{' if !is_repetition(rest) => {
                out.push_str("\\{");
                1
            }
            c => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[used..];
    }
    Ok(out)
}

/// Translates what begins with a backslash; gives the bytes used.
fn escape(rest: &str, in_class: bool, out: &mut String) -> usize {
    let Some(c) = rest[1..].chars().next() else {
        out.push('\\');
        return 1;
    };
    let ascii = match c {
        'Q' if !in_class => {
            let quoted = &rest[2..];
            let end = quoted.find("\\E").unwrap_or(quoted.len());
            out.push_str(&regex::escape(&quoted[..end]));
            return (2 + end + 2).min(rest.len());
        }
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => "[\\t\\n\\f\\r ]",
        'S' => "[^\\t\\n\\f\\r ]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        'b' if !in_class => "(?-u:\\b)",
        'B' if !in_class => "(?-u:\\B)",
        _ => {
            out.push('\\');
            out.push(c);
            return 1 + c.len_utf8();
        }
    };
    out.push_str(ascii);
    2
}

/// Translates a bracket expression; gives the bytes used.
fn class(text: &str, out: &mut String) -> Result<usize, String> {
    let mut at = 1;
    out.push('[');
    if text[at..].starts_with('^') {
        out.push('^');
        at += 1;
    }
    let first = at;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        at += match c {
            ']' if at > first => {
                out.push(']');
                return Ok(at + 1);
            }
            '\\' => escape(rest, true, out),
            '[' if rest.starts_with("[:") && rest.contains(":]") => {
                let end = rest.find(":]").unwrap_or(0) + 2;
                let name = &rest[2..end - 2];
                let known = [
                    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower",
                    "print", "punct", "space", "upper", "word", "xdigit",
                ];
                if !known.contains(&name.trim_start_matches('^')) {
                    return Err(format!("invalid character class range: `{}`", &rest[..end]));
                }
                out.push_str(&rest[..end]);
                end
            }
            '[' | ']' | '&' | '~' => {
                out.push('\\');
                out.push(c);
                1
            }
            c => {
                out.push(c);
                c.len_utf8()
            }
        };
    }
    Err(format!("missing closing ]: `{text}`"))
}

/// Whether a brace begins a repetition: `{2}`, `{2,}`, `{2,3}`.
fn is_repetition(rest: &str) -> bool {
    let Some((counts, _)) = rest[1..].split_once('}') else { return false };
    let (least, most) = counts.split_once(',').unwrap_or((counts, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_mean_what_they_mean_in_go() {
        for (expression, text, matches) in [
            ("^a[[b]$", "a[", true),
            ("^[]a]+$", "]a", true),
            ("^[^]a]+$", "b]", false),
            ("^[a&&b]$", "&", true),
            ("^[[:digit:]x]+$", "3x", true),
            ("^[\\d.]+$", "1.5", true),
            ("^\\d$", "٣", false),
            ("^\\w+$", "é", false),
            ("^\\Qa.b\\E.$", "a.bc", true),
            ("^\\Qa.b", "axb", false),
            ("^a{,2}$", "a{,2}", true),
            ("^a{1,2}$", "aa", true),
            ("/n=1\\b", "X/n=10", false),
            ("(?i)SORT", "Sort4", true),
        ] {
            assert_eq!(compile(expression).unwrap().is_match(text), matches, "{expression}");
        }
        for expression in ["[[:foo:]]", "[a", "(a", "\\"] {
            assert!(compile(expression).is_err(), "{expression}");
        }
    }
}
