//! The bounds of native histograms.
//!
//! Bucket `i` of schema `s` covers `(2^((i-1)/2^s), 2^(i/2^s)]`. With schema 3 every power of two is
//! divided into eight buckets, each 9 % wider than the one before.
//!
//! All but every eighth bound are irrational. [`STEPS`] holds the largest numbers below them, so
//! that comparing with these decides as comparing with the bounds themselves would.

/// The resolution: `2^SCHEMA` buckets between a power of two and the next.
pub(crate) const SCHEMA: i32 = 3;

/// Buckets between a power of two and the next.
pub(crate) const PER_OCTAVE: i32 = 1 << SCHEMA;

/// The bucket of the smallest normal number.
#[cfg(all(test, not(loom)))]
pub(crate) const LOWEST: i32 = -1022 * 8;

/// The bucket of the largest finite number.
#[cfg(all(test, not(loom)))]
pub(crate) const HIGHEST: i32 = 1024 * 8;

/// The bucket of a value, which is finite, positive and normal: a caller's zero threshold has taken
/// everything smaller. Other values get some bucket that need not exist.
#[inline]
pub(crate) fn index(value: f64) -> i32 {
    let bits = value.to_bits();
    let exponent = (bits >> FRACTION_BITS & 0x7ff) as i32 - BIAS;
    let fraction = bits & FRACTION;
    // No search and no branch: the first four bits of the fraction leave one comparison.
    let Slot { below, step } = SLOTS[(fraction >> (FRACTION_BITS - 4)) as usize];
    exponent * 8 + below + i32::from(step < fraction)
}

/// The largest value of a bucket.
#[cfg(all(test, not(loom)))]
pub(crate) fn upper_bound(index: i32) -> f64 {
    if index >= HIGHEST {
        return f64::MAX;
    }
    let index = index.max(LOWEST);
    let exponent = (index.div_euclid(8) + BIAS) as u64;
    f64::from_bits(exponent << FRACTION_BITS | STEPS[index.rem_euclid(8) as usize])
}

const FRACTION_BITS: u32 = 52;
const FRACTION: u64 = (1 << FRACTION_BITS) - 1;
const BIAS: i32 = 1023;

/// The fractions of 2^(i/8), rounded down.
const STEPS: [u64; 8] = [
    0,
    0x172b83c7d517a,
    0x306fe0a31b715,
    0x4bfdad5362a27,
    0x6a09e667f3bcc,
    0x8ace5422aa0db,
    0xae89f995ad3ad,
    0xd5818dcfba487,
];

/// A sixteenth of the way from a power of two to the next. It has one step at most.
#[derive(Clone, Copy)]
struct Slot {
    /// How many steps are below it.
    below: i32,
    /// The step in it, or one that nothing is above.
    step: u64,
}

const SLOTS: [Slot; 16] = {
    let mut slots = [Slot { below: 0, step: FRACTION }; 16];
    let mut slot = 0;
    while slot < 16 {
        let mut step = 0;
        while step < 8 {
            let place = (STEPS[step] >> (FRACTION_BITS - 4)) as usize;
            if place < slot {
                slots[slot].below += 1;
            } else if place == slot {
                slots[slot].step = STEPS[step];
            }
            step += 1;
        }
        slot += 1;
    }
    slots
};

#[cfg(all(test, not(loom)))]
mod tests {
    use std::cmp::Ordering;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn buckets() {
        let drawn = [
            (1.0, 0),
            (1.0f64.next_up(), 1),
            (1.09, 1),
            (1.1, 2),
            (1.99, 8),
            (2.0, 8),
            (2.0f64.next_up(), 9),
            (0.5, -8),
            (0.25, -16),
            (f64::MIN_POSITIVE, LOWEST),
            (f64::MAX, HIGHEST),
        ];
        for (value, bucket) in drawn {
            assert_eq!(index(value), bucket, "{value}");
        }
    }

    #[test]
    fn every_bound_is_the_last_value_of_its_bucket() {
        for bucket in LOWEST..HIGHEST {
            let bound = upper_bound(bucket);
            assert_eq!(index(bound), bucket);
            assert_eq!(index(bound.next_up()), bucket + 1);
        }
        assert_eq!(upper_bound(HIGHEST), f64::MAX);
    }

    #[test]
    fn powers_of_two_are_bounds() {
        assert_eq!([-80, -8, 0, 8, 24].map(upper_bound), [1.0 / 1024.0, 0.5, 1.0, 2.0, 8.0]);
    }

    proptest! {
        #[test]
        fn the_index_fits_the_definition(value in proptest::num::f64::POSITIVE | proptest::num::f64::NORMAL) {
            let bucket = index(value);
            prop_assert_ne!(compare(value, bucket), Ordering::Greater);
            prop_assert_eq!(compare(value, bucket - 1), Ordering::Greater);
        }
    }

    #[test]
    fn the_steps_fit_the_definition() {
        for (at, step) in (0..).zip(STEPS) {
            let step = f64::from_bits((BIAS as u64) << FRACTION_BITS | step);
            assert_ne!(compare(step, at), Ordering::Greater);
            assert_eq!(compare(step.next_up(), at), Ordering::Greater);
        }
    }

    /// Compares a value with the true bound 2^(bucket/8), by integers: m·2^e against 2^(b/8) is
    /// m^8 against 2^(b-8e).
    fn compare(value: f64, bucket: i32) -> Ordering {
        let bits = value.to_bits();
        let exponent = (bits >> 52) as i32 - 1023 - 52;
        let power = eighth_power(bits & FRACTION | 1 << 52);
        let width = 512 - leading_zeros(&power) as i32;
        let single = power.iter().map(|limb| limb.count_ones()).sum::<u32>() == 1;
        // The power lies in [2^(width-1), 2^width), and on the lower end if it has a single bit.
        match (width - 1).cmp(&(bucket - 8 * exponent)) {
            Ordering::Equal if !single => Ordering::Greater,
            order => order,
        }
    }

    /// 512 bits, the lowest limb first.
    fn eighth_power(number: u64) -> [u64; 8] {
        let mut power = [1, 0, 0, 0, 0, 0, 0, 0];
        for _ in 0..8 {
            let mut carry = 0;
            for limb in &mut power {
                let product = u128::from(*limb) * u128::from(number) + carry;
                *limb = product as u64;
                carry = product >> 64;
            }
            assert_eq!(carry, 0);
        }
        power
    }

    fn leading_zeros(power: &[u64; 8]) -> u32 {
        let zeros = power.iter().rev().take_while(|limb| **limb == 0).count();
        zeros as u32 * 64 + power[7 - zeros].leading_zeros()
    }
}
