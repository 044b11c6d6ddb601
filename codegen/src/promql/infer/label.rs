//! Labels that functions make: of what is absent, and of other labels.

use std::collections::{BTreeMap, HashSet};

use streamhouse_metrics_spec::rule;

use super::Inference;
use super::selector::is_surely_wrong;
use crate::promql::labels::{Label, Labels, NAME, Presence};
use crate::promql::syntax::{Expr, Match, Matcher, Node, Selector};
use crate::promql::types::Type;

impl Inference<'_> {
    /// Finds what `label_replace` refuses: names that are none, and broken patterns.
    pub(super) fn label_arguments(&mut self, arguments: &[Expr]) {
        for (at, argument) in arguments.iter().enumerate() {
            let Node::Text(text) = &argument.bare().node else { continue };
            let message = match at {
                1 if !self.takes_any_label && !is_label_name(text) => {
                    format!("`{text}` is no name for a label")
                }
                4 if !text.contains('$') && is_surely_wrong(text) => {
                    "this is no regular expression".to_owned()
                }
                _ => continue,
            };
            self.find(&rule::QUERY_TYPE, argument.span.clone(), message, None);
        }
    }
}

/// The labels of what is said to be absent: those that a selector demands exactly.
pub(super) fn absent_labels(argument: &Expr) -> Labels {
    let selector = match &argument.bare().node {
        Node::Selector(selector) => selector,
        Node::MatrixSelector(samples) => match &samples.of.bare().node {
            Node::Selector(selector) => selector,
            _ => return Labels::none(),
        },
        _ => return Labels::none(),
    };
    let Selector { matchers, .. } = &**selector;
    if matchers.iter().any(|matcher| matcher.label.is_templated) {
        return Labels::unknown();
    }
    let (mut labels, mut demanded) = (BTreeMap::new(), HashSet::new());
    for Matcher { label, operator, value, .. } in matchers {
        // The first one that demands a value sets it; any other takes it away again.
        let is_first = *operator == Match::Equal && demanded.insert(&*label.text);
        let known = match is_first {
            true if value.is_templated => Label::MAYBE,
            true if !value.text.is_empty() => Label::of([&*value.text]),
            _ => Label::NEVER,
        };
        if label.text != NAME {
            labels.insert(&*label.text, known);
        }
    }
    Labels::new(labels.into_iter().map(|(name, label)| (name.to_owned(), label)), false)
}

/// What `label_replace` makes of a label: another value, or none, or what it was.
pub(super) fn replaced(mut of: Type, arguments: &[Expr]) -> Type {
    let text = |at: usize| match arguments.get(at).map(|argument| &argument.bare().node) {
        Some(Node::Text(text)) => Some(&**text),
        _ => None,
    };
    let (Some(label), Some(replacement), Some(regex)) = (text(1), text(2), text(4)) else {
        return Type { labels: Labels::unknown(), ..of };
    };
    let matches_all = matches!(regex, ".*" | "(.*)" | "");
    let is_constant = !replacement.contains('$');
    let is_certain = matches_all && is_constant && !regex.is_empty();
    let label_now = match (is_certain, replacement) {
        (true, "") => Label::NEVER,
        (true, replacement) => Label::of([replacement]),
        (false, _) => {
            let before = of.labels.get(label);
            let stays =
                before.presence == Presence::Always && is_constant && !replacement.is_empty();
            Label { presence: if stays { Presence::Always } else { Presence::Maybe }, values: None }
        }
    };
    of.labels.set(label, label_now);
    of
}

/// Without what is known of the bounds, where `le` is made anew.
pub(super) fn forgetting_bounds(of: Type, arguments: &[Expr]) -> Type {
    let label = arguments.get(1).map(|argument| &argument.bare().node);
    match label {
        Some(Node::Text(label)) if label != "le" => of,
        _ => Type { buckets: None, ..of },
    }
}

/// A dashboard puts something in where there is a `$`.
fn is_label_name(text: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.contains('$')
        || text.chars().all(is_word) && text.starts_with(|c: char| !c.is_ascii_digit())
}
