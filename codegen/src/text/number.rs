//! Numbers for people.

/// A whole number with its thousands apart: `1,234,567`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with its noun: `1 query`, `2 queries`.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    format!("{} {noun}", thousands(number as u64))
}

/// A number of bytes to three digits: `987 B`, `1.23 GB`.
pub(crate) fn bytes(number: u64) -> String {
    let mut unit = 1u64;
    let mut units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"].into_iter();
    let mut name = units.next().unwrap_or_default();
    for next in units {
        if number / unit < 1000 {
            break;
        }
        (unit, name) = (unit * 1000, next);
    }
    // Whole arithmetic, so that every machine rounds alike.
    let whole = number / unit;
    let digits = if unit == 1 { 0 } else { 3 - whole.to_string().len() };
    let rest = u128::from(number % unit) * 10u128.pow(digits as u32) / u128::from(unit);
    match digits {
        0 => format!("{whole} {name}"),
        digits => format!("{whole}.{rest:0digits$} {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_three_digits() {
        assert_eq!(bytes(0), "0 B");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(3000), "3.00 kB");
        assert_eq!(bytes(12_345_678), "12.3 MB");
        assert_eq!(bytes(999_999_999), "999 MB");
        assert_eq!(bytes(u64::MAX), "18.4 EB");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_000), "1,000");
        assert_eq!(thousands(u64::MAX), "18,446,744,073,709,551,615");
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(1, "query", "queries"), "1 query");
        assert_eq!(counted(2_000, "query", "queries"), "2,000 queries");
    }
}
