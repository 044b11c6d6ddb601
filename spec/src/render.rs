//! Diagnostics as text for a person, the way rustc writes them.
//!
//! The derive, the command line and the tests all show this text, so a mistake looks the same
//! wherever it is met.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    AnnotationKind, Element, Group, Level as Title, Origin, Renderer, Snippet,
};

use crate::diagnostic::Diagnostic;
use crate::rule::Level;
use crate::source::{Sources, Span};

/// Whether to use terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// Colours, for a terminal.
    Coloured,
}

/// Renders one diagnostic, without a final newline.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let Diagnostic { rule, level, message, span, label, related, help } = diagnostic;
    let level = match level {
        Level::Error => Title::ERROR,
        Level::Warning => Title::WARNING,
        Level::Info | Level::Allow => Title::INFO,
    };
    // What stands in one line is shown in one excerpt.
    let beside = |other: &Span| {
        other.file == span.file && sources.position(*other).0 == sources.position(*span).0
    };
    let (near, far): (Vec<_>, Vec<_>) = related.iter().partition(|(other, _)| beside(other));
    let mut marks = vec![(AnnotationKind::Primary, *span, &**label)];
    marks.extend(near.into_iter().map(|(span, label)| (AnnotationKind::Context, *span, &**label)));
    let title = level.primary_title(&**message).id(rule.id);
    let mut group: Group<'_> = title.element(excerpt(sources, &marks));
    for (span, label) in far {
        group = group.element(excerpt(sources, &[(AnnotationKind::Context, *span, label)]));
    }
    if let Some(help) = help {
        group = group.element(Title::HELP.message(&**help));
    }
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// Renders all diagnostics, each followed by an empty line.
pub fn render_all(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    diagnostics.iter().map(|diagnostic| render(diagnostic, sources, style) + "\n\n").collect()
}

/// Lines longer than this were written by a program; nobody reads an excerpt of one.
const LONGEST_LINE: usize = 1000;

/// The lines of the first mark, with all marks under them.
///
/// Only these lines are handed to the renderer: it would otherwise walk the whole file for each
/// diagnostic.
fn excerpt<'a>(sources: &'a Sources, marks: &[(AnnotationKind, Span, &'a str)]) -> Element<'a> {
    let span = marks.first().map_or_else(Span::default, |(_, span, _)| *span);
    let source = sources.get(span.file);
    let text = &source.text;
    let start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let end = text[span.end as usize..].find('\n').map_or(text.len(), |at| at + span.end as usize);
    let (line, column) = sources.position(span);
    if end - start > LONGEST_LINE {
        return Origin::path(&*source.shown).line(line).char_column(column).into();
    }
    let annotations = marks.iter().map(|(kind, span, label)| {
        let range = span.start as usize - start..(span.end as usize).min(end) - start;
        let annotation = kind.span(range);
        if label.is_empty() { annotation } else { annotation.label(*label) }
    });
    let snippet = Snippet::source(&text[start..end]).line_start(line).path(&*source.shown);
    snippet.annotations(annotations).into()
}
