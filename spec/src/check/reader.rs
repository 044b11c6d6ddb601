//! Everything that reads metrics: SLOs, alerts, recording rules, named queries and dashboards.

use std::collections::HashSet;

use crate::catalog::{Catalog, MetricId, Query};
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Reader};
use crate::rule;
use crate::source::Span;
use crate::spec::{self, Allow, Spec, Text};

use super::reads::Names;
use super::relation::Related;
use super::report::Report;
use super::{alert, burn, dashboard, name, panel, recorded, relation, slo, unit};

/// Adds what the specification's expressions are for to the catalogue, and gives them where they
/// stand: those of recording rules, of alerts and of queries.
pub(super) fn resolve(
    spec: &Spec,
    catalog: &mut Catalog,
    report: &mut Report<'_>,
) -> Vec<Expression> {
    let mut names = Names::new(spec, catalog);
    let slos = slo::slos(spec, &names, report);
    recorded::of_slos(&slos, spec, report);
    for (slo, _) in &slos {
        slo.series().into_iter().for_each(|name| names.record(name, slo.indicator.metrics()));
    }
    let mut expressions = Vec::new();
    let mut rules = Vec::new();
    for written in recorded::order(spec, report).into_iter().map(|at| &spec.recording_rules[at]) {
        let rule = recorded::rule(written, &names, report);
        names.record(rule.name.clone(), rule.reads.clone());
        let spec::RecordingRule { name, expr, unit, allow, .. } = written;
        let reader = Reader::RecordingRule(rules.len());
        expressions.push(Expression {
            unit: unit.as_ref().map(|unit| unit.span),
            ..expression(reader, name.span, Some(expr), expr.span, allow)
        });
        rules.push(rule);
    }
    let mut alerts = alert::alerts(spec, &names, report);
    burn::alerts(spec, &slos, &mut alerts);
    alert::once(&alerts, &slos, names.catalog, report);
    let (alerts, conditions): (Vec<_>, Vec<_>) = alerts.into_iter().unzip();
    expressions.extend(conditions);
    let queries = spec.queries.iter().map(|written| query(written, &names, report)).collect();
    expressions.extend(spec.queries.iter().enumerate().map(|(at, query)| {
        let spec::Query { key, expr, unit, legend, allow, .. } = query;
        Expression {
            texts: legend.iter().map(|text| (text.value.clone(), text.span)).collect(),
            unit: unit.as_ref().map(|unit| unit.span),
            ..expression(Reader::Query(at), key.span, Some(expr), expr.span, allow)
        }
    }));
    let dashboards = dashboard::dashboards(&slos, &names, report);
    let related = relation::related(&names, report);
    drop(names);
    catalog.alerts = alerts;
    catalog.slos = slos.into_iter().map(|(slo, _)| slo).collect();
    catalog.recording_rules = rules;
    catalog.queries = queries;
    catalog.dashboards = dashboards;
    for Related { gauge, drained_by, follows } in related {
        let metric = &mut catalog.components[gauge.component].metrics[gauge.metric];
        (metric.drained_by, metric.follows) = (drained_by, follows);
    }
    expressions
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

/// An expression where it stands, or where that stands which it follows from.
pub(super) fn expression(
    reader: Reader,
    name: Span,
    expr: Option<&Text>,
    place: Span,
    allow: &[Allow],
) -> Expression {
    Expression {
        name,
        text: expr.map(|expr| expr.value.clone()),
        span: place,
        reader,
        texts: Vec::new(),
        unit: None,
        allows: allow.iter().map(|allow| (allow.lint.value.clone(), allow.lint.span)).collect(),
    }
}

fn query(written: &spec::Query, names: &Names<'_>, report: &mut Report<'_>) -> Query {
    let spec::Query { key, expr, help, unit, legend, panel, allow } = written;
    name::check("query", key, report);
    Query {
        key: key.value.clone(),
        expr: expr.value.trim().to_owned(),
        help: help.value.trim().to_owned(),
        unit: unit.as_ref().map(|word| unit::of_result(word, names.spec, report)),
        legend: legend.as_ref().map(|text| text.value.clone()),
        panel: panel::choice(panel, report),
        reads: names.reads(expr, allow, report),
    }
}
