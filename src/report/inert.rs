//! Makes text from profiles and sources harmless: names, paths and messages are untrusted.

use std::borrow::Cow;
use std::io;

/// Text for a terminal or a log: no control characters, no characters that reorder a line.
///
/// Tabs and line ends are kept by [`inert_lines`] only.
pub fn inert(text: &str) -> Cow<'_, str> {
    escape(text, is_live)
}

/// The same for text of several lines: tabs and line feeds stay.
pub fn inert_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| is_live(c) && c != '\n' && c != '\t')
}

/// Text within a Markdown paragraph: nothing is formatted, linked, mentioned or taken for HTML.
pub fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in unlinked(&inert(text)).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '$'
            | '^' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

/// Breaks, by a zero-width space, what forges make links and mentions of in the rendered text:
/// there an entity or a backslash is gone again.
fn unlinked(text: &str) -> String {
    let mut broken = String::with_capacity(text.len() + 8);
    let mut word = String::new();
    for c in text.chars() {
        let (before, behind) = match c {
            '@' | '#' | ':' => (false, true),
            // Behind the dot it would be taken for a letter of the host's name, and left out of it.
            '.' => (word.eq_ignore_ascii_case("www"), false),
            '-' => (word.eq_ignore_ascii_case("gh"), false),
            _ => (false, false),
        };
        broken.extend(before.then_some('\u{200b}'));
        broken.push(c);
        broken.extend(behind.then_some('\u{200b}'));
        if c.is_alphanumeric() { word.push(c) } else { word.clear() }
    }
    broken
}

/// Text within HTML that a forge renders, on one line: no element, no mention, no reference.
pub fn forge_html(text: &str) -> String {
    elements(&unlinked(&inert(text)))
}

/// What is said on standard error: no control characters, and no line that a runner takes for a
/// command, whatever names it holds.
pub fn spoken(text: &str) -> String {
    commandless(&inert_lines(text)).into_owned()
}

/// Lines as they are printed, source and colours included: none that a runner takes for a command.
/// A space is all that is added, so that people read what stands there.
pub fn commandless(text: &str) -> Cow<'_, str> {
    let begins = |line: &str| {
        // `::NAME::` or `::NAME PROPERTIES::`; `::path` alone is a name like any other.
        let rest = line.trim_start().strip_prefix("::");
        rest.is_some_and(|rest| {
            let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
            let ends = name.starts_with(' ') || name.starts_with("::");
            name.len() < rest.len() && ends && name.contains("::")
        })
    };
    if !text.contains("##") && !text.split('\n').any(begins) {
        return Cow::Borrowed(text);
    }
    let text = escape(text, |_| false);
    let line = |line: &str| match begins(line) {
        true => line.replacen("::", ": :", 1),
        false => line.to_owned(),
    };
    Cow::Owned(text.split('\n').map(line).collect::<Vec<_>>().join("\n"))
}

/// The same for JSON, whose strings say what they said: any character in them may be spelled out.
pub fn json(text: &str) -> Cow<'_, str> {
    let is_live = |c| is_live(c) && c != '\n';
    if !text.contains("##") && !text.chars().any(is_live) {
        return Cow::Borrowed(text);
    }
    let mut inert = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_live(c) || (c == '[' && begins_command(&inert)) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                inert.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            inert.push(c);
        }
    }
    Cow::Owned(inert)
}

/// What some runners take for a command, wherever in a line it stands, if a bracket follows:
/// `##[`, `##vso[`.
fn begins_command(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).ends_with("##")
}

/// Passes on lines, none of which a runner takes for a command.
pub struct Commandless<'a> {
    out: &'a mut dyn io::Write,
    line: Vec<u8>,
}

impl<'a> Commandless<'a> {
    /// Into this.
    pub fn new(out: &'a mut dyn io::Write) -> Self {
        Commandless { out, line: Vec::new() }
    }

    /// Passes on what stands behind the last line end, too.
    pub fn finish(mut self) -> io::Result<()> {
        self.pass_on()
    }

    fn pass_on(&mut self) -> io::Result<()> {
        match std::str::from_utf8(&self.line) {
            Ok(line) => self.out.write_all(commandless(line).as_bytes())?,
            Err(_) => self.out.write_all(&self.line)?,
        }
        self.line.clear();
        Ok(())
    }
}

impl io::Write for Commandless<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.pass_on()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Text as a Markdown code span, safe within a table cell, whatever back quotes it holds.
pub fn markdown_code(text: &str) -> String {
    let text = inert(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad =
        if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A fenced Markdown block whose fence no line of the text can close.
pub fn markdown_block(language: &str, text: &str) -> String {
    let text = inert_lines(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0).max(2);
    let fence = "`".repeat(longest + 1);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}")
}

/// Text for HTML, in elements and in quoted attributes.
pub fn html(text: &str) -> String {
    elements(&inert_lines(text))
}

fn elements(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

fn is_live(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{61c}' | '\u{e0000}'..='\u{e007f}')
}

fn escape(text: &str, live: impl Fn(char) -> bool) -> Cow<'_, str> {
    let commands = text.contains("##");
    if !commands && !text.chars().any(&live) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if commands && c == '[' && begins_command(&escaped) {
            escaped.push(' ');
        }
        if live(c) {
            escaped.extend(c.escape_unicode());
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_direction_marks_are_spelled_out() {
        assert_eq!(inert("a\x1b[31mb\u{202e}c\n"), "a\\u{1b}[31mb\\u{202e}c\\u{a}");
        assert_eq!(inert_lines("a\tb\nc\r"), "a\tb\nc\\u{d}");
    }

    #[test]
    fn markdown_text_cannot_mention_link_or_open_html() {
        let text = markdown("@team <img src=x> [a](http://b) #12 `x` |");
        for live in ["@team", "<", "[a]", "http://", "#12"] {
            assert!(!text.contains(live), "{live} in {text}");
        }
    }

    #[test]
    fn what_is_said_is_no_command_of_a_runner() {
        assert_eq!(spoken("note: a\n ::error::b\x1b"), "note: a\n : :error::b\\u{1b}");
        assert_eq!(spoken("std::vec\n##[group]x"), "std::vec\n## [group]x");
        assert_eq!(inert("a##vso[task] #[b]"), "a##vso [task] #[b]");
        assert_eq!(commandless("  ::lookup\n::a b"), "  ::lookup\n::a b");
        assert_eq!(
            commandless("\x1b[1m##[a]\x1b[0m\r\n\t::b c=d::"),
            "\x1b[1m## [a]\x1b[0m\r\n\t: :b c=d::"
        );
    }

    #[test]
    fn json_without_commands_says_the_same() {
        let text =
            serde_json::to_string(&["##[a]", "\\##vso[b]", "#[c]", "\u{9b}\u{202e}\u{e0041}\n"])
                .unwrap();
        let spelled = json(&text);
        assert!(!spelled.contains("##[") && !spelled.contains("##vso["), "{spelled}");
        assert!(spelled.contains("\"#[c]") && spelled.is_ascii(), "{spelled}");
        let read = |text| serde_json::from_str::<Vec<String>>(text).unwrap();
        assert_eq!(read(&spelled), read(&text));
    }

    #[test]
    fn html_of_a_forge_mentions_nobody() {
        assert_eq!(forge_html("@a's #1"), "@\u{200b}a&#39;s #\u{200b}1");
        assert_eq!(markdown("www.a.b GH-1 a.b-c"), "www\u{200b}.a.b GH\u{200b}-1 a.b-c");
    }

    #[test]
    fn a_code_span_outgrows_the_back_quotes_inside() {
        assert_eq!(markdown_code("a``b"), "```a``b```");
        assert_eq!(markdown_code("`"), "`` ` ``");
        assert!(markdown_block("rust", "```\nx").starts_with("````rust\n"));
    }
}
