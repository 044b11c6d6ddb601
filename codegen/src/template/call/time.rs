//! Times, all of them in UTC.

use streamhouse_metrics_spec::duration;

use super::{Fault, Result, number, texts};
use crate::template::Cause;
use crate::template::float::significant;
use crate::template::value::Value;

/// How many seconds a duration has.
pub(crate) fn parse_duration<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [text] = texts(arguments);
    if text.strip_prefix('-').and_then(duration::parse).is_some() {
        let message = "what `parseDuration` makes of less than nothing depends on the version";
        return Err(Fault::new(Cause::Unsupported, message).at(0));
    }
    let duration = duration::parse(text).ok_or_else(|| {
        let message = format!("`{text}` is no duration");
        Fault::new(Cause::Series, message).at(0).help("write it as `1h30m`")
    })?;
    Ok(Value::Float(duration.as_nanos() as f64 / 1e9))
}

/// Seconds since 1970 as `2026-11-23 12:00:00.5 +0000 UTC`, in steps of a millisecond.
pub(crate) fn humanize_timestamp<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let value = number(arguments, "humanizeTimestamp")?;
    if !value.is_finite() {
        return Ok(Value::Text(significant(value, 4)));
    }
    let nanoseconds = value * 1e9;
    if nanoseconds.abs() >= i64::MAX as f64 {
        let message = format!("{value} is too far from 1970");
        return Err(Fault::new(Cause::Series, message).at(0));
    }
    let milliseconds = nanoseconds as i64 / 1_000_000;
    let (seconds, milliseconds) = (milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let fraction = format!(".{milliseconds:03}");
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    Ok(Value::Text(format!(
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{fraction} +0000 UTC"
    )))
}

/// The date of a day since 1970, counted in years that begin in March, so that leap days end them.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let is_next_year = month >= 10;
    let month = if is_next_year { month - 9 } else { month + 3 };
    (era * 400 + year + i64::from(is_next_year), month, day)
}
