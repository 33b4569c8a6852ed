//! Units: scaling, labels and percentages, as pprof prints them.

/// A unit of a family, with the names a profile may give it.
struct Unit {
    name: &'static str,
    aliases: &'static [&'static str],
    factor: f64,
}

/// Units that convert into each other, smallest first.
struct Family {
    units: &'static [Unit],
    /// Used where the wanted unit is of another family.
    default: (&'static str, f64),
}

const fn unit(name: &'static str, aliases: &'static [&'static str], factor: f64) -> Unit {
    Unit { name, aliases, factor }
}

const FAMILIES: &[Family] = &[
    Family {
        units: &[
            unit("B", &["b", "byte"], 1.0),
            unit("kB", &["kb", "kbyte", "kilobyte"], (1u64 << 10) as f64),
            unit("MB", &["mb", "mbyte", "megabyte"], (1u64 << 20) as f64),
            unit("GB", &["gb", "gbyte", "gigabyte"], (1u64 << 30) as f64),
            unit("TB", &["tb", "tbyte", "terabyte"], (1u64 << 40) as f64),
            unit("PB", &["pb", "pbyte", "petabyte"], (1u64 << 50) as f64),
        ],
        default: ("B", 1.0),
    },
    Family {
        units: &[
            unit("ns", &["ns", "nanosecond"], 1.0),
            unit("us", &["μs", "us", "microsecond"], 1e3),
            unit("ms", &["ms", "millisecond"], 1e6),
            unit("s", &["s", "sec", "second"], 1e9),
            unit("hrs", &["hour", "hr"], 3600e9),
        ],
        default: ("s", 1e9),
    },
    Family {
        units: &[
            unit("n*GCU", &["nanogcu"], 1e-9),
            unit("u*GCU", &["microgcu"], 1e-6),
            unit("m*GCU", &["milligcu"], 1e-3),
            unit("GCU", &["gcu"], 1.0),
            unit("k*GCU", &["kilogcu"], 1e3),
            unit("M*GCU", &["megagcu"], 1e6),
            unit("G*GCU", &["gigagcu"], 1e9),
            unit("T*GCU", &["teragcu"], 1e12),
            unit("P*GCU", &["petagcu"], 1e15),
        ],
        default: ("GCU", 1.0),
    },
];

impl Family {
    fn find(&self, name: &str) -> Option<&'static Unit> {
        let name = name.to_lowercase();
        let name = if name.len() > 2 { name.strip_suffix('s').unwrap_or(&name) } else { &name };
        self.units.iter().find(|unit| unit.aliases.contains(&name))
    }

    /// `value` counts base units.
    fn convert(&self, value: f64, to: &str) -> (f64, &'static str) {
        let (name, factor) = if to == "minimum" || to == "auto" {
            let fits = self.units.iter().rev().find(|unit| value / unit.factor >= 1.0);
            fits.map_or(self.default, |unit| (unit.name, unit.factor))
        } else {
            self.find(to).map_or(self.default, |unit| (unit.name, unit.factor))
        };
        (value / factor, name)
    }
}

/// Whether values of the two units can be converted into each other.
pub fn convertible(one: &str, other: &str) -> bool {
    one == other
        || FAMILIES.iter().any(|family| family.find(one).is_some() && family.find(other).is_some())
}

/// A value in another unit, `minimum` or `auto` choosing one; the unit is empty where it need not
/// be named.
pub fn scale(value: i64, from: &str, to: &str) -> (f64, String) {
    // The smallest number has no positive counterpart.
    if value < 0 && value != i64::MIN {
        let (scaled, unit) = scale(-value, from, to);
        return (-scaled, unit);
    }
    for family in FAMILIES {
        if let Some(unit) = family.find(from) {
            let (scaled, name) = family.convert(value as f64 * unit.factor, to);
            return (scaled, name.to_owned());
        }
    }
    match to {
        "count" | "sample" | "unit" | "minimum" | "auto" => (value as f64, String::new()),
        other => (value as f64, other.to_owned()),
    }
}

/// A value with its unit, to two decimals at most.
pub fn label(value: i64, from: &str, to: &str) -> String {
    let (scaled, unit) = scale(value, from, to);
    let number = format!("{scaled:.2}");
    let number = number.strip_suffix(".00").unwrap_or(&number);
    if number == "0" || number == "-0" { "0".to_owned() } else { format!("{number}{unit}") }
}

/// A value with the unit that suits it.
pub fn auto_label(value: i64, unit: &str) -> String {
    label(value, unit, "auto")
}

/// The whole part; what no integer holds becomes the smallest one, as the processors that pprof
/// runs on have it.
pub fn whole(number: f64) -> i64 {
    // 2^63, the first number beyond the range.
    const END: f64 = 9_223_372_036_854_775_808.0;
    if (-END..END).contains(&number) { number as i64 } else { i64::MIN }
}

/// A share of a total, six columns wide.
pub fn percentage(value: i64, total: i64) -> String {
    let ratio = if total == 0 { 0.0 } else { (value as f64 / total as f64).abs() * 100.0 };
    if (99.95..=100.05).contains(&ratio) {
        "  100%".to_owned()
    } else if ratio >= 1.0 {
        format!("{ratio:5.2}%")
    } else {
        format!("{:>5}%", two_digits(ratio))
    }
}

/// Two significant digits, plain or with an exponent, whichever C's `%.2g` takes.
fn two_digits(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{number:.1e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |digits: &str| digits.trim_end_matches('0').trim_end_matches('.').to_owned();
    if exponent < -4 {
        return format!("{}e-{:02}", trimmed(digits), -exponent);
    }
    let decimals = usize::try_from(1 - exponent).unwrap_or(0);
    let plain = format!("{number:.decimals$}");
    if plain.contains('.') { trimmed(&plain) } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_scaled_to_the_unit_that_suits_it() {
        assert_eq!(auto_label(332_135_000, "nanoseconds"), "332.13ms");
        assert_eq!(auto_label(0, "nanoseconds"), "0");
        assert_eq!(auto_label(-1536, "bytes"), "-1.50kB");
        assert_eq!(auto_label(7200, "seconds"), "2hrs");
        assert_eq!(auto_label(12, "count"), "12");
        assert_eq!(label(12, "samples", "minimum"), "12");
        assert_eq!(label(12, "widgets", "widgets"), "12widgets");
        assert_eq!(label(1 << 20, "B", "kb"), "1024kB");
        assert_eq!(label(1_500_000_000, "ns", "bytes"), "1.50s");
        assert_eq!(auto_label(i64::MIN, "bytes"), "-9223372036854775808B");
    }

    #[test]
    fn a_share_has_two_decimals_or_two_digits() {
        assert_eq!(percentage(0, 5), "    0%");
        assert_eq!(percentage(5, 0), "    0%");
        assert_eq!(percentage(9996, 10000), "  100%");
        assert_eq!(percentage(1, 3), "33.33%");
        assert_eq!(percentage(-30, 20), "150.00%");
        assert_eq!(percentage(77, 10000), " 0.77%");
        assert_eq!(percentage(5, 1000), "  0.5%");
        assert_eq!(percentage(996, 100_000), "    1%");
        assert_eq!(percentage(1, 1_000_000), "0.0001%");
        assert_eq!(percentage(15, 100_000_000), "1.5e-05%");
    }

    #[test]
    fn units_of_one_family_convert() {
        assert!(convertible("ms", "nanoseconds"));
        assert!(convertible("widgets", "widgets"));
        assert!(!convertible("bytes", "count"));
    }
}
