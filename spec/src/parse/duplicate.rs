//! Where a duplicate key stood first.
//!
//! The TOML parser names the second place only, and merges tables whose headers stand twice;
//! people want both places, and one finding for one mistake.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// The keys and headers of a file, indexed when its first duplicate is met.
pub(super) struct Duplicates<'a> {
    text: &'a str,
    /// Lines that open a table, in order: where they start, and what stands in the brackets.
    headers: Vec<(usize, &'a str)>,
    /// The first line of each header.
    first_headers: HashMap<&'a str, usize>,
    /// Places of each key, in order.
    keys: HashMap<String, Vec<Place>>,
}

/// Where a key stands.
struct Place {
    key: Range<usize>,
    /// The inline table around it, if there is one.
    around: Option<Range<usize>>,
}

impl<'a> Duplicates<'a> {
    pub(super) fn new(root: &DeTable<'_>, text: &'a str) -> Self {
        let mut headers = Vec::new();
        let mut first_headers = HashMap::new();
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            if let Some(header) = header(line) {
                headers.push((at, header));
                first_headers.entry(header).or_insert(at);
            }
            at += line.len();
        }
        let mut keys: HashMap<_, Vec<Place>> = HashMap::new();
        collect(root, None, text, &mut keys);
        for places in keys.values_mut() {
            places.sort_by_key(|place| place.key.start);
        }
        Self { text, headers, first_headers, keys }
    }

    /// Where the line of the header above a key starts.
    pub(super) fn header_of(&self, key: &Range<usize>) -> Option<usize> {
        self.section(key.start).map(|(start, _)| start)
    }

    /// The place before `second` where the same key stands.
    pub(super) fn first(&self, second: &Range<usize>) -> Option<Range<usize>> {
        let name = self.text[second.clone()].trim_matches(['"', '\'']);
        if let Some((start, header)) =
            self.section(second.start).filter(|_| self.is_in_header(second))
        {
            let first = *self.first_headers.get(header).filter(|&&first| first < start)?;
            let line = self.text[first..].lines().next()?;
            let at = first + line.rfind(name)?;
            return Some(at..at + name.len());
        }
        let section = self.section(second.start);
        let earlier =
            self.keys.get(name)?.iter().rev().filter(|place| place.key.start < second.start);
        // Only the nearest few can be in the same table.
        let mut candidates = earlier.take(64).filter(|place| {
            let same_table =
                place.around.as_ref().is_none_or(|around| around.contains(&second.start));
            same_table && self.section(place.key.start) == section
        });
        candidates.next().map(|place| place.key.clone())
    }

    /// The header above a place.
    fn section(&self, at: usize) -> Option<(usize, &'a str)> {
        let above = self.headers.partition_point(|&(start, _)| start <= at);
        above.checked_sub(1).map(|last| self.headers[last])
    }

    /// Whether a key stands in a header itself.
    pub(super) fn is_in_header(&self, key: &Range<usize>) -> bool {
        self.section(key.start)
            .is_some_and(|(start, _)| !self.text[start..key.start].contains('\n'))
    }
}

/// What stands between the brackets of a table header.
fn header(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix('[')?;
    Some(inner.split(']').next()?.trim())
}

/// Every key of a table and the tables in it.
fn collect(
    table: &DeTable<'_>,
    around: Option<&Range<usize>>,
    text: &str,
    keys: &mut HashMap<String, Vec<Place>>,
) {
    for (key, value) in table.iter() {
        keys.entry(key.get_ref().to_string())
            .or_default()
            .push(Place { key: key.span(), around: around.cloned() });
        if let DeValue::Table(inner) = value.get_ref() {
            let inline = text[value.span()].starts_with('{').then(|| value.span());
            collect(inner, inline.as_ref().or(around), text, keys);
        }
    }
}
