//! Every expression of a specification, held against what it says about its metrics.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use streamhouse_metrics_spec::catalog::Alert;
use streamhouse_metrics_spec::diagnostic::{Diagnostic, Sink};
use streamhouse_metrics_spec::expression::{Expression, Reader};
use streamhouse_metrics_spec::rule::{self, Level, Rule};
use streamhouse_metrics_spec::source::Span;
use streamhouse_metrics_spec::{Catalog, Checked, Rejected, Skeleton, duration};

use super::canonical::canonical;
use super::parse::parse;
use super::{Finding, Question, Results, Version, lint, untested};
use crate::handwritten::Handwritten;
use crate::rules;
use crate::testing::Tests;

/// What is found in alerts that no test could show to fire and to end, so that nothing is to be said
/// of tests.
const PECULIAR: &[&Rule] =
    &[&rule::NEVER_FIRES, &rule::ALWAYS_FIRES, &rule::NO_COMPARISON, &rule::BOOL_ALERT];

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
pub fn check(checked: Checked) -> Result<Checked, Rejected> {
    check_with_tests(checked).map(|(checked, _)| checked)
}

/// The same, with the tests that were made to see which alerts have none.
pub(crate) fn check_with_tests(mut checked: Checked) -> Result<(Checked, Option<Tests>), Rejected> {
    let handwritten = Handwritten::default();
    let results = Results::new(&checked.catalog, &handwritten);
    let target = target(&checked.catalog);
    let question = Question { schema: results.schema(), target, assumes_unknown: false };
    let mut used = HashSet::new();
    let mut said = HashMap::new();
    let mut peculiar = HashSet::new();
    let mut found = Sink::default();
    for expression in &checked.expressions.list {
        let expr = expr(expression, &checked.catalog);
        let mut findings = lint::findings(expression, &expr, question, &checked.catalog);
        let again = said_before(expression, &expr, &checked.catalog, &mut said);
        findings.extend(again.map(|finding| (expression.span, finding)));
        for (text, finding) in findings {
            if PECULIAR.contains(&finding.rule) {
                peculiar.insert(expression.name);
            }
            let allow = expression.allows.iter().find(|(lint, _)| lint == finding.rule.id);
            if let Some((_, place)) = allow.filter(|_| finding.rule.adjustable) {
                used.insert(*place);
                continue;
            }
            let level = checked.expressions.level(finding.rule);
            if level > Level::Allow {
                let Finding { rule, span, message, help } = finding;
                // What follows from a bound has no pieces there.
                let is_whole = text == expression.span && expression.text.is_none();
                let span = if is_whole { text } else { checked.sources.piece(text, span) };
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
    let mut tests = None;
    if !found.has_errors() && checked.expressions.level(&rule::UNCOVERED) > Level::Allow {
        let tests = tests.insert(Tests::new(&results, &rules::files(&results)));
        untested::find(&checked, &tests.uncovered, &peculiar, &mut used, &mut found);
    }
    let is_wrong = found.has_errors();
    if !is_wrong {
        unused(&checked.expressions.list, &used).for_each(|diagnostic| found.push(diagnostic));
    }
    checked.diagnostics.extend(found.into_sorted());
    checked.diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    match is_wrong {
        false => Ok((checked, tests)),
        true => {
            let Checked { catalog, diagnostics, sources, .. } = checked;
            Err(Rejected { diagnostics, sources, skeleton: Box::new(Skeleton(catalog)) })
        }
    }
}

/// What an expression is, or what follows from the condition that stands in its place.
fn expr<'e>(expression: &'e Expression, catalog: &'e Catalog) -> Cow<'e, str> {
    match (&expression.text, expression.reader) {
        (Some(text), _) => Cow::Borrowed(text),
        (None, Reader::Alert(at)) => {
            let alert = catalog.alerts.get(at);
            alert.map_or_else(Cow::default, |alert| rules::expr(catalog, &alert.condition))
        }
        (None, Reader::RecordingRule(_) | Reader::Query(_)) => Cow::default(),
    }
}

/// Finds an alert that says the same as one before it, or a query that does.
fn said_before<'c>(
    expression: &Expression,
    text: &str,
    catalog: &'c Catalog,
    said: &mut HashMap<(&'static str, String), Vec<(&'c str, Reader)>>,
) -> Option<Finding> {
    let (what, name) = match expression.reader {
        Reader::RecordingRule(at) => ("recording rule", &catalog.recording_rules.get(at)?.name),
        Reader::Alert(at) => ("alert", &catalog.alerts.get(at)?.name),
        Reader::Query(at) => ("query", &catalog.queries.get(at)?.key),
    };
    let form = canonical(&parse(text).ok()?.expr, text);
    let span = piece(text);
    let before = said.entry((what, form)).or_default();
    let is_same = |(_, other): &&(_, _)| !escalates(*other, expression.reader, catalog);
    let finding = before.iter().find(is_same).map(|(first, _)| Finding {
        rule: &rule::DUPLICATE_EXPRESSION,
        span,
        message: format!("the {what} `{first}` is the same"),
        help: Some("delete one of them".to_owned()),
    });
    before.push((name, expression.reader));
    finding
}

/// Whether two alerts are tiers of one that differ in how long they wait and in how urgent they are:
/// what goes on for longer is worse.
fn escalates(one: Reader, other: Reader, catalog: &Catalog) -> bool {
    let (Reader::Alert(one_at), Reader::Alert(other_at)) = (one, other) else { return false };
    let alerts = [one_at, other_at].map(|at| catalog.alerts.get(at));
    let [Some(one), Some(other)] = alerts else { return false };
    let is_of_one = one.tier_of.unwrap_or(one_at) == other.tier_of.unwrap_or(other_at);
    let waits = |alert: &Alert| alert.wait.as_deref().and_then(duration::parse).unwrap_or_default();
    is_of_one && one.severity != other.severity && waits(one) != waits(other)
}

/// A text without the white space around it.
pub(super) fn piece(text: &str) -> Range<usize> {
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
