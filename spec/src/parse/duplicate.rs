//! Where a duplicate key stood first.
//!
//! The TOML parser names the second place only; people want both.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// The place before `second` where the same key stands.
pub(super) fn first(root: &DeTable<'_>, text: &str, second: Range<usize>) -> Option<Range<usize>> {
    same_header(text, &second).or_else(|| {
        let mut best = None;
        nearest_before(root, &text[second.clone()], second.start, &mut best);
        best
    })
}

/// Whether a key stands in a table header.
pub(super) fn in_header(text: &str, key: &Range<usize>) -> bool {
    let line_start = text[..key.start].rfind('\n').map_or(0, |at| at + 1);
    text[line_start..].lines().next().and_then(header).is_some()
}

/// An earlier header line with the same words, when the key stands in a header.
///
/// The parser merges both tables and forgets where the first header was.
fn same_header(text: &str, second: &Range<usize>) -> Option<Range<usize>> {
    let line_start = text[..second.start].rfind('\n').map_or(0, |at| at + 1);
    let header = header(text[line_start..].lines().next()?)?;
    let mut at = 0;
    for line in text[..line_start].split_inclusive('\n') {
        if self::header(line) == Some(header) {
            let start = at + (second.start - line_start).min(line.len());
            return Some(start..(start + second.len()).min(at + line.len()));
        }
        at += line.len();
    }
    None
}

/// What stands between the brackets of a table header.
fn header(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix('[')?;
    Some(inner.split(']').next()?.trim())
}

/// The last key of that name before a place, in any table.
fn nearest_before(table: &DeTable<'_>, name: &str, before: usize, best: &mut Option<Range<usize>>) {
    for (key, value) in table.iter() {
        let span = key.span();
        let later = best.as_ref().is_none_or(|best| best.start < span.start);
        if span.start < before && later && key.get_ref().as_ref() == name.trim_matches(['"', '\''])
        {
            *best = Some(span);
        }
        if let DeValue::Table(inner) = value.get_ref() {
            nearest_before(inner, name, before, best);
        }
    }
}
