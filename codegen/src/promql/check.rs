//! Every expression of a specification, held against what it says about its metrics.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use streamhouse_metrics_spec::diagnostic::Diagnostic;
use streamhouse_metrics_spec::expression::{Expression, Reader};
use streamhouse_metrics_spec::rule::{self, Level};
use streamhouse_metrics_spec::source::Span;
use streamhouse_metrics_spec::{Catalog, Checked, Rejected, Skeleton};

use super::token::tokens;
use super::types::Filled;
use super::{Finding, Mistake, Question, Schema, Shape, Version, alert};

/// The oldest Prometheus that the rules of a specification are for.
pub(crate) fn target(catalog: &Catalog) -> Version {
    let (major, minor) = catalog.surroundings.prometheus;
    Version(major, minor)
}

/// Adds what is wrong with the expressions; refuses the specification if that is an error.
///
/// What is found, and why, is under `docs/lints/`.
///
/// ```
/// let text = r#"
/// namespace = "shop"
///
/// [checkout.depth]
/// type = "gauge"
/// unit = "items"
/// help = "Orders that wait"
///
/// [queries.trend]
/// expr = "rate(shop_checkout_depth[5m])"
/// help = "How fast the queue grows"
/// "#;
/// let checked = streamhouse_metrics_spec::check_text(text).expect("true as far as it goes");
/// let rejected = streamhouse_metrics_codegen::check(checked).expect_err("a gauge has no rate");
/// assert_eq!(rejected.diagnostics[0].rule.id, "rate-of-gauge");
/// ```
///
/// # Errors
///
/// Gives the specification back with everything that was found, if anything is an error.
pub fn check(mut checked: Checked) -> Result<Checked, Rejected> {
    let schema = Schema::new(&checked.catalog);
    let target = target(&checked.catalog);
    let question = Question { schema: &schema, target, assumes_unknown: false };
    let mut used = HashSet::new();
    let mut said = HashMap::new();
    let mut found = Vec::new();
    for expression in &checked.expressions.list {
        let mut findings = findings(expression, question, &checked.catalog);
        findings.extend(said_before(expression, &checked.catalog, &mut said));
        for finding in findings {
            let allow = expression.allows.iter().find(|(lint, _)| lint == finding.rule.id);
            if let Some((_, place)) = allow.filter(|_| finding.rule.adjustable) {
                used.insert(*place);
                continue;
            }
            let level = checked.expressions.level(finding.rule);
            if level > Level::Allow {
                let Finding { rule, span, message, help } = finding;
                let span = checked.sources.piece(expression.span, span);
                // A name of ours that nothing exposes was found before.
                let is_known = |known: &Diagnostic| known.rule == rule && known.span == span;
                if checked.diagnostics.iter().any(is_known) {
                    continue;
                }
                let diagnostic = Diagnostic::new(rule, span, message).maybe_help(help);
                found.push(Diagnostic { level, ..diagnostic });
            }
        }
    }
    let is_wrong = found.iter().any(|diagnostic| diagnostic.level == Level::Error);
    if !is_wrong {
        found.extend(unused(&checked.expressions.list, &used));
    }
    checked.diagnostics.extend(found);
    checked.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    match is_wrong {
        false => Ok(checked),
        true => {
            let Checked { catalog, diagnostics, sources, .. } = checked;
            Err(Rejected { diagnostics, sources, skeleton: Box::new(Skeleton(catalog)) })
        }
    }
}

/// What is wrong with an expression, read as what it is for.
fn findings(expression: &Expression, question: Question<'_>, catalog: &Catalog) -> Vec<Finding> {
    let Expression { text, reader, .. } = expression;
    let answer = match question.ask(text) {
        Ok(answer) => answer,
        Err(Mistake { span, message, help }) => {
            return vec![Finding { rule: &rule::QUERY_SYNTAX, span, message, help }];
        }
    };
    let mut findings = answer.findings;
    if let (Some(division), Reader::Query(_)) = (&answer.of.idle, *reader)
        && answer.of.filled != Filled::Never
    {
        let message = "0 is divided by 0 while nothing happens: a panel shows no number then";
        findings.push(Finding {
            rule: &rule::IDLE_DIVISION,
            span: division.clone(),
            message: message.to_owned(),
            help: Some("divide by what is `> 0`".to_owned()),
        });
    }
    let whole = piece(text);
    let mut find = |rule, message: String, help: Option<&str>| {
        let help = help.map(str::to_owned);
        findings.push(Finding { rule, span: whole.clone(), message, help });
    };
    if let Some(shape @ (Shape::Range | Shape::Text)) = answer.of.shape {
        let message = format!("this yields a {}, which nothing can show", shape.as_str());
        find(&rule::QUERY_TYPE, message, None);
    }
    if let Reader::Alert(at) = *reader
        && let Some(alert) = catalog.alerts.get(at)
    {
        alert::findings(alert, &answer.of, &answer.expr, text, &mut find);
    }
    findings
}

/// Finds an alert that says the same as one before it, or a query that does.
fn said_before<'c>(
    expression: &'c Expression,
    catalog: &'c Catalog,
    said: &mut HashMap<(bool, Vec<&'c str>), &'c str>,
) -> Option<Finding> {
    let (is_alert, what, name) = match expression.reader {
        Reader::Alert(at) => (true, "alert", &catalog.alerts.get(at)?.name),
        Reader::Query(at) => (false, "query", &catalog.queries.get(at)?.key),
    };
    let text = &*expression.text;
    // White space and comments make no difference.
    let tokens = tokens(text).ok()?.into_iter().map(|token| &text[token.span]).collect();
    let span = piece(text);
    match said.entry((is_alert, tokens)) {
        Entry::Vacant(place) => {
            place.insert(name);
            None
        }
        Entry::Occupied(first) => Some(Finding {
            rule: &rule::DUPLICATE_EXPRESSION,
            span,
            message: format!("the {what} `{}` is the same", first.get()),
            help: Some("delete one of them".to_owned()),
        }),
    }
}

/// An expression without the white space around it.
fn piece(text: &str) -> Range<usize> {
    text.len() - text.trim_start().len()..text.trim_end().len()
}

/// Allows of lints about expressions that allow nothing.
fn unused<'e>(
    expressions: &'e [Expression],
    used: &'e HashSet<Span>,
) -> impl Iterator<Item = Diagnostic> + 'e {
    let allows = expressions.iter().flat_map(|expression| &expression.allows);
    let of_queries = |lint: &str| rule::QUERIES.iter().any(|rule| rule.id == lint);
    let unused = allows.filter(move |(lint, place)| of_queries(lint) && !used.contains(place));
    unused.map(|(lint, place)| {
        let message = format!("nothing here needs `{lint}` to be allowed");
        Diagnostic::new(&rule::UNUSED_ALLOW, *place, message).help("delete this entry")
    })
}
