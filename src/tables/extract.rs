//! What a key means: the part of a measurement that it names.

use std::borrow::Cow;

use crate::formats::benchfmt::Measurement;

/// A key of a filter or projection that has one value per measurement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// `.name`: the base name.
    Base,
    /// `.fullname`.
    Full,
    /// `/key`: a part `/key=value` of the name.
    Part {
        /// With the slash and the equals sign.
        prefix: String,
        /// `/gomaxprocs` is also what the trailing `-N` says.
        procs: bool,
    },
    /// Anything else: a configuration key.
    Config(String),
}

impl Key {
    /// `None` for the empty key, which names nothing. `.config` and `.unit` are not single
    /// values; whoever allows them has dealt with them before.
    pub(super) fn parse(key: &str) -> Option<Key> {
        Some(match key {
            "" => return None,
            ".name" => Key::Base,
            ".fullname" => Key::Full,
            part if part.starts_with('/') => {
                Key::Part { prefix: format!("{part}="), procs: part == "/gomaxprocs" }
            }
            key => Key::Config(key.to_owned()),
        })
    }

    /// The value; empty where the measurement has none.
    pub(super) fn of<'m>(&self, measurement: &'m Measurement) -> &'m str {
        match self {
            Key::Base => measurement.parts().base(),
            Key::Full => &measurement.name,
            Key::Config(key) => measurement.get(key).unwrap_or_default(),
            Key::Part { prefix, procs } => {
                let name = measurement.parts();
                if *procs && let Some(procs) = name.procs() {
                    return procs;
                }
                name.rest().find_map(|part| part.strip_prefix(prefix.as_str())).unwrap_or_default()
            }
        }
    }
}

/// The full name without the parts that other keys already tell.
#[derive(Clone, Debug, Default)]
pub(super) struct NameLessParts {
    /// `/key=` of each part that is left out.
    prefixes: Vec<String>,
    base: bool,
    procs: bool,
}

impl NameLessParts {
    /// Leaves out what this key names.
    pub(super) fn leave_out(&mut self, key: &Key) {
        match key {
            Key::Base => self.base = true,
            Key::Part { prefix, procs } => {
                self.prefixes.push(prefix.clone());
                self.procs |= procs;
            }
            Key::Full | Key::Config(_) => {}
        }
    }

    /// The name that remains; a base name that is left out becomes `*`.
    pub(super) fn of<'m>(&self, measurement: &'m Measurement) -> Cow<'m, str> {
        let full = &measurement.name;
        let concerned = self.base
            || self.prefixes.iter().any(|prefix| full.contains(prefix.as_str()))
            || self.procs && full.contains('-');
        if !concerned {
            return full.into();
        }
        let name = measurement.parts();
        let mut rest = if self.base { "*".to_owned() } else { name.first().to_owned() };
        for part in name.rest() {
            let named = self.prefixes.iter().any(|prefix| part.starts_with(prefix.as_str()));
            if !(named || self.procs && part.starts_with('-')) {
                rest.push_str(part);
            }
        }
        rest.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(key: &str, name: &str) -> String {
        let measurement = Measurement::new(name);
        Key::parse(key).unwrap().of(&measurement).to_owned()
    }

    fn without(keys: &[&str], name: &str) -> String {
        let measurement = Measurement::new(name);
        let mut names = NameLessParts::default();
        for key in keys {
            names.leave_out(&Key::parse(key).unwrap());
        }
        names.of(&measurement).into_owned()
    }

    #[test]
    fn keys_take_their_part_of_the_name() {
        assert_eq!(of(".name", "Copy/size=4k-16"), "Copy");
        assert_eq!(of(".fullname", "Copy/size=4k-16"), "Copy/size=4k-16");
        assert_eq!(of("/size", "Copy/size=4k-16"), "4k");
        assert_eq!(of("/gomaxprocs", "Copy/size=4k-16"), "16");
        assert_eq!(of("/gomaxprocs", "Copy/gomaxprocs=3"), "3");
        assert_eq!(of("/siz", "Copy/size=4k-16"), "");
        assert_eq!(Key::parse(""), None);
    }

    #[test]
    fn what_other_keys_tell_is_left_out_of_the_full_name() {
        assert_eq!(without(&["/format"], "Encode/format=json-48"), "Encode-48");
        assert_eq!(without(&[".name", "/a"], "X/a=1/b=2-4"), "*/b=2-4");
        assert_eq!(without(&["/gomaxprocs"], "X/b=2-4"), "X/b=2");
        assert_eq!(without(&["/c"], "X/b=2-4"), "X/b=2-4");
        assert_eq!(without(&["goos"], "X-4"), "X-4");
    }
}
