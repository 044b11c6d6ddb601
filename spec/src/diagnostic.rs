//! What is wrong, where, and what to write instead.

use std::cmp::Reverse;

use crate::rule::{self, Level, Rule};
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

/// Most findings that are shown: whoever has more has one mistake at the root of them.
const MOST: usize = 1000;

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

    /// How many findings there are.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Everything found, in source order; of a flood, the beginning.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        let mut rest = Vec::new();
        if self.found.len() > MOST {
            // What refuses the specification is not left out for what only warns.
            self.found.sort_by_key(|diagnostic| (Reverse(diagnostic.level), diagnostic.span));
            rest = self.found.split_off(MOST);
        }
        self.found.sort_by_key(|diagnostic| diagnostic.span);
        if let Some(first) = rest.first() {
            let message = format!("{} more findings are not shown", rest.len());
            self.found.push(Diagnostic::new(&rule::TOO_MANY, first.span, message));
        }
        self.found
    }
}
