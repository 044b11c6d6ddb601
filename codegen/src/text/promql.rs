//! Strings in PromQL, and the values of `le` that Prometheus compares as such.

use streamhouse_metrics_spec::bucket::Bound;

/// A text in double quotes.
pub(crate) fn string(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// A matcher of a label by values: one of them, or none.
pub(crate) fn matcher(label: &str, is_one_of: bool, values: &[&str]) -> String {
    let not = if is_one_of { "=" } else { "!" };
    match values {
        [value] => format!("{label}{}{}", if is_one_of { "=" } else { "!=" }, string(value)),
        values => {
            let values: Vec<_> = values.iter().map(|value| regex::escape(value)).collect();
            format!("{label}{not}~{}", string(&values.join("|")))
        }
    }
}

/// How a bound may be written in `le`: as we write it; whole ones without a fraction, as
/// Prometheus 2 writes what it reads as protobuf; and with an exponent, as Prometheus 3 writes all
/// that are large or small.
pub(crate) fn le(bound: Bound) -> Vec<String> {
    let written = bound.le();
    let short = written.strip_suffix(".0").map(str::to_owned);
    [Some(written), short, exponential(bound.value())].into_iter().flatten().collect()
}

/// A number as Go writes those that are large or small: `1e+06`, `2.5e-05`.
fn exponential(number: f64) -> Option<String> {
    let written = format!("{number:e}");
    let (digits, exponent) = written.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let sign = if exponent < 0 { '-' } else { '+' };
    (!(-4..6).contains(&exponent)).then(|| format!("{digits}e{sign}{:02}", exponent.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_have_several_spellings() {
        assert_eq!(le(Bound::new(0.1)), ["0.1"]);
        assert_eq!(le(Bound::new(1.0)), ["1.0", "1"]);
        assert_eq!(le(Bound::new(1e6)), ["1000000.0", "1000000", "1e+06"]);
        assert_eq!(le(Bound::new(2.5e-5)), ["0.000025", "2.5e-05"]);
    }

    #[test]
    fn strings_stay_strings() {
        assert_eq!(string("a\"b\\c\nd"), r#""a\"b\\c\nd""#);
    }

    #[test]
    fn values_are_no_regular_expressions() {
        assert_eq!(matcher("le", true, &["0.1"]), r#"le="0.1""#);
        assert_eq!(matcher("le", true, &["1.0", "1"]), r#"le=~"1\\.0|1""#);
        assert_eq!(matcher("why", false, &["ok"]), r#"why!="ok""#);
        assert_eq!(matcher("why", false, &["ok", "a|b"]), r#"why!~"ok|a\\|b""#);
    }
}
