//! The wire format of protocol buffers, as much of it as metrics need.
//!
//! A body is one buffer: a nested message is written in place and its length patched in afterwards.
//! Every field number here is below 16, so that a field's tag is one byte.

/// Appends a field of type `int32`, `uint32`, `uint64` or of an enum.
#[inline]
pub(crate) fn unsigned(body: &mut Vec<u8>, field: u8, value: u64) {
    body.push(tag(field, VARINT));
    varint(body, value);
}

/// Appends a field of type `sint32` or `sint64`.
#[inline]
pub(crate) fn signed(body: &mut Vec<u8>, field: u8, value: i64) {
    unsigned(body, field, zigzag(value));
}

/// Appends a field of type `double`.
#[inline]
pub(crate) fn double(body: &mut Vec<u8>, field: u8, value: f64) {
    let mut bytes = [tag(field, FIXED_64); 9];
    bytes[1..].copy_from_slice(&value.to_le_bytes());
    body.extend_from_slice(&bytes);
}

/// Appends a message of nothing but one `double`.
#[inline]
pub(crate) fn double_in_message(body: &mut Vec<u8>, outer: u8, inner: u8, value: f64) {
    let [a, b, c, d, e, f, g, h] = value.to_le_bytes();
    body.extend_from_slice(&[tag(outer, LENGTH), 9, tag(inner, FIXED_64), a, b, c, d, e, f, g, h]);
}

/// Appends a field of type `string`.
#[inline]
pub(crate) fn string(body: &mut Vec<u8>, field: u8, text: &str) {
    match u8::try_from(text.len()) {
        Ok(length @ 0..0x80) => body.extend_from_slice(&[tag(field, LENGTH), length]),
        _ => long(body, field, text.len()),
    }
    body.extend_from_slice(text.as_bytes());
}

/// Appends a field that is a message, or any other run of bytes that `write` appends.
#[inline]
pub(crate) fn message(body: &mut Vec<u8>, field: u8, write: impl FnOnce(&mut Vec<u8>)) {
    // One byte is enough for most: tag and length are one write.
    let start = body.len() + 1;
    body.extend_from_slice(&[tag(field, LENGTH), 0]);
    write(body);
    finish(body, start);
}

/// Appends one message of a stream, behind its length.
///
/// `write` returns how many bytes of it somebody has taken out meanwhile.
///
/// The length is padded to five bytes, which every decoder reads and which are enough for all: to move
/// millions of bytes by three, for the sake of a shorter length, would cost as much as copying the
/// whole body.
pub(crate) fn delimited(body: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> usize) {
    let start = body.len();
    body.extend_from_slice(&[0; 5]);
    let taken = write(body);
    let length = body.len() - start - 5 + taken;
    pad(&mut body[start..start + 5], length);
}

/// Appends a number in groups of seven bits, the lowest first.
#[inline]
pub(crate) fn varint(body: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        body.push(value as u8 | 0x80);
        value >>= 7;
    }
    body.push(value as u8);
}

/// Maps the integers closest to zero to the smallest numbers: 0, -1, 1, -2, …
#[inline]
pub(crate) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)) as u64
}

const VARINT: u8 = 0;
const FIXED_64: u8 = 1;
const LENGTH: u8 = 2;

const fn tag(field: u8, wire_type: u8) -> u8 {
    debug_assert!(field > 0 && field < 16, "its tag takes more than a byte");
    field << 3 | wire_type
}

#[cold]
fn long(body: &mut Vec<u8>, field: u8, length: usize) {
    body.push(tag(field, LENGTH));
    varint(body, length as u64);
}

/// Writes the length of everything after the byte that was set aside for it.
#[inline]
fn finish(body: &mut Vec<u8>, start: usize) {
    let end = body.len();
    let length = end - start - 1;
    if length < 0x80 {
        body[start] = length as u8;
    } else {
        let width = (length.ilog2() / 7 + 1) as usize;
        body.resize(end + width - 1, 0);
        body.copy_within(start + 1..end, start + width);
        pad(&mut body[start..start + width], length);
    }
}

/// Writes a number over all of the bytes, however few it needs.
#[inline]
fn pad(bytes: &mut [u8], number: usize) {
    let last = bytes.len() - 1;
    for (place, byte) in bytes.iter_mut().enumerate() {
        let more = if place < last { 0x80 } else { 0 };
        *byte = (number >> (7 * place)) as u8 & 0x7f | more;
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn check(write: impl FnOnce(&mut Vec<u8>), drawn: &[u8]) {
        let mut body = b"before".to_vec();
        write(&mut body);
        assert_eq!(body, [b"before", drawn].concat());
    }

    #[test]
    fn numbers() {
        check(|body| unsigned(body, 1, 0), b"\x08\x00");
        check(|body| unsigned(body, 2, 300), b"\x10\xac\x02");
        check(|body| unsigned(body, 15, u64::MAX), b"\x78\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
        check(|body| signed(body, 5, -1), b"\x28\x01");
        check(|body| signed(body, 5, 1), b"\x28\x02");
        check(|body| signed(body, 5, i64::MIN), b"\x28\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
        check(|body| double(body, 2, 1.5), b"\x11\0\0\0\0\0\0\xf8\x3f");
    }

    #[test]
    fn texts() {
        check(|body| string(body, 1, ""), b"\x0a\x00");
        check(|body| string(body, 1, "née"), b"\x0a\x04n\xc3\xa9e");
        let long = "x".repeat(128);
        check(|body| string(body, 1, &long), &[b"\x0a\x80\x01", long.as_bytes()].concat());
    }

    #[test]
    fn messages_are_as_long_as_they_say() {
        check(|body| message(body, 4, |_| {}), b"\x22\x00");
        check(|body| message(body, 4, |body| string(body, 1, "a")), b"\x22\x03\x0a\x01a");
        for (length, prefix) in [
            (127, &b"\x7f"[..]),
            (128, b"\x80\x01"),
            (16_383, b"\xff\x7f"),
            (16_384, b"\x80\x80\x01"),
        ] {
            let text: Vec<u8> = (0..length).map(|at| at as u8).collect();
            check(
                |body| message(body, 4, |body| body.extend_from_slice(&text)),
                &[b"\x22", prefix, &text].concat(),
            );
        }
    }

    #[test]
    fn a_message_of_a_stream_has_a_padded_length() {
        let sevens = |body: &mut Vec<u8>, number| body.resize(body.len() + number, 7);
        check(
            |body| {
                delimited(body, |body| {
                    sevens(body, 1);
                    0
                });
            },
            b"\x81\x80\x80\x80\x00\x07",
        );
        // Of 310 bytes, ten have been taken out.
        check(
            |body| {
                delimited(body, |body| {
                    sevens(body, 300);
                    10
                });
            },
            &[&b"\xb6\x82\x80\x80\x00"[..], &[7; 300]].concat(),
        );
    }
}
