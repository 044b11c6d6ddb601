//! Spans of time as Prometheus writes them: `30s`, `5m`, `1h30m`.

use std::time::Duration;

/// Units with their milliseconds, the largest first.
const UNITS: &[(&str, u64)] = &[
    ("y", 31_536_000_000),
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1000),
    ("ms", 1),
];

/// Most milliseconds: Prometheus counts nanoseconds in 63 bits.
const LONGEST: u64 = i64::MAX as u64 / 1_000_000;

/// The span that a text says, if Prometheus reads it: numbers with units, largest unit first.
pub fn parse(text: &str) -> Option<Duration> {
    // Of no time at all no unit is needed.
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let (unit, after) =
            after.split_at(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()));
        let (_, milliseconds) = units.find(|(known, _)| *known == unit)?;
        let number: u64 = number.parse().ok()?;
        total = total.saturating_add(number.saturating_mul(*milliseconds));
        rest = after;
    }
    (!text.is_empty() && total <= LONGEST).then(|| Duration::from_millis(total))
}

/// The text of a span, to the millisecond, as Prometheus itself would write it.
pub fn written(duration: Duration) -> String {
    let mut rest = duration.as_millis();
    let mut text = String::new();
    for &(unit, milliseconds) in UNITS {
        let milliseconds = u128::from(milliseconds);
        // 90 days are easier to read than twelve weeks and six days.
        let uneven = matches!(unit, "y" | "w") && !rest.is_multiple_of(milliseconds);
        if rest >= milliseconds && !uneven {
            text.push_str(&format!("{}{unit}", rest / milliseconds));
            rest %= milliseconds;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_prometheus_writes_them() {
        for (good, seconds) in [
            ("0", 0.0),
            ("0s", 0.0),
            ("30s", 30.0),
            ("5m", 300.0),
            ("1h30m", 5400.0),
            ("1d", 86_400.0),
            ("250ms", 0.25),
            ("1y2w3d", 33_004_800.0),
        ] {
            assert_eq!(parse(good), Some(Duration::from_secs_f64(seconds)), "{good}");
        }
        for bad in [
            "",
            "5",
            "5 minutes",
            "m",
            "1m1h",
            "300y",
            "1.5h",
            "-5m",
            "99999999999s",
            "5m ",
            "1s1s",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_was_read_is_written_back() {
        let again = |text| parse(text).map(written).unwrap_or_default();
        for text in ["0s", "30s", "1h30m", "90d", "2w", "1y", "1d250ms"] {
            assert_eq!(again(text), text);
        }
        assert_eq!(again("60m"), "1h");
        assert_eq!(again("1y1d"), "366d");
    }
}
