//! What is right of an expression but wrong of an alert.

use streamhouse_metrics_spec::catalog::{Alert, Condition};
use streamhouse_metrics_spec::duration;
use streamhouse_metrics_spec::rule::{self, Level, Rule};

use crate::promql::labels::{Label, Presence};
use crate::promql::syntax::{Chain, Expr, Link, Node, Operator};
use crate::promql::types::{Filled, Type};
use crate::promql::{Answer, Finding};

/// Finds what wakes somebody for nothing, or never lets them sleep.
pub(super) fn findings(
    alert: &Alert,
    answer: &Answer,
    text: &str,
    find: &mut impl FnMut(&'static Rule, String, Option<&str>),
) {
    let Answer { of, expr, findings, .. } = answer;
    if of.filled == Filled::Always {
        let message = "this is never empty: the alert fires for ever";
        find(&rule::ALWAYS_FIRES, message.to_owned(), Some("compare it with something"));
    } else if is_bool(expr) {
        let message = "`bool` makes zeros of what does not hold: the alert fires all the same";
        find(&rule::BOOL_ALERT, message.to_owned(), Some("leave `bool` out"));
    } else if of.filled != Filled::Never && !chooses(expr) {
        let message = "nothing is compared: the alert fires as long as there are such series";
        find(&rule::NO_COMPARISON, message.to_owned(), Some("compare it with something"));
    } else if holds(expr, answer) {
        let message = "this always holds: the alert fires as long as there are such series";
        find(&rule::ALWAYS_FIRES, message.to_owned(), Some("compare it with another number"));
    }
    let is_found = |finding: &Finding| finding.rule.level == Level::Error;
    if of.filled == Filled::Never && !findings.iter().any(is_found) {
        let message = "this never has a result: the alert never fires";
        find(&rule::NEVER_FIRES, message.to_owned(), Some("ask for something that can be"));
    }
    let is_one = |label: &Label| label.values.as_ref().is_some_and(|values| values.len() == 1);
    let kept = of.labels.iter().filter(|(name, label)| {
        Alert::OWN_LABELS.contains(name) && label.presence != Presence::Never && !is_one(label)
    });
    for (own, _) in kept {
        let message = format!("the alert's own `{own}` replaces the one that this keeps");
        let help = format!("aggregate `{own}` away, or select one of its values");
        find(&rule::ALERT_LABEL, message, Some(&help));
    }
    // Of an SLO two windows have to agree, the shorter one of which goes on for minutes.
    let is_burn = matches!(alert.condition, Condition::Burn { .. });
    let waits = alert.wait.as_deref().and_then(duration::parse);
    if !is_burn && waits.is_none_or(|time| time.is_zero()) {
        let message = format!("`{}` fires at once: one bad scrape is enough", alert.name);
        find(&rule::NO_FOR, message, Some("add `for = \"5m\"`"));
    }
    if let Some((left, operator, right)) = threshold(expr) {
        let is_nothing = match operator {
            Operator::Equal | Operator::LessOrEqual => right == 0.0,
            // Less than one a second is not nothing.
            Operator::Less => right == 1.0 && !of.is_rate(),
            _ => false,
        };
        if is_nothing {
            let message =
                "where the series themselves are gone, nothing is compared and nothing fires";
            let help = format!("add `or absent({})`", text[left.span.clone()].trim());
            find(&rule::UNSEEN_ABSENCE, message.to_owned(), Some(&help));
        }
        if matches!(operator, Operator::Greater | Operator::GreaterOrEqual) && is_rate(left) {
            find_per_series(of, find);
        }
    }
}

/// Whether what is compared last holds whatever happens.
fn holds(expr: &Expr, answer: &Answer) -> bool {
    let Node::Chain(chain) = &expr.bare().node else { return false };
    let is_last = |link: &Link| answer.holding.contains(&link.operator_span);
    chain.rest.last().is_some_and(is_last)
}

/// What is compared with which number, if an expression is nothing else.
fn threshold(expr: &Expr) -> Option<(&Expr, Operator, f64)> {
    let Node::Chain(chain) = &expr.bare().node else { return None };
    let Chain { first, rest } = &**chain;
    let [Link { operator, is_bool: false, right, .. }] = &**rest else { return None };
    let Node::Number(number) = right.bare().node else { return None };
    let is_measured =
        matches!(first.bare().node, Node::Selector(_) | Node::Call(_) | Node::Aggregation(_));
    (operator.is_comparison() && is_measured).then_some((first, *operator, number))
}

/// Whether each series has a rate of its own here.
fn is_rate(expr: &Expr) -> bool {
    let Node::Call(call) = &expr.bare().node else { return false };
    matches!(&*call.name.text, "rate" | "irate" | "increase")
}

fn find_per_series(of: &Type, find: &mut impl FnMut(&'static Rule, String, Option<&str>)) {
    let own = of.labels.always().filter(|name| !["job", "instance"].contains(name));
    let own: Vec<&str> = own.collect();
    if own.is_empty() {
        return;
    }
    let message = format!(
        "each `{}` of each process has to get there alone: many that are close to it fire nothing",
        own.join("`, `")
    );
    let help = format!("add up first, by what is to be kept apart of `{}`", own.join("`, `"));
    find(&rule::PER_SERIES, message, Some(&help));
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
    let leaves_out = |link: &Link| {
        let is_filter = link.operator.is_comparison() && !link.is_bool;
        is_filter || matches!(link.operator, Operator::And | Operator::Unless)
    };
    let chooses_itself = match &expr.node {
        Node::Variable => true,
        Node::Call(call) => call.name.text.starts_with("absent"),
        Node::Chain(chain) => chain.rest.iter().any(leaves_out),
        _ => false,
    };
    chooses_itself || expr.children().into_iter().any(chooses)
}
