//! The metrics that expressions read.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Catalog, Metric, MetricId};
use crate::diagnostic::Diagnostic;
use crate::name::to_snake_case;
use crate::rule;
use crate::source::Span;
use crate::spec::{Allow, Spec, Text};
use crate::suggest::question;

use super::mention;
use super::report::Report;

/// Finds metrics in expressions.
pub(super) struct Names<'a> {
    pub(super) spec: &'a Spec,
    pub(super) catalog: &'a Catalog,
    prefix: String,
    /// As `component.key`.
    by_key: HashMap<String, MetricId>,
    by_sample: HashMap<String, MetricId>,
    by_family: HashMap<&'a str, MetricId>,
    /// Names of the metrics about the metrics, which nobody has to list.
    own: HashSet<String>,
    /// What the recording rules so far read, those of SLOs first.
    recorded: HashMap<String, Vec<MetricId>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(spec: &'a Spec, catalog: &'a Catalog) -> Self {
        let mut by_sample = HashMap::new();
        let (mut by_key, mut by_family) = (HashMap::new(), HashMap::new());
        for (component, metrics) in
            catalog.components.iter().map(|component| &component.metrics).enumerate()
        {
            for (metric, described) in metrics.iter().enumerate() {
                let id = MetricId { component, metric };
                let key = format!("{}.{}", catalog.components[component].key, described.key);
                by_key.insert(key, id);
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
        Self { spec, catalog, prefix, by_key, by_sample, by_family, own, recorded: HashMap::new() }
    }

    /// The metric that is written as `component.key`.
    pub(super) fn metric(&self, written: &Text, report: &mut Report<'_>) -> Option<MetricId> {
        if let Some(id) = self.by_key.get(&written.value) {
            return Some(*id);
        }
        let word = &*written.value;
        let id = self.by_sample.get(word).or_else(|| self.by_family.get(word));
        let help = match id {
            Some(&id) => {
                let component = &self.catalog.components[id.component].key;
                let key = &self.catalog.metric(id).key;
                Some(format!("metrics are named by their keys: write `{component}.{key}`"))
            }
            None => report.nearest(word, self.by_key.keys().map(|key| &**key)).map(question),
        };
        let message = format!("unknown metric `{word}`");
        let diagnostic = Diagnostic::new(&rule::UNKNOWN_METRIC, written.span, message);
        report.push(diagnostic.maybe_help(help));
        None
    }

    /// The metrics that an expression reads, in the order of first mention.
    pub(super) fn reads(
        &self,
        expr: &Text,
        allow: &[Allow],
        report: &mut Report<'_>,
    ) -> Vec<MetricId> {
        let mut reads = Vec::new();
        let mut seen = HashSet::new();
        for range in mention::words(expr) {
            let word = &expr[range.clone()];
            if let Some(recorded) = self.recorded.get(word) {
                reads.extend(recorded.iter().filter(|id| seen.insert(**id)));
                continue;
            }
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
                // What is recorded has colons; everything else of the namespace is ours to know.
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

    /// Goes on with a series that a recording rule makes of what it reads; several SLOs share one.
    pub(super) fn record(&mut self, name: String, reads: Vec<MetricId>) {
        self.recorded.entry(name).or_default().extend(reads);
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

    /// Reports a metric on its way out that is named by its key.
    pub(super) fn deprecated_metric(
        &self,
        id: MetricId,
        written: &Option<Text>,
        allow: &[Allow],
        report: &mut Report<'_>,
    ) {
        if let Some(written) = written {
            self.deprecated(id, written, written.span, allow, report);
        }
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
