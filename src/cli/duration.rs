//! Durations on the command line: `90s`, `1.5s`, `250ms`, `2min`; a bare number is seconds.

use std::time::Duration;

pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let scale = match unit.trim() {
        "ms" => 1e-3,
        "" | "s" | "sec" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        other => return Err(format!("`{other}` is no unit of time: use ms, s, min or h")),
    };
    let number: f64 = number.parse().map_err(|_| format!("`{text}` is no duration, such as 2s"))?;
    Duration::try_from_secs_f64(number * scale)
        .ok()
        .filter(|duration| !duration.is_zero())
        .ok_or_else(|| format!("`{text}` is not a duration above zero"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_scale_and_a_bare_number_is_seconds() {
        assert_eq!(parse("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse("1.5 s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse("2"), Ok(Duration::from_secs(2)));
        assert_eq!(parse("2min"), Ok(Duration::from_secs(120)));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "s", "-1s", "2 weeks", "0", "1e400", "1.2.3s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
