//! Dashboard variables: data source, job, instance, and a label each.

use serde::Serialize;
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Component, Label, Metric};
use streamhouse_metrics_spec::name;

use super::model::DataSource;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Variable {
    name: String,
    label: String,
    r#type: &'static str,
    query: Query,
    #[serde(skip_serializing_if = "Option::is_none")]
    datasource: Option<DataSource>,
    refresh: u32,
    sort: u32,
    multi: bool,
    include_all: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    all_value: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Query {
    DataSources(&'static str),
    #[serde(rename_all = "camelCase")]
    Labels {
        query: String,
        ref_id: String,
    },
}

/// Variables of a page: the labels are those that its metrics have and people choose from.
pub(super) fn of_component(catalog: &Catalog, component: &Component) -> Vec<Variable> {
    let mut variables = of_targets(&format!("{}_{}", catalog.namespace, component.key));
    for (at, label) in catalog.labels.iter().enumerate() {
        let metric =
            component.metrics.iter().find(|metric| metric.labels.binary_search(&at).is_ok());
        let known = variables.iter().any(|variable| variable.name == name_of(label));
        if let (true, false, Some(metric)) = (is_chosen(label), known, metric) {
            let query = format!(
                "label_values({}{{job=~\"$job\", instance=~\"$instance\"}}, {})",
                sample(metric),
                label.name
            );
            variables.push(choice(name_of(label), name::to_title(&label.name), query));
        }
    }
    variables
}

/// Data source, job and instance, of all targets with series whose names start with a prefix.
///
/// Not of those with a certain metric: an agent without partitions is there all the same.
pub(super) fn of_targets(prefix: &str) -> Vec<Variable> {
    let datasource = Variable {
        name: "datasource".to_owned(),
        label: "Data source".to_owned(),
        r#type: "datasource",
        query: Query::DataSources("prometheus"),
        datasource: None,
        refresh: 1,
        sort: 0,
        multi: false,
        include_all: false,
        all_value: None,
    };
    let series = format!("__name__=~\"{prefix}_.+\"");
    let job =
        choice("job".to_owned(), "Job".to_owned(), format!("label_values({{{series}}}, job)"));
    let instance = choice(
        "instance".to_owned(),
        "Instance".to_owned(),
        format!("label_values({{{series}, job=~\"$job\"}}, instance)"),
    );
    vec![datasource, job, instance]
}

/// Whether people choose among a label's values: those of a closed label fit on one panel.
pub(super) fn is_chosen(label: &Label) -> bool {
    !label.is_closed() && !matches!(&*label.name, "job" | "instance")
}

/// A label's variable; the data source's name is taken.
pub(super) fn name_of(label: &Label) -> String {
    if label.name == "datasource" { "datasource_label".to_owned() } else { label.name.clone() }
}

/// A sample of a metric that every label set has.
fn sample(metric: &Metric) -> String {
    metric.samples().pop().unwrap_or_default()
}

/// A variable of which any number of values may be chosen.
fn choice(name: String, label: String, query: String) -> Variable {
    Variable {
        query: Query::Labels { query, ref_id: format!("variable-{name}") },
        name,
        label,
        r#type: "query",
        datasource: Some(DataSource::CHOSEN),
        // Whenever the time range changes: series come and go.
        refresh: 2,
        sort: 1,
        multi: true,
        include_all: true,
        all_value: Some(".+"),
    }
}
