//! Whole numbers as decimal digits, eight at a time.

use crate::__private::on::memory::{Line, WriteLine};

/// What eight digits can tell.
const EIGHT: u64 = 100_000_000;

impl WriteLine for u64 {
    #[inline(always)]
    fn write(self, line: &mut Line<'_>) {
        if self < EIGHT {
            let (digits, length) = shortened(digits(self));
            line.block(&digits, length);
        } else {
            let (digits, length) = long(self);
            line.block(&digits, length);
        }
    }
}

/// Digits without the zeros before them, of which one stays if there is nothing else; and how many
/// are left.
#[inline(always)]
fn shortened(digits: u64) -> ([u8; 8], usize) {
    let zeros = (digits | 1 << 56).trailing_zeros() & !7;
    ((ascii(digits) >> zeros).to_le_bytes(), 8 - zeros as usize / 8)
}

/// The same of a number that has more than eight digits.
#[inline(never)]
fn long(number: u64) -> ([u8; 24], usize) {
    let thirds = [number / EIGHT / EIGHT, number / EIGHT % EIGHT, number % EIGHT];
    let mut all = [0; 24];
    for (place, third) in all.as_chunks_mut().0.iter_mut().zip(thirds) {
        *place = ascii(digits(third)).to_le_bytes();
    }
    let zeros = all.iter().take_while(|digit| **digit == b'0').count();
    all.rotate_left(zeros);
    (all, all.len() - zeros)
}

/// The digits of a number that has at most eight, a byte each, the first one in the lowest byte.
///
/// The number is split into halves, the halves into quarters and these into digits, all parts at
/// once. The products stand for quotients by 100 and 10, exactly so in the ranges that there are.
/// Paul Khuong has described this in "How to print integers really fast", 2017.
#[inline(always)]
fn digits(number: u64) -> u64 {
    let upper = number / 10_000;
    let halves = upper | ((number - upper * 10_000) << 32);
    let upper = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let quarters = upper | ((halves - upper * 100) << 16);
    let upper = ((quarters * 103) >> 10) & 0x000f_000f_000f_000f;
    upper | ((quarters - upper * 10) << 8)
}

fn ascii(digits: u64) -> u64 {
    digits | u64::from_le_bytes([b'0'; 8])
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use crate::__private::on::memory::append_line;

    fn written(number: u64) -> String {
        let mut body = Vec::new();
        append_line(&mut body, number);
        String::from_utf8(body).expect("text")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100_000))]

        #[test]
        fn integers_are_written_as_the_standard_library_does(
            number in any::<u64>(),
            shift in 0..64_u32,
        ) {
            let number = number >> shift;
            prop_assert_eq!(written(number), number.to_string());
        }
    }

    #[test]
    fn powers_of_ten() {
        let near = (0..20).map(|exponent| 10_u64.pow(exponent)).flat_map(|ten| [ten - 1, ten]);
        for number in near.chain([u64::MAX]) {
            assert_eq!(written(number), number.to_string());
        }
    }

    /// Each half is split alone, so these are all that there are.
    #[test]
    fn all_digits_of_a_half() {
        for number in 0..10_000 {
            for number in [number, number * 10_000, number * 10_001] {
                assert_eq!(written(number), number.to_string());
            }
        }
    }
}
