//! Texts between quotes, as Go reads them: those of PromQL and of templates.

use std::ops::Range;

/// What a text says without its quotes, which are there; or where an escape is none.
pub(crate) fn unquoted(written: &str) -> Result<String, Range<usize>> {
    let quote = written.chars().next().unwrap_or_default();
    let inside = &written[1..written.len() - 1];
    if quote == '`' {
        return Ok(inside.to_owned());
    }
    let mut bytes = Vec::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at..];
        let length = escape(rest, quote, &mut bytes).ok_or_else(|| {
            let from = 1 + inside.len() - rest.len();
            from..from + rest.chars().nth(1).map_or(1, |escaped| 1 + escaped.len_utf8())
        })?;
        rest = &rest[length..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    // Single bytes may have been written that are no text; what is matched then is never a label.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Appends what an escape stands for, and returns its length.
fn escape(text: &str, quote: char, bytes: &mut Vec<u8>) -> Option<usize> {
    let code = text.chars().nth(1)?;
    let number = |from: usize, digits: usize, radix: u32| {
        let written = text.get(from..from + digits)?;
        let is_digit = |c: char| c.is_digit(radix);
        written.chars().all(is_digit).then(|| u32::from_str_radix(written, radix).ok()).flatten()
    };
    let simple = match code {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' => b'\\',
        _ if code == quote => quote as u8,
        'x' => {
            bytes.push(number(2, 2, 16)? as u8);
            return Some(4);
        }
        '0'..='7' => {
            bytes.push(u8::try_from(number(1, 3, 8)?).ok()?);
            return Some(4);
        }
        'u' | 'U' => {
            let digits = if code == 'u' { 4 } else { 8 };
            let character = char::from_u32(number(2, digits, 16)?)?;
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(2 + digits);
        }
        _ => return None,
    };
    bytes.push(simple);
    Some(2)
}
