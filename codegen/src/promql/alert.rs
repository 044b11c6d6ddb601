//! What is right of an expression but wrong of an alert.

use streamhouse_metrics_spec::catalog::Alert;
use streamhouse_metrics_spec::rule::{self, Rule};

use super::labels::Presence;
use super::syntax::{Call, Chain, Expr, Link, Node, Operator};
use super::types::{Filled, Type};

/// Finds what wakes somebody for nothing, or never lets them sleep.
pub(super) fn findings(
    alert: &Alert,
    of: &Type,
    expr: &Expr,
    find: &mut impl FnMut(&'static Rule, String, Option<&str>),
) {
    if of.filled == Filled::Always {
        let message = "this is never empty: the alert fires for ever";
        find(&rule::ALWAYS_FIRES, message.to_owned(), Some("compare it with something"));
    } else if is_bool(expr) {
        let message = "`bool` makes zeros of what does not hold: the alert fires all the same";
        find(&rule::BOOL_ALERT, message.to_owned(), Some("leave `bool` out"));
    } else if of.filled != Filled::Never && !chooses(expr) {
        let message = "nothing is compared: the alert fires as long as there are such series";
        find(&rule::NO_COMPARISON, message.to_owned(), Some("compare it with something"));
    }
    if alert.wait.is_none() {
        let message = format!("`{}` fires at once: one bad scrape is enough", alert.name);
        find(&rule::NO_FOR, message, Some("add `for = \"5m\"`"));
    }
    for label in template_labels(&alert.summary).chain(template_labels(&alert.description)) {
        if of.labels.get(label).presence == Presence::Never {
            let message =
                format!("a text of this alert names `{label}`, which the expression does not keep");
            let kept = of.labels.iter().filter(|(_, label)| label.presence != Presence::Never);
            let kept: Vec<&str> = kept.map(|(name, _)| name).collect();
            let help = match kept.is_empty() {
                true => "it keeps no labels".to_owned(),
                false => format!("it keeps `{}`", kept.join("`, `")),
            };
            find(&rule::TEMPLATE_LABEL, message, Some(&help));
        }
    }
}

/// Whether the last thing that is done is a comparison with `bool`.
fn is_bool(expr: &Expr) -> bool {
    match &expr.bare().node {
        Node::Chain(chain) => chain.rest.last().is_some_and(|link| link.is_bool),
        _ => false,
    }
}

/// Whether something in an expression leaves series out: a comparison, a set operation, an absence.
fn chooses(expr: &Expr) -> bool {
    match &expr.node {
        Node::Number(_) | Node::Text(_) | Node::Selector(_) => false,
        Node::Variable => true,
        Node::Parentheses(of) | Node::Signed { of, .. } => chooses(of),
        Node::Samples(samples) => chooses(&samples.of),
        Node::Subquery(subquery) => chooses(&subquery.of),
        Node::Aggregation(aggregation) => chooses(&aggregation.of),
        Node::Call(call) => {
            let Call { name, arguments, .. } = &**call;
            name.text.starts_with("absent") || arguments.iter().any(chooses)
        }
        Node::Chain(chain) => {
            let Chain { first, rest } = &**chain;
            let leaves_out = |link: &Link| {
                let is_filter = link.operator.is_comparison() && !link.is_bool;
                is_filter || matches!(link.operator, Operator::And | Operator::Unless)
            };
            rest.iter().any(leaves_out)
                || chooses(first)
                || rest.iter().any(|link| chooses(&link.right))
        }
    }
}

/// The labels that a text names: `{{ $labels.topic }}`.
fn template_labels(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("$labels.").map(|(at, start)| {
        let rest = &text[at + start.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}
