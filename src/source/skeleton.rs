//! A text without the bodies of its functions, tests and comments: what a file declares stands in
//! what is left, which is parsed in a fraction of the time.

use super::mute::{behind_blank, unseen};
use super::scan::{
    behind_word, block_comment_end, continues_word, is_word, line_end, quote_end, raw_string_end,
    string_end, word_end,
};

/// The text with the body of each function emptied, and without arguments but for `self`, `where`
/// clauses, modules for tests, what `macro_rules!` holds, and most attributes. What stands in macro
/// calls is left alone.
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
                byte if is_plain(byte) => at + 1,
                b'/' if self
                    .bytes
                    .get(at + 1)
                    .is_some_and(|&next| next == b'/' || next == b'*') =>
                {
                    let end = step(self.text, at);
                    self.cut(at, end, " ");
                    end
                }
                b'#' | b'm' if signature.is_none() => match unseen(self.text, at) {
                    Some(unseen) => {
                        let end = unseen.end;
                        self.cut(unseen.start, end, "");
                        end
                    }
                    None => self.behind_attribute(at),
                },
                b'f' if self.is_function(at) => {
                    signature = Some(0);
                    self.behind_arguments(at).unwrap_or(at + 2)
                }
                b'c' | b's' if signature.is_none() => {
                    if let Some((start, end)) = value(self.text, at) {
                        // `0` stands for whatever it is: nobody reads it.
                        self.cut(start, end, " 0");
                        end
                    } else {
                        word_end(self.bytes, at)
                    }
                }
                b'w' if signature == Some(0) && self.is_word_at(at, b"where") => {
                    let end = self.behind_where(at);
                    self.cut(at, end, "");
                    end
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

    /// Behind the arguments of the function that begins here, which are cut but for `self`: what it
    /// gives stands behind them. `None` where they cannot be told.
    fn behind_arguments(&mut self, at: usize) -> Option<usize> {
        let name = behind_blank(self.text, at + 2);
        let mut open = behind_blank(self.text, behind_word(self.bytes, name));
        if self.bytes.get(open) == Some(&b'<') {
            let end = angles(self.text, open + 1, 1, |_, depth| depth == 0)?;
            open = behind_blank(self.text, end + 1);
        }
        if self.bytes.get(open) != Some(&b'(') {
            return None;
        }
        let end = group_end(self.text, open)?;
        let inner = &self.text[open + 1..end - 1];
        let is_comma = |byte, depth| byte == b',' && depth == 0;
        let first = angles(self.text, open + 1, 0, is_comma).filter(|&comma| comma < end);
        let pattern =
            inner[..first.map_or(inner.len(), |comma| comma - open - 1)].split(':').next();
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let has_self = pattern?.split(|c| !is_word(c)).any(|word| word == "self");
        match first {
            Some(comma) if has_self => self.cut(comma, end - 1, ""),
            None if has_self => {}
            _ => self.cut(open + 1, end - 1, ""),
        }
        Some(end)
    }

    /// Before what ends a `where` clause.
    fn behind_where(&self, at: usize) -> usize {
        let mut at = at;
        while let Some(byte) = self.bytes.get(at) {
            at = match byte {
                b';' => return at,
                b'{' if !self.is_argument(at) => return at,
                b'(' | b'[' | b'{' => match group_end(self.text, at) {
                    Some(end) => end,
                    None => return at,
                },
                _ => step(self.text, at),
            };
        }
        at
    }

    fn is_word_at(&self, at: usize, word: &[u8]) -> bool {
        let before = at.checked_sub(1).map(|before| self.bytes[before]);
        self.bytes[at..].starts_with(word)
            && !before.is_some_and(|byte| is_word(byte) || byte == b'#')
            && !self.bytes.get(at + word.len()).is_some_and(|&byte| is_word(byte))
    }

    /// Behind an attribute that says nothing of what is declared, which is cut; else behind the
    /// byte.
    fn behind_attribute(&mut self, at: usize) -> usize {
        let open = match &self.bytes[at..] {
            [b'#', b'[', ..] => at + 1,
            [b'#', b'!', b'[', ..] => at + 2,
            _ => return at + 1,
        };
        let Some(end) = group_end(self.text, open) else { return at + 1 };
        let attribute = &self.text[open..end];
        let says = ["derive", "cfg(", "test", "path"].iter().any(|word| attribute.contains(word));
        if !says {
            self.cut(at, end, "");
        }
        end
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

/// The first byte outside of brackets, from here on, that is wanted at its depth of angle
/// brackets, itself counted.
fn angles(
    text: &str,
    from: usize,
    mut depth: usize,
    is_wanted: impl Fn(u8, usize) -> bool,
) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let byte = *bytes.get(at)?;
        match byte {
            b'<' => depth += 1,
            b'>' if !matches!(bytes[at - 1], b'-' | b'=') => depth = depth.checked_sub(1)?,
            b')' | b']' | b'}' => return None,
            _ => {}
        }
        if is_wanted(byte, depth) {
            return Some(at);
        }
        at = match byte {
            b'(' | b'[' | b'{' => group_end(text, at)?,
            _ => step(text, at),
        };
    }
}

/// What stands between the `=` and the `;` of the `const` or `static` whose first byte is here.
pub(super) fn value(text: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let rest = &bytes[at..];
    let word = ["const", "static"].iter().find(|word| rest.starts_with(word.as_bytes()))?;
    let before = bytes[..at].iter().rev().find(|byte| !byte.is_ascii_whitespace());
    // `*const T`, and parameters.
    let is_item = match before {
        None | Some(b'}' | b'{' | b';' | b']' | b')' | b'/') => true,
        // `pub const`, and the last word of a comment.
        Some(byte) => is_word(*byte) && bytes[at - 1].is_ascii_whitespace(),
    };
    let name = behind_blank(text, at + word.len());
    if !is_item || name == at + word.len() {
        return None;
    }
    let name = match bytes[name..].strip_prefix(b"mut ") {
        Some(_) => behind_blank(text, name + 4),
        None => name,
    };
    let colon = behind_blank(text, behind_word(bytes, name));
    if bytes.get(colon) != Some(&b':') {
        return None;
    }
    let mark = angles(text, colon + 1, 0, |byte, depth| matches!(byte, b'=' | b';') && depth == 0)?;
    let end = semicolon(text, mark + 1)?;
    (bytes[mark] == b'=').then_some((mark + 1, end))
}

/// The `;` that ends a value.
fn semicolon(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        at = match bytes.get(at)? {
            b';' => return Some(at),
            b'(' | b'[' | b'{' => group_end(text, at)?,
            b')' | b']' | b'}' => return None,
            _ => step(text, at),
        };
    }
}

/// Behind the literal, comment or word that begins here, or else behind the byte.
pub(super) fn step(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
        b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
        b'"' => string_end(bytes, at + 1),
        b'\'' => quote_end(text, at),
        b'r' if !continues_word(bytes, at) => raw_string_end(bytes, at),
        byte if is_word(byte) => word_end(bytes, at),
        _ => at + 1,
    }
}

/// Blanks, and marks that begin nothing and end nothing.
pub(super) fn is_plain(byte: u8) -> bool {
    const PLAIN: [bool; 256] = {
        let mut table = [false; 256];
        let marks = b" \t\r\n,.:<>=&*+-|?";
        let mut at = 0;
        while at < marks.len() {
            table[marks[at] as usize] = true;
            at += 1;
        }
        table
    };
    PLAIN[usize::from(byte)]
}

/// Behind the bracket that closes the one here; `None` where none does.
pub(super) fn group_end(text: &str, open: usize) -> Option<usize> {
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
            byte if is_plain(byte) => {
                at += 1;
                continue;
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
        let kept =
            " \nimpl A { fn a(&self) -> [u8; { 1 + 1 }] {} const B: u8 = 0; }\nfn c<'a, T>() {}  ";
        assert_eq!(skeleton(text), kept);
    }

    #[test]
    fn what_is_no_function_is_left_alone() {
        for text in [
            "type F = fn (u8) -> u8;",
            "macro_rules! m ( ($n:ident) => { fn $n() { 1 } fn b() { 2 } } );",
            "#[derive(A)] #[cfg(unix)] #[path = \"a.rs\"] mod b;",
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
    fn arguments_but_for_self_go() {
        for (text, kept) in [
            ("fn a(b: B<C, D>, e: E) -> F;", "fn a() -> F;"),
            ("fn a<T: Fn(B) -> C, const N: u8>(b: B) {}", "fn a<T: Fn(B) -> C, const N: u8>() {}"),
            ("fn a(&'a mut self, b: B) -> C {}", "fn a(&'a mut self) -> C {}"),
            ("fn a(self: Box<Self, A>, b: [u8; 2]) {}", "fn a(self: Box<Self, A>) {}"),
            ("fn a(mut self) {}", "fn a(mut self) {}"),
            ("fn a(b: &self::B, c: C) {}", "fn a() {}"),
            ("fn a() -> B where B: C<D = E>, [(); { N }]: F;", "fn a() -> B ;"),
            ("fn a(b: B", "fn a(b: B"),
            ("fn a<T(b: B) {}", "fn a<T(b: B) {}"),
        ] {
            assert_eq!(skeleton(text), kept);
        }
    }

    #[test]
    fn tests_macros_and_most_attributes_go() {
        let text = "#![allow(x)] #[inline] #[cfg(test)] mod a { fn b() {} } #[c(\"]\")] struct D;";
        assert_eq!(skeleton(text), "  #[cfg(test)] mod a {}  struct D;");
        assert_eq!(skeleton("macro_rules! m { () => { fn b() { 2 } } }"), "macro_rules! m {}");
    }

    #[test]
    fn values_of_constants_go() {
        for (text, kept) in [
            ("pub const A: u8 = { 3; 4 };", "pub const A: u8 = 0;"),
            ("impl B { const A: C<D = E> = f(|x| x < y); }", "impl B { const A: C<D = E> = 0; }"),
            ("static mut A: [u8; 2] = [1, 2]; b", "static mut A: [u8; 2] = 0; b"),
            (
                "trait T { const A: u8; const B: u8 = 3; }",
                "trait T { const A: u8; const B: u8 = 0; }",
            ),
            (
                "struct S<const N: usize = 3> { a: *const u8 }",
                "struct S<const N: usize = 3> { a: *const u8 }",
            ),
            ("type A = B; enum C { D = 3 }", "type A = B; enum C { D = 3 }"),
            ("const fn a() {}", "const fn a() {}"),
        ] {
            assert_eq!(skeleton(text), kept);
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
