//! Numbers for people, as Prometheus writes them: four digits and a prefix.

use super::{Result, number};
use crate::template::float::significant;
use crate::template::value::Value;

const LARGE: &[&str] = &["k", "M", "G", "T", "P", "E", "Z", "Y"];
const BINARY: &[&str] = &["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
const SMALL: &[&str] = &["m", "u", "n", "p", "f", "a", "z", "y"];

/// `1234567` as `1.235M`, `0.05` as `50m`.
pub(crate) fn humanize<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let value = number(arguments, "humanize")?;
    Ok(Value::Text(match value.abs() {
        _ if value == 0.0 || !value.is_finite() => significant(value, 4),
        1.0.. => large(value, 1000.0, LARGE),
        _ => small(value),
    }))
}

/// `2048` as `2ki`; what is below one has no prefix.
pub(crate) fn humanize1024<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let value = number(arguments, "humanize1024")?;
    let is_plain = value.abs() <= 1.0 || !value.is_finite();
    let text = if is_plain { significant(value, 4) } else { large(value, 1024.0, BINARY) };
    Ok(Value::Text(text))
}

/// `0.05` as `5%`.
pub(crate) fn humanize_percentage<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let value = number(arguments, "humanizePercentage")?;
    Ok(Value::Text(significant(value * 100.0, 4) + "%"))
}

/// Seconds: `90` as `1m 30s`, `0.05` as `50ms`.
pub(crate) fn humanize_duration<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let value = number(arguments, "humanizeDuration")?;
    Ok(Value::Text(match value.abs() {
        _ if !value.is_finite() => significant(value, 4),
        _ if value == 0.0 => significant(value, 4) + "s",
        1.0.. => seconds(value),
        _ => small(value) + "s",
    }))
}

/// At least a second: whole ones as soon as there are minutes.
fn seconds(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let value = value.abs();
    // Go makes the smallest of its numbers of one that is too large, as processors of Intel do.
    let whole = if value < 9_223_372_036_854_775_808.0 { value as i64 } else { i64::MIN };
    let (seconds, minutes) = (whole % 60, whole / 60 % 60);
    let (hours, days) = (whole / 3600 % 24, whole / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{sign}{}s", significant(value, 4)),
        (0, 0, _) => format!("{sign}{minutes}m {seconds}s"),
        (0, _, _) => format!("{sign}{hours}h {minutes}m {seconds}s"),
        _ => format!("{sign}{days}d {hours}h {minutes}m {seconds}s"),
    }
}

/// At least one, divided as often as there are prefixes.
fn large(mut value: f64, step: f64, prefixes: &[&str]) -> String {
    let mut prefix = "";
    for next in prefixes {
        if value.abs() < step {
            break;
        }
        prefix = next;
        value /= step;
    }
    significant(value, 4) + prefix
}

/// Less than one.
fn small(mut value: f64) -> String {
    let mut prefix = "";
    for next in SMALL {
        if value.abs() >= 1.0 {
            break;
        }
        prefix = next;
        value *= 1000.0;
    }
    significant(value, 4) + prefix
}
