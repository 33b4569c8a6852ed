//! The words and signs that filters and projections are written in.

use regex::Regex;

use super::regexp;

/// A filter or a projection that does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// What was given.
    pub query: String,
    /// Where it goes wrong, in bytes.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for QueryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let before = self.query.char_indices().take_while(|&(at, _)| at < self.at);
        let columns = before.filter(|(_, c)| !c.is_control()).count();
        write!(f, "syntax error: {}\n\t{}\n\t{:columns$}^", self.message, self.query, "")
    }
}

impl std::error::Error for QueryError {}

/// A piece of a query.
#[derive(Clone, Debug)]
pub(super) enum Token {
    /// A bare or quoted word.
    Word(String),
    /// `/regexp/`.
    Regexp(Regex),
    /// `AND`.
    And,
    /// `OR`.
    Or,
    /// One of `( ) : @ , - *`.
    Sign(char),
    /// Nothing more.
    End,
}

impl Token {
    /// As it is quoted in messages.
    pub(super) fn text(&self) -> String {
        match self {
            Token::Word(word) => word.clone(),
            Token::Regexp(regexp) => regexp.to_string(),
            Token::And => "AND".to_owned(),
            Token::Or => "OR".to_owned(),
            Token::Sign(sign) => sign.to_string(),
            Token::End => String::new(),
        }
    }
}

/// A place in a query.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'q> {
    query: &'q str,
    at: usize,
}

/// A token, where it begins and where it ends.
pub(super) struct Read<'q> {
    pub(super) token: Token,
    /// Before the token, after the white space.
    pub(super) start: Cursor<'q>,
    /// After the token.
    pub(super) after: Cursor<'q>,
}

impl<'q> Cursor<'q> {
    pub(super) fn new(query: &'q str) -> Self {
        Cursor { query, at: 0 }
    }

    pub(super) fn error(self, message: impl Into<String>) -> QueryError {
        QueryError { query: self.query.to_owned(), at: self.at, message: message.into() }
    }

    fn rest(self) -> &'q str {
        &self.query[self.at..]
    }

    fn skip(self, bytes: usize) -> Self {
        Cursor { query: self.query, at: self.at + bytes }
    }

    /// The next token where a key may stand.
    pub(super) fn key(self) -> Result<Read<'q>, QueryError> {
        self.read(false)
    }

    /// The next token where a value may stand: there `/` begins a regular expression.
    pub(super) fn value(self) -> Result<Read<'q>, QueryError> {
        self.read(true)
    }

    fn read(self, regexp_allowed: bool) -> Result<Read<'q>, QueryError> {
        let rest = self.rest();
        let start = self.skip(rest.len() - rest.trim_start().len());
        let (token, length) = match start.rest().chars().next() {
            None => (Token::End, 0),
            Some(sign) if begins_as_sign(sign) => (Token::Sign(sign), 1),
            Some('/') if regexp_allowed => start.regexp()?,
            Some('"') => start.quoted()?,
            Some(_) => start.bare(),
        };
        Ok(Read { token, start, after: start.skip(length) })
    }

    fn bare(self) -> (Token, usize) {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || is_sign(c)).unwrap_or(rest.len());
        let token = match &rest[..end] {
            "AND" => Token::And,
            "OR" => Token::Or,
            word => Token::Word(word.to_owned()),
        };
        (token, end)
    }

    fn quoted(self) -> Result<(Token, usize), QueryError> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let end = (1..bytes.len()).find(|&at| bytes[at] == b'"' && bytes[at - 1] != b'\\');
        let Some(end) = end else { return Err(self.error("missing end quote")) };
        let word = unquote(&rest[1..end]).ok_or_else(|| self.error("bad escape sequence"))?;
        Ok((Token::Word(word), end + 1))
    }

    fn regexp(self) -> Result<(Token, usize), QueryError> {
        let rest = &self.rest()[1..];
        let Some(end) = end_of_regexp(rest) else {
            return Err(self.error("missing close \"/\""));
        };
        let regexp = regexp::compile(&rest[..end])
            .map_err(|reason| self.error(format!("error parsing regexp: {reason}")))?;
        let after = self.skip(end + 2);
        match after.rest().chars().next() {
            None => {}
            Some(c) if c.is_whitespace() || begins_as_sign(c) => {}
            Some(_) => {
                return Err(after
                    .error("regexp must be followed by space or an operator (unescaped \"/\"?)"));
            }
        }
        Ok((Token::Regexp(regexp), end + 2))
    }
}

fn is_sign(c: char) -> bool {
    matches!(c, '(' | ')' | ':' | '@' | ',')
}

/// At the beginning of a word `-` and `*` are signs, too; further on they belong to it.
fn begins_as_sign(c: char) -> bool {
    is_sign(c) || matches!(c, '-' | '*')
}

/// Where the `/` stands that ends a regular expression: outside of brackets and parentheses and
/// not after a backslash.
fn end_of_regexp(text: &str) -> Option<usize> {
    let (mut brackets, mut parentheses) = (0_usize, 0_i64);
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'/' if brackets == 0 && parentheses == 0 => return Some(at),
            b'[' => brackets += 1,
            b']' => brackets = brackets.saturating_sub(1),
            b'(' if brackets == 0 => parentheses += 1,
            b')' if brackets == 0 => parentheses -= 1,
            b'\\' => {
                bytes.next();
            }
            _ => {}
        }
    }
    None
}

/// The text within the quotes of a Go string.
fn unquote(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == '\n' {
            return None;
        }
        if c != '\\' {
            bytes.extend(c.encode_utf8(&mut [0; 4]).bytes());
            continue;
        }
        match chars.clone().next()? {
            '0'..='7' => bytes.push(u8::try_from(number(&mut chars, 3, 8)?).ok()?),
            'x' => {
                chars.next();
                bytes.push(u8::try_from(number(&mut chars, 2, 16)?).ok()?);
            }
            kind @ ('u' | 'U') => {
                chars.next();
                let value = number(&mut chars, if kind == 'u' { 4 } else { 8 }, 16)?;
                bytes.extend(char::from_u32(value)?.encode_utf8(&mut [0; 4]).bytes());
            }
            simple => {
                chars.next();
                bytes.push(match simple {
                    'a' => 7,
                    'b' => 8,
                    'f' => 12,
                    'n' => b'\n',
                    'r' => b'\r',
                    't' => b'\t',
                    'v' => 11,
                    '\\' => b'\\',
                    '"' => b'"',
                    _ => return None,
                });
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// A number of exactly so many digits.
fn number(chars: &mut std::str::Chars<'_>, digits: usize, base: u32) -> Option<u32> {
    (0..digits).try_fold(0_u32, |value, _| {
        value.checked_mul(base)?.checked_add(chars.next()?.to_digit(base)?)
    })
}
