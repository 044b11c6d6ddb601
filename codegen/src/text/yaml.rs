//! Scalars in YAML that every reader, of YAML 1.1 or 1.2, takes for the same string.
//!
//! A YAML library is not worth its weight here: rule files are lists of maps of strings. Quoting
//! every scalar leaves no room for `yes`, `1e3`, `12:30:00` or `~` to become something else.

use std::fmt::Write as _;

/// A double-quoted scalar, escaped the way JSON does it.
///
/// Beyond JSON's own escapes, whatever YAML 1.1 takes for a line break or cannot print is escaped
/// too.
pub(crate) fn quoted(text: &str) -> String {
    let is_escaped = |character: char| matches!(character, '"' | '\\') || !is_printable(character);
    let mut scalar = String::with_capacity(text.len() + 2);
    scalar.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(is_escaped) {
        scalar.push_str(&rest[..at]);
        let mut left = rest[at..].chars();
        match left.next() {
            Some('"') => scalar.push_str("\\\""),
            Some('\\') => scalar.push_str("\\\\"),
            Some('\n') => scalar.push_str("\\n"),
            Some('\t') => scalar.push_str("\\t"),
            Some('\r') => scalar.push_str("\\r"),
            // Writing to a string cannot fail.
            Some(hidden) => _ = write!(scalar, "\\u{:04x}", hidden as u32),
            None => {}
        }
        rest = left.as_str();
    }
    scalar.push_str(rest);
    scalar.push('"');
    scalar
}

/// A text of several lines as a literal block, indented by `indent`; one of a single line quoted.
///
/// Reviewers read expressions in diffs, so their lines are kept where the block can hold them.
pub(crate) fn block(text: &str, indent: usize) -> String {
    let fits =
        |line: &str| line.chars().all(|character| is_printable(character) || character == '\t');
    let plain_start = text.starts_with(|first: char| !first.is_whitespace());
    if !text.contains('\n') || !plain_start || text.ends_with('\n') || !text.split('\n').all(fits) {
        return quoted(text);
    }
    let mut block = String::from("|-");
    for line in text.split('\n') {
        block.push('\n');
        if !line.is_empty() {
            block.extend(std::iter::repeat_n(' ', indent));
            block.push_str(line);
        }
    }
    block
}

/// Whether YAML 1.1 lets a character stand for itself on a line.
fn is_printable(character: char) -> bool {
    !matches!(
        character,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traps_are_strings() {
        for trap in [
            "yes", "1e3", "0x1F", "12:30:00", "~", "=", "<<", "@a", "%a", "- a", "a: b #c",
            "{{ x }}", "${x}",
        ] {
            assert_eq!(quoted(trap), format!("\"{trap}\""));
        }
    }

    #[test]
    fn specials_are_escaped() {
        assert_eq!(quoted("a\"b\\c\nd\te\rf"), r#""a\"b\\c\nd\te\rf""#);
        assert_eq!(quoted("\0\u{85}\u{2028}\u{feff}é😀"), "\"\\u0000\\u0085\\u2028\\ufeffé😀\"");
    }

    #[test]
    fn lines_become_a_block() {
        assert_eq!(block("a > 1", 4), "\"a > 1\"");
        assert_eq!(block("a\n\n  > 1", 4), "|-\n    a\n\n      > 1");
    }

    #[test]
    fn what_a_block_cannot_hold_is_quoted() {
        assert_eq!(block(" a\nb", 4), r#"" a\nb""#);
        assert_eq!(block("a\nb\n", 4), r#""a\nb\n""#);
        assert_eq!(block("a\u{85}\nb", 4), r#""a\u0085\nb""#);
    }
}
