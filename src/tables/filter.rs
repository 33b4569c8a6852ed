//! Filters: `.name:Copy /size:(4k OR 8k) -.unit:B/op`.

use regex::Regex;

use super::extract::Key;
use super::lex::{Cursor, QueryError, Token};
use crate::formats::benchfmt::{Measurement, Value};

/// Picks measurements, or single values of them.
#[derive(Clone, Debug)]
pub struct Filter(Node);

#[derive(Clone, Debug)]
enum Node {
    /// All of these; everything if none.
    And(Vec<Node>),
    /// Any of these.
    Or(Vec<Node>),
    Not(Box<Node>),
    /// A key of the whole measurement.
    Key(Key, Test),
    /// The unit of a value.
    Unit(Test),
    /// One of a list of values.
    OneOf(Key, Vec<String>),
}

#[derive(Clone, Debug)]
enum Test {
    Equals(String),
    Matches(Regex),
}

impl Test {
    fn holds(&self, text: &str) -> bool {
        match self {
            Test::Equals(literal) => literal == text,
            Test::Matches(regexp) => regexp.is_match(text),
        }
    }
}

/// What a filter says of a measurement.
enum Outcome {
    Whole(bool),
    /// Of each value by itself.
    Each(Vec<bool>),
}

impl Filter {
    /// Parses a filter; `*` is everything.
    pub fn parse(query: &str) -> Result<Filter, QueryError> {
        let (node, cursor) = or(Cursor::new(query))?;
        let end = cursor.key()?;
        if !matches!(end.token, Token::End) {
            return Err(end.start.error(format!("unexpected {:?}", end.token.text())));
        }
        Ok(Filter(node))
    }

    /// Also requires the key's value to be one of these.
    pub(super) fn require(&mut self, key: Key, values: Vec<String>) {
        let before = std::mem::replace(&mut self.0, Node::And(Vec::new()));
        self.0 = Node::And(vec![Node::OneOf(key, values), before]);
    }

    /// Takes the values that do not match out of the measurement; whether any are left.
    pub fn apply(&self, measurement: &mut Measurement) -> bool {
        match self.0.test(measurement) {
            Outcome::Whole(keep) => keep,
            Outcome::Each(keep) => {
                let mut keep = keep.into_iter();
                measurement.values.retain(|_| keep.next().unwrap_or(false));
                !measurement.values.is_empty()
            }
        }
    }
}

impl Node {
    fn test(&self, measurement: &Measurement) -> Outcome {
        match self {
            Node::And(nodes) => combine(nodes, measurement, false, |a, b| a && b),
            Node::Or(nodes) => combine(nodes, measurement, true, |a, b| a || b),
            Node::Not(node) => match node.test(measurement) {
                Outcome::Whole(holds) => Outcome::Whole(!holds),
                Outcome::Each(holds) => Outcome::Each(holds.into_iter().map(|h| !h).collect()),
            },
            Node::Key(key, test) => Outcome::Whole(test.holds(key.of(measurement))),
            Node::OneOf(key, values) => {
                let value = key.of(measurement);
                Outcome::Whole(values.iter().any(|v| v == value))
            }
            Node::Unit(test) => {
                let holds = |v: &Value| {
                    test.holds(&v.unit)
                        || v.written.as_ref().is_some_and(|(_, unit)| test.holds(unit))
                };
                Outcome::Each(measurement.values.iter().map(holds).collect())
            }
        }
    }
}

/// `decisive` is the answer of one part that settles the whole. Of parts that speak of the whole
/// measurement, only decisive ones count where others speak of single values.
fn combine(
    nodes: &[Node],
    measurement: &Measurement,
    decisive: bool,
    join: impl Fn(bool, bool) -> bool,
) -> Outcome {
    let mut each: Option<Vec<bool>> = None;
    for node in nodes {
        match (node.test(measurement), &mut each) {
            (Outcome::Whole(holds), _) if holds == decisive => return Outcome::Whole(decisive),
            (Outcome::Whole(_), _) => {}
            (Outcome::Each(holds), None) => each = Some(holds),
            (Outcome::Each(holds), Some(each)) => {
                for (a, b) in each.iter_mut().zip(holds) {
                    *a = join(*a, b);
                }
            }
        }
    }
    each.map_or(Outcome::Whole(!decisive), Outcome::Each)
}

type Parsed<'q> = Result<(Node, Cursor<'q>), QueryError>;

fn or(mut cursor: Cursor<'_>) -> Parsed<'_> {
    let mut terms = Vec::new();
    loop {
        let (term, after) = and(cursor)?;
        terms.push(term);
        let next = after.key()?;
        if !matches!(next.token, Token::Or) {
            return Ok((single_or(terms, Node::Or), after));
        }
        cursor = next.after;
    }
}

fn and(cursor: Cursor<'_>) -> Parsed<'_> {
    let (term, mut cursor) = term(cursor)?;
    let mut terms = vec![term];
    loop {
        let next = cursor.key()?;
        match next.token {
            Token::And => cursor = next.after,
            Token::Word(_) | Token::Sign('(' | '-' | '*') => {
                let (term, after) = self::term(next.start)?;
                terms.push(term);
                cursor = after;
            }
            Token::Or | Token::End | Token::Sign(')') => {
                return Ok((single_or(terms, Node::And), cursor));
            }
            token => {
                return Err(next.start.error(format!("unexpected {:?}", token.text())));
            }
        }
    }
}

fn single_or(mut terms: Vec<Node>, join: impl Fn(Vec<Node>) -> Node) -> Node {
    if terms.len() == 1 { terms.swap_remove(0) } else { join(terms) }
}

fn term(cursor: Cursor<'_>) -> Parsed<'_> {
    let first = cursor.key()?;
    match first.token {
        Token::Sign('(') => {
            let (node, after) = or(first.after)?;
            let close = after.key()?;
            if !matches!(close.token, Token::Sign(')')) {
                return Err(close.start.error("missing \")\""));
            }
            Ok((node, close.after))
        }
        Token::Sign('-') => {
            let (node, after) = term(first.after)?;
            Ok((Node::Not(Box::new(node)), after))
        }
        Token::Sign('*') => Ok((Node::And(Vec::new()), first.after)),
        Token::Word(key) => match_of(first.start, &key, first.after),
        _ => Err(first.start.error("expected key:value or subexpression")),
    }
}

/// `:value` or `:(value OR value)` after a key.
fn match_of<'q>(start: Cursor<'q>, key: &str, cursor: Cursor<'q>) -> Parsed<'q> {
    let colon = cursor.key()?;
    if !matches!(colon.token, Token::Sign(':')) {
        return Err(start.error("expected key:value"));
    }
    let first = colon.after.value()?;
    if let Some(test) = test_of(&first.token) {
        return Ok((leaf(start, key, test)?, first.after));
    }
    if !matches!(first.token, Token::Sign('(')) {
        return Err(start.error("expected key:value"));
    }
    let mut terms = Vec::new();
    let mut cursor = first.after;
    loop {
        let value = cursor.value()?;
        let Some(test) = test_of(&value.token) else {
            return Err(value.start.error("expected value"));
        };
        terms.push(leaf(start, key, test)?);
        let next = value.after.value()?;
        match next.token {
            Token::Sign(')') => return Ok((Node::Or(terms), next.after)),
            Token::Or => cursor = next.after,
            _ => return Err(next.start.error("value list must be separated by OR")),
        }
    }
}

fn test_of(token: &Token) -> Option<Test> {
    match token {
        Token::Word(word) => Some(Test::Equals(word.clone())),
        Token::Regexp(regexp) => Some(Test::Matches(regexp.clone())),
        _ => None,
    }
}

fn leaf(start: Cursor<'_>, key: &str, test: Test) -> Result<Node, QueryError> {
    match key {
        ".unit" => Ok(Node::Unit(test)),
        ".config" => Err(start.error(".config is only allowed in projections")),
        key => {
            let key = Key::parse(key).ok_or_else(|| start.error("key must not be empty"))?;
            Ok(Node::Key(key, test))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A measurement `Copy/size=4k-16` with three values.
    fn measurement() -> Measurement {
        let value = |value, unit: &str| Value { value, unit: unit.into(), written: None };
        let mut measurement = Measurement::new("Copy/size=4k-16");
        measurement.values = vec![
            Value { value: 1e-9, unit: "sec/op".into(), written: Some((1.0, "ns/op".into())) },
            value(2.0, "B/op"),
            value(3.0, "allocs/op"),
        ];
        measurement.set(&"goos".into(), "linux", true);
        measurement
    }

    fn kept(query: &str) -> Vec<f64> {
        let mut measurement = measurement();
        if Filter::parse(query).unwrap().apply(&mut measurement) {
            measurement.values.iter().map(|v| v.value).collect()
        } else {
            Vec::new()
        }
    }

    const ALL: [f64; 3] = [1e-9, 2.0, 3.0];

    #[test]
    fn filters_on_keys_keep_the_measurement_or_drop_it() {
        for query in [
            "*",
            ".name:Copy",
            "goos:linux /size:4k",
            "goos:linux AND /gomaxprocs:16",
            "goos:darwin OR .name:/op/",
            "/size:(8k OR 4k)",
            "/size:(/8/ OR \"4k\")",
            "-goos:darwin",
            "-(goos:darwin OR goos:plan9)",
            "\"goos\":\"l\\x69nux\"",
            "missing:\"\"",
            "-.unit:ns/op OR *",
        ] {
            assert_eq!(kept(query), ALL, "{query}");
        }
        for query in ["-*", "goos:darwin", ".name:Cop", ".name:/^op/", "/size:4k goos:x"] {
            assert!(kept(query).is_empty(), "{query}");
        }
    }

    #[test]
    fn filters_on_units_keep_single_values_under_both_their_names() {
        assert_eq!(kept(".unit:ns/op"), [1e-9]);
        assert_eq!(kept(".unit:sec/op"), [1e-9]);
        assert_eq!(kept("-.unit:B/op"), [1e-9, 3.0]);
        assert_eq!(kept(".unit:(ns/op OR B/op) goos:linux"), [1e-9, 2.0]);
        assert_eq!(kept(".unit:B/op OR .unit:allocs/op"), [2.0, 3.0]);
        assert!(kept(".unit:B/op -.unit:B/op").is_empty());
        assert!(kept(".unit:B/op goos:plan9").is_empty());
    }

    #[test]
    fn mistakes_are_shown_at_their_place() {
        for (query, at, message) in [
            ("a", 0, "expected key:value"),
            ("a :", 0, "expected key:value"),
            ("", 0, "expected key:value or subexpression"),
            ("()", 1, "expected key:value or subexpression"),
            ("AND", 0, "expected key:value or subexpression"),
            ("\"a\\z\":b", 0, "bad escape sequence"),
            ("a \"b", 2, "missing end quote"),
            ("(a:b", 4, "missing \")\""),
            ("(a:b))", 5, "unexpected \")\""),
            ("a:/b", 2, "missing close \"/\""),
            ("a:/b/c", 5, "regexp must be followed by space or an operator (unescaped \"/\"?)"),
            ("a:(b c)", 5, "value list must be separated by OR"),
            ("a:(b OR AND)", 8, "expected value"),
            ("a:()", 3, "expected value"),
            ("a:b @", 4, "unexpected \"@\""),
            (".config:x", 0, ".config is only allowed in projections"),
            ("*  \"\":x", 3, "key must not be empty"),
        ] {
            let error = Filter::parse(query).unwrap_err();
            assert_eq!((error.at, error.message.as_str()), (at, message), "{query}");
        }
        let error = Filter::parse("a:b c").unwrap_err();
        assert_eq!(error.to_string(), "syntax error: expected key:value\n\ta:b c\n\t    ^");
        assert!(Filter::parse("a:/b[/](/)\\/c/").is_ok());
        assert!(Filter::parse("a:/[[:foo:]]/").is_err());
    }
}
