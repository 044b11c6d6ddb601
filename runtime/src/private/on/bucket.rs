//! Finds the bucket of an observation without branching on it.
//!
//! The upper bits of a positive float are its magnitude in steps of an octave or a part of one. For
//! each step a table holds the only bound that is in it: one comparison decides. Bounds that are so
//! close that a step holds several are searched for by halving.

use crate::descriptor::{Kind, Metric, Number};

/// Bits of the mantissa that a step may take into account.
const FINEST: u32 = 6;
const MANTISSA: u32 = f64::MANTISSA_DIGITS - 1;

/// The longest table; bounds that are very far apart are found in coarser steps.
const LONGEST: u64 = 4096;

#[derive(Debug, PartialEq)]
pub(crate) struct Search {
    /// Empty where steps are no help.
    steps: Box<[Step]>,
    /// The step before that of the first bound, and how many bits of a float are below a step.
    base: u64,
    shift: u32,
    /// All bounds as [`Step::bound`] has them.
    bounds: Box<[u64]>,
}

/// One step of magnitude.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Step {
    /// The bound within it, or one that nothing is above: the bits of a float, or the largest whole
    /// number that is within the bucket.
    bound: u64,
    /// How many bounds are below all of it.
    below: u32,
}

impl Search {
    /// The search of a histogram's buckets, and nothing for other metrics.
    pub(crate) fn new(metric: &Metric) -> Self {
        let bounds = metric.buckets.iter().map(|(bound, _)| *bound);
        match (metric.kind, metric.number) {
            (Kind::Histogram, Number::Integer) => {
                Self::integers(bounds.map(|bound| bound as u64).collect())
            }
            (Kind::Histogram, Number::Duration) => {
                Self::integers(bounds.map(nanoseconds_within).collect())
            }
            _ => Self::floats(bounds.collect()),
        }
    }

    fn floats(bounds: Vec<f64>) -> Self {
        let bits = bounds.iter().map(|bound| bound.to_bits()).collect();
        Self::with(&bounds, bits, f64::INFINITY.to_bits())
    }

    fn integers(bounds: Vec<u64>) -> Self {
        let magnitudes: Vec<f64> = bounds.iter().map(|bound| magnitude(*bound)).collect();
        Self::with(&magnitudes, bounds.into(), u64::MAX)
    }

    /// A search for bounds of these magnitudes; `never` is a bound that nothing is above.
    fn with(magnitudes: &[f64], bounds: Box<[u64]>, never: u64) -> Self {
        let halving = |bounds| Self { steps: [].into(), base: 0, shift: MANTISSA, bounds };
        let positive = magnitudes.iter().filter(|magnitude| **magnitude > 0.0);
        let positive: Vec<u64> = positive.map(|magnitude| magnitude.to_bits()).collect();
        let (Some(first), Some(last)) = (positive.first(), positive.last()) else {
            return halving(bounds);
        };
        let is_fit = |shift: &u32| {
            let ends = positive.iter().map(|bits| bits >> shift);
            let alone = ends.clone().zip(ends.skip(1)).all(|(step, next)| step < next);
            alone && (last >> shift) - (first >> shift) < LONGEST
        };
        let Some(shift) = (0..=FINEST).map(|bits| MANTISSA - bits).find(is_fit) else {
            return halving(bounds);
        };
        // A bound of zero has no magnitude: it stands in the first step, with all that is small.
        let zeros = magnitudes.len() - positive.len();
        if zeros > 1 || first >> shift == 0 {
            return halving(bounds);
        }
        let base = (first >> shift) - 1;
        let step = |step: u64| {
            let below = positive.iter().filter(|bits| **bits >> shift < step).count() + zeros;
            let within = positive.iter().any(|bits| bits >> shift == step);
            let below = if step == base { 0 } else { below };
            let bound = if within || step == base && zeros > 0 { bounds.get(below) } else { None };
            Step { bound: bound.copied().unwrap_or(never), below: below as u32 }
        };
        let steps = (base..=(last >> shift) + 1).map(step).collect();
        Self { steps, base, shift, bounds }
    }

    /// The bucket of a float that is not negative.
    #[inline(always)]
    pub(crate) fn float(&self, observation: f64) -> u32 {
        // A negative zero would have the largest magnitude of all.
        match self.step(observation + 0.0) {
            Some(Step { bound, below }) => below + u32::from(f64::from_bits(bound) < observation),
            None => self.halve(|bound| f64::from_bits(bound) < observation),
        }
    }

    /// The bucket of a whole number or of nanoseconds.
    #[inline(always)]
    pub(crate) fn integer(&self, observation: u64) -> u32 {
        match self.step(magnitude(observation)) {
            Some(Step { bound, below }) => below + u32::from(bound < observation),
            None => self.halve(|bound| bound < observation),
        }
    }

    #[inline(always)]
    fn step(&self, magnitude: f64) -> Option<Step> {
        let step = (magnitude.to_bits() >> self.shift).saturating_sub(self.base) as usize;
        self.steps.get(step.min(self.steps.len().wrapping_sub(1))).copied()
    }

    #[cold]
    fn halve(&self, is_below: impl Fn(u64) -> bool) -> u32 {
        self.bounds.partition_point(|bound| is_below(*bound)) as u32
    }
}

/// A float that is larger for larger numbers, or equal. It is one instruction, since numbers past
/// the signed range count as the last one within.
#[inline(always)]
fn magnitude(number: u64) -> f64 {
    number.min(i64::MAX as u64).cast_signed() as f64
}

/// The most nanoseconds that are, in seconds, within a bound: 100 ms are within 0.1 exactly.
fn nanoseconds_within(bound: f64) -> u64 {
    let is_within = |nanoseconds: u64| nanoseconds as f64 / 1e9 <= bound;
    let mut most = (bound * 1e9) as u64;
    while !is_within(most) {
        most -= 1;
    }
    while most < u64::MAX && is_within(most + 1) {
        most += 1;
    }
    most
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the search must answer: the first bound that is not below.
    fn naive(bounds: &[f64], observation: f64) -> usize {
        bounds.partition_point(|bound| *bound < observation)
    }

    fn bounds() -> impl Strategy<Value = Vec<f64>> {
        let ordinary = prop::collection::vec(1e-9..1e9_f64, 1..40);
        let wide =
            prop::collection::vec((-300..300_i32).prop_map(|exponent| 10f64.powi(exponent)), 1..20);
        let close = prop::collection::vec(0.5..0.500_001_f64, 1..9);
        let exponential =
            (1e-6..1e6_f64, 1.01..10f64, 1..60_i32).prop_map(|(start, factor, count)| {
                (0..count).map(|n| start * factor.powi(n)).collect()
            });
        prop_oneof![ordinary, wide, close, exponential].prop_flat_map(|mut bounds: Vec<f64>| {
            bounds.sort_by(f64::total_cmp);
            bounds.dedup();
            prop::bool::ANY.prop_map(move |zero| {
                let zero = zero.then_some(0.0);
                zero.into_iter().chain(bounds.clone()).collect()
            })
        })
    }

    proptest! {
        #[test]
        fn floats_are_found_as_by_comparing_them_all(
            bounds in bounds(),
            others in prop::collection::vec(0.0..f64::MAX, 9),
            exponents in prop::collection::vec(-320..308_i32, 20),
        ) {
            let search = Search::floats(bounds.clone());
            let near = bounds.iter().flat_map(|bound| [bound.next_down(), *bound, bound.next_up()]);
            let powers = exponents.iter().map(|exponent| 10f64.powi(*exponent));
            let observations = near.chain(powers).chain(others).chain([0.0, -0.0, f64::MAX]);
            for observation in observations.filter(|observation| *observation >= 0.0) {
                prop_assert_eq!(search.float(observation) as usize, naive(&bounds, observation), "{}", observation);
            }
        }

        #[test]
        fn integers_are_found_as_by_comparing_them_all(
            mut bounds in prop::collection::vec(0..u64::MAX, 0..40),
            small in prop::collection::vec(0..1000_u64, 0..40),
            others in prop::collection::vec(0..u64::MAX, 9),
        ) {
            bounds.extend(small);
            bounds.sort_unstable();
            bounds.dedup();
            let search = Search::integers(bounds.clone());
            let near = bounds.iter().flat_map(|bound| [bound.saturating_sub(1), *bound, bound.saturating_add(1)]);
            for observation in near.chain(others).chain([0, 1, u64::MAX]) {
                let naive = bounds.partition_point(|bound| *bound < observation);
                prop_assert_eq!(search.integer(observation) as usize, naive, "{}", observation);
            }
        }

        #[test]
        fn nanoseconds_are_within_a_bound_as_their_seconds_are(
            bound in prop_oneof![1e-9..1e3_f64, 1e-9..1e10_f64],
            others in prop::collection::vec(0..u64::MAX, 9),
        ) {
            let most = nanoseconds_within(bound);
            let near = (most.saturating_sub(5)..=most.saturating_add(5)).chain(others);
            for nanoseconds in near {
                prop_assert_eq!(nanoseconds <= most, nanoseconds as f64 / 1e9 <= bound);
            }
        }
    }

    #[test]
    fn the_bounds_of_ordinary_histograms_are_told_by_one_comparison() {
        let exponential: Vec<f64> = (0..15).map(|n| 0.001 * 2f64.powi(n)).collect();
        let defaults = vec![0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        for bounds in [exponential, defaults] {
            assert!(!Search::floats(bounds).steps.is_empty());
        }
    }
}
