//! Where findings go: errors as they are, lints at the level that the specification gives them.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Sink};
use crate::rule::{self, Level, Rule};
use crate::source::Span;
use crate::spec::{Allow, Spec};
use crate::suggest::{did_you_mean, nearest};

/// Findings of the checks, with the levels and exceptions that the specification asks for.
pub(crate) struct Report<'a> {
    pub sink: Sink,
    levels: HashMap<&'a str, Level>,
    /// Places of the allows that kept something silent.
    used: HashSet<Span>,
    /// How many times a nearest name may still be looked for: of a thousand unknown names nobody
    /// reads a thousand suggestions, and each costs a walk through all known ones.
    suggestions: usize,
}

impl<'a> Report<'a> {
    /// An empty report with the levels of `[lints]`.
    pub(crate) fn new(spec: &'a Spec) -> Self {
        let mut sink = Sink::default();
        let mut levels = HashMap::new();
        for (lint, level) in &spec.lints {
            known(&lint.value, lint.span, &mut sink);
            levels.insert(&*lint.value, Level::from_word(level).unwrap_or(Level::Error));
        }
        Self { sink, levels, used: HashSet::new(), suggestions: 100 }
    }

    /// Takes a finding that cannot be allowed.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// Takes the finding of an adjustable rule about an item with its allows.
    pub(crate) fn lint(&mut self, allows: &[Allow], mut diagnostic: Diagnostic) {
        let rule = diagnostic.rule;
        if let Some(allow) = allows.iter().find(|allow| allow.lint.value == rule.id) {
            self.used.insert(allow.lint.span);
            return;
        }
        diagnostic.level = self.level(rule);
        if diagnostic.level > Level::Allow {
            self.push(diagnostic);
        }
    }

    /// The nearest known name, as long as there are few unknown ones.
    pub(crate) fn nearest<'k>(
        &mut self,
        word: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) -> Option<&'k str> {
        self.suggestions = self.suggestions.checked_sub(1)?;
        nearest(word, known)
    }

    /// The level of an adjustable rule.
    pub(crate) fn level(&self, rule: &Rule) -> Level {
        self.levels.get(rule.id).copied().unwrap_or(rule.level)
    }

    /// The levels that `[lints]` sets.
    pub(crate) fn levels(&self) -> HashMap<String, Level> {
        self.levels.iter().map(|(lint, level)| ((*lint).to_owned(), *level)).collect()
    }

    /// Reports allows that name no lint.
    pub(crate) fn unknown_allows(&mut self, spec: &Spec) {
        for Allow { lint, .. } in allows(spec) {
            known(&lint.value, lint.span, &mut self.sink);
        }
    }

    /// Reports allows that kept nothing silent.
    pub(crate) fn unused_allows(&mut self, spec: &Spec) {
        for Allow { lint, .. } in allows(spec) {
            // Whether a metric is recorded is rustc's to say; the derive forwards this allow. What
            // expressions mean is the query checker's.
            let elsewhere = lint.value == rule::UNRECORDED.id
                || rule::QUERIES.iter().any(|rule| rule.id == lint.value);
            if !self.used.contains(&lint.span) && !elsewhere {
                let message = format!("nothing here needs `{}` to be allowed", lint.value);
                let diagnostic = Diagnostic::new(&rule::UNUSED_ALLOW, lint.span, message);
                self.push(diagnostic.help("delete this entry"));
            }
        }
    }
}

/// Every allow of a specification.
fn allows(spec: &Spec) -> impl Iterator<Item = &Allow> {
    let metrics = spec.components.iter().flat_map(|component| &component.metrics);
    (metrics.flat_map(|metric| &metric.allow))
        .chain(spec.labels.iter().flat_map(|label| &label.allow))
        .chain(spec.alerts.iter().flat_map(|alert| &alert.allow))
        .chain(spec.slos.iter().flat_map(|slo| &slo.allow))
        .chain(spec.recording_rules.iter().flat_map(|rule| &rule.allow))
        .chain(spec.queries.iter().flat_map(|query| &query.allow))
}

/// Reports a name that no adjustable rule has.
fn known(lint: &str, span: Span, sink: &mut Sink) -> bool {
    let adjustable = || rule::ALL.iter().filter(|rule| rule.adjustable).map(|rule| rule.id);
    if adjustable().any(|id| id == lint) {
        return true;
    }
    let message = match rule::by_id(lint) {
        Some(_) => format!("`{lint}` cannot be allowed"),
        None => format!("unknown lint `{lint}`"),
    };
    let all = || format!("the lints are: {}", adjustable().collect::<Vec<_>>().join(", "));
    let help = did_you_mean(lint, adjustable())
        .filter(|_| rule::by_id(lint).is_none())
        .unwrap_or_else(all);
    sink.push(Diagnostic::new(&rule::UNKNOWN_LINT, span, message).help(help));
    false
}
