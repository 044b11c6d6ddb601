//! One file: bytes to text to TOML to its part of the specification.

use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::diagnostic::{Diagnostic, Sink};
use crate::language::{INCLUDED, ROOT, Shape};
use crate::source::{Span, Spanned};
use crate::spec::{Spec, Text};
use crate::{disk, rule};

use super::table::Table;
use super::{duplicate, read, walk};

/// Deepest chain of includes; nobody means more.
const DEEPEST: usize = 16;

/// Reads files and merges them into one specification.
#[derive(Default)]
pub(crate) struct Parser {
    pub spec: Spec,
    pub sink: Sink,
    /// Folder of the main file: includes may not leave it.
    root: Option<PathBuf>,
    /// Every file so far, in its canonical spelling, with the include that named it.
    seen: Vec<(PathBuf, Option<Span>)>,
}

impl Parser {
    /// Parses the main file.
    pub(crate) fn main_file(&mut self, path: &Path) {
        let canonical = disk::canonical(path);
        self.root = canonical.parent().map(Path::to_owned);
        self.seen.push((canonical, None));
        match self.text(path) {
            Ok(text) => self.parse(path, &text, &ROOT, 0),
            Err(why) => {
                let file = self.spec.sources.add(disk::shown(path), path.to_owned(), "");
                let place = Span::new(file, 0..0);
                let message = format!("cannot read `{}`: {why}", disk::shown(path));
                self.sink.push(Diagnostic::new(&rule::UNREADABLE, place, message));
            }
        }
    }

    /// Parses a text that may include nothing.
    pub(crate) fn main_text(&mut self, text: &str) {
        self.parse(Path::new(disk::FILE_NAME), text, &ROOT, 0);
    }

    /// Reads and decodes a file.
    fn text(&self, path: &Path) -> Result<String, String> {
        let bytes = disk::read(path)?;
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
            format!("byte {at}, in line {line}, is not UTF-8")
        })
    }

    /// Parses a text along its shape and merges it.
    fn parse(&mut self, path: &Path, text: &str, shape: &'static Shape, depth: usize) {
        let file = self.spec.sources.add(disk::shown(path), path.to_owned(), text);
        let text = self.spec.sources.get(file).text.clone();
        hidden_characters(file, &text, &mut self.sink);
        let (root, errors) = DeTable::parse_recoverable(&text);
        let well_formed = errors.is_empty();
        syntax_errors(file, &text, errors, root.get_ref(), &mut self.sink);
        let table = Table::new(root.get_ref(), &text, Span::new(file, 0..0));
        // What a syntax error left over is no mistake of the user's.
        match well_formed {
            true => walk::walk(&table, shape, &mut self.sink),
            false => walk::walk(&table, shape, &mut Sink::default()),
        }
        read::merge(&table, shape, &mut self.spec, &mut self.sink);
        for include in table.texts("include") {
            self.include(path, &include, depth);
        }
    }

    /// Parses a file that another one includes.
    fn include(&mut self, from: &Path, include: &Text, depth: usize) {
        let error = |message: String| Diagnostic::new(&rule::INCLUDE, include.span, message);
        let Some(root) = &self.root else {
            return self.sink.push(error("a text without a file cannot include files".to_owned()));
        };
        let path = from.parent().unwrap_or(Path::new("")).join(&include.value);
        let canonical = disk::canonical(&path);
        if !canonical.starts_with(root) {
            let help = format!("move it below `{}`", disk::shown(root));
            return self.sink.push(
                error(format!("`{}` lies outside the specification's folder", include.value))
                    .help(help),
            );
        }
        if let Some((_, first)) = self.seen.iter().find(|(seen, _)| *seen == canonical) {
            let diagnostic = match first {
                Some(first) => error(format!("`{}` is included twice", include.value))
                    .related(*first, "first here"),
                None => error(format!(
                    "`{}` includes itself, directly or through others",
                    include.value
                )),
            };
            return self.sink.push(diagnostic);
        }
        if depth >= DEEPEST {
            return self.sink.push(error(format!("includes are nested more than {DEEPEST} deep")));
        }
        self.seen.push((canonical, Some(include.span)));
        match self.text(&path) {
            Ok(text) => self.parse(&path, &text, &INCLUDED, depth + 1),
            Err(why) => self.sink.push(error(format!("cannot read `{}`: {why}", include.value))),
        }
    }
}

/// Reports what a reader of the file could not see.
fn hidden_characters(file: u32, text: &str, sink: &mut Sink) {
    for (at, character) in text.char_indices().filter(|&(_, c)| is_hidden(c)) {
        let span = Span::new(file, at..at + character.len_utf8());
        let message = format!("hidden character U+{:04X}", character as u32);
        sink.push(Diagnostic::new(&rule::HIDDEN_CHARACTER, span, message).help("delete it"));
    }
}

/// Whether a character is invisible or changes how others are shown.
pub(crate) fn is_hidden(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => {
            true
        }
        '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        other => other.is_control(),
    }
}

/// Reports the first syntax error, and the duplicate keys before it.
///
/// What follows a syntax error is guesswork of the recovery, not the user's mistakes.
fn syntax_errors(
    file: u32,
    text: &str,
    errors: Vec<toml::de::Error>,
    root: &DeTable<'_>,
    sink: &mut Sink,
) {
    let mut repeated_header = None;
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let range = range.start.min(text.len())..range.end.min(text.len());
        let span = Span::new(file, range.clone());
        if error.message() == "duplicate key" {
            // Below a header that stands twice, every key does.
            if repeated_header.is_some_and(|header| !text[header..range.start].contains("\n[")) {
                continue;
            }
            if duplicate::in_header(text, &range) {
                repeated_header = Some(range.start);
            }
            let name = &text[range.clone()];
            let mut diagnostic =
                Diagnostic::new(&rule::DUPLICATE_KEY, span, format!("`{name}` is written twice"))
                    .label("second time");
            if let Some(first) = duplicate::first(root, text, range) {
                diagnostic = diagnostic.related(Span::new(file, first), "first time");
            }
            sink.push(diagnostic);
        } else if !is_hidden_there(text, &range) {
            sink.push(Diagnostic::new(&rule::SYNTAX, span, error.message()));
            return;
        } else {
            return;
        }
    }
}

/// Whether the place is one that [`hidden_characters`] reports already.
fn is_hidden_there(text: &str, range: &std::ops::Range<usize>) -> bool {
    text[range.start..].chars().next().is_some_and(is_hidden)
}

/// A text of the reader as a [`Text`].
pub(crate) fn text(value: &str, span: Span) -> Text {
    Spanned::new(value.to_owned(), span)
}
