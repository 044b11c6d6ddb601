//! Exact fractions, in which objectives and burn rates are calculated: floats make
//! `0.0009999999999999432` of one per mille.

/// A fraction, not below zero and in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    numerator: u64,
    denominator: u64,
}

/// Most digits behind the point of a percentage.
pub const MOST_DIGITS: usize = 9;

impl Fraction {
    /// One whole number over another, which is not zero.
    pub const fn new(numerator: u64, denominator: u64) -> Self {
        let divisor = greatest_divisor(numerator, denominator);
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// A whole number.
    pub const fn whole(number: u64) -> Self {
        Self::new(number, 1)
    }

    /// So many per cent.
    pub const fn percent(number: u64) -> Self {
        Self::new(number, 100)
    }

    /// The fraction that a percentage is, written in digits with a point or without: `99.9`.
    pub fn from_percentage(text: &str) -> Option<Self> {
        let (whole, digits) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_plain = !whole.is_empty() && is_digits(whole) && is_digits(digits);
        if !is_plain || text.ends_with('.') || digits.len() > MOST_DIGITS || whole.len() > 3 {
            return None;
        }
        let numerator = format!("{whole}{digits}").parse().ok()?;
        Some(Self::new(numerator, 100 * 10_u64.pow(digits.len() as u32)))
    }

    /// The product of two fractions.
    pub fn times(self, other: Self) -> Self {
        // Lowest terms first, so that products of small fractions stay small.
        let one = Self::new(self.numerator, other.denominator);
        let two = Self::new(other.numerator, self.denominator);
        Self {
            numerator: one.numerator * two.numerator,
            denominator: one.denominator * two.denominator,
        }
    }

    /// This fraction over another, which is not zero.
    pub fn over(self, other: Self) -> Self {
        self.times(Self { numerator: other.denominator, denominator: other.numerator })
    }

    /// What is left of one; nothing of more.
    pub fn rest(self) -> Self {
        Self::new(self.denominator.saturating_sub(self.numerator), self.denominator)
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Whether it is less than one.
    pub fn is_below_one(self) -> bool {
        self.numerator < self.denominator
    }

    /// All its digits, where they come to an end.
    pub fn decimal(self) -> Option<String> {
        let mut rest = self.denominator;
        let mut places = 0;
        for prime in [2, 5] {
            let mut power = 0;
            while rest.is_multiple_of(prime) {
                rest /= prime;
                power += 1;
            }
            places = places.max(power);
        }
        // More digits than these would be for nobody, and would not fit.
        (rest == 1 && places <= 18).then(|| self.rounded(places))
    }

    /// Its digits, rounded half up to so many behind the point, without zeros at the end.
    pub fn rounded(self, places: u32) -> String {
        let (numerator, denominator) = (u128::from(self.numerator), u128::from(self.denominator));
        let power = 10_u128.pow(places);
        let scaled = (2 * numerator * power + denominator) / (2 * denominator);
        let digits = format!("{:0width$}", scaled % power, width = places as usize);
        let digits = if places == 0 { "" } else { digits.trim_end_matches('0') };
        let point = if digits.is_empty() { "" } else { "." };
        format!("{}{point}{digits}", scaled / power)
    }

    /// The nearest float.
    pub fn value(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

const fn greatest_divisor(one: u64, two: u64) -> u64 {
    if two == 0 { one } else { greatest_divisor(two, one % two) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percentage(text: &str) -> Fraction {
        Fraction::from_percentage(text).unwrap_or(Fraction::whole(0))
    }

    #[test]
    fn percentages_are_read_as_they_are_written() {
        assert_eq!(percentage("99.9"), Fraction::new(999, 1000));
        assert_eq!(percentage("99.90"), Fraction::new(999, 1000));
        assert_eq!(percentage("50"), Fraction::new(1, 2));
        assert_eq!(percentage("0.000000001"), Fraction::new(1, 100_000_000_000));
        for bad in ["", "99.", ".9", "9e1", "+99", "99,9", "0x63", "99.0000000001", "1000"] {
            assert_eq!(Fraction::from_percentage(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_left_has_no_noise() {
        let rest = |text| percentage(text).rest().decimal().unwrap_or_default();
        assert_eq!(rest("99.9"), "0.001");
        assert_eq!(rest("99"), "0.01");
        assert_eq!(rest("99.95"), "0.0005");
        assert_eq!(rest("99.999999999"), "0.00000000001");
        assert_eq!(rest("87.5"), "0.125");
    }

    #[test]
    fn decimals_end_or_are_none() {
        let decimal = |numerator, denominator| Fraction::new(numerator, denominator).decimal();
        assert_eq!(decimal(72, 5).as_deref(), Some("14.4"));
        assert_eq!(decimal(6, 1).as_deref(), Some("6"));
        assert_eq!(decimal(1, 1024).as_deref(), Some("0.0009765625"));
        assert_eq!(decimal(0, 7).as_deref(), Some("0"));
        assert_eq!(decimal(14, 15), None);
        assert_eq!(Fraction::new(14, 15).rounded(2), "0.93");
        assert_eq!(Fraction::new(199, 100).rounded(1), "2");
        assert_eq!(Fraction::new(1, 2).rounded(0), "1");
    }

    #[test]
    fn products_and_quotients_are_in_lowest_terms() {
        let product = Fraction::new(72, 5).times(Fraction::new(1, 1000));
        assert_eq!(product, Fraction::new(9, 625));
        assert_eq!(product.over(Fraction::new(1, 1000)), Fraction::new(72, 5));
        assert!(product.is_below_one() && !Fraction::whole(1).is_below_one());
    }
}
