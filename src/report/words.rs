//! Numbers in words: what all outputs for people say of evidence, in the same way.

use super::inert::inert;
use crate::model::evidence::Evidence;
use crate::model::few::FewSamples;
use crate::model::finding::{Finding, Grade, Proof};

/// A count whose standard error is this part of it is told with the error: it may be off by half.
const ROUGH: f64 = 0.25;

/// One line per bench: what was measured at the span.
pub fn evidence(evidence: &Evidence) -> String {
    let mut parts = Vec::new();
    if let Some(share) = evidence.cpu_share {
        let own = evidence
            .cpu_self_share
            .map_or(String::new(), |own| format!(" ({} in its own code)", percent(own)));
        parts.push(format!("{} of CPU time{own}", percent(share)));
    }
    if let Some(bound) = evidence.bound {
        parts.push(format!("bound {}×", figures(bound)));
    }
    let off = |error: Option<f64>| {
        let told = error.filter(|&error| error >= ROUGH);
        told.map_or(String::new(), |error| format!(" (±{:.0} %)", error * 100.0))
    };
    let mut push = |value: Option<f64>, word: &dyn Fn(f64) -> String| {
        // A quantity that was measured as nothing is in the JSON; for people it is clutter.
        if let Some(value) = value.filter(|&value| value > 0.0) {
            parts.push(word(value));
        }
    };
    push(evidence.allocs_per_iter, &|n| {
        format!("{} allocs/op{}", figures(n), off(evidence.allocs_error))
    });
    push(evidence.bytes_per_iter, &|n| format!("{}/op", bytes(n)));
    push(evidence.growths_per_iter, &|n| {
        format!("{} growths/op{}", figures(n), off(evidence.growths_error))
    });
    push(evidence.growth_bytes_per_iter, &|n| format!("{} copied/op", bytes(n)));
    push(evidence.lock_wait_share, &|n| format!("{} waiting for the lock", percent(n)));
    push(evidence.io_calls_per_iter, &|n| format!("{} I/O calls/op", figures(n)));
    parts.push(count(evidence.samples as usize, "sample"));
    format!("{}: {}", whose(evidence), parts.join(", "))
}

/// A profile from elsewhere knows of no benches.
fn whose(evidence: &Evidence) -> String {
    match &*evidence.bench {
        "" => "the profile".to_owned(),
        bench => format!("`{bench}`"),
    }
}

/// That shares are rough, how rough, and what makes them finer.
pub fn few_samples(few: &[FewSamples]) -> Option<String> {
    const NAMED: usize = 3;
    let fewest = few.first()?;
    let mut benches: Vec<String> = few
        .iter()
        .take(NAMED)
        .map(|few| match &*few.bench {
            "" => format!("{} in the profile", thousands(few.samples)),
            bench => format!("{} in `{}`", thousands(few.samples), inert(bench)),
        })
        .collect();
    if few.len() > NAMED {
        benches.push(format!("as few in {} more", thousands((few.len() - NAMED) as u64)));
    }
    // One standard error of a share of half the time.
    let points = 50.0 / (fewest.samples.max(1) as f64).sqrt();
    let more = if few.iter().any(|few| few.can_last) {
        "; `cargo perf record --time 5s` takes more"
    } else if fewest.bench.is_empty() {
        ""
    } else {
        "; a longer run or `cargo perf record --rate 5000` takes more"
    };
    let benches = benches.join(", ");
    Some(format!("few samples: {benches}: shares may be {points:.0} points off{more}"))
}

/// That programs ran several times, and what is counted is that of one run.
pub fn repeated(programs: &[(String, u64)]) -> Option<String> {
    const NAMED: usize = 3;
    let mut ran: Vec<String> = programs
        .iter()
        .take(NAMED)
        .map(|(name, runs)| format!("`{}` ran {} times", inert(name), thousands(*runs)))
        .collect();
    if programs.len() > NAMED {
        ran.push(format!("{} more several times", programs.len() - NAMED));
    }
    let ran = (!ran.is_empty()).then(|| ran.join(", "))?;
    Some(format!("{ran}: one run is short; what stands per op is per run"))
}

/// The one figure that stands beside a finding where there is room for one only.
pub fn headline(finding: &Finding) -> String {
    let Some(first) = finding.evidence.first() else { return String::new() };
    let figure = if let Some(wait) = first.claimed_wait().filter(|&share| share >= 0.01) {
        format!("{} waiting", percent(wait))
    } else if let Some(share) = first.claimed_share() {
        format!("{} of CPU", percent(share))
    } else if let Some(n) = first.allocs_per_iter {
        format!("{} allocs/op", figures(n))
    } else if let Some(n) = first.io_calls_per_iter {
        format!("{} I/O calls/op", figures(n))
    } else {
        return String::new();
    };
    format!("{figure} in {}", whose(first))
}

/// What `fix --prove` measured.
pub fn proof(proof: &Proof) -> String {
    let allocs = match (proof.allocs_before, proof.allocs_after) {
        (Some(before), Some(after)) => {
            format!(", {} → {} allocs/op", figures(before), figures(after))
        }
        _ => String::new(),
    };
    format!(
        "{}: {} {} of before [{}, {}], {}{allocs}, tests {}",
        proof.verdict,
        figures(proof.ratio),
        proof.unit,
        figures(proof.low),
        figures(proof.high),
        count(proof.pairs as usize, "pair"),
        proof.tests
    )
}

/// A grade in a word.
pub fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Display => "display",
        Grade::Unsafe => "unsafe",
        Grade::Safe => "safe",
    }
}

/// `93.1 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.1 { "<0.1 %".to_owned() } else { format!("{percent:.1} %") }
}

/// Three significant figures; whole numbers stay whole.
pub fn figures(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() { "?".to_owned() } else { "∞".to_owned() };
    }
    if value.abs() >= 100.0 || value.fract() == 0.0 {
        return thousands(value.abs().round() as u64);
    }
    let digits = 2.0 - value.abs().log10().floor();
    let text = format!("{value:.0$}", digits.clamp(0.0, 12.0) as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Bytes with a decimal unit.
pub fn bytes(value: f64) -> String {
    for (size, unit) in [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")] {
        if value >= size {
            return format!("{} {unit}", figures(value / size));
        }
    }
    format!("{} B", figures(value))
}

/// `1,204`.
pub fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 finding`, `2 findings`.
pub fn count(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(n as u64), if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_keep_three_places_and_whole_numbers_stay_whole() {
        let shown: Vec<_> =
            [0.0, 0.1234, 0.00042, 1.5, 12.34, 71.0, 5321.4].into_iter().map(figures).collect();
        assert_eq!(shown, ["0", "0.123", "0.00042", "1.5", "12.3", "71", "5,321"]);
    }

    #[test]
    fn programs_that_ran_several_times_are_named() {
        let ran = |name: &str, runs| (name.to_owned(), runs);
        assert_eq!(repeated(&[]), None);
        assert_eq!(
            repeated(&[ran("parse", 1234)]).unwrap(),
            "`parse` ran 1,234 times: one run is short; what stands per op is per run"
        );
        let line = repeated(&[ran("a", 2), ran("b", 3), ran("c", 4), ran("d", 5)]).unwrap();
        assert!(
            line.starts_with("`a` ran 2 times, `b` ran 3 times, `c` ran 4 times, 1 more several")
        );
    }

    #[test]
    fn few_samples_are_named_with_what_they_tell_and_the_next_step() {
        let few =
            |bench: &str, samples, can_last| FewSamples { bench: bench.into(), samples, can_last };
        assert_eq!(few_samples(&[]), None);
        let line = few_samples(&[few("a", 12, true), few("b\u{1b}[1m", 50, true)]).unwrap();
        assert_eq!(
            line,
            "few samples: 12 in `a`, 50 in `b\\u{1b}[1m`: shares may be 14 points off; \
             `cargo perf record --time 5s` takes more"
        );
        let many: Vec<_> = (1..=5).map(|n| few("a", n, false)).collect();
        let line = few_samples(&many).unwrap();
        assert!(line.contains("3 in `a`, as few in 2 more: shares may be 50 points off"), "{line}");
        assert!(line.ends_with("`cargo perf record --rate 5000` takes more"), "{line}");
        let line = few_samples(&[few("", 25, false)]).unwrap();
        assert_eq!(line, "few samples: 25 in the profile: shares may be 10 points off");
    }

    #[test]
    fn a_count_that_rests_on_few_stacks_says_how_rough_it_is() {
        let of = |error| Evidence {
            bench: "a".into(),
            samples: 3,
            allocs_per_iter: Some(12.0),
            allocs_error: Some(error),
            growths_per_iter: Some(2.0),
            growths_error: Some(0.1),
            ..Evidence::default()
        };
        assert_eq!(evidence(&of(0.2)), "`a`: 12 allocs/op, 2 growths/op, 3 samples");
        assert_eq!(evidence(&of(0.707)), "`a`: 12 allocs/op (±71 %), 2 growths/op, 3 samples");
    }

    #[test]
    fn what_was_not_measured_is_not_said() {
        let line = evidence(&Evidence { bench: "a".into(), samples: 3, ..Evidence::default() });
        assert_eq!(line, "`a`: 3 samples");
        let line = evidence(&Evidence { samples: 3, ..Evidence::default() });
        assert_eq!(line, "the profile: 3 samples");
    }
}
