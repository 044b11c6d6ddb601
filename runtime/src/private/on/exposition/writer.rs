//! Writes lines at the speed of copying them.
//!
//! A line is put together in a small buffer that stays in the processor's cache, in steps whose
//! size is known when this is compiled, with its length in a register. Whole buffers are appended
//! to the body. A line that is too long for that is put together in memory of its own.

use super::fragment::{BLOCK, Fragment};

const BUFFER: usize = 16 * 1024;

/// The longest line that is written in place.
const LINE: usize = 2 * 1024;

/// The most bytes that a number takes.
const NUMBER: usize = 20;

pub(crate) struct Writer<'a> {
    body: &'a mut Vec<u8>,
    buffer: Box<[u8; BUFFER]>,
    /// How much of the buffer is written.
    at: usize,
}

/// Something that can be written as a line.
pub(super) trait Write {
    fn write(&self, line: &mut impl Line);
}

/// A line that is being written.
pub(super) trait Line {
    fn fragment(&mut self, fragment: &Fragment);
    fn text(&mut self, text: &[u8]);
    fn byte(&mut self, byte: u8);
    fn integer(&mut self, number: u64);

    /// Writes over the last byte.
    fn amend(&mut self, byte: u8);
}

impl<'a> Writer<'a> {
    pub(crate) fn new(body: &'a mut Vec<u8>) -> Self {
        Self { body, buffer: Box::new([0; BUFFER]), at: 0 }
    }

    #[inline(always)]
    pub(super) fn line(&mut self, what: &impl Write) {
        if self.at > BUFFER - LINE {
            self.flush();
        }
        let Some(room) = self.buffer.get_mut(self.at..).and_then(<[u8]>::first_chunk_mut) else {
            return;
        };
        let mut line = Short { room, at: 0 };
        what.write(&mut line);
        if line.at <= LINE {
            self.at += line.at;
        } else {
            self.long_line(what);
        }
    }

    #[cold]
    fn long_line(&mut self, what: &impl Write) {
        self.flush();
        what.write(self.body);
    }

    #[cold]
    pub(super) fn flush(&mut self) {
        self.body.extend_from_slice(self.buffer.get(..self.at).unwrap_or_default());
        self.at = 0;
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        self.flush();
    }
}

/// A line that is written in place. When it gets too long its length says so, and nothing more is
/// written.
struct Short<'a> {
    room: &'a mut [u8; LINE],
    at: usize,
}

impl Line for Short<'_> {
    #[inline(always)]
    fn fragment(&mut self, fragment: &Fragment) {
        let mut at = self.at;
        for block in fragment.blocks() {
            match self.room.get_mut(at..).and_then(<[u8]>::first_chunk_mut::<BLOCK>) {
                Some(place) => *place = *block,
                None => return self.at = LINE + 1,
            }
            at += BLOCK;
        }
        self.at += fragment.len();
    }

    fn text(&mut self, text: &[u8]) {
        match self.room.get_mut(self.at..self.at.saturating_add(text.len())) {
            Some(place) => {
                place.copy_from_slice(text);
                self.at += text.len();
            }
            None => self.at = LINE + 1,
        }
    }

    #[inline(always)]
    fn byte(&mut self, byte: u8) {
        if let Some(place) = self.room.get_mut(self.at) {
            *place = byte;
        }
        self.at += 1;
    }

    #[inline(always)]
    fn integer(&mut self, number: u64) {
        let length = digits(number);
        match self.room.get_mut(self.at..).and_then(<[u8]>::first_chunk_mut::<NUMBER>) {
            Some(place) => write_digits(place, length, number),
            None => self.at = LINE,
        }
        self.at += length;
    }

    #[inline(always)]
    fn amend(&mut self, byte: u8) {
        if let Some(place) = self.room.get_mut(self.at.wrapping_sub(1)) {
            *place = byte;
        }
    }
}

impl Line for Vec<u8> {
    fn fragment(&mut self, fragment: &Fragment) {
        self.extend_from_slice(fragment.as_bytes());
    }

    fn text(&mut self, text: &[u8]) {
        self.extend_from_slice(text);
    }

    fn byte(&mut self, byte: u8) {
        self.push(byte);
    }

    fn integer(&mut self, number: u64) {
        let mut place = [0; NUMBER];
        let length = digits(number);
        write_digits(&mut place, length, number);
        self.extend_from_slice(place.get(..length).unwrap_or_default());
    }

    fn amend(&mut self, byte: u8) {
        if let Some(last) = self.last_mut() {
            *last = byte;
        }
    }
}

/// How many digits a number has.
#[inline(always)]
fn digits(number: u64) -> usize {
    // 1233 / 4096 is a little more than the logarithm of two, so this is right or one too few.
    let bits = u64::BITS - (number | 1).leading_zeros();
    let few = (bits as usize * 1233) >> 12;
    few + usize::from(POWERS.get(few).is_some_and(|power| number >= *power))
}

/// Writes a number of that many digits, two at a time from the last.
#[inline(always)]
fn write_digits(place: &mut [u8; NUMBER], length: usize, number: u64) {
    let (mut rest, mut end) = (number, length);
    while rest >= 100 {
        end = end.wrapping_sub(2);
        if let Some(pair) = place.get_mut(end..).and_then(<[u8]>::first_chunk_mut::<2>) {
            *pair = PAIRS[(rest % 100) as usize];
        }
        rest /= 100;
    }
    let [tens, ones] = PAIRS[(rest % 100) as usize];
    place[0] = if rest >= 10 { tens } else { ones };
    if rest >= 10 {
        place[1] = ones;
    }
}

/// The smallest numbers with one digit more than their position; for the first, any number.
const POWERS: [u64; NUMBER] = {
    let mut powers = [0; NUMBER];
    let mut power = 1;
    let mut at = 1;
    while at < NUMBER {
        power *= 10;
        powers[at] = power;
        at += 1;
    }
    powers
};

/// The numbers from 00 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    struct Integer(u64);

    impl Write for Integer {
        fn write(&self, line: &mut impl Line) {
            line.integer(self.0);
            line.byte(b'\n');
        }
    }

    /// A fragment, and the same as text.
    struct Twice<'t>(&'t str, Fragment);

    impl Write for Twice<'_> {
        fn write(&self, line: &mut impl Line) {
            line.fragment(&self.1);
            line.text(self.0.as_bytes());
            line.byte(b'|');
            line.amend(b';');
        }
    }

    fn written(write: impl FnOnce(&mut Writer<'_>)) -> String {
        let mut body = Vec::new();
        write(&mut Writer::new(&mut body));
        String::from_utf8(body).expect("text")
    }

    proptest! {
        #[test]
        fn integers_are_written_as_the_standard_library_does(
            numbers in prop::collection::vec(any::<u64>(), 1000),
            shift in 0..64_u32,
        ) {
            // More than a buffer of them.
            let numbers: Vec<u64> = numbers.into_iter().map(|number| number >> shift).collect();
            let lines = written(|writer| {
                numbers.iter().for_each(|number| writer.line(&Integer(*number)));
            });
            let expected: String = numbers.iter().map(|number| format!("{number}\n")).collect();
            prop_assert_eq!(lines, expected);
        }
    }

    #[test]
    fn powers_of_ten() {
        let near = (0..20).map(|exponent| 10_u64.pow(exponent)).flat_map(|ten| [ten - 1, ten]);
        for number in near.chain([u64::MAX]) {
            assert_eq!(written(|writer| writer.line(&Integer(number))), format!("{number}\n"));
        }
    }

    #[test]
    fn lines_of_any_length_follow_each_other() {
        let mut expected = String::new();
        let lines = written(|writer| {
            for length in (0..100).chain(LINE / 2 - 9..LINE / 2 + 9).chain([LINE, BUFFER, 3]) {
                let text = "abcdefghij".repeat(length / 10 + 1)[..length].to_owned();
                let mut fragment = Fragment::default();
                fragment.push(text.as_bytes());
                writer.line(&Twice(&text, fragment));
                expected = format!("{expected}{text}{text};");
            }
        });
        assert!(lines == expected);
    }
}
