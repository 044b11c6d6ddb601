//! `catalog.json`: everything that the specification says, for other programs.
//!
//! The structs below are the format, which `docs/catalog.md` explains to its readers. Keys stand in the order of their fields, lists in the order
//! of the specification; what is unknown or does not apply is `null`, so that every object of a
//! kind has the same keys.

mod slo;

use std::borrow::Cow;

use serde::Serialize;
use streamhouse_metrics_spec::catalog::{self, Domain, MetricId};
use streamhouse_metrics_spec::{Catalog, duration};

use super::readers::Readers;
use super::{Artifact, belonging, json};
use crate::promql::Results;
use slo::Slo;

/// Version of the format: another one where a key goes or changes its meaning.
const FORMAT: u32 = 1;

/// Makes the file.
pub(super) fn emit(results: &Results<'_>) -> Vec<Artifact> {
    let catalog = results.catalog();
    let readers = Readers::new(catalog);
    let components =
        (0..catalog.components.len()).map(|at| Component::new(catalog, &readers, at)).collect();
    let file = File {
        format: FORMAT,
        namespace: &catalog.namespace,
        title: &catalog.title,
        series_budget: catalog.series_budget,
        series_at_worst: catalog.worst_series_of_service(),
        labels: catalog.labels.iter().map(Label::new).collect(),
        components,
        slos: (0..catalog.slos.len()).map(|at| Slo::new(catalog, at)).collect(),
        alerts: catalog.alerts.iter().map(|alert| Alert::new(results, alert)).collect(),
        recording_rules: (catalog.recording_rules.iter())
            .map(|rule| RecordingRule::new(results, rule))
            .collect(),
        queries: catalog.queries.iter().map(|query| Query::new(results, query)).collect(),
        deployment: Deployment::new(catalog),
    };
    vec![Artifact { path: "catalog.json".to_owned(), text: json(&file) }]
}

#[derive(Serialize)]
struct File<'a> {
    format: u32,
    namespace: &'a str,
    title: &'a str,
    series_budget: Option<u64>,
    series_at_worst: u64,
    labels: Vec<Label<'a>>,
    components: Vec<Component<'a>>,
    slos: Vec<Slo<'a>>,
    alerts: Vec<Alert<'a>>,
    recording_rules: Vec<RecordingRule<'a>>,
    queries: Vec<Query<'a>>,
    deployment: Deployment<'a>,
}

/// What watches the service.
#[derive(Serialize)]
struct Deployment<'a> {
    /// As Prometheus writes durations.
    scrape_interval: String,
    retention: String,
    channel: &'a str,
    namespace: Option<&'a str>,
    labels: Vec<ConstLabel<'a>>,
    pod_namespaces: &'a [String],
}

#[derive(Serialize)]
struct Label<'a> {
    key: &'a str,
    name: &'a str,
    help: &'a str,
    /// The type of an open label's values in Rust.
    r#type: Option<&'static str>,
    limit: Option<u64>,
    values: Option<&'a [String]>,
}

#[derive(Serialize)]
struct Component<'a> {
    key: &'a str,
    title: &'a str,
    help: &'a str,
    job: Option<&'a str>,
    /// Hosts with their ports.
    targets: &'a [String],
    /// Labels of its pods in Kubernetes.
    selector: Vec<ConstLabel<'a>>,
    /// As Prometheus writes durations.
    idle_timeout: Option<String>,
    series_at_worst: u64,
    metrics: Vec<Metric<'a>>,
    /// What it counts about its own recording.
    own_metrics: Vec<OwnMetric<'a>>,
}

#[derive(Serialize)]
struct Metric<'a> {
    /// The exposed name.
    name: String,
    key: &'a str,
    family: &'a str,
    r#type: &'static str,
    unit: Option<&'a str>,
    value: &'static str,
    /// Exposed names, in exposition order.
    labels: Vec<&'a str>,
    /// Keys of the same labels, since two of them may share an exposed name.
    label_keys: Vec<&'a str>,
    const_labels: Vec<ConstLabel<'a>>,
    /// Finite bounds as their `le` labels read.
    buckets: Vec<String>,
    native: bool,
    exemplars: bool,
    /// Of how many observations one is recorded.
    sample: u32,
    series_limit: Option<u64>,
    samples: Vec<String>,
    series_at_worst: u64,
    /// Whether an alert fires when no process exposes it.
    required: bool,
    help: &'a str,
    stability: &'static str,
    deprecated: Option<Deprecation<'a>>,
    owner: Option<&'a str>,
    /// Lints that are right to be silent about it.
    allow: Vec<Allow<'a>>,
    /// Names of the alerts that read it.
    alerts: Vec<&'a str>,
}

/// A counter about a component's metrics.
#[derive(Serialize)]
struct OwnMetric<'a> {
    /// The exposed name.
    name: String,
    family: String,
    help: &'static str,
    label: &'static str,
    /// The values of its label, each a series.
    values: Vec<String>,
    const_labels: Vec<ConstLabel<'a>>,
}

#[derive(Serialize)]
struct ConstLabel<'a> {
    name: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct Allow<'a> {
    lint: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct Deprecation<'a> {
    replacement: Option<&'a str>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct Alert<'a> {
    name: &'a str,
    /// Key of the component that it belongs to.
    component: Option<&'a str>,
    severity: &'static str,
    expr: Cow<'a, str>,
    r#for: Option<&'a str>,
    keep_firing_for: Option<&'a str>,
    summary: &'a str,
    description: String,
    runbook: Option<String>,
    /// Exposed names of the metrics that it reads.
    reads: Vec<String>,
}

#[derive(Serialize)]
struct RecordingRule<'a> {
    /// The name of the series.
    name: &'a str,
    expr: &'a str,
    /// Of its values, where it is known.
    unit: Option<String>,
    help: &'a str,
    reads: Vec<String>,
}

#[derive(Serialize)]
struct Query<'a> {
    key: &'a str,
    expr: &'a str,
    /// Of its result, where it is known.
    unit: Option<String>,
    /// What is written beside each line, with labels as `{{topic}}`.
    legend: String,
    help: &'a str,
    reads: Vec<String>,
}

impl<'a> Deployment<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        let catalog::Deployment { retention, channel, namespace, labels, pod_namespaces } =
            &catalog.deployment;
        Self {
            scrape_interval: duration::written(catalog.surroundings.scrape_interval),
            retention: duration::written(*retention),
            channel,
            namespace: namespace.as_deref(),
            labels: fixed(labels),
            pod_namespaces,
        }
    }
}

impl<'a> Label<'a> {
    fn new(label: &'a catalog::Label) -> Self {
        let catalog::Label { key, name, help, domain } = label;
        let (r#type, limit, values) = match domain {
            Domain::Open { kind, limit } => (Some(kind.as_str()), Some(*limit), None),
            Domain::Closed { values } => (None, None, Some(&**values)),
        };
        Self { key, name, help, r#type, limit, values }
    }
}

impl<'a> Component<'a> {
    fn new(catalog: &'a Catalog, readers: &Readers<'a>, at: usize) -> Self {
        let component = &catalog.components[at];
        let catalog::Component {
            key,
            title,
            help,
            job,
            targets,
            selector,
            idle_timeout,
            metrics: _,
        } = component;
        Self {
            key,
            title,
            help,
            job: job.as_deref(),
            targets,
            selector: fixed(selector),
            idle_timeout: idle_timeout.map(duration::written),
            series_at_worst: catalog.worst_series_of_component(component),
            metrics: catalog.metric_ids(at).map(|id| Metric::new(catalog, readers, id)).collect(),
            own_metrics: (component.own_metrics(catalog).into_iter())
                .map(|metric| OwnMetric::new(catalog, metric))
                .collect(),
        }
    }
}

impl<'a> Metric<'a> {
    fn new(catalog: &'a Catalog, readers: &Readers<'a>, id: MetricId) -> Self {
        let metric = catalog.metric(id);
        let catalog::Metric {
            key,
            family,
            kind,
            value,
            unit,
            labels: _,
            const_labels,
            buckets,
            native,
            exemplars,
            sample,
            series_limit,
            help,
            stability,
            deprecated,
            owner,
            required,
            // What dashboards make of it is in the dashboards.
            panel: _,
            drained_by: _,
            follows: _,
            allowed,
        } = metric;
        Self {
            name: metric.exposed(),
            key,
            family,
            r#type: kind.as_str(),
            unit: (!unit.is_none()).then_some(unit.as_str()),
            value: value.as_str(),
            labels: catalog.labels_of(metric).map(|label| &*label.name).collect(),
            label_keys: catalog.labels_of(metric).map(|label| &*label.key).collect(),
            const_labels: fixed(const_labels),
            buckets: buckets.iter().map(|bound| bound.le()).collect(),
            native: *native,
            exemplars: *exemplars,
            sample: *sample,
            series_limit: *series_limit,
            samples: metric.samples(),
            series_at_worst: catalog.worst_series(metric),
            required: *required,
            help,
            stability: stability.as_str(),
            deprecated: deprecated.as_ref().map(|catalog::Deprecation { replacement, note }| {
                Deprecation { replacement: replacement.as_deref(), note: note.as_deref() }
            }),
            owner: owner.as_deref(),
            allow: allowed
                .iter()
                .map(|catalog::Allowed { lint, reason }| Allow { lint, reason })
                .collect(),
            alerts: readers.of(id).iter().map(|alert| &*alert.name).collect(),
        }
    }
}

impl<'a> OwnMetric<'a> {
    fn new(catalog: &'a Catalog, metric: catalog::OwnMetric) -> Self {
        let name = metric.exposed();
        let catalog::OwnMetric { family, help, label, values } = metric;
        Self { name, family, help, label, values, const_labels: fixed(&catalog.const_labels) }
    }
}

impl<'a> Alert<'a> {
    fn new(results: &Results<'a>, alert: &'a catalog::Alert) -> Self {
        let catalog = results.catalog();
        let catalog::Alert {
            name,
            condition: _,
            wait,
            keep_firing_for,
            severity,
            summary,
            description: _,
            runbook: _,
            tier_of: _,
            reads,
            tests: _,
        } = alert;
        let component = belonging::component(catalog, alert);
        Self {
            name,
            component: component.map(|at| &*catalog.components[at].key),
            severity: severity.as_str(),
            expr: results.expr(alert),
            r#for: wait.as_deref(),
            keep_firing_for: keep_firing_for.as_deref(),
            summary,
            description: results.description(alert),
            runbook: catalog.runbook(alert),
            reads: exposed(catalog, reads),
        }
    }
}

impl<'a> RecordingRule<'a> {
    fn new(results: &Results<'a>, rule: &'a catalog::RecordingRule) -> Self {
        let catalog::RecordingRule { name, expr, help, unit: _, reads } = rule;
        let unit = results.recorded_unit(rule);
        Self { name, expr, unit, help, reads: exposed(results.catalog(), reads) }
    }
}

impl<'a> Query<'a> {
    fn new(results: &Results<'a>, query: &'a catalog::Query) -> Self {
        let catalog::Query { key, expr, help, unit: _, legend: _, panel: _, reads } = query;
        let (unit, legend) = (results.unit(query), results.legend(query));
        Self { key, expr, unit, legend, help, reads: exposed(results.catalog(), reads) }
    }
}

/// Labels with one fixed value each.
fn fixed(labels: &[(String, String)]) -> Vec<ConstLabel<'_>> {
    labels.iter().map(|(name, value)| ConstLabel { name, value }).collect()
}

/// The exposed names of metrics.
fn exposed(catalog: &Catalog, reads: &[MetricId]) -> Vec<String> {
    reads.iter().map(|&id| catalog.metric(id).exposed()).collect()
}
