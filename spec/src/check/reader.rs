//! Everything that reads metrics: alerts, recording rules and named queries.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Catalog, MetricId, Query};
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Expressions, Reader};
use crate::rule::{self, Level};
use crate::spec::{self, Allow, Spec, Text};

use super::reads::Names;
use super::report::Report;
use super::{alert, name, recorded, unit};

/// Adds what the specification's expressions are for to the catalogue.
///
/// Gives the positions of the recording rules in the specification, in the catalogue's order.
pub(super) fn resolve(spec: &Spec, catalog: &mut Catalog, report: &mut Report<'_>) -> Vec<usize> {
    let mut names = Names::new(spec, catalog);
    let order = recorded::order(spec, report);
    let mut rules = Vec::new();
    for written in order.iter().map(|&at| &spec.recording_rules[at]) {
        let rule = recorded::rule(written, &names, report);
        names.record(&written.name, rule.reads.clone());
        rules.push(rule);
    }
    let alerts = spec.alerts.iter().map(|written| alert::alert(written, &names, report)).collect();
    let queries = spec.queries.iter().map(|written| query(written, &names, report)).collect();
    drop(names);
    catalog.alerts = alerts;
    catalog.recording_rules = rules;
    catalog.queries = queries;
    order
}

/// Reports metrics that no expression reads; those on their way out are not to be read.
pub(super) fn unread(spec: &Spec, catalog: &Catalog, report: &mut Report<'_>) {
    let alerts = catalog.alerts.iter().flat_map(|alert| &alert.reads);
    let rules = catalog.recording_rules.iter().flat_map(|rule| &rule.reads);
    let queries = catalog.queries.iter().flat_map(|query| &query.reads);
    let read: HashSet<MetricId> = alerts.chain(rules).chain(queries).copied().collect();
    let written = spec.components.iter().filter(|component| !component.metrics.is_empty());
    for (component, written) in written.enumerate() {
        for (metric, written) in written.metrics.iter().enumerate() {
            if written.deprecated.is_none() && !read.contains(&MetricId { component, metric }) {
                let message = format!("nothing reads `{}`", written.key.value);
                let diagnostic = Diagnostic::new(&rule::UNREAD_METRIC, written.key.span, message);
                report.lint(&written.allow, diagnostic.help("watch it, or give a query a name"));
            }
        }
    }
}

/// Every expression where it stands.
pub(super) fn expressions(
    spec: &Spec,
    order: &[usize],
    levels: HashMap<String, Level>,
) -> Expressions {
    let rules = order.iter().map(|&at| &spec.recording_rules[at]).enumerate().map(|(at, rule)| {
        Expression {
            unit: rule.unit.as_ref().map(|unit| unit.span),
            ..expression(Reader::RecordingRule(at), &rule.name, &rule.expr, &rule.allow)
        }
    });
    let alerts = spec.alerts.iter().enumerate().map(|(at, alert)| Expression {
        texts: alert.description.iter().map(|text| (text.value.clone(), text.span)).collect(),
        ..expression(Reader::Alert(at), &alert.name, &alert.expr, &alert.allow)
    });
    let queries = spec.queries.iter().enumerate().map(|(at, query)| Expression {
        texts: query.legend.iter().map(|text| (text.value.clone(), text.span)).collect(),
        unit: query.unit.as_ref().map(|unit| unit.span),
        ..expression(Reader::Query(at), &query.key, &query.expr, &query.allow)
    });
    Expressions { list: rules.chain(alerts).chain(queries).collect(), levels }
}

fn expression(reader: Reader, name: &Text, expr: &Text, allow: &[Allow]) -> Expression {
    Expression {
        name: name.span,
        text: expr.value.clone(),
        span: expr.span,
        reader,
        texts: Vec::new(),
        unit: None,
        allows: allow.iter().map(|allow| (allow.lint.value.clone(), allow.lint.span)).collect(),
    }
}

fn query(written: &spec::Query, names: &Names<'_>, report: &mut Report<'_>) -> Query {
    let spec::Query { key, expr, help, unit, legend, allow } = written;
    name::check("query", key, report);
    Query {
        key: key.value.clone(),
        expr: expr.value.trim().to_owned(),
        help: help.value.trim().to_owned(),
        unit: unit.as_ref().map(|word| unit::of_result(word, names.spec, report)),
        legend: legend.as_ref().map(|text| text.value.clone()),
        reads: names.reads(expr, allow, report),
    }
}
