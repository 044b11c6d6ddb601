//! From a table to its part of the specification.

use crate::diagnostic::{Diagnostic, Sink};
use crate::language::Shape;
use crate::rule;
use crate::source::Spanned;
use crate::spec::{
    Alert, AlertTest, Allow, Bound, Buckets, Component, Deployment, Deprecated, External, Fired,
    Indicator, Label, LabelValues, Metric, Notice, Query, RecordingRule, Slo, Spec, Steps, Text,
    Threshold, Tier,
};

use super::dashboard;
use super::table::{Table, Value};

/// Adds what a file says to the specification; what another file said already is reported.
pub(crate) fn merge(file: &Table<'_>, shape: &'static Shape, spec: &mut Spec, sink: &mut Sink) {
    if shape.key("namespace").is_some() {
        settings(file, spec);
    }
    let (labels, alerts, queries) = (spec.labels.len(), spec.alerts.len(), spec.queries.len());
    let (rules, externals) = (spec.recording_rules.len(), spec.externals.len());
    let (slos, dashboards) = (spec.slos.len(), spec.dashboards.len());
    for (key, table) in file.tables("labels") {
        once(spec.labels[..labels].iter().map(|label| &label.key), &key, "label", sink);
        spec.labels.push(label(key, &table));
    }
    for (key, table) in file.tables("components") {
        let component = component(key, spec);
        component.title = table.text("title").or(component.title.take());
        component.help = table.text("help").or(component.help.take());
        component.job = table.text("job").or(component.job.take());
        component.targets.extend(table.texts("targets"));
        if table.get("selector").is_some() {
            component.selector = table.map_of_texts("selector");
        }
        component.idle_timeout = table.text("idle_timeout").or(component.idle_timeout.take());
    }
    for (key, value) in file.entries().filter(|(key, _)| shape.key(key).is_none()) {
        metrics(key, value, spec, sink);
    }
    for (name, table) in file.tables("alerts") {
        once(spec.alerts[..alerts].iter().map(|alert| &alert.name), &name, "alert", sink);
        spec.alerts.push(alert(name, &table));
    }
    for (key, table) in file.tables("slos") {
        once(spec.slos[..slos].iter().map(|slo| &slo.key), &key, "SLO", sink);
        spec.slos.push(slo(key, &table));
    }
    for (name, table) in file.tables("recording_rules") {
        let others = spec.recording_rules[..rules].iter().map(|rule| &rule.name);
        once(others, &name, "recording rule", sink);
        spec.recording_rules.push(recording_rule(name, &table));
    }
    for (key, table) in file.tables("queries") {
        once(spec.queries[..queries].iter().map(|query| &query.key), &key, "query", sink);
        spec.queries.push(query(key, &table));
    }
    for (key, table) in file.tables("dashboards") {
        let others = spec.dashboards[..dashboards].iter().map(|dashboard| &dashboard.key);
        once(others, &key, "dashboard", sink);
        spec.dashboards.push(dashboard::dashboard(key, &table));
    }
    for (name, table) in file.tables("external") {
        let others = spec.externals[..externals].iter().map(|external| &external.name);
        once(others, &name, "external metric", sink);
        spec.externals.push(external(name, &table));
    }
}

/// Reports a name that another file defined; within one file TOML itself refuses duplicates.
fn once<'a>(mut others: impl Iterator<Item = &'a Text>, key: &Text, what: &str, sink: &mut Sink) {
    if let Some(first) = others.find(|other| other.value == key.value) {
        let message = format!("{what} `{}` is defined twice", key.value);
        let diagnostic =
            Diagnostic::new(&rule::DUPLICATE_KEY, key.span, message).label("second time");
        sink.push(diagnostic.related(first.span, "first time"));
    }
}

/// What only the main file says.
fn settings(file: &Table<'_>, spec: &mut Spec) {
    spec.namespace = file.text("namespace");
    spec.title = file.text("title");
    spec.units = file.texts("units");
    spec.series_budget = file.count("series_budget");
    spec.const_labels = file.map_of_texts("const_labels");
    spec.lints = file.map_of_texts("lints");
    spec.target_prometheus = file.text("target_prometheus");
    if let Some(targets) = file.table("targets") {
        spec.target_labels = targets.texts("labels");
        spec.targets_open = targets.boolean("open");
        spec.scrape_interval = targets.text("scrape_interval");
    }
    if let Some(table) = file.table("deployment") {
        spec.deployment = deployment(&table);
    }
    if let Some(table) = file.table("grafana") {
        spec.grafana = dashboard::grafana(&table);
    }
    if let Some(generate) = file.table("generate") {
        spec.markdown = generate.texts("markdown");
        spec.schema = generate.text("schema");
        spec.published = generate.text("published");
    }
}

fn deployment(table: &Table<'_>) -> Deployment {
    let kubernetes = table.table("kubernetes");
    let kubernetes = kubernetes.as_ref();
    Deployment {
        retention: table.text("retention"),
        channel: table.text("channel"),
        namespace: kubernetes.and_then(|table| table.text("namespace")),
        labels: kubernetes.map(|table| table.map_of_texts("labels")).unwrap_or_default(),
        pod_namespaces: kubernetes.map(|table| table.texts("pod_namespaces")).unwrap_or_default(),
    }
}

fn external(name: Text, table: &Table<'_>) -> External {
    let buckets = table.get("buckets");
    External {
        name,
        kind: table.text("type"),
        unit: table.text("unit"),
        labels: table.texts("labels"),
        values: table.map_of_lists("values"),
        buckets: buckets.map(|list| Spanned::new(table.numbers("buckets"), list.span)),
    }
}

fn label(key: Text, table: &Table<'_>) -> Label {
    Label {
        key,
        name: table.text("name"),
        help: table.text_or_blank("help"),
        kind: table.text("type"),
        limit: table.count("limit"),
        values: table.get("values").map(|list| Spanned::new(table.texts("values"), list.span)),
        allow: allows(table),
    }
}

/// The component of a key, made when it is first named.
fn component(key: Text, spec: &mut Spec) -> &mut Component {
    let next = spec.components.len();
    let at = *spec.component_places.entry(key.value.clone()).or_insert(next);
    if at == next {
        spec.components.push(Component {
            key,
            title: None,
            help: None,
            job: None,
            targets: Vec::new(),
            selector: Vec::new(),
            idle_timeout: None,
            metrics: Vec::new(),
        });
    }
    &mut spec.components[at]
}

/// The metrics of a component's table.
fn metrics(key: &Text, value: Value<'_>, spec: &mut Spec, sink: &mut Sink) {
    let Some(table) = value.table(key.span) else {
        return;
    };
    let component = component(key.clone(), spec);
    // A component that `[components]` names first is shown where its metrics are.
    if component.metrics.is_empty() {
        component.key = key.clone();
    }
    let before = component.metrics.len();
    for (key, value) in table.entries() {
        let Some(table) = value.table(key.span) else {
            continue;
        };
        once(component.metrics[..before].iter().map(|metric| &metric.key), key, "metric", sink);
        component.metrics.push(metric(key.clone(), &table));
    }
}

fn metric(key: Text, table: &Table<'_>) -> Metric {
    Metric {
        key,
        kind: table.text("type"),
        unit: table.text("unit"),
        value: table.text("value"),
        labels: table.texts("labels"),
        const_labels: table.map_of_texts("const_labels"),
        buckets: buckets(table),
        native: table.boolean("native"),
        exemplars: table.boolean("exemplars"),
        sample: table.text("sample"),
        series_limit: table.count("series_limit"),
        required: table.boolean("required"),
        help: table.text_or_blank("help"),
        stability: table.text("stability"),
        deprecated: table.table("deprecated").map(|table| Deprecated {
            replacement: table.text("replacement"),
            note: table.text("note"),
        }),
        owner: table.text("owner"),
        panel: dashboard::choice(table),
        drained_by: table.text("drained_by"),
        follows: table.text("follows"),
        allow: allows(table),
    }
}

fn buckets(metric: &Table<'_>) -> Option<Spanned<Buckets>> {
    let value = metric.get("buckets")?;
    let buckets = match metric.table("buckets") {
        None => Buckets {
            explicit: Some(Spanned::new(metric.numbers("buckets"), value.span)),
            ..Buckets::default()
        },
        Some(table) => Buckets {
            exponential: steps(&table, "exponential", "factor"),
            linear: steps(&table, "linear", "width"),
            explicit: table
                .get("explicit")
                .map(|list| Spanned::new(table.numbers("explicit"), list.span)),
            also: table.numbers("also"),
        },
    };
    Some(Spanned::new(buckets, value.span))
}

fn steps(table: &Table<'_>, key: &str, step: &str) -> Option<Steps> {
    let steps = table.table(key)?;
    let (start, step, count) = (steps.number("start")?, steps.number(step)?, steps.count("count")?);
    Some(Steps { key: steps.span, start, step, count })
}

fn allows(table: &Table<'_>) -> Vec<Allow> {
    let allows = table.list_of_tables("allow");
    let allow = |allow: &Table<'_>| {
        let reason = allow.text_or_blank("reason").value.trim().to_owned();
        Some(Allow { lint: allow.text("lint")?, reason })
    };
    allows.iter().filter_map(allow).collect()
}

fn alert(name: Text, table: &Table<'_>) -> Alert {
    Alert {
        name,
        expr: table.text("expr"),
        threshold: Threshold {
            metric: table.text("metric"),
            bound: bound(table),
            by: (table.get("by")).map(|list| Spanned::new(table.texts("by"), list.span)),
            range: table.text("range"),
            quantile: table.number("quantile"),
        },
        notice: notice(table),
        tiers: table.tables("tiers").into_iter().map(|(name, table)| tier(name, &table)).collect(),
        tests: table.list_of_tables("test").iter().map(alert_test).collect(),
        allow: allows(table),
    }
}

fn notice(table: &Table<'_>) -> Notice {
    Notice {
        wait: table.text("for"),
        keep_firing_for: table.text("keep_firing_for"),
        severity: table.text("severity"),
        summary: table.text_or_blank("summary"),
        description: table.text("description"),
        runbook: table.text("runbook"),
    }
}

fn bound(table: &Table<'_>) -> Bound {
    Bound { above: table.number("above"), below: table.number("below") }
}

fn tier(name: Text, table: &Table<'_>) -> Tier {
    Tier { name, bound: bound(table), notice: notice(table) }
}

fn alert_test(table: &Table<'_>) -> AlertTest {
    AlertTest {
        series: table.map_of_texts("series"),
        interval: table.text("interval"),
        at: table.text("at"),
        fires: table.list_of_tables("fires").iter().map(fired).collect(),
    }
}

fn fired(table: &Table<'_>) -> Fired {
    Fired { labels: table.map_of_texts("labels"), value: table.number("value") }
}

fn slo(key: Text, table: &Table<'_>) -> Slo {
    let values = || {
        let labels = table.map_of_lists("good_values").into_iter();
        labels.map(|(key, values)| LabelValues { key, values }).collect()
    };
    Slo {
        key,
        title: table.text("title"),
        help: table.text_or_blank("help"),
        indicator: Indicator {
            good: table.text("good"),
            bad: table.text("bad"),
            metric: table.text("metric"),
            good_values: (table.get("good_values")).map(|of| Spanned::new(values(), of.span)),
            faster_than: table.number("faster_than"),
            below: table.number("below"),
        },
        objective: table.written("objective"),
        window: table.text("window"),
        by: (table.get("by")).map(|list| Spanned::new(table.texts("by"), list.span)),
        min_bad_events: table.count("min_bad_events"),
        runbook: table.text("runbook"),
        owner: table.text("owner"),
        allow: allows(table),
    }
}

fn recording_rule(name: Text, table: &Table<'_>) -> RecordingRule {
    RecordingRule {
        name,
        expr: table.text_or_blank("expr"),
        help: table.text_or_blank("help"),
        unit: table.text("unit"),
        allow: allows(table),
    }
}

fn query(key: Text, table: &Table<'_>) -> Query {
    Query {
        key,
        expr: table.text_or_blank("expr"),
        help: table.text_or_blank("help"),
        unit: table.text("unit"),
        legend: table.text("legend"),
        panel: dashboard::choice(table),
        allow: allows(table),
    }
}
