//! Rules about selectors: they select what the reader chose.

use super::Known;
use super::expression::parts;
use crate::promql::syntax::{Expr, Match, Matcher, Node, Selector};

/// Finds selectors of other jobs than were chosen.
pub(super) fn job(expr: &Expr, text: &str, known: &Known) -> Vec<String> {
    unchosen("job", expr, text, known)
}

/// Finds selectors of other instances than were chosen.
pub(super) fn instance(expr: &Expr, text: &str, known: &Known) -> Vec<String> {
    unchosen("instance", expr, text, known)
}

fn unchosen(label: &str, expr: &Expr, text: &str, known: &Known) -> Vec<String> {
    let wanted = format!("{label}=~\"${label}\"");
    let found = parts(expr).into_iter().filter_map(|part| {
        let Node::Selector(selector) = &part.node else { return None };
        let Selector { name, matchers, .. } = &**selector;
        if name.as_ref().is_some_and(|name| known.is_elsewhere(&name.text)) {
            return None;
        }
        let mut of_label = matchers.iter().filter(|matcher| matcher.label.text == label);
        match of_label.clone().next() {
            None => Some(format!("`{}` has no matcher `{wanted}`", &text[part.span.clone()])),
            Some(_) if of_label.any(is_choice) => None,
            Some(other) => Some(format!("`{}` is not `{wanted}`", &text[other.span.clone()])),
        }
    });
    found.collect()
}

/// Whether a matcher passes just the values that the variable of its label's name has.
fn is_choice(matcher: &Matcher) -> bool {
    let Matcher { label, operator, value, .. } = matcher;
    let variable = value.text.strip_prefix('$').map(|name| name.trim_matches(['{', '}']));
    *operator == Match::Regex && variable == Some(&label.text)
}
