//! Where a piece of a text stands in its file, through every way in which TOML writes texts.
//!
//! Quotes come once or three times, single or double. After three quotes a line feed is left out;
//! between double quotes there are escapes, and between three of them a backslash at the end of a
//! line leaves out all white space up to the next text.

use std::ops::Range;

use crate::source::{Sources, Span};

impl Sources {
    /// The place of a piece of a text's value, given where the text stands between its quotes.
    ///
    /// What an escape stands for is placed at the whole escape. A piece that is not within the text
    /// is placed at all of it.
    pub fn piece(&self, whole: Span, piece: Range<usize>) -> Span {
        let file = &self.get(whole.file).text;
        let (Some(before), Some(written)) =
            (file.get(..whole.start as usize), file.get(whole.range()))
        else {
            return whole;
        };
        let pieces = Pieces::new(before, written);
        let (mut start, mut end) = (None, None);
        // Bytes of the value so far, each piece of it with the bytes that it is written as.
        let mut value = 0;
        for (at, length, bytes) in pieces {
            if start.is_none() && piece.start < value + bytes {
                let inside = if length == bytes { piece.start - value } else { 0 };
                start = Some(at + inside);
            }
            if start.is_some() && piece.end <= value + bytes {
                let inside = if length == bytes { piece.end.saturating_sub(value) } else { length };
                end = Some(at + inside);
                break;
            }
            value += bytes;
        }
        let last = (piece.start == value).then_some(written.len());
        let (Some(start), Some(end)) = (start.or(last), end.or(last)) else { return whole };
        let from = whole.start as usize;
        Span::new(whole.file, from + start..from + end.max(start))
    }
}

/// The parts of a text: where each is written, how long that is, and how many bytes it stands for.
struct Pieces<'t> {
    written: &'t str,
    at: usize,
    has_escapes: bool,
    is_long: bool,
}

impl<'t> Pieces<'t> {
    fn new(before: &str, written: &'t str) -> Self {
        let has_escapes = before.ends_with('"');
        let is_long = before.ends_with("\"\"\"") || before.ends_with("'''");
        let at = usize::from(is_long && written.starts_with('\n'));
        Self { written, at, has_escapes, is_long }
    }

    /// How long an escape is, and how many bytes it stands for.
    fn escape(&self) -> (usize, usize) {
        let rest = &self.written[self.at..];
        let digits = |length: usize| {
            let number = rest.get(2..2 + length).and_then(|hex| u32::from_str_radix(hex, 16).ok());
            (2 + length, number.and_then(char::from_u32).map_or(1, char::len_utf8))
        };
        match rest.as_bytes().get(1) {
            Some(b'x') => digits(2),
            Some(b'u') => digits(4),
            Some(b'U') => digits(8),
            Some(b' ' | b'\t' | b'\n') if self.is_long => {
                let text = rest[1..].trim_start_matches([' ', '\t', '\n']);
                (rest.len() - text.len(), 0)
            }
            _ => (2.min(rest.len()), 1),
        }
    }
}

impl Iterator for Pieces<'_> {
    type Item = (usize, usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.written.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let (length, bytes) = match rest.find('\\').filter(|_| self.has_escapes) {
            Some(0) => self.escape(),
            Some(plain) => (plain, plain),
            None => (rest.len(), rest.len()),
        };
        self.at += length;
        Some((start, length, bytes))
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Finds each word of a text's value, and compares what is written there.
    fn check(written: &str, expected: &[(&str, &str)]) {
        let text = format!("expr = {written}\n");
        let document: toml::Table = text.parse().expect("TOML");
        let value = document["expr"].as_str().expect("a text");
        let quotes =
            if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
        let mut sources = Sources::default();
        let file = sources.add("metrics.toml".to_owned(), PathBuf::new(), &text);
        let start = "expr = ".len() + quotes;
        let whole = Span::new(file, start..text.len() - 1 - quotes);
        for (piece, place) in expected {
            let at = value.find(piece).unwrap_or_else(|| panic!("{value:?} has no {piece:?}"));
            let span = sources.piece(whole, at..at + piece.len());
            assert_eq!(sources.text(span), *place, "{written}");
        }
    }

    #[test]
    fn pieces_are_found_in_every_kind_of_text() {
        check("\"rate(up[5m])\"", &[("rate", "rate"), ("up", "up"), ("])", "])")]);
        check("'up{job=\"a\"}'", &[("job", "job"), ("\"a\"", "\"a\"")]);
        check(r#""up{job=\"a\"} > 1""#, &[("\"a\"", "\\\"a\\\""), ("> 1", "> 1"), ("job", "job")]);
        check("\"\"\"\nup{job=\"a\"}\n  > 1\n\"\"\"", &[("up", "up"), ("> 1", "> 1")]);
        check("'''\nup == 0'''", &[("up", "up"), ("0", "0")]);
        check("'''up == 0'''", &[("up", "up")]);
        check("\"\"\"\nup \\\n   == 0 \\  \n\n and up\"\"\"", &[("== 0", "== 0"), ("and", "and")]);
        check(
            r#""\u0061bc\U0001F600 \x64e\t> 1""#,
            &[("abc", "\\u0061bc"), ("😀", "\\U0001F600"), ("de", "\\x64e"), ("> 1", "> 1")],
        );
        check("\"größer > 1\"", &[("größer", "größer"), ("> 1", "> 1")]);
    }

    #[test]
    fn what_is_not_within_is_all_of_it() {
        let mut sources = Sources::default();
        let file = sources.add("metrics.toml".to_owned(), PathBuf::new(), "expr = \"up\"\n");
        let whole = Span::new(file, 8..10);
        assert_eq!(sources.piece(whole, 2..2), Span::new(file, 10..10));
        assert_eq!(sources.piece(whole, 0..3), whole);
        assert_eq!(sources.piece(whole, 7..9), whole);
    }
}
