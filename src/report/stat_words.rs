//! The words of comparison tables: scaled numbers, ranges, deltas, footnote signs.

use std::collections::HashMap;

use crate::formats::benchfmt::Class;
use crate::tables::{Difference, Summary};

/// One prefix and number of digits for all values of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    digits: usize,
    factor: f64,
    prefix: &'static str,
}

const DECIMAL: [(f64, &str); 8] = [
    (1e12, "T"),
    (1e9, "G"),
    (1e6, "M"),
    (1e3, "k"),
    (1.0, ""),
    (1e-3, "m"),
    (1e-6, "µ"),
    (1e-9, "n"),
];

const BINARY: [(f64, &str); 5] = [
    (1_099_511_627_776.0, "Ti"),
    (1_073_741_824.0, "Gi"),
    (1_048_576.0, "Mi"),
    (1024.0, "Ki"),
    (1.0, ""),
];

impl Scale {
    /// The scale that shows at least three significant digits of each value that is not 0.
    pub fn common(values: impl IntoIterator<Item = f64>, class: Class) -> Scale {
        let mut least = 0.0;
        for value in values.into_iter().map(f64::abs) {
            if value != 0.0 && (least == 0.0 || value < least) {
                least = value;
            }
        }
        if least == 0.0 {
            return Scale { digits: 3, factor: 1.0, prefix: "" };
        }
        let steps: &[(f64, &'static str)] = match class {
            Class::Decimal => &DECIMAL,
            Class::Binary => &BINARY,
        };
        for &(factor, prefix) in steps {
            // Where rounding to four digits begins to need one digit less.
            let begins = |bound| least >= threshold(bound, factor, class);
            let digits = match () {
                () if begins(99.995) => 1,
                () if begins(9.9995) => 2,
                () if begins(0.99995) => 3,
                () => continue,
            };
            return Scale { digits, factor, prefix };
        }
        let (factor, prefix) = steps[steps.len() - 1];
        let small = least / factor;
        // 9.9995e-1 down to 9.9995e-8, as the nearest numbers to these.
        const BOUNDS: [f64; 8] = [
            9.9995e-1, 9.9995e-2, 9.9995e-3, 9.9995e-4, 9.9995e-5, 9.9995e-6, 9.9995e-7, 9.9995e-8,
        ];
        let step = BOUNDS.iter().position(|&bound| small >= bound).unwrap_or(BOUNDS.len() - 1);
        Scale { digits: step + 3, factor, prefix }
    }

    /// A value with its prefix.
    pub fn format(self, value: f64) -> String {
        format!("{}{}", fixed(value / self.factor, self.digits), self.prefix)
    }
}

/// `bound × factor`, as the number nearest to it.
fn threshold(bound: f64, factor: f64, class: Class) -> f64 {
    match class {
        // A power of two: exact.
        Class::Binary => bound * factor,
        // The product would be rounded twice; the text is rounded once.
        Class::Decimal => {
            format!("{bound}e{}", factor.log10().round() as i32).parse().unwrap_or(bound * factor)
        }
    }
}

/// A number with so many digits after the point.
fn fixed(value: f64, digits: usize) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    format!("{value:.digits$}")
}

/// A change as a percentage with its sign.
pub fn percent(ratio: f64) -> String {
    let change = (ratio - 1.0) * 100.0;
    if change.is_nan() {
        return "+NaN%".to_owned();
    }
    if change.is_infinite() {
        return format!("{}%", fixed(change, 2));
    }
    format!("{change:+.2}%")
}

/// How far the interval reaches from the center: `2%`, `∞`, or `?` where a percentage makes no
/// sense.
pub fn range(summary: &Summary) -> String {
    let Summary { center, low, high, .. } = *summary;
    if low.is_infinite() || high.is_infinite() {
        return "∞".to_owned();
    }
    let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
    if sign(center) != sign(low) || sign(center) != sign(high) {
        return "?".to_owned();
    }
    if center == 0.0 {
        return "0%".to_owned();
    }
    let up = high / center - 1.0;
    let down = 1.0 - low / center;
    // The larger; what is not a number wins.
    let reach = if up.is_nan() || up > down { up } else { down };
    format!("{}%", fixed(100.0 * reach, 0))
}

/// The change of the center, or `~` where it does not count.
pub fn delta(difference: &Difference, center: f64) -> String {
    let base = difference.base_center;
    if difference.p > difference.alpha {
        "~".to_owned()
    } else if base == center {
        "0.00%".to_owned()
    } else if base == 0.0 {
        "?".to_owned()
    } else {
        percent(center / base)
    }
}

/// `p=0.000 n=10`, or `n=10+12` for samples of different sizes.
pub fn test(difference: &Difference) -> String {
    let p = match difference.p {
        0.0 => String::new(),
        p => format!("p={p:.3} "),
    };
    let (base, count) = (difference.base_count, difference.count);
    if base == count { format!("{p}n={count}") } else { format!("{p}n={base}+{count}") }
}

/// A footnote's sign.
pub fn superscript(number: usize) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    number
        .to_string()
        .bytes()
        .filter_map(|digit| DIGITS.get(usize::from(digit.wrapping_sub(b'0'))))
        .collect()
}

/// The footnotes of one table: each text once, in the order of their first use.
#[derive(Debug, Default)]
pub struct Footnotes {
    numbers: HashMap<String, usize>,
    texts: Vec<String>,
}

impl Footnotes {
    /// The signs for these texts, separated by spaces.
    pub fn mark<'t>(&mut self, texts: impl IntoIterator<Item = &'t String>) -> String {
        let mut signs = String::new();
        for text in texts {
            let number = match self.numbers.get(text) {
                Some(&number) => number,
                None => {
                    self.texts.push(text.clone());
                    self.numbers.insert(text.clone(), self.texts.len());
                    self.texts.len()
                }
            };
            if !signs.is_empty() {
                signs.push(' ');
            }
            signs.push_str(&superscript(number));
        }
        signs
    }

    /// Each with its sign.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.texts.iter().enumerate().map(|(at, text)| format!("{} {text}", superscript(at + 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(value: f64) -> String {
        Scale::common([value], Class::Decimal).format(value)
    }

    fn binary(value: f64) -> String {
        Scale::common([value], Class::Binary).format(value)
    }

    #[test]
    fn values_are_shown_with_three_or_four_digits_and_a_prefix() {
        for (value, text) in [
            (0.0, "0.000"),
            (1.0, "1.000"),
            (99.99, "99.99"),
            (99.995, "100.0"),
            (999.9, "999.9"),
            (999.95, "1.000k"),
            (123_456_789.0, "123.5M"),
            (1e15, "1000.0T"),
            (1.5e-9, "1.500n"),
            (0.5e-9, "0.5000n"),
            (1e-17, "0.0000000100n"),
            (-0.25, "-250.0m"),
            (f64::INFINITY, "+InfT"),
            (f64::NAN, "NaNn"),
        ] {
            assert_eq!(decimal(value), text, "{value}");
        }
        for (value, text) in
            [(1023.0, "1023.0"), (1024.0, "1.000Ki"), (1_050_000.0, "1.001Mi"), (0.5, "0.5000")]
        {
            assert_eq!(binary(value), text, "{value}");
        }
    }

    #[test]
    fn the_smallest_value_sets_the_scale_of_a_row() {
        let scale = Scale::common([0.0, 40e-3, 1.7], Class::Decimal);
        assert_eq!(scale.format(1.7), "1700.00m");
        assert_eq!(scale.format(0.0), "0.00m");
    }

    #[test]
    fn ranges_are_percentages_where_those_make_sense() {
        let range =
            |center, low, high| super::range(&Summary { center, low, high, warnings: Vec::new() });
        assert_eq!(range(100.0, 99.0, 103.0), "3%");
        assert_eq!(range(100.0, 90.0, 103.0), "10%");
        assert_eq!(range(-100.0, -103.0, -99.0), "-1%");
        assert_eq!(range(0.0, 0.0, 0.0), "0%");
        assert_eq!(range(1.0, 0.0, 2.0), "?");
        assert_eq!(range(1.0, 0.5, f64::INFINITY), "∞");
        assert_eq!(range(8.0, 8.0, 9.0), "12%");
    }

    #[test]
    fn footnotes_are_numbered_once_each() {
        let mut notes = Footnotes::default();
        let (a, b) = ("a".to_owned(), "b".to_owned());
        assert_eq!(notes.mark([&a, &b]), "¹ ²");
        assert_eq!(notes.mark([&b]), "²");
        assert_eq!(notes.mark([]), "");
        assert_eq!(notes.lines().collect::<Vec<_>>(), ["¹ a", "² b"]);
        assert_eq!(superscript(120), "¹²⁰");
    }
}
