//! A text without the bodies of its functions and without comments: what a file declares stands in
//! what is left, which is parsed in a fraction of the time.

use super::scan::{
    block_comment_end, continues_word, line_end, quote_end, raw_string_end, string_end,
};

/// The text with the body of each function emptied. What stands in macro calls is left alone.
pub fn skeleton(text: &str) -> String {
    let mut kept = String::with_capacity(text.len() / 2);
    let mut cutter = Cutter { text, bytes: text.as_bytes(), kept: &mut kept, from: 0 };
    cutter.run();
    kept
}

struct Cutter<'c> {
    text: &'c str,
    bytes: &'c [u8],
    kept: &'c mut String,
    /// What stands before this is dealt with.
    from: usize,
}

impl Cutter<'_> {
    fn run(&mut self) {
        let mut at = 0;
        // In the signature of a function: how deep its brackets nest.
        let mut signature: Option<usize> = None;
        while at < self.bytes.len() {
            at = match self.bytes[at] {
                b'/' if self
                    .bytes
                    .get(at + 1)
                    .is_some_and(|&next| next == b'/' || next == b'*') =>
                {
                    let end = step(self.text, at);
                    self.cut(at, end, " ");
                    end
                }
                b'f' if self.is_function(at) => {
                    signature = Some(0);
                    at + 2
                }
                b'!' if signature.is_none() => self.behind_macro(at),
                b'(' | b'[' => {
                    signature = signature.map(|depth| depth + 1);
                    at + 1
                }
                b')' | b']' => {
                    signature = signature.map(|depth| depth.saturating_sub(1));
                    at + 1
                }
                b';' if signature == Some(0) => {
                    signature = None;
                    at + 1
                }
                b'{' if signature == Some(0) && !self.is_argument(at) => {
                    let end = group_end(self.text, at);
                    if end.is_some() {
                        signature = None;
                    }
                    let end = end.unwrap_or(self.bytes.len());
                    self.cut(at, end, "{}");
                    end
                }
                // Within the brackets of a signature: the length of an array.
                b'{' if signature.is_some() => group_end(self.text, at).unwrap_or(at + 1),
                _ => step(self.text, at),
            };
        }
        self.cut(self.bytes.len(), self.bytes.len(), "");
    }

    fn cut(&mut self, start: usize, end: usize, instead: &str) {
        self.kept.push_str(&self.text[self.from..start]);
        self.kept.push_str(instead);
        self.from = end;
    }

    /// `fn name`: not a pointer's type, not a macro's `fn $name`.
    fn is_function(&self, at: usize) -> bool {
        let [_, rest @ ..] = &self.bytes[at..] else { return false };
        let [b'n', blank, ..] = rest else { return false };
        let before = at.checked_sub(1).map(|before| self.bytes[before]);
        let name = rest[1..].iter().find(|byte| !byte.is_ascii_whitespace());
        blank.is_ascii_whitespace()
            && !before.is_some_and(is_word)
            && before != Some(b'#')
            && name.is_some_and(|&byte| is_word(byte))
    }

    /// `Type<{ N }>`.
    fn is_argument(&self, at: usize) -> bool {
        self.bytes[..at].iter().rev().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
    }

    /// Behind the arguments of `name!(…)`, `name! { … }` or `macro_rules! name { … }`; behind the
    /// mark where no macro is called.
    fn behind_macro(&self, at: usize) -> usize {
        if !at.checked_sub(1).is_some_and(|before| is_word(self.bytes[before])) {
            return at + 1;
        }
        let blank = |at: &usize| self.bytes.get(*at).is_some_and(u8::is_ascii_whitespace);
        let word = |at: &usize| self.bytes.get(*at).is_some_and(|&byte| is_word(byte));
        let past = |from: usize, test: &dyn Fn(&usize) -> bool| {
            (from..).find(|at| !test(at)).unwrap_or(from)
        };
        let open = past(past(past(at + 1, &blank), &word), &blank);
        match self.bytes.get(open) {
            Some(b'(' | b'[' | b'{') => group_end(self.text, open).unwrap_or(at + 1),
            _ => at + 1,
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Behind the literal or comment that begins here, or else behind the byte.
fn step(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
        b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
        b'"' => string_end(bytes, at + 1),
        b'r' if !continues_word(bytes, at) => raw_string_end(bytes, at),
        b'\'' => quote_end(text, at),
        _ => at + 1,
    }
}

/// Behind the bracket that closes the one here; `None` where none does.
fn group_end(text: &str, open: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = open;
    while at < bytes.len() {
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at = step(text, at);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::skeleton;

    #[test]
    fn bodies_and_comments_go_and_declarations_stay() {
        let text = "/// doc {\nimpl A { fn a(&self) -> [u8; { 1 + 1 }] { \"}\"; '}'; { 2 } } const B: u8 = { 3 }; }\nfn c<'a, T>() where T: D, { e!{} } // f";
        let kept = " \nimpl A { fn a(&self) -> [u8; { 1 + 1 }] {} const B: u8 = { 3 }; }\nfn c<'a, T>() where T: D, {}  ";
        assert_eq!(skeleton(text), kept);
    }

    #[test]
    fn what_is_no_function_is_left_alone() {
        for text in [
            "type F = fn (u8) -> u8;",
            "macro_rules! m { ($n:ident) => { fn $n() { 1 } fn b() { 2 } } }",
            "make! { fn a() { 1 } }",
            "trait T { fn a(&self); const B: u8; }",
            "struct S { r#fn: u8 }",
            "fn a() -> B<{ N }>;",
            "",
            "fn",
            "fn a",
        ] {
            assert_eq!(skeleton(text), text);
        }
    }

    #[test]
    fn texts_that_end_too_soon_are_no_trouble() {
        for text in
            ["fn a() { (", "fn a() { \"", "m!(", "m!", "fn a() {}}}", "/* fn a() {", "fn é() { é }"]
        {
            skeleton(text);
        }
    }
}
