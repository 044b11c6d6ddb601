//! Texts, characters and numbers, by Go's rules.

use std::ops::Range;

use super::Result;
use crate::template::Failure;
use crate::template::syntax::Term;
use crate::text::quoted::unquoted;

/// What a text between quotes says.
pub(super) fn text(template: &str, place: Range<usize>) -> Result<String> {
    unquoted(&template[place.clone()]).map_err(|wrong| {
        let wrong = place.start + wrong.start..place.start + wrong.end;
        Failure::refused(wrong, "no escape sequence begins like this")
            .help("write `\\\\` for a backslash")
    })
}

/// The number of a character.
pub(super) fn character(template: &str, place: Range<usize>) -> Result<Term> {
    let text = text(template, place.clone())?;
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) => Ok(Term::Integer(i64::from(u32::from(character)))),
        _ => Err(Failure::refused(place, "single quotes hold one character, and yield its number")
            .help("write a text between double quotes")),
    }
}

/// A number, whole unless it has a point or an exponent.
pub(super) fn number(template: &str, place: Range<usize>) -> Result<Term> {
    let written = &template[place.clone()];
    read(written).ok_or_else(|| {
        Failure::refused(place, format!("`{written}` is no number"))
            .help("write it as `1` or `1.5`")
    })
}

fn read(written: &str) -> Option<Term> {
    if let Some(imaginary) = written.strip_suffix('i') {
        return read(imaginary).map(|_| Term::Odd);
    }
    let unsigned = written.strip_prefix(['+', '-']).unwrap_or(written);
    let sign = if written.starts_with('-') { "-" } else { "" };
    let lower = unsigned.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'0'..=b'9' | b'_', ..] if !lower.contains(['.', 'e']) => (8, &lower[1..]),
        _ => (10, &*lower),
    };
    let digits = separated(digits, radix != 10)?;
    if radix == 10 && digits.contains(['.', 'e']) {
        let number: f64 = format!("{sign}{digits}").parse().ok()?;
        return number.is_finite().then_some(Term::Float(number));
    }
    // Hexadecimal fractions are not reproduced.
    if radix == 16
        && let Some((mantissa, exponent)) = digits.split_once('p')
    {
        let mantissa = mantissa.replacen('.', "", 1);
        let is_number = !mantissa.is_empty() && mantissa.chars().all(|c| c.is_ascii_hexdigit());
        return (is_number && exponent.parse::<i32>().is_ok()).then_some(Term::Odd);
    }
    if !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let integer = i64::from_str_radix(&format!("{sign}{digits}"), radix);
    integer.map(Term::Integer).ok().or_else(|| {
        let number = u64::from_str_radix(&digits, radix).ok()?;
        (sign.is_empty() && number > i64::MAX as u64).then_some(Term::Odd)
    })
}

/// Digits without the underscores between them, which may also follow a prefix.
fn separated(digits: &str, has_prefix: bool) -> Option<String> {
    let bytes = digits.as_bytes();
    let is_digit = |at: Option<usize>| {
        let byte = at.and_then(|at| bytes.get(at));
        byte.is_some_and(u8::is_ascii_alphanumeric)
    };
    let is_between = |at: usize| {
        (is_digit(at.checked_sub(1)) || at == 0 && has_prefix) && is_digit(Some(at + 1))
    };
    let mut underscores = digits.match_indices('_');
    underscores.all(|(at, _)| is_between(at)).then(|| digits.replace('_', ""))
}
