//! Times and durations in words, without a time zone database: all times are UTC.

/// A civil date and time of day.
struct Moment {
    year: i64,
    month: usize,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: i64,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const SECOND: i64 = 1_000_000_000;

/// Nanoseconds since the epoch in the Gregorian calendar, counted in years that begin in March.
fn moment(nanos: i64) -> Moment {
    let (seconds, nanos) = (nanos.div_euclid(SECOND), nanos.rem_euclid(SECOND));
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    Moment {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month: month as usize,
        day: of_year - (153 * from_march + 2) / 5 + 1,
        hour: of_day / 3600,
        minute: of_day / 60 % 60,
        second: of_day % 60,
        nanos,
    }
}

/// `Nov 20, 2026 at 2:26pm (UTC)`.
pub(super) fn headline(nanos: i64) -> String {
    let at = moment(nanos);
    let half = if at.hour < 12 { "am" } else { "pm" };
    let hour = (at.hour + 11) % 12 + 1;
    let month = MONTHS[at.month - 1];
    format!("{month} {}, {} at {hour}:{:02}{half} (UTC)", at.day, at.year, at.minute)
}

/// `2026-11-20 14:26:49.157671945 +0000 UTC`.
pub(super) fn full(nanos: i64) -> String {
    let at = moment(nanos);
    let fraction = format!(".{:09}", at.nanos);
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02}:{:02}{fraction} +0000 UTC",
        at.year, at.month, at.day, at.hour, at.minute, at.second
    )
}

/// `1h2m3.5s`, `332.135ms`, `0s`.
pub(super) fn duration(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.unsigned_abs();
    let decimal = |unit: u64, name: &str| {
        let width = unit.ilog10() as usize;
        let text = format!("{}.{:0width$}", nanos / unit, nanos % unit);
        format!("{sign}{}{name}", text.trim_end_matches('0').trim_end_matches('.'))
    };
    match nanos {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{nanos}ns"),
        1_000..1_000_000 => decimal(1_000, "µs"),
        1_000_000..1_000_000_000 => decimal(1_000_000, "ms"),
        _ => {
            let second = SECOND as u64;
            let minutes = nanos / second / 60;
            let rest = nanos - minutes * 60 * second;
            let text = format!("{}.{:09}", rest / second, rest % second);
            let seconds = text.trim_end_matches('0').trim_end_matches('.').to_owned();
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        assert_eq!(headline(1_795_184_809_157_671_945), "Nov 20, 2026 at 2:26pm (UTC)");
        assert_eq!(full(1_795_184_809_157_671_945), "2026-11-20 14:26:49.157671945 +0000 UTC");
        assert_eq!(full(951_782_400 * SECOND), "2000-02-29 00:00:00 +0000 UTC");
        assert_eq!(full(-SECOND / 2), "1969-12-31 23:59:59.5 +0000 UTC");
        assert_eq!(headline(0), "Jan 1, 1970 at 12:00am (UTC)");
        assert_eq!(headline(12 * 3600 * SECOND), "Jan 1, 1970 at 12:00pm (UTC)");
    }

    #[test]
    fn durations_name_their_units() {
        assert_eq!(duration(0), "0s");
        assert_eq!(duration(12), "12ns");
        assert_eq!(duration(1_500), "1.5µs");
        assert_eq!(duration(332_135_000), "332.135ms");
        assert_eq!(duration(-2 * SECOND), "-2s");
        assert_eq!(duration(3_723_500_000_000), "1h2m3.5s");
        assert_eq!(duration(60 * SECOND), "1m0s");
    }
}
