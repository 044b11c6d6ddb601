//! Histogram bounds: from the way they are written to the finite, ascending list.

/// One finite upper bound of a histogram bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound(f64);

impl Bound {
    /// A bound; it must be finite.
    pub fn new(value: f64) -> Self {
        debug_assert!(value.is_finite());
        // Negative zero is equal to zero but would be rendered differently.
        Self(if value == 0.0 { 0.0 } else { value })
    }

    /// Its value.
    pub fn value(self) -> f64 {
        self.0
    }

    /// The text of its `le` label, in every format and for the query checker.
    ///
    /// OpenMetrics asks for a canonical float: with a fraction or an exponent, `1.0`, `0.001`. The
    /// choice between the two is prometheus-client's, so that a series keeps its name when a
    /// service changes registries.
    pub fn le(self) -> String {
        let value = self.0;
        let plain = value == 0.0 || (1e-6..1e21).contains(&value.abs());
        match (plain, value.fract() == 0.0) {
            (true, true) => format!("{value}.0"),
            (true, false) => format!("{value}"),
            (false, _) => format!("{value:e}"),
        }
    }
}

/// `count` bounds, each `factor` times the one before.
///
/// Floats make `0.30000000000000004` of `0.1 × 3`; every bound is rounded to 15 significant digits,
/// which for the usual factors is what a person would have written.
pub fn exponential(start: f64, factor: f64, count: usize) -> Vec<f64> {
    let mut bounds = Vec::with_capacity(count);
    let mut bound = start;
    for _ in 0..count {
        bounds.push(round(bound));
        bound *= factor;
    }
    bounds
}

/// `count` bounds, each `width` above the one before.
pub fn linear(start: f64, width: f64, count: usize) -> Vec<f64> {
    (0..count).map(|step| round(start + width * step as f64)).collect()
}

/// To 15 significant decimal digits, the most that a float holds exactly.
fn round(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_what_a_person_would_write() {
        assert_eq!(exponential(0.001, 2.0, 4), [0.001, 0.002, 0.004, 0.008]);
        assert_eq!(exponential(0.1, 3.0, 3), [0.1, 0.3, 0.9]);
        assert_eq!(linear(0.1, 0.1, 4), [0.1, 0.2, 0.3, 0.4]);
    }

    #[test]
    fn le_is_a_canonical_float() {
        let le = |value| Bound::new(value).le();
        assert_eq!(le(1.0), "1.0");
        assert_eq!(le(0.001), "0.001");
        assert_eq!(le(16384.0), "16384.0");
        assert_eq!(le(1638400.0), "1638400.0");
        assert_eq!(le(1e-6), "0.000001");
        assert_eq!(le(1e-7), "1e-7");
        assert_eq!(le(1e20), "100000000000000000000.0");
        assert_eq!(le(1.5e21), "1.5e21");
        assert_eq!(le(-0.0), "0.0");
    }
}
