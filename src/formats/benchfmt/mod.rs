//! Go's benchmark format: one line per measured run, `key: value` lines that hold until changed,
//! and `Unit` lines that say how a unit is to be read.

mod name;
mod number;
mod read;
mod unit;
mod write;

pub use name::Name;
pub use number::{format_float, parse_float, parse_int};
pub use read::{ReadError, Reader, Record, SyntaxError};
pub use unit::{Assume, Better, Class, UnitTable, class_of, tidy};
pub use write::{Writer, clean_name};

use std::sync::Arc;

/// One measured run of one bench: its configuration, its name and what was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measurement {
    config: Vec<Config>,
    /// The full name, without the leading `Benchmark`.
    pub name: String,
    /// Iterations the values are averaged over.
    pub iterations: i64,
    /// What was measured, in base units.
    pub values: Vec<Value>,
    /// The line it was read from, counted from 1; 0 where it was not read.
    pub line: usize,
}

/// A `key: value` pair in force for a measurement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The key.
    pub key: Arc<str>,
    /// Its value, never empty.
    pub value: String,
    /// It stood in the file; otherwise it was set by whoever reads the file (`.file`).
    pub from_file: bool,
}

/// A value in a base unit, and as it was written where that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The value in `unit`.
    pub value: f64,
    /// The base unit, such as `sec/op`.
    pub unit: Arc<str>,
    /// The value and unit as written, where scaling changed them.
    pub written: Option<(f64, Arc<str>)>,
}

impl Measurement {
    /// A measurement of this name, without values.
    pub fn new(name: &str) -> Self {
        Measurement { name: name.to_owned(), ..Measurement::default() }
    }

    /// The configuration in force, in a stable order: keys as they first appeared, the last one
    /// moving into the place of one that was deleted.
    pub fn config(&self) -> &[Config] {
        &self.config
    }

    /// The value of a configuration key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.config.iter().find(|c| &*c.key == key).map(|c| c.value.as_str())
    }

    /// Sets a key; an empty value deletes it.
    pub fn set(&mut self, key: &Arc<str>, value: &str, from_file: bool) {
        let place = self.config.iter().position(|c| c.key == *key);
        match (place, value.is_empty()) {
            (Some(at), true) => {
                self.config.swap_remove(at);
            }
            (None, true) => {}
            (Some(at), false) => {
                let config = &mut self.config[at];
                config.from_file = from_file;
                config.value.clear();
                config.value.push_str(value);
            }
            (None, false) => {
                self.config.push(Config { key: key.clone(), value: value.to_owned(), from_file });
            }
        }
    }

    /// The parts of the name.
    pub fn parts(&self) -> Name<'_> {
        Name::new(&self.name)
    }
}
