//! What numbers are between.

/// All numbers between two, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Interval {
    pub(crate) const ANY: Self = Self { least: f64::NEG_INFINITY, most: f64::INFINITY };
    pub(crate) const POSITIVE: Self = Self { least: 0.0, most: f64::INFINITY };
    pub(crate) const ONE: Self = Self { least: 1.0, most: 1.0 };
    pub(crate) const UNIT: Self = Self { least: 0.0, most: 1.0 };

    pub(crate) fn new(least: f64, most: f64) -> Self {
        match least <= most {
            true => Self { least, most },
            // Not numbers, or nothing.
            false => Self::ANY,
        }
    }

    pub(crate) fn exactly(number: f64) -> Self {
        Self::new(number, number)
    }

    pub(crate) fn holds(self, number: f64) -> bool {
        (self.least..=self.most).contains(&number)
    }

    pub(crate) fn either(self, other: Self) -> Self {
        Self { least: self.least.min(other.least), most: self.most.max(other.most) }
    }

    pub(crate) fn negated(self) -> Self {
        Self { least: -self.most, most: -self.least }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self::new(self.least + other.least, self.most + other.most)
    }

    pub(crate) fn times(self, other: Self) -> Self {
        self.corners(other, |one, two| if one == 0.0 || two == 0.0 { 0.0 } else { one * two })
    }

    pub(crate) fn over(self, other: Self) -> Self {
        match other.least > 0.0 || other.most < 0.0 {
            true => self.corners(other, |one, two| one / two),
            // A division by zero gives infinities, with the sign of what is divided.
            false if self.least >= 0.0 && other.least >= 0.0 => Self::POSITIVE,
            false => Self::ANY,
        }
    }

    fn corners(self, other: Self, of: impl Fn(f64, f64) -> f64) -> Self {
        let all = [
            of(self.least, other.least),
            of(self.least, other.most),
            of(self.most, other.least),
            of(self.most, other.most),
        ];
        if all.iter().any(|corner| corner.is_nan()) {
            return Self::ANY;
        }
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        Self::new(least, all.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    }
}
