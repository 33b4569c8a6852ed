//! Numbers as Go reads and writes them, where that differs from Rust.

/// Why a number was refused, in the words of the format's own tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Not a number.
    Syntax,
    /// A number, but too large.
    Range,
}

impl std::fmt::Display for NumberError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            NumberError::Syntax => "invalid syntax",
            NumberError::Range => "value out of range",
        })
    }
}

/// A decimal integer with an optional sign.
pub fn parse_int(text: &str) -> Result<i64, NumberError> {
    use std::num::IntErrorKind;
    text.parse().map_err(|error: std::num::ParseIntError| match error.kind() {
        IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => NumberError::Range,
        _ => NumberError::Syntax,
    })
}

/// A decimal or hexadecimal floating-point number; underscores may stand between digits.
pub fn parse_float(text: &str) -> Result<f64, NumberError> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.starts_with("0x") || unsigned.starts_with("0X") {
        return parse_hex(text);
    }
    if text.contains('_') {
        let bytes = text.as_bytes();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let between_digits = |at: usize| at > 0 && is_digit(at - 1) && is_digit(at + 1);
        if text.match_indices('_').any(|(at, _)| !between_digits(at)) {
            return Err(NumberError::Syntax);
        }
        return parse_decimal(&text.replace('_', ""));
    }
    parse_decimal(text)
}

fn parse_decimal(text: &str) -> Result<f64, NumberError> {
    let value: f64 = text.parse().map_err(|_| NumberError::Syntax)?;
    if value.is_finite() {
        return Ok(value);
    }
    let is_signed = text.starts_with(['+', '-']);
    if text.bytes().any(|b| b.is_ascii_digit()) {
        return Err(NumberError::Range);
    }
    if value.is_nan() && is_signed {
        return Err(NumberError::Syntax);
    }
    Ok(value)
}

/// `0x1.8p3`: the exponent of two is required.
fn parse_hex(text: &str) -> Result<f64, NumberError> {
    let negative = text.starts_with('-');
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (digits, exponent) = unsigned[2..].split_once(['p', 'P']).ok_or(NumberError::Syntax)?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut mantissa: u64 = 0;
    let mut dropped = false;
    let mut scale: i64 = 0;
    let mut seen = false;
    for (is_fraction, digit) in
        whole.chars().map(|c| (false, c)).chain(fraction.chars().map(|c| (true, c)))
    {
        let digit = digit.to_digit(16).ok_or(NumberError::Syntax)?;
        seen = true;
        // Sixteen digits are kept; what is dropped below them still decides how halves round.
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            scale -= if is_fraction { 4 } else { 0 };
        } else {
            dropped |= digit != 0;
            scale += if is_fraction { 0 } else { 4 };
        }
    }
    let exponent = match parse_int(exponent) {
        Ok(exponent) => exponent.clamp(-100_000, 100_000),
        Err(NumberError::Range) if exponent.starts_with('-') => -100_000,
        Err(NumberError::Range) => 100_000,
        Err(NumberError::Syntax) => return Err(NumberError::Syntax),
    };
    if !seen {
        return Err(NumberError::Syntax);
    }
    let value = scale_by_power_of_two(mantissa, dropped, scale + exponent);
    if value.is_infinite() {
        return Err(NumberError::Range);
    }
    Ok(if negative { -value } else { value })
}

/// `mantissa · 2^exponent`, rounded once to the nearest double, ties to even.
fn scale_by_power_of_two(mantissa: u64, dropped: bool, exponent: i64) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let top = 64 - i64::from(mantissa.leading_zeros()) + exponent;
    // The lowest bit that the result can hold.
    let lowest = (top - 53).max(-1074);
    let shift = lowest - exponent;
    let kept = if shift <= 0 {
        // Fewer bits than the result holds: exact.
        u128::from(mantissa) << (-shift).min(64)
    } else if shift > 65 {
        0
    } else {
        let wide = u128::from(mantissa);
        let kept = wide >> shift;
        let rest = wide & ((1 << shift) - 1);
        let half = 1_u128 << (shift - 1);
        let up = rest > half || rest == half && (dropped || kept & 1 == 1);
        kept + u128::from(up)
    };
    // `kept` has at most 53 bits (or is 2^53), so both factors below are exact.
    let half = lowest.clamp(-2000, 2000) / 2;
    let rest = lowest.clamp(-2000, 2000) - half;
    kept as f64 * 2_f64.powi(half as i32) * 2_f64.powi(rest as i32)
}

/// The shortest text that reads back as the same number, with an exponent of ten where that is
/// below -4 or above 5.
pub fn format_float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".to_owned() } else { "-Inf".to_owned() };
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let Ok(exponent) = exponent.parse::<i32>() else { return scientific };
    if value == 0.0 || (-4..6).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_read_as_go_reads_them() {
        for (text, value) in [
            ("1", 1.0),
            ("-1.5e3", -1500.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("+7", 7.0),
            ("1_000.2_5", 1000.25),
            ("Inf", f64::INFINITY),
            ("-infinity", f64::NEG_INFINITY),
            ("0x1.8p3", 12.0),
            ("0x1p-1074", 5e-324),
            ("-0x.8P1", -1.0),
            ("0x1.fffffffffffff8p0", 2.0),
            ("0x1.fffffffffffff7fp0", 1.9999999999999998),
            ("9999999999999999999999999999999", 1e31),
        ] {
            assert_eq!(parse_float(text), Ok(value), "{text}");
        }
        assert!(parse_float("nan").is_ok_and(f64::is_nan));
    }

    #[test]
    fn what_is_no_number_is_refused_with_its_reason() {
        for text in ["", "abc", "1e", "1_", "_1", "1__0", "+nan", "0x1", "0xp1", "1.2.3", "1e5x"] {
            assert_eq!(parse_float(text), Err(NumberError::Syntax), "{text}");
        }
        for text in ["1e999", "-1e999", "0x1p1024"] {
            assert_eq!(parse_float(text), Err(NumberError::Range), "{text}");
        }
        assert_eq!(parse_int("9223372036854775808"), Err(NumberError::Range));
        assert_eq!(parse_int("1.5"), Err(NumberError::Syntax));
        assert_eq!(parse_int(""), Err(NumberError::Syntax));
        assert_eq!(parse_int("+12"), Ok(12));
    }

    #[test]
    fn floats_are_written_as_go_writes_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.25e-7, "1.25e-07"),
            (123456.75, "123456.75"),
            (1756000.0, "1.756e+06"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (f64::INFINITY, "+Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(format_float(value), text);
        }
    }
}
