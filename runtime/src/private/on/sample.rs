//! Which observations of a sampled histogram count.
//!
//! Each is chosen with the probability of its histogram, independently of every other. Instead of
//! rolling a die each time, a thread draws how much may pass before the next choice: an
//! exponentially distributed gap, which every observation wears down by −ln(1 − probability). Since
//! that distribution has no memory, one gap serves all histograms of a thread, whatever their
//! probabilities.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

/// A gap of one, in the units that it is counted in.
const ONE: f64 = (1_u64 << 40) as f64;

/// How an observation wears down the gap, if one in `sample` counts; 0 if all do.
pub(crate) fn wear(sample: u32) -> u64 {
    match sample {
        0 | 1 => 0,
        _ => ((-f64::ln_1p(-1.0 / f64::from(sample))) * ONE) as u64,
    }
}

thread_local! {
    /// What is left of the gap.
    static GAP: Cell<u64> = const { Cell::new(0) };
    /// The state of the random numbers; zero before the first.
    static SEED: Cell<u64> = const { Cell::new(0) };
}

/// Whether this observation counts.
#[inline(always)]
pub(crate) fn is_chosen(wear: u64) -> bool {
    GAP.with(|gap| match gap.get().checked_sub(wear) {
        Some(left) => {
            gap.set(left);
            false
        }
        None => choose(gap, wear),
    })
}

/// Draws the next gap; the first one of a thread before anything is decided.
#[cold]
#[inline(never)]
fn choose(gap: &Cell<u64>, wear: u64) -> bool {
    let is_first = SEED.with(|seed| seed.get() == 0);
    gap.set(exponential(random()));
    !is_first || is_chosen(wear)
}

/// A uniform number, made exponential: −ln of the fraction of 2⁶⁴ that it is.
///
/// Its leading zeros are whole halvings. What follows is between one and two, where the logarithm is
/// interpolated between points of a table: it is at most 31 millionths too small.
#[inline(always)]
fn exponential(uniform: u64) -> u64 {
    let halvings = u64::from(uniform.leading_zeros()) + 1;
    // The bits behind the first one; 64 halvings leave none.
    let fraction = uniform.checked_shl(halvings as u32).unwrap_or_default();
    let (point, rest) = ((fraction >> 58) as usize, (fraction << 6) >> 40);
    let (low, high) = (LOGARITHMS[point], LOGARITHMS[point + 1]);
    halvings * LOGARITHMS[64] - low - (((high - low) * rest) >> 24)
}

/// Natural logarithms of 1, 1 1/64, 1 2/64, … to 2.
const LOGARITHMS: [u64; 65] = {
    let mut logarithms = [0; 65];
    let mut point = 1;
    while point < 65 {
        logarithms[point] = (ln(1.0 + point as f64 / 64.0) * ONE) as u64;
        point += 1;
    }
    logarithms
};

/// The natural logarithm of a number from 1 to 2, as twice the series of the inverse hyperbolic
/// tangent of (number − 1) / (number + 1).
const fn ln(number: f64) -> f64 {
    let ratio = (number - 1.0) / (number + 1.0);
    let (mut sum, mut power, mut exponent) = (0.0, ratio, 1.0);
    while exponent < 40.0 {
        sum += power / exponent;
        power *= ratio * ratio;
        exponent += 2.0;
    }
    2.0 * sum
}

/// A number of SplitMix64, by Guy Steele, Doug Lea and Christine Flood.
fn random() -> u64 {
    SEED.with(|seed| {
        let start = match seed.get() {
            0 => RandomState::new().hash_one(0) | 1,
            state => state,
        };
        let state = start.wrapping_add(0x9e37_79b9_7f4a_7c15);
        seed.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn everything_counts_unless_it_is_sampled() {
        assert_eq!((wear(0), wear(1)), (0, 0));
        assert!(wear(2) > wear(16));
    }

    #[test]
    fn exponential_numbers_are_near_the_logarithm() {
        let numbers =
            (0..64).flat_map(|shift| [u64::MAX >> shift, 1 << shift, 0xb504_f333 << shift]);
        for uniform in numbers.chain((0..1000).map(|_| random())) {
            let exact = 64.0 * 2_f64.ln() - (uniform as f64).ln();
            let off = exponential(uniform) as f64 / ONE - exact;
            assert!((-1e-6..32e-6).contains(&off), "{uniform:#x} {off}");
        }
    }

    /// The number chosen is binomial: six standard deviations are never seen.
    #[test]
    fn one_in_so_many_is_chosen_even_where_rates_mix() {
        const ROUNDS: u32 = 400_000;
        let rates = [2, 16, 1000];
        let mut chosen = [0_u32; 3];
        for _ in 0..ROUNDS {
            for (rate, chosen) in rates.iter().zip(&mut chosen) {
                *chosen += u32::from(is_chosen(wear(*rate)));
            }
        }
        for (rate, chosen) in rates.into_iter().zip(chosen) {
            let mean = f64::from(ROUNDS) / f64::from(rate);
            let off = (f64::from(chosen) - mean).abs() / mean.sqrt();
            assert!(off < 6.0, "1/{rate}: {chosen} instead of {mean}");
        }
    }
}
