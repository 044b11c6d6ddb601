//! What is right of an expression, but wrong for what it is read for: one file for each thing that
//! can be wrong.

mod alert;
mod difference;
mod legend;
mod template;
mod unit;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Condition;
use streamhouse_metrics_spec::expression::{Expression, Reader};
use streamhouse_metrics_spec::rule::{self, Level};
use streamhouse_metrics_spec::source::Span;

use super::check::piece;
use super::syntax::Span as Piece;
use super::token::{self, tokens};
use super::types::{Filled, Kind};
use super::{Answer, Finding, Question, Schema, Shape, SyntaxError};

/// A finding, and where the text stands that it points into.
pub(super) type Found = (Span, Finding);

/// Everything that is found in an expression and in what is said of it.
pub(super) fn findings(
    expression: &Expression,
    text: &str,
    question: Question<'_>,
    catalog: &Catalog,
) -> Vec<Found> {
    let span = &expression.span;
    let is_alert = matches!(expression.reader, Reader::Alert(_));
    let (mut found, mut templates) = (Vec::new(), Vec::new());
    for (said, place) in expression.texts.iter().filter(|_| is_alert) {
        match template::read(said, question.target) {
            Ok(template) => templates.push((*place, template)),
            Err(finding) => found.push((*place, finding)),
        }
    }
    let answer = match question.ask(text) {
        Ok(answer) => answer,
        Err(SyntaxError { span: wrong, message, help }) => {
            let finding = Finding { rule: &rule::QUERY_SYNTAX, span: wrong, message, help };
            found.push((*span, finding));
            return found;
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
        found.push((*span, finding));
        return found;
    }
    found.extend(in_expression(expression, text, &answer, question.schema, catalog));
    found.extend(unit::in_unit(expression, &answer.of, catalog));
    for (place, template) in &templates {
        let findings = template::findings(template, &answer.of);
        found.extend(findings.into_iter().map(|finding| (*place, finding)));
    }
    for (said, place) in expression.texts.iter().filter(|_| !is_alert) {
        let findings = legend::in_legend(said, &answer, catalog);
        found.extend(findings.into_iter().map(|finding| (*place, finding)));
    }
    found
}

/// A dashboard's variable outside of texts: within one it stands for itself.
fn variable(text: &str) -> Option<Piece> {
    let tokens = tokens(text).ok()?;
    tokens.into_iter().find(|token| token.kind == token::Kind::Templated).map(|token| token.span)
}

fn in_expression(
    expression: &Expression,
    text: &str,
    answer: &Answer,
    schema: &Schema,
    catalog: &Catalog,
) -> Vec<Found> {
    let reader = &expression.reader;
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
    if let Some(operator) = difference::difference(expr, schema).filter(|_| is_shown) {
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
    if matches!(reader, Reader::Query(_))
        && matches!(of.kind, Kind::Counter | Kind::Sum | Kind::Count)
        && of.is_measured
    {
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
    // The alerts of an SLO have one runbook, which is missing once.
    if matches!(alert.condition, Condition::Burn { .. }) && alert.tier_of.is_some() {
        return None;
    }
    let finding = Finding {
        rule: &rule::NO_RUNBOOK,
        span: 0..expression.name.range().len(),
        message: format!("nobody is told what to do about `{}`", alert.name),
        help: Some("add `runbook = \"https://…\"`, or `published` under `[generate]`".to_owned()),
    };
    Some((expression.name, finding))
}
