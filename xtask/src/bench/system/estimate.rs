//! A median, and how sure it is.

/// The middle of some measurements, and between which two of them the true middle lies with a
/// confidence of 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Estimate {
    pub(super) median: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Estimate {
    /// Of some measurements that are distributed in whatever way; none without any.
    ///
    /// The number of measurements below the true median is binomial: it is within 0.98 square roots
    /// of its middle in 95 % of all cases.
    pub(super) fn of(measurements: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = measurements.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len() as f64;
        let at = |rank: f64| sorted.get((rank.max(0.0) as usize).min(sorted.len().checked_sub(1)?));
        let reach = 0.98 * count.sqrt();
        Some(Self {
            median: *at(count / 2.0)?,
            low: *at((count / 2.0 - reach).floor())?,
            high: *at((count / 2.0 + reach).ceil())?,
        })
    }

    /// The same in another unit.
    pub(super) fn times(self, factor: f64) -> Self {
        let Self { median, low, high } = self;
        Self { median: median * factor, low: low * factor, high: high * factor }
    }
}

#[cfg(test)]
mod tests {
    use super::Estimate;

    #[test]
    fn the_middle_lies_within_its_interval() {
        let estimate = Estimate::of((0..=100).rev().map(f64::from)).expect("measurements");
        assert_eq!(estimate, Estimate { median: 50.0, low: 40.0, high: 61.0 });
        assert_eq!(estimate.times(2.0).high, 122.0);
        let one = Estimate::of([7.0]).expect("a measurement");
        assert_eq!((one.low, one.median, one.high), (7.0, 7.0, 7.0));
        assert_eq!(Estimate::of([]), None);
    }
}
