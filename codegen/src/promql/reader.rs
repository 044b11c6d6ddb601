//! What is wrong with an expression, read as what it is for.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Query, RecordingRule};
use streamhouse_metrics_spec::expression::{Expression, Reader};
use streamhouse_metrics_spec::rule::{self, Level};
use streamhouse_metrics_spec::source::Span;
use streamhouse_metrics_spec::unit as spec;

use super::check::piece;
use super::labels::Presence;
use super::schema::Series;
use super::shown::{lines, may_be_share};
use super::syntax::{Expr, Node, Operator, Span as SyntaxSpan};
use super::token::{self, tokens};
use super::types::{Filled, Kind, Type};
use super::unit::Unit;
use super::{Answer, Finding, Mistake, Question, Schema, Shape, alert, template};

/// A finding, and where the text stands that it points into.
pub(super) type Found = (Span, Finding);

/// Everything that is found in an expression and in what is said of it.
pub(super) fn findings(
    expression: &Expression,
    question: Question<'_>,
    catalog: &Catalog,
) -> Vec<Found> {
    let Expression { text, span, .. } = expression;
    let answer = match question.ask(text) {
        Ok(answer) => answer,
        Err(Mistake { span: wrong, message, help }) => {
            let finding = Finding { rule: &rule::QUERY_SYNTAX, span: wrong, message, help };
            return vec![(*span, finding)];
        }
    };
    if !matches!(expression.reader, Reader::Query(_))
        && let Some(variable) = variable(text)
    {
        let name = &text[variable.clone()];
        let message =
            format!("`{name}` is a variable of a dashboard, which Prometheus does not know");
        let help = Some("write what it stands for".to_owned());
        let finding = Finding { rule: &rule::QUERY_SYNTAX, span: variable, message, help };
        return vec![(*span, finding)];
    }
    let mut found = in_expression(expression, &answer, question.schema, catalog);
    found.extend(in_unit(expression, &answer.of, catalog));
    for (text, place) in &expression.texts {
        let wrong = match expression.reader {
            Reader::Alert(_) => template::findings(text, &answer.of),
            _ => in_legend(text, &answer, catalog),
        };
        found.extend(wrong.into_iter().map(|(rule, span, message, help)| {
            (*place, Finding { rule, span, message, help: Some(help) })
        }));
    }
    found
}

/// A dashboard's variable outside of texts: within one it stands for itself.
fn variable(text: &str) -> Option<SyntaxSpan> {
    let tokens = tokens(text).ok()?;
    tokens.into_iter().find(|token| token.kind == token::Kind::Templated).map(|token| token.span)
}

fn in_expression(
    expression: &Expression,
    answer: &Answer,
    schema: &Schema,
    catalog: &Catalog,
) -> Vec<Found> {
    let Expression { text, reader, .. } = expression;
    let Answer { of, expr, findings, .. } = answer;
    let mut findings = findings.clone();
    // Who is woken by what is no number is never woken: a comparison leaves it out.
    let is_shown = !matches!(reader, Reader::Alert(_));
    if let Some(division) = of.idle.clone().filter(|_| is_shown && of.filled != Filled::Never) {
        let shows = match reader {
            Reader::RecordingRule(_) => "this is recorded as no number then",
            _ => "a panel shows no number then",
        };
        findings.push(Finding {
            rule: &rule::IDLE_DIVISION,
            span: division,
            message: format!("0 is divided by 0 while nothing happens: {shows}"),
            help: Some("divide by what is `> 0`".to_owned()),
        });
    }
    if let Some(operator) = difference(expr, schema).filter(|_| is_shown) {
        findings.push(Finding {
            rule: &rule::NEGATIVE_DIFFERENCE,
            span: operator.clone(),
            message: "two gauges are not set at once: this is below zero now and then".to_owned(),
            help: Some("write `clamp_min(… - …, 0)`".to_owned()),
        });
    }
    let whole = piece(text);
    let mut find = |rule, message: String, help: Option<&str>| {
        let help = help.map(str::to_owned);
        findings.push(Finding { rule, span: whole.clone(), message, help });
    };
    if let Some(shape @ (Shape::Range | Shape::Text)) = of.shape {
        let message = format!("this yields a {}, which nothing can show", shape.as_str());
        find(&rule::QUERY_TYPE, message, None);
    }
    let is_error = |finding: &Finding| finding.rule.level == Level::Error;
    if is_shown && of.filled == Filled::Never && !answer.findings.iter().any(is_error) {
        let message = "this never has a result".to_owned();
        find(&rule::EMPTY_RESULT, message, Some("ask for something that can be"));
    }
    if matches!(reader, Reader::Query(_)) && of.kind == Kind::Counter && of.is_measured {
        let message = "a counter's total depends on when each process started".to_owned();
        find(&rule::BARE_COUNTER, message, Some("show its `rate` or its `increase`"));
    }
    if let Reader::Alert(at) = *reader
        && let Some(alert) = catalog.alerts.get(at)
    {
        alert::findings(alert, answer, text, &mut find);
    }
    let found = findings.into_iter().map(|finding| (expression.span, finding));
    found.chain(without_runbook(expression, catalog)).collect()
}

/// Finds an alert that says nothing of what to do.
fn without_runbook(expression: &Expression, catalog: &Catalog) -> Option<Found> {
    let Reader::Alert(at) = expression.reader else { return None };
    let alert = catalog.alerts.get(at).filter(|alert| catalog.runbook(alert).is_none())?;
    let finding = Finding {
        rule: &rule::NO_RUNBOOK,
        span: 0..expression.name.range().len(),
        message: format!("nobody is told what to do about `{}`", alert.name),
        help: Some("add `runbook = \"https://…\"`, or `published` under `[generate]`".to_owned()),
    };
    Some((expression.name, finding))
}

/// The operator between two of the service's own gauges that count, where their difference is
/// the result.
fn difference<'e>(expr: &'e Expr, schema: &Schema) -> Option<&'e SyntaxSpan> {
    match &expr.bare().node {
        Node::Aggregation(aggregation) => difference(&aggregation.of, schema),
        Node::Chain(chain) => match &*chain.rest {
            [link] if link.operator == Operator::Subtract => {
                let sides = [&chain.first, &link.right].map(|side| counts(side, schema));
                // A metric and itself at another time, or its highest and its lowest value, are
                // meant as they are.
                let [Some(one), Some(two)] = sides else { return None };
                (one != two).then_some(&link.operator_span)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The gauge of the service's own that is read, if it counts something.
fn counts<'e>(expr: &'e Expr, schema: &Schema) -> Option<&'e str> {
    match &expr.bare().node {
        Node::Aggregation(aggregation) => counts(&aggregation.of, schema),
        Node::Selector(selector) => {
            let name = &*selector.name.as_ref()?.text;
            let Series { of, .. } = schema.series(name).filter(|_| schema.owns(name))?;
            let unit = of.unit.as_ref().filter(|unit| !unit.is_one())?.name()?;
            (of.kind == Kind::Gauge && !spec::Unit::new(unit).is_base()).then_some(name)
        }
        _ => None,
    }
}

/// Finds a unit that is not the expression's.
fn in_unit(expression: &Expression, of: &Type, catalog: &Catalog) -> Option<Found> {
    let place = expression.unit?;
    let said = match expression.reader {
        Reader::Query(at) => catalog.queries.get(at).and_then(|Query { unit, .. }| unit.as_ref()),
        Reader::RecordingRule(at) => {
            let rule = catalog.recording_rules.get(at);
            rule.and_then(|RecordingRule { unit, .. }| unit.as_ref())
        }
        Reader::Alert(_) => None,
    }?;
    let (said, follows) = (Unit::written(said.as_str())?, of.unit.as_ref()?);
    // A literal fits every unit.
    if !of.is_measured || said == *follows {
        return None;
    }
    let (said, follows) = (said.name()?, follows.name()?);
    let is_share = said == "ratio" && may_be_share(&follows);
    if is_share || is_how_many(of, &said, &follows) {
        return None;
    }
    let message = format!("this is in {follows}, and not in {said}");
    let help = match is_word(&follows) {
        true => format!("write `\"{follows}\"`, or leave it out"),
        false => "leave it out".to_owned(),
    };
    let (rule, span) = (&rule::DECLARED_UNIT, 0..place.range().len());
    Some((place, Finding { rule, span, message, help: Some(help) }))
}

/// Whether a unit says of what there are so many, or so many a second.
fn is_how_many(of: &Type, said: &str, follows: &str) -> bool {
    let counted = match follows {
        "1/s" => said.strip_suffix("/s"),
        "ratio" => Some(said),
        _ => None,
    };
    let is_share = matches!(of.kind, Kind::Ratio | Kind::Quantile | Kind::Average);
    counted.is_some_and(|counted| !is_share && !spec::Unit::new(counted).is_base())
}

/// Whether a specification can write a unit: a word, or a word a second.
fn is_word(unit: &str) -> bool {
    let counted = unit.strip_suffix("/s").unwrap_or(unit);
    counted != "percent" && counted.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

/// Finds what a legend would leave blank, and lines that it writes the same beside.
fn in_legend(text: &str, answer: &Answer, catalog: &Catalog) -> Vec<template::Wrong> {
    let of = &answer.of;
    // Grafana's own legend tells all lines apart, and what labels are made of is not known here.
    if text == "__auto" || makes_labels(&answer.expr) {
        return Vec::new();
    }
    let named: Vec<_> = text
        .match_indices("{{")
        .filter_map(|(start, _)| {
            let inside = &text[start + 2..];
            let label = inside[..inside.find("}}")?].trim();
            if label.is_empty() {
                return None;
            }
            let start = start + 2 + inside.find(label)?;
            Some((start..start + label.len(), label))
        })
        .collect();
    let lost = named.iter().filter_map(|(place, label)| {
        let (message, help) = template::lost(label, of)?;
        Some((&rule::TEMPLATE_LABEL, place.clone(), message, help))
    });
    let mut wrong: Vec<_> = lost.collect();
    let missing = lines(of, catalog).into_iter().filter(|label| {
        let is_there = of.labels.get(label).presence == Presence::Always;
        is_there && !named.iter().any(|(_, name)| name == label)
    });
    let missing: Vec<_> = missing.collect();
    if !missing.is_empty() {
        let labels = missing.join("`, `");
        let message = format!("lines that differ only in `{labels}` look the same");
        let help: String = missing.iter().map(|label| format!(" {{{{{label}}}}}")).collect();
        let help = format!("add `{}`, or add up without it", help.trim());
        wrong.push((&rule::LEGEND, piece(text), message, help));
    }
    wrong
}

fn makes_labels(expr: &Expr) -> bool {
    let is_made = |name: &str| matches!(name, "label_join" | "label_replace");
    matches!(&expr.node, Node::Call(call) if is_made(&call.name.text))
        || expr.children().into_iter().any(makes_labels)
}
