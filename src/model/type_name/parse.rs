//! Text to [`TypeName`]: the names that rustc writes into debug info.

use super::TypeName;

/// Deeper nesting than any real type; garbage must not overflow the stack.
const MAX_DEPTH: u32 = 64;

pub(super) fn parse(text: &str) -> TypeName {
    let mut parser = Parser { text, at: 0 };
    match parser.ty(0) {
        Some(name) if parser.rest().is_empty() => name,
        _ => TypeName::Unknown,
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        trimmed
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    /// Eats a keyword that is not merely the beginning of a longer name.
    fn eat_word(&mut self, word: &str) -> bool {
        let follows = self.rest().strip_prefix(word);
        let found = follows.is_some_and(|rest| !rest.starts_with(is_name));
        if found {
            self.at += word.len();
        }
        found
    }

    fn ty(&mut self, depth: u32) -> Option<TypeName> {
        if depth > MAX_DEPTH {
            return None;
        }
        let inner = depth + 1;
        if self.eat("&") {
            self.lifetime();
            let mutable = self.eat_word("mut");
            return Some(TypeName::Ref { mutable, to: Box::new(self.ty(inner)?) });
        }
        if self.eat("*") {
            if !self.eat_word("const") && !self.eat_word("mut") {
                return None;
            }
            return Some(TypeName::Pointer(Box::new(self.ty(inner)?)));
        }
        if self.eat("[") {
            let element = Box::new(self.ty(inner)?);
            if self.eat("]") {
                return Some(TypeName::Slice(element));
            }
            if !self.eat(";") {
                return None;
            }
            let end = self.rest().find(']')?;
            let len = self.rest().get(..end)?.trim().parse().ok();
            self.at += end + 1;
            return Some(TypeName::Array(element, len));
        }
        if self.eat("(") {
            return self.tuple(inner);
        }
        if self.eat("!") {
            return Some(TypeName::Never);
        }
        if self.eat_word("_") {
            return Some(TypeName::Unknown);
        }
        if self.eat_word("dyn") {
            return self.bounds(inner).map(TypeName::Dyn);
        }
        if self.eat_word("for") {
            self.skip_angles()?;
        }
        let unsafe_fn = self.eat_word("unsafe");
        let extern_fn = self.eat_word("extern");
        if extern_fn && self.eat("\"") {
            self.at += self.rest().find('"')? + 1;
        }
        if self.eat_word("fn") {
            return self.function(inner);
        }
        if unsafe_fn || extern_fn {
            return None;
        }
        self.path(inner)
    }

    fn lifetime(&mut self) {
        if self.eat("'") {
            let rest = self.rest();
            self.at += rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        }
    }

    fn tuple(&mut self, depth: u32) -> Option<TypeName> {
        let mut items = Vec::new();
        loop {
            if self.eat(")") {
                return Some(TypeName::Tuple(items));
            }
            items.push(self.ty(depth)?);
            if !self.eat(",") {
                let single = items.len() == 1;
                // `(dyn A + B)`: parentheses around one type are no tuple.
                return self.eat(")").then(|| match items.pop() {
                    Some(only) if single => only,
                    last => TypeName::Tuple(items.into_iter().chain(last).collect()),
                });
            }
        }
    }

    fn bounds(&mut self, depth: u32) -> Option<Vec<TypeName>> {
        let mut bounds = Vec::new();
        loop {
            if self.rest().starts_with('\'') {
                self.lifetime();
            } else {
                bounds.push(self.ty(depth)?);
            }
            if !self.eat("+") {
                return Some(bounds);
            }
        }
    }

    fn function(&mut self, depth: u32) -> Option<TypeName> {
        if !self.eat("(") {
            return None;
        }
        while !self.eat(")") {
            if !self.eat("...") {
                self.ty(depth)?;
            }
            self.eat(",");
            if self.rest().is_empty() {
                return None;
            }
        }
        if self.eat("->") {
            self.ty(depth)?;
        }
        Some(TypeName::Fn)
    }

    fn path(&mut self, depth: u32) -> Option<TypeName> {
        let mut segments = Vec::new();
        let mut args = Vec::new();
        loop {
            segments.push(self.segment()?);
            // `Vec<T>` and `Vec::<T>` alike.
            let turbofish = self.rest().starts_with("::<");
            if turbofish {
                self.at += "::".len();
            }
            if self.eat("<") {
                args = self.args(depth)?;
            } else if self.rest().starts_with("::") {
                args.clear();
            }
            if !self.eat("::") {
                return Some(TypeName::Path { segments, args });
            }
        }
    }

    /// A name, or a name of the compiler's own such as `{closure_env#0}`.
    fn segment(&mut self) -> Option<String> {
        let rest = self.rest();
        let end = if rest.starts_with('{') {
            rest.find('}')? + 1
        } else {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        };
        if end == 0 {
            return None;
        }
        let segment = rest.get(..end)?.to_owned();
        self.at += end;
        Some(segment)
    }

    fn args(&mut self, depth: u32) -> Option<Vec<TypeName>> {
        let mut args = Vec::new();
        loop {
            if self.eat(">") {
                return Some(args);
            }
            if self.rest().starts_with('\'') && !self.is_character() {
                self.lifetime();
            } else if let Some(argument) = self.argument(depth)? {
                args.push(argument);
            }
            if !self.eat(",") {
                return self.eat(">").then_some(args);
            }
        }
    }

    /// `'x'`, a constant argument, as against the lifetime `'x`.
    fn is_character(&mut self) -> bool {
        let mut characters = self.rest().chars();
        characters.next();
        characters.next();
        characters.next() == Some('\'')
    }

    /// A generic argument; `None` inside for what is no type (`Item=u8` keeps its type).
    fn argument(&mut self, depth: u32) -> Option<Option<TypeName>> {
        let rest = self.rest();
        if rest.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '\'') {
            // A constant: `4`, `-1`, `'a'`.
            let end = rest.find([',', '>'])?;
            let text = rest.get(..end)?.trim().to_owned();
            self.at += end;
            return Some(Some(TypeName::Path { segments: vec![text], args: Vec::new() }));
        }
        let name = self.ty(depth)?;
        if self.eat("=") {
            let associated = self.ty(depth)?;
            return Some(Some(associated));
        }
        Some(Some(name))
    }

    fn skip_angles(&mut self) -> Option<()> {
        if !self.eat("<") {
            return None;
        }
        self.at += self.rest().find('>')? + 1;
        Some(())
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '#'
}
