//! Texts and places in them: what every later stage points at.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// Every file of a specification: the main one first, then what it includes.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// One file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The path as shown in diagnostics, relative to where the tool was started where possible.
    pub shown: String,
    /// The path on disk; empty for a text that never was a file.
    pub path: PathBuf,
    /// The text, without a byte order mark and with line feeds only.
    pub text: String,
    /// Where each line starts, so that finding a line does not read the file again.
    line_starts: Vec<u32>,
}

/// A piece of one file's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// Which file, as an index into [`Sources`].
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl Sources {
    /// Adds a file and returns its number.
    ///
    /// Carriage returns before line feeds are dropped, so that a Windows checkout generates the
    /// same bytes.
    pub fn add(&mut self, shown: String, path: PathBuf, text: &str) -> u32 {
        let text = normalised(text);
        let after_feeds = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let line_starts = std::iter::once(0).chain(after_feeds).collect();
        self.files.push(Source { shown, path, text, line_starts });
        (self.files.len() - 1) as u32
    }

    /// The file of a number that [`Self::add`] returned.
    pub fn get(&self, file: u32) -> &Source {
        &self.files[file as usize]
    }

    /// The paths on disk of all files, main file first.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| &*file.path)
    }

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a span's start, both counted from one, the column in characters.
    pub fn position(&self, span: Span) -> (usize, usize) {
        let Source { text, line_starts, .. } = self.get(span.file);
        let line = line_starts.partition_point(|&start| start <= span.start);
        let line_start = line_starts[line - 1] as usize;
        (line, text[line_start..span.start as usize].chars().count() + 1)
    }
}

/// A text without a byte order mark, and with line feeds only.
pub(crate) fn normalised(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

impl Span {
    /// A span in a file.
    pub fn new(file: u32, range: Range<usize>) -> Self {
        Self { file, start: range.start as u32, end: range.end as u32 }
    }

    /// The bytes it covers.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl<T> Spanned<T> {
    /// A value at a place.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }

    /// The same place, with a value made from this one.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: make(self.value), span: self.span }
    }
}

impl<T> std::ops::Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
