//! Projections: which parts of a measurement tell tables, rows or columns apart, and in which
//! order they are shown: `.config`, `/size@num,goos`, `/format@(gob json)`.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::extract::{Key, NameLessParts};
use super::filter::Filter;
use super::lex::{Cursor, QueryError, Read, Token};
use super::order::Named;
use crate::formats::benchfmt::Measurement;

/// Projections that share the measurements among them: a key that one of them names is left out
/// of `.config` and `.fullname` in the others.
#[derive(Debug, Default)]
pub(super) struct Shared {
    config_keys: Vec<String>,
    name: NameLessParts,
    has_config: bool,
    has_full_name: bool,
}

/// Extracts a tuple of texts from measurements, and knows the tuples seen.
#[derive(Debug, Default)]
pub(super) struct Projection {
    parts: Vec<Part>,
    fields: Vec<Field>,
    /// The field of the unit, where there is one.
    unit: Option<usize>,
    texts: Texts,
    tuples: HashMap<Box<[Text]>, TupleId>,
    seen: Vec<Box<[Text]>>,
    row: Vec<Text>,
}

/// A tuple that was seen, numbered in the order of their first appearance.
pub(super) type TupleId = u32;

/// A text, numbered likewise; 0 is the empty one.
type Text = u32;

#[derive(Debug)]
enum Part {
    One {
        source: Source,
        field: usize,
    },
    /// All configuration keys of the file that no other projection names.
    Config {
        order: Order,
        fields: HashMap<Arc<str>, Option<usize>>,
        list: Vec<usize>,
    },
    Unit {
        field: usize,
    },
}

#[derive(Debug)]
enum Source {
    Key(Key),
    FullName,
}

#[derive(Debug)]
struct Field {
    name: Arc<str>,
    order: Order,
}

#[derive(Clone, Debug)]
enum Order {
    /// As they were first seen, with the numbers of that.
    First(HashMap<Text, u32>),
    /// By their text alone: the keys that make up `.config` are not followed one by one.
    Text,
    Named(Named),
    /// As listed.
    Fixed(Vec<String>),
}

#[derive(Debug, Default)]
struct Texts {
    numbers: HashMap<Arc<str>, Text>,
    list: Vec<Arc<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> Text {
        if text.is_empty() {
            return 0;
        }
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let shared: Arc<str> = text.into();
        self.list.push(shared.clone());
        let number = self.list.len() as Text;
        self.numbers.insert(shared, number);
        number
    }

    fn get(&self, number: Text) -> &str {
        number.checked_sub(1).map_or("", |at| &self.list[at as usize])
    }
}

impl Projection {
    /// Parses a projection. Orders that list values also make the filter require them.
    pub(super) fn parse(
        query: &str,
        shared: &mut Shared,
        filter: &mut Filter,
    ) -> Result<Projection, QueryError> {
        let mut projection = Projection::default();
        let mut required = Vec::new();
        for term in terms(query)? {
            projection.add(term, shared, &mut required)?;
        }
        for (key, values) in required {
            filter.require(key, values);
        }
        Ok(projection)
    }

    /// What no projection has named yet.
    pub(super) fn residue(shared: &mut Shared) -> Projection {
        let mut projection = Projection::default();
        if !shared.has_config {
            projection.add_config(Order::Text);
        }
        if !shared.has_full_name {
            projection.add_field(".fullname", Order::First(HashMap::new()), Source::FullName);
        }
        projection
    }

    fn add(
        &mut self,
        term: Term<'_>,
        shared: &mut Shared,
        required: &mut Vec<(Key, Vec<String>)>,
    ) -> Result<(), QueryError> {
        let order = match term.order {
            TermOrder::First => Order::First(HashMap::new()),
            TermOrder::Fixed(values) => Order::Fixed(values),
            TermOrder::Named(name) => match Named::parse(&name) {
                Some(named) => Order::Named(named),
                None => return Err(term.order_at.error(format!("unknown order {name:?}"))),
            },
        };
        match term.key.as_str() {
            ".config" => {
                let order = match order {
                    Order::Fixed(_) => {
                        return Err(term.order_at.error("fixed order not allowed for .config"));
                    }
                    Order::First(_) => Order::Text,
                    order => order,
                };
                shared.has_config = true;
                self.add_config(order);
            }
            ".unit" => return Err(term.key_at.error(".unit is only allowed in filters")),
            name => {
                let Some(key) = Key::parse(name) else {
                    return Err(term.key_at.error("key must not be empty"));
                };
                if let Order::Fixed(values) = &order {
                    required.push((key.clone(), values.clone()));
                }
                let source = if key == Key::Full {
                    shared.has_full_name = true;
                    Source::FullName
                } else {
                    if let Key::Config(key) = &key {
                        shared.config_keys.push(key.clone());
                    }
                    shared.name.leave_out(&key);
                    Source::Key(key)
                };
                self.add_field(name, order, source);
            }
        }
        Ok(())
    }

    fn add_config(&mut self, order: Order) {
        self.parts.push(Part::Config { order, fields: HashMap::new(), list: Vec::new() });
    }

    fn add_field(&mut self, name: &str, order: Order, source: Source) {
        let field = self.new_field(name, order);
        self.parts.push(Part::One { source, field });
    }

    /// Adds the unit of single values as the last field.
    pub(super) fn add_unit(&mut self) {
        let field = self.new_field(".unit", Order::First(HashMap::new()));
        self.parts.push(Part::Unit { field });
        self.unit = Some(field);
    }

    fn new_field(&mut self, name: &str, order: Order) -> usize {
        self.fields.push(Field { name: name.into(), order });
        self.row.push(0);
        self.fields.len() - 1
    }

    /// Fills in the tuple of a measurement; `take` gives its number.
    pub(super) fn fill(&mut self, measurement: &Measurement, shared: &Shared) {
        self.row.fill(0);
        for part in &mut self.parts {
            match part {
                Part::Unit { .. } => {}
                Part::One { source, field } => {
                    let text = match source {
                        Source::Key(key) => self.texts.number(key.of(measurement)),
                        Source::FullName => self.texts.number(&shared.name.of(measurement)),
                    };
                    self.row[*field] = text;
                }
                Part::Config { order, fields, list } => {
                    for config in measurement.config().iter().filter(|c| c.from_file) {
                        let field = match fields.get(&config.key) {
                            Some(field) => *field,
                            None => {
                                let named = shared.config_keys.iter().any(|k| **k == *config.key);
                                let field = (!named).then_some(self.fields.len());
                                if let Some(field) = field {
                                    let (name, order) = (config.key.clone(), order.clone());
                                    self.fields.push(Field { name, order });
                                    self.row.push(0);
                                    list.push(field);
                                }
                                fields.insert(config.key.clone(), field);
                                field
                            }
                        };
                        if let Some(field) = field {
                            self.row[field] = self.texts.number(&config.value);
                        }
                    }
                }
            }
        }
    }

    /// Puts a unit into the tuple.
    pub(super) fn set_unit(&mut self, unit: &str) {
        if let Some(field) = self.unit {
            self.row[field] = self.texts.number(unit);
        }
    }

    /// The number of the tuple filled in.
    pub(super) fn take(&mut self) -> TupleId {
        // Fields that came later must not tell tuples apart that have nothing there.
        let used = self.row.iter().rposition(|&text| text != 0).map_or(0, |at| at + 1);
        let row = &self.row[..used];
        if let Some(&id) = self.tuples.get(row) {
            return id;
        }
        for (field, &text) in self.fields.iter_mut().zip(&self.row) {
            if let Order::First(seen) = &mut field.order {
                let next = seen.len() as u32;
                seen.entry(text).or_insert(next);
            }
        }
        let id = self.seen.len() as TupleId;
        self.seen.push(row.into());
        self.tuples.insert(row.into(), id);
        id
    }

    /// The fields in the order of the projection, the keys of `.config` in its place.
    pub(super) fn flat(&self) -> Vec<usize> {
        let mut flat = Vec::with_capacity(self.fields.len());
        for part in &self.parts {
            match part {
                Part::One { field, .. } | Part::Unit { field } => flat.push(*field),
                Part::Config { list, .. } => flat.extend(list),
            }
        }
        flat
    }

    pub(super) fn field_name(&self, field: usize) -> &Arc<str> {
        &self.fields[field].name
    }

    /// The text of a field in a tuple.
    pub(super) fn text(&self, tuple: TupleId, field: usize) -> &str {
        self.texts.get(self.text_number(tuple, field))
    }

    fn text_number(&self, tuple: TupleId, field: usize) -> Text {
        self.seen[tuple as usize].get(field).copied().unwrap_or(0)
    }

    /// Sorts tuples by the orders of the fields, one after the other.
    pub(super) fn sort(&self, tuples: &mut [TupleId]) {
        let flat = self.flat();
        tuples.sort_unstable_by(|&a, &b| {
            flat.iter()
                .map(|&field| self.compare(field, a, b))
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        });
    }

    fn compare(&self, field: usize, a: TupleId, b: TupleId) -> Ordering {
        let (a, b) = (self.text_number(a, field), self.text_number(b, field));
        if a == b {
            return Ordering::Equal;
        }
        let (a_text, b_text) = (self.texts.get(a), self.texts.get(b));
        let by_order = match &self.fields[field].order {
            Order::First(seen) => seen.get(&a).cmp(&seen.get(&b)),
            Order::Text => Ordering::Equal,
            Order::Named(named) => named.compare(a_text, b_text),
            Order::Fixed(values) => {
                let place = |text: &str| values.iter().rposition(|v| v == text);
                place(a_text).cmp(&place(b_text))
            }
        };
        by_order.then_with(|| a_text.cmp(b_text))
    }
}

/// One element of a projection as written.
struct Term<'q> {
    key: String,
    key_at: Cursor<'q>,
    order: TermOrder,
    order_at: Cursor<'q>,
}

enum TermOrder {
    First,
    Named(String),
    Fixed(Vec<String>),
}

fn terms(query: &str) -> Result<Vec<Term<'_>>, QueryError> {
    let mut terms = Vec::new();
    let mut cursor = Cursor::new(query);
    loop {
        let Read { token, start, after } = cursor.key()?;
        let at = match token {
            Token::End => return Ok(terms),
            Token::Sign(',') if !terms.is_empty() => after,
            _ => start,
        };
        let (term, after) = term(at)?;
        terms.push(term);
        cursor = after;
    }
}

fn term(cursor: Cursor<'_>) -> Result<(Term<'_>, Cursor<'_>), QueryError> {
    let first = cursor.key()?;
    let Token::Word(key) = first.token else { return Err(first.start.error("expected key")) };
    let plain = |order, order_at| Term { key: key.clone(), key_at: first.start, order, order_at };
    let at_sign = first.after.key()?;
    if !matches!(at_sign.token, Token::Sign('@')) {
        return Ok((plain(TermOrder::First, first.after), first.after));
    }
    let order = at_sign.after.key()?;
    match order.token {
        Token::Word(name) => Ok((plain(TermOrder::Named(name), order.start), order.after)),
        Token::Sign('(') => {
            let mut values = Vec::new();
            let mut cursor = order.after;
            loop {
                let value = cursor.key()?;
                match value.token {
                    Token::Word(word) => values.push(word),
                    Token::Sign(')') if values.is_empty() => {
                        return Err(value.start.error("nothing to match"));
                    }
                    Token::Sign(')') => {
                        return Ok((plain(TermOrder::Fixed(values), order.start), value.after));
                    }
                    _ => return Err(value.start.error("missing )")),
                }
                cursor = value.after;
            }
        }
        _ => Err(order.start.error("expected named sort order or parenthesized list")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(query: &str) -> (usize, String) {
        let mut filter = Filter::parse("*").unwrap();
        let error = Projection::parse(query, &mut Shared::default(), &mut filter).unwrap_err();
        (error.at, error.message)
    }

    #[test]
    fn mistakes_are_shown_at_their_place() {
        for (query, at, message) in [
            ("a,,b", 2, "expected key"),
            (",a", 0, "expected key"),
            ("a@", 2, "expected named sort order or parenthesized list"),
            ("a@,b", 2, "expected named sort order or parenthesized list"),
            ("a@(", 3, "missing )"),
            ("a@(,", 3, "missing )"),
            ("a@()", 3, "nothing to match"),
            ("a b@size", 4, "unknown order \"size\""),
            (".config@(a b)", 8, "fixed order not allowed for .config"),
            (".unit", 0, ".unit is only allowed in filters"),
            ("a, \"\"", 3, "key must not be empty"),
        ] {
            assert_eq!(error(query), (at, message.to_owned()), "{query}");
        }
    }

    /// The tuples of measurements with these names and `goos` values, sorted.
    fn sorted(query: &str, measurements: &[(&str, &str)]) -> Vec<String> {
        let mut filter = Filter::parse("*").unwrap();
        let mut shared = Shared::default();
        let mut projection = Projection::parse(query, &mut shared, &mut filter).unwrap();
        let mut tuples = Vec::new();
        for (name, goos) in measurements {
            let mut measurement = Measurement::new(name);
            measurement.set(&"goos".into(), goos, true);
            if filter.apply(&mut measurement) {
                projection.fill(&measurement, &shared);
                let tuple = projection.take();
                if !tuples.contains(&tuple) {
                    tuples.push(tuple);
                }
            }
        }
        projection.sort(&mut tuples);
        let flat = projection.flat();
        let text = |&t: &TupleId| {
            let texts: Vec<&str> = flat.iter().map(|&f| projection.text(t, f)).collect();
            texts.join("|")
        };
        tuples.iter().map(text).collect()
    }

    const FOUR: [(&str, &str); 4] =
        [("B/n=10", "plan9"), ("A/n=2", "linux"), ("B/n=2", "linux"), ("B/n=1", "")];

    #[test]
    fn orders_are_of_first_appearance_named_or_listed() {
        assert_eq!(sorted("/n", &FOUR), ["10", "2", "1"]);
        assert_eq!(sorted("/n@num", &FOUR), ["1", "2", "10"]);
        assert_eq!(sorted("/n@alpha", &FOUR), ["1", "10", "2"]);
        assert_eq!(sorted("/n@(2 10)", &FOUR), ["2", "10"]);
        assert_eq!(sorted(".name /n@num", &FOUR), ["B|1", "B|2", "B|10", "A|2"]);
        assert_eq!(sorted(".config", &FOUR), ["", "linux", "plan9"]);
        assert_eq!(sorted("goos", &FOUR), ["plan9", "linux", ""]);
    }

    #[test]
    fn what_a_projection_names_is_left_out_of_the_full_name() {
        assert_eq!(sorted("/n .fullname", &FOUR), ["10|B", "2|B", "2|A", "1|B"]);
    }
}
