//! Alerts and named queries: names, and the metrics that they read.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Alert, Catalog, Metric, MetricId, Query, Severity};
use crate::diagnostic::Diagnostic;
use crate::expression::{Expression, Expressions, Reader};
use crate::name::{is_camel_case, to_snake_case};
use crate::rule::{self, Level};
use crate::source::Span;
use crate::spec::{self, Allow, Spec, Text};
use crate::suggest::question;

use super::report::Report;
use super::{mention, name, template, unit, word};

/// Adds the specification's alerts and queries to the catalogue.
pub(super) fn resolve(spec: &Spec, catalog: &mut Catalog, report: &mut Report<'_>) {
    let reader = Names::new(spec, catalog);
    let alerts = spec.alerts.iter().map(|written| alert(written, &reader, report)).collect();
    let queries = spec.queries.iter().map(|written| query(written, &reader, report)).collect();
    drop(reader);
    catalog.alerts = alerts;
    catalog.queries = queries;
}

/// Every expression where it stands.
pub(super) fn expressions(spec: &Spec, levels: HashMap<String, Level>) -> Expressions {
    let expression = |reader, expr: &Text, allow: &[Allow]| Expression {
        text: expr.value.clone(),
        span: expr.span,
        reader,
        allows: allow.iter().map(|allow| (allow.lint.value.clone(), allow.lint.span)).collect(),
    };
    let alerts = spec.alerts.iter().enumerate();
    let alerts = alerts.map(|(at, alert)| expression(Reader::Alert(at), &alert.expr, &alert.allow));
    let queries = spec.queries.iter().enumerate();
    let queries =
        queries.map(|(at, query)| expression(Reader::Query(at), &query.expr, &query.allow));
    Expressions { list: alerts.chain(queries).collect(), levels }
}

fn alert(written: &spec::Alert, reader: &Names<'_>, report: &mut Report<'_>) -> Alert {
    let spec::Alert {
        name,
        expr,
        wait,
        keep_firing_for,
        severity,
        summary,
        description,
        runbook,
        allow,
    } = written;
    if !is_camel_case(name) {
        let message = format!("`{}` is no name for an alert", name.value);
        let camel = crate::name::to_camel_case(name);
        let help = (is_camel_case(&camel) && name.is_ascii()).then(|| format!("write `{camel}`"));
        report.push(
            Diagnostic::new(&rule::ALERT_NAME, name.span, message)
                .label("not CamelCase")
                .maybe_help(help),
        );
    }
    if let Some(range) = template::unclosed(description) {
        let span = reader.spec.sources.piece(description.span, range);
        let diagnostic = Diagnostic::new(&rule::TEMPLATE, span, "this placeholder is never closed");
        report.push(diagnostic.help("close it with `}}`; for braces as text write `{{ \"{{\" }}`"));
    }
    let owned = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    Alert {
        name: name.value.clone(),
        expr: expr.value.trim().to_owned(),
        wait: owned(wait),
        keep_firing_for: owned(keep_firing_for),
        severity: word(severity, Severity::from_word).unwrap_or(Severity::Warning),
        summary: summary.value.trim().to_owned(),
        description: description.value.trim().to_owned(),
        runbook: owned(runbook),
        reads: reader.reads(expr, allow, report),
    }
}

fn query(written: &spec::Query, reader: &Names<'_>, report: &mut Report<'_>) -> Query {
    let spec::Query { key, expr, help, unit, allow } = written;
    name::check("query", key, report);
    Query {
        key: key.value.clone(),
        expr: expr.value.trim().to_owned(),
        help: help.value.trim().to_owned(),
        unit: unit.as_ref().map(|word| unit::of_result(word, reader.spec, report)),
        reads: reader.reads(expr, allow, report),
    }
}

/// Finds metrics in expressions.
struct Names<'a> {
    spec: &'a Spec,
    catalog: &'a Catalog,
    prefix: String,
    by_sample: HashMap<String, MetricId>,
    by_family: HashMap<&'a str, MetricId>,
    /// Names of the metrics about the metrics, which nobody has to list.
    own: HashSet<String>,
}

impl<'a> Names<'a> {
    fn new(spec: &'a Spec, catalog: &'a Catalog) -> Self {
        let mut by_sample = HashMap::new();
        let mut by_family = HashMap::new();
        for (component, metrics) in
            catalog.components.iter().map(|component| &component.metrics).enumerate()
        {
            for (metric, described) in metrics.iter().enumerate() {
                let id = MetricId { component, metric };
                by_family.insert(&*described.family, id);
                by_sample.extend(described.samples().into_iter().map(|sample| (sample, id)));
                // Who reads a metric whose name was refused reads it under the name it will get.
                if let Some(key) = to_snake_case(&described.key).filter(|key| *key != described.key)
                {
                    let family = format!(
                        "{}_{}_{key}",
                        catalog.namespace, catalog.components[component].key
                    );
                    let mended = Metric { family, ..described.clone() };
                    by_sample.extend(mended.samples().into_iter().map(|sample| (sample, id)));
                }
            }
        }
        let own = catalog.components.iter().flat_map(|component| component.own_metrics(catalog));
        let own = own.map(|metric| metric.exposed()).collect();
        let prefix = format!("{}_", catalog.namespace);
        Self { spec, catalog, prefix, by_sample, by_family, own }
    }

    /// The metrics that an expression reads, in the order of first mention.
    fn reads(&self, expr: &Text, allow: &[Allow], report: &mut Report<'_>) -> Vec<MetricId> {
        let mut reads = Vec::new();
        let mut seen = HashSet::new();
        for range in mention::words(expr) {
            let word = &expr[range.clone()];
            match self.by_sample.get(word) {
                Some(id) if seen.insert(*id) => {
                    reads.push(*id);
                    self.deprecated(
                        *id,
                        word,
                        self.spec.sources.piece(expr.span, range),
                        allow,
                        report,
                    );
                }
                Some(_) => {}
                None if self.own.contains(word) => {}
                // Recording rules have colons; everything else of the namespace is ours to know.
                None if word.starts_with(&self.prefix) && !word.contains(':') => {
                    let diagnostic =
                        self.unknown(word, self.spec.sources.piece(expr.span, range), report);
                    report.lint(allow, diagnostic);
                }
                None => {}
            }
        }
        reads
    }

    fn unknown(&self, word: &str, span: Span, report: &mut Report<'_>) -> Diagnostic {
        let family = self.by_family.get(word).map(|&id| self.catalog.metric(id));
        let help = match family {
            Some(metric) => Some(format!("it is exposed as `{}`", metric.samples().join("`, `"))),
            None => {
                let known = self.by_sample.keys().chain(&self.own);
                let meant = report.nearest(word, known.map(|sample| &**sample));
                meant.map(question)
            }
        };
        Diagnostic::new(&rule::UNKNOWN_METRIC, span, format!("unknown metric `{word}`"))
            .label("nothing exposes this name")
            .maybe_help(help)
    }

    fn deprecated(
        &self,
        id: MetricId,
        word: &str,
        span: Span,
        allow: &[Allow],
        report: &mut Report<'_>,
    ) {
        if let Some(deprecation) = &self.catalog.metric(id).deprecated {
            let help =
                deprecation.replacement.as_ref().map(|name| format!("read `{name}` instead"));
            let message = format!("`{word}` is deprecated");
            report.lint(
                allow,
                Diagnostic::new(&rule::DEPRECATED_METRIC, span, message).maybe_help(help),
            );
        }
    }
}
