//! One file: bytes to text to TOML to its part of the specification.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

use crate::diagnostic::{Diagnostic, Sink};
use crate::language::{INCLUDED, ROOT, Shape};
use crate::source::{Span, Spanned};
use crate::spec::{Spec, Text};
use crate::{disk, rule, source};

use super::duplicate::Duplicates;
use super::table::Table;
use super::{read, walk};

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
        // Includes count from where the file really is, even if a link led there.
        let canonical = disk::canonical(path);
        self.root = canonical.parent().map(Path::to_owned);
        self.seen.push((canonical, None));
        let shown = disk::shown(path);
        match disk::read(path) {
            Ok(bytes) => self.bytes(path, bytes, &ROOT, 0),
            Err(why) => {
                let file = self.spec.sources.add(shown.clone(), path.to_owned(), "");
                let message = format!("cannot read `{shown}`: {why}");
                self.sink.push(Diagnostic::new(&rule::UNREADABLE, Span::new(file, 0..0), message));
            }
        }
    }

    /// Parses a text that may include nothing.
    pub(crate) fn main_text(&mut self, text: &str) {
        self.parse(Path::new(disk::FILE_NAME), text, &ROOT, 0);
    }

    /// Decodes a file and parses its text.
    fn bytes(&mut self, path: &Path, bytes: Vec<u8>, shape: &'static Shape, depth: usize) {
        match String::from_utf8(bytes) {
            Ok(text) => self.parse(path, &text, shape, depth),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
                let at = source::normalised(&before).len();
                let lossy = String::from_utf8_lossy(error.as_bytes());
                let file = self.spec.sources.add(disk::shown(path), path.to_owned(), &lossy);
                let span = Span::new(file, at..at + char::REPLACEMENT_CHARACTER.len_utf8());
                let message = format!("byte {valid} is not UTF-8");
                self.sink.push(
                    Diagnostic::new(&rule::NOT_UTF8, span, message).help("save the file as UTF-8"),
                );
            }
        }
    }

    /// Parses a text along its shape and merges it.
    fn parse(&mut self, path: &Path, text: &str, shape: &'static Shape, depth: usize) {
        let file = self.spec.sources.add(disk::shown(path), path.to_owned(), text);
        let text = self.spec.sources.get(file).text.clone();
        hidden_characters(file, &text, &mut self.sink);
        let (root, errors) = DeTable::parse_recoverable(&text);
        if errors.is_empty() {
            let table = Table::new(root.get_ref(), &text, Span::new(file, 0..0));
            walk::walk(&table, shape, &mut self.sink);
            self.read(path, &table, shape, depth);
        } else {
            syntax_errors(file, &text, errors, root.get_ref(), &mut self.sink);
            // The rest is for the skeleton: what it lacks is no mistake of the user's.
            let text = without_broken_lines(text);
            let (root, _) = DeTable::parse_recoverable(&text);
            let table = Table::new(root.get_ref(), &text, Span::new(file, 0..0));
            self.read(path, &table, shape, depth);
        }
    }

    /// Takes what a file's tables say, and goes on with its includes.
    fn read(&mut self, path: &Path, table: &Table<'_>, shape: &'static Shape, depth: usize) {
        read::merge(table, shape, &mut self.spec, &mut self.sink);
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
        let path = disk::canonical(from).with_file_name(&include.value);
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
        match disk::read(&path) {
            Ok(bytes) => self.bytes(&path, bytes, &INCLUDED, depth + 1),
            Err(why) => self.sink.push(error(format!("cannot read `{}`: {why}", include.value))),
        }
    }
}

/// Reports what a reader of the file could not see: the first of each line.
fn hidden_characters(file: u32, text: &str, sink: &mut Sink) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let mut hidden = line.char_indices().filter(|&(_, character)| is_hidden(character));
        if let Some((column, character)) = hidden.next() {
            let start = at + column;
            let span = Span::new(file, start..start + character.len_utf8());
            let mut diagnostic = hidden_character(character, span);
            let more = hidden.count();
            if more > 0 {
                diagnostic = diagnostic.label(format!("and {more} more in this line"));
            }
            sink.push(diagnostic);
        }
        at += line.len();
    }
}

/// A character that a reader cannot see.
pub(super) fn hidden_character(character: char, span: Span) -> Diagnostic {
    let message = format!("hidden character U+{:04X}", character as u32);
    Diagnostic::new(&rule::HIDDEN_CHARACTER, span, message).help("delete it")
}

/// Whether a character is invisible or changes how others are shown.
pub(super) fn is_hidden(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        // Fillers, joiners, direction marks, separators, and tags.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' => {
            true
        }
        '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' => true,
        '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}' => true,
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
    let duplicates = LazyCell::new(|| Duplicates::new(root, text));
    // Headers that were reported as written twice: below them every key is.
    let mut repeated = HashSet::new();
    for error in errors {
        let range = error.span().unwrap_or(0..0);
        let range = range.start.min(text.len())..range.end.min(text.len());
        let span = Span::new(file, range.clone());
        if error.message() != "duplicate key" {
            if !is_hidden_there(text, &range) {
                sink.push(Diagnostic::new(&rule::SYNTAX, span, error.message()));
            }
            return;
        }
        let header = duplicates.header_of(&range);
        if header.is_some_and(|header| repeated.contains(&header)) {
            continue;
        }
        if duplicates.is_in_header(&range) {
            repeated.extend(header);
        }
        let message = format!("`{}` is written twice", &text[range.clone()]);
        let mut diagnostic =
            Diagnostic::new(&rule::DUPLICATE_KEY, span, message).label("second time");
        if let Some(first) = duplicates.first(&range) {
            diagnostic = diagnostic.related(Span::new(file, first), "first time");
        }
        sink.push(diagnostic);
    }
}

/// Most lines that a skeleton does without.
const MOST_BROKEN: usize = 10;

/// A text whose lines with syntax errors are blank, every other byte at its place.
///
/// The parser loses what follows a broken line; a half-typed line must not cost the derive all
/// metrics below it.
fn without_broken_lines(mut text: String) -> String {
    for _ in 0..MOST_BROKEN {
        let (_, errors) = DeTable::parse_recoverable(&text);
        let Some(error) = errors.iter().find(|error| error.message() != "duplicate key") else {
            break;
        };
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let start = text[..at].rfind('\n').map_or(0, |feed| feed + 1);
        let end = text[at..].find('\n').map_or(text.len(), |feed| at + feed);
        text.replace_range(start..end, &" ".repeat(end - start));
    }
    text
}

/// Whether the place is one that [`hidden_characters`] reports already.
fn is_hidden_there(text: &str, range: &std::ops::Range<usize>) -> bool {
    text[range.start..].chars().next().is_some_and(is_hidden)
}

/// A text of the reader as a [`Text`].
pub(crate) fn text(value: &str, span: Span) -> Text {
    Spanned::new(value.to_owned(), span)
}
