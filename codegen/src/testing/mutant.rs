//! Alerts with one mistake each: tests that bite refuse every one of them.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use streamhouse_metrics_spec::duration;

use crate::promql::parse::parse;
use crate::promql::syntax::{Expr, Link, Node, Operator};
use crate::rules::{Action, Rule};

use super::engine::constant;

/// Severities, of which a mutant takes the next one.
const SEVERITIES: [&str; 3] = ["critical", "warning", "info"];

/// A rule with a mistake.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mutant {
    /// What is wrong with it.
    pub(super) mistake: String,
    pub(super) rule: Rule,
}

/// Every mutant of an alert, evaluated at an interval.
pub(super) fn mutants(rule: &Rule, interval: Duration) -> Vec<Mutant> {
    let mut mutants = of_times(rule, interval);
    mutants.extend(of_severity(rule));
    let Ok(parsed) = parse(&rule.expr) else { return mutants };
    let mut edits = Vec::new();
    walk(&parsed.expr, &rule.expr, &mut edits);
    let mut known = HashMap::new();
    mutants.extend(edits.into_iter().map(|Edit { mistake, place, text }| {
        let times = known.entry(mistake.clone()).or_insert(0);
        *times += 1;
        let mistake = if *times == 1 { mistake } else { format!("{mistake}, at place {times}") };
        let mut expr = rule.expr.clone();
        expr.replace_range(place, &text);
        Mutant { mistake, rule: Rule { expr, ..rule.clone() } }
    }));
    mutants
}

/// A change of an expression.
struct Edit {
    mistake: String,
    place: Range<usize>,
    text: String,
}

/// The alert waits an interval more, or less.
fn of_times(rule: &Rule, interval: Duration) -> Vec<Mutant> {
    let Action::Alert { name, wait, keep_firing_for, annotations } = &rule.action else {
        return Vec::new();
    };
    let parsed = |time: &Option<String>| time.as_deref().and_then(duration::parse);
    let with = |mistake: String, wait: Option<Duration>, keep: Option<Duration>| {
        let written = |time: Option<Duration>| time.map(duration::written);
        let action = Action::Alert {
            name: name.clone(),
            wait: written(wait),
            keep_firing_for: written(keep),
            annotations: annotations.clone(),
        };
        Mutant { mistake, rule: Rule { action, ..rule.clone() } }
    };
    let (wait, keep) = (parsed(wait), parsed(keep_firing_for));
    let mut mutants = Vec::new();
    for (what, is_wait, time) in [("for", true, wait), ("keep_firing_for", false, keep)] {
        let Some(time) = time.filter(|time| !time.is_zero() || is_wait) else { continue };
        let shorter = time.checked_sub(interval).filter(|shorter| *shorter < time);
        for time in [Some(time + interval), shorter].into_iter().flatten() {
            let mistake = format!("{what}: {}", duration::written(time));
            let (wait, keep) = if is_wait { (Some(time), keep) } else { (wait, Some(time)) };
            mutants.push(with(mistake, wait, keep));
        }
    }
    mutants
}

fn of_severity(rule: &Rule) -> Option<Mutant> {
    let at = rule.labels.iter().position(|(label, _)| label == "severity")?;
    let known = SEVERITIES.iter().position(|known| *known == rule.labels[at].1)?;
    let next = SEVERITIES[(known + 1) % SEVERITIES.len()];
    let mut rule = rule.clone();
    rule.labels[at].1 = next.to_owned();
    Some(Mutant { mistake: format!("severity: {next}"), rule })
}

fn walk(expr: &Expr, text: &str, edits: &mut Vec<Edit>) {
    let written = |expr: &Expr| text[expr.span.clone()].trim().to_owned();
    match &expr.node {
        Node::Chain(chain) => {
            let mut left = &chain.first;
            for link in &chain.rest {
                of_link(left, link, text, edits);
                left = &link.right;
            }
        }
        Node::Aggregation(aggregation) => {
            let operator = &aggregation.operator;
            let other = match &*operator.text {
                "sum" | "count" => "max",
                "max" | "avg" => "sum",
                _ => "max",
            };
            edits.push(Edit {
                mistake: format!(
                    "`{other}` for `{}` of `{}`",
                    operator.text,
                    written(&aggregation.of)
                ),
                place: operator.span.clone(),
                text: other.to_owned(),
            });
            if let Some(grouping) = &aggregation.grouping {
                without(&grouping.labels, &grouping.span, text, edits);
            }
        }
        Node::Selector(selector) => {
            let Some(braces) = &selector.braces else { return };
            for matcher in &selector.matchers {
                let others = selector.matchers.iter().filter(|other| *other != matcher);
                let others: Vec<_> = others.map(|other| &text[other.span.clone()]).collect();
                edits.push(Edit {
                    mistake: format!("no `{}`", &text[matcher.span.clone()]),
                    place: braces.clone(),
                    text: format!("{{{}}}", others.join(", ")),
                });
            }
        }
        Node::MatrixSelector(samples) => {
            if let Some(range) = samples.range.milliseconds {
                for changed in [range * 2, range / 2] {
                    let changed = duration::written(Duration::from_millis(changed));
                    edits.push(Edit {
                        mistake: format!("a range of `{changed}`"),
                        place: samples.range.span.clone(),
                        text: changed,
                    });
                }
            }
        }
        _ => {}
    }
    for child in expr.children() {
        walk(child, text, edits);
    }
}

/// What can be wrong with an operator and its right side.
fn of_link(left: &Expr, link: &Link, text: &str, edits: &mut Vec<Edit>) {
    if let Some(matching) = &link.matching {
        without(&matching.labels, &matching.span, text, edits);
    }
    if !link.operator.is_comparison() || link.is_bool {
        return;
    }
    let mut replace = |other: Operator| {
        edits.push(Edit {
            mistake: format!("`{}` for `{}`", other.as_str(), link.operator.as_str()),
            place: link.operator_span.clone(),
            text: other.as_str().to_owned(),
        });
    };
    let (inverted, neighbour) = match link.operator {
        Operator::Greater => (Operator::Less, Some(Operator::GreaterOrEqual)),
        Operator::GreaterOrEqual => (Operator::Less, Some(Operator::Greater)),
        Operator::Less => (Operator::Greater, Some(Operator::LessOrEqual)),
        Operator::LessOrEqual => (Operator::Greater, Some(Operator::Less)),
        Operator::Equal => (Operator::NotEqual, None),
        _ => (Operator::Equal, None),
    };
    replace(inverted);
    // Of rates and quantiles nobody knows the last digit.
    let (measured, bound) = match (constant(left), constant(&link.right)) {
        (None, Some(bound)) => (left, (&link.right, bound)),
        (Some(bound), None) => (&link.right, (left, bound)),
        _ => return,
    };
    let (place, bound) = bound;
    if let Some(neighbour) = neighbour.filter(|_| is_exact(measured, bound)) {
        replace(neighbour);
    }
    let written = &text[place.span.clone()];
    let changes = match counts(measured) {
        true => [("one more", "1 + "), ("one less", "-1 + ")],
        false => [("5 % more", "1.05 * "), ("5 % less", "0.95 * ")],
    };
    for (how, change) in changes {
        // No share of nothing is more than nothing.
        if bound != 0.0 || counts(measured) {
            edits.push(Edit {
                mistake: format!("a bound {how} than `{written}`"),
                place: place.span.clone(),
                text: format!("({change}({written}))"),
            });
        }
    }
}

/// Leaves each label out of a list that stands in parentheses.
fn without(
    labels: &[crate::promql::syntax::Word],
    place: &Range<usize>,
    text: &str,
    edits: &mut Vec<Edit>,
) {
    for label in labels.iter().filter(|label| label.text != "le") {
        let written = &text[place.clone()];
        let Some(open) = written.find('(') else { continue };
        let Some(close) = written.find(')') else { continue };
        let others = labels.iter().filter(|other| *other != label);
        let others: Vec<_> = others.map(|other| &*other.text).collect();
        edits.push(Edit {
            mistake: format!("no label `{}`", label.text),
            place: place.start + open + 1..place.start + close,
            text: others.join(", "),
        });
    }
}

/// Whether a value is one that was set, and not calculated from times; an average has a last digit
/// that depends on the order in which it is taken.
fn is_exact(expr: &Expr, bound: f64) -> bool {
    match &expr.node {
        Node::Selector(_) => true,
        Node::Parentheses(of) => is_exact(of, bound),
        Node::Aggregation(aggregation) => {
            let is_average = aggregation.operator.text == "avg";
            (!is_average || bound.fract() == 0.0) && is_exact(&aggregation.of, bound)
        }
        _ => false,
    }
}

/// Whether a value is a number of series, which is a whole one.
fn counts(expr: &Expr) -> bool {
    matches!(&expr.bare().node, Node::Aggregation(of) if of.operator.text == "count")
}
