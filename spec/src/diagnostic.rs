//! What is wrong, where, and what to write instead.

use crate::rule::{Level, Rule};
use crate::source::Span;

/// One mistake or one piece of advice.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The rule that found it, with its stable id.
    pub rule: &'static Rule,
    /// How bad it is here: the rule's level, or the one that `[lints]` sets.
    pub level: Level,
    /// What is wrong, in one line: lower case, no full stop, names in backticks.
    pub message: String,
    /// The smallest piece of text that is wrong.
    pub span: Span,
    /// What is wrong right there, beside the caret; may be empty.
    pub label: String,
    /// Other places that belong to it, such as the first of two duplicates.
    pub related: Vec<(Span, String)>,
    /// What to type instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic of a rule at a place.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
        }
    }

    /// Says what is wrong right at the caret.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to type instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says what to type instead, where that is known.
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = self.help.or(help);
        self
    }

    /// Names another place.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }
}

/// Collects every mistake of a stage, so that the user sees all of them at once.
#[derive(Debug, Default)]
pub struct Sink {
    found: Vec<Diagnostic>,
}

impl Sink {
    /// Takes a diagnostic.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Whether anything found so far is an error.
    pub fn has_errors(&self) -> bool {
        self.found.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }

    /// Everything found, in source order.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.found.sort_by_key(|diagnostic| diagnostic.span);
        self.found
    }

    /// Everything found, in the order of finding.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Diagnostic> {
        self.found.iter_mut()
    }

    /// Keeps what a predicate wants.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.found.retain(keep);
    }
}
