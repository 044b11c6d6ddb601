//! Numbers as Go's `fmt` writes them.

/// As many digits as it takes to read the same number again: Go's `%v`.
pub(super) fn shortest(value: f64) -> String {
    finite(value, |value| {
        let shortest = Digits::new(&format!("{value:e}"));
        // Two numbers of so many digits may be equally near: Go takes the even one.
        let even = format!("{value:.*e}", shortest.digits.len() - 1);
        let is_same = even.parse() == Ok(value);
        if is_same { Digits::new(&even).general(6) } else { shortest.general(6) }
    })
}

/// So many digits, without zeros at the end: Go's `%.4g`.
pub(super) fn significant(value: f64, precision: usize) -> String {
    let precision = precision.max(1);
    finite(value, |value| Digits::new(&format!("{value:.*e}", precision - 1)).general(precision))
}

/// So many digits behind the point: Go's `%.2f`.
pub(super) fn fixed(value: f64, precision: usize) -> String {
    finite(value, |value| format!("{value:.precision$}"))
}

/// One digit before the point, so many behind it, and an exponent: Go's `%.2e`.
pub(super) fn scientific(value: f64, precision: usize) -> String {
    finite(value, |value| {
        let written = format!("{value:.precision$e}");
        let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
        format!("{mantissa}{}", power(exponent.parse().unwrap_or(0)))
    })
}

/// Writes a number, or that it is none.
fn finite(value: f64, write: impl Fn(f64) -> String) -> String {
    match value {
        f64::INFINITY => "+Inf".to_owned(),
        f64::NEG_INFINITY => "-Inf".to_owned(),
        _ if value.is_nan() => "NaN".to_owned(),
        _ => write(value),
    }
}

/// The digits of a number, rounded already.
struct Digits {
    is_negative: bool,
    /// Without zeros at the end; there is at least one.
    digits: String,
    /// Of the first digit.
    exponent: i32,
}

impl Digits {
    /// Takes them from `-1.250e3`.
    fn new(written: &str) -> Self {
        let (mantissa, exponent) = written.split_once('e').unwrap_or((written, "0"));
        let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(mantissa) => (true, mantissa),
            None => (false, mantissa),
        };
        let mut digits = mantissa.replace('.', "");
        digits.truncate(digits.trim_end_matches('0').len().max(1));
        Self { is_negative, digits, exponent: exponent.parse().unwrap_or(0) }
    }

    /// With an exponent where the point would stand too far from the digits.
    fn general(&self, longest: usize) -> String {
        let Self { is_negative, digits, exponent } = self;
        let sign = if *is_negative { "-" } else { "" };
        let (first, rest) = digits.split_at(1);
        if *exponent < -4 || *exponent >= longest as i32 {
            let point = if rest.is_empty() { "" } else { "." };
            return format!("{sign}{first}{point}{rest}{}", power(*exponent));
        }
        let Ok(whole) = usize::try_from(*exponent) else {
            let zeros = "0".repeat(exponent.unsigned_abs() as usize - 1);
            return format!("{sign}0.{zeros}{digits}");
        };
        match digits.split_at_checked(whole + 1) {
            Some((whole, "")) => format!("{sign}{whole}"),
            Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
            None => format!("{sign}{digits:0<width$}", width = whole + 1),
        }
    }
}

/// An exponent of at least two digits: `e+06`.
fn power(exponent: i32) -> String {
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("e{sign}{:02}", exponent.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_digits_as_it_takes() {
        for (value, expected) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (100.0, "100"),
            (100_000.0, "100000"),
            (123_456.5, "123456.5"),
            (1e6, "1e+06"),
            (1_234_567.5, "1.2345675e+06"),
            (1e21, "1e+21"),
            (0.000_1, "0.0001"),
            (0.000_012, "1.2e-05"),
            (1e-300, "1e-300"),
            (1_326_856_817_404_762.3, "1.3268568174047622e+15"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(shortest(value), expected);
        }
    }

    #[test]
    fn four_digits() {
        for (value, expected) in [
            (0.0, "0"),
            (-12.0, "-12"),
            (999.95, "1000"),
            (1000.5, "1000"),
            (1001.5, "1002"),
            (9999.5, "1e+04"),
            (12_345.0, "1.234e+04"),
            (0.000_123_46, "0.0001235"),
            (0.000_099_999, "0.0001"),
            (0.000_012_346, "1.235e-05"),
            (f64::MAX, "1.798e+308"),
            (5e-324, "4.941e-324"),
        ] {
            assert_eq!(significant(value, 4), expected);
        }
    }

    #[test]
    fn so_many_digits_behind_the_point() {
        assert_eq!(fixed(2.5, 0), "2");
        assert_eq!(fixed(-1.005, 2), "-1.00");
        assert_eq!(fixed(f64::NAN, 2), "NaN");
        assert_eq!(scientific(1234.5, 6), "1.234500e+03");
        assert_eq!(scientific(2.5, 0), "2e+00");
        assert_eq!(scientific(0.0, 1), "0.0e+00");
    }
}
