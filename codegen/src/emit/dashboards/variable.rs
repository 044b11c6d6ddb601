//! Dashboard variables: data source, job, instance, and a label each; every choice narrows those
//! after it.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Label, Metric};
use streamhouse_metrics_spec::name;

use super::model::Variable;
use super::query::matchers;

/// Variables of a dashboard of some metrics whose names start with a prefix: the labels are those
/// that they have and people choose from.
pub(super) fn of_metrics(catalog: &Catalog, prefix: &str, metrics: &[&Metric]) -> Vec<Variable> {
    let mut variables = of_targets(prefix);
    let mut chosen: Vec<usize> = Vec::new();
    for (at, label) in catalog.labels.iter().enumerate() {
        let known = variables.iter().any(|variable| variable.name == name_of(label));
        if !is_chosen(label) || known {
            continue;
        }
        // The metric that is narrowed by the most choices before.
        let narrows = |metric: &&&Metric| {
            chosen.iter().filter(|before| metric.labels.contains(before)).count()
        };
        let having = metrics.iter().filter(|metric| metric.labels.contains(&at)).rev();
        let Some(metric) = having.max_by_key(narrows) else { continue };
        let before = chosen.iter().filter(|before| metric.labels.contains(before));
        let matchers = matchers(before.map(|&before| &catalog.labels[before]));
        let matchers: Vec<_> = matchers.into_iter().map(|(_, matcher)| matcher).collect();
        let sample = metric.samples().pop().unwrap_or_default();
        variables.push(Variable {
            name: name_of(label),
            label: name::to_title(&label.name),
            values: Some(format!(
                "label_values({sample}{{{}}}, {})",
                matchers.join(", "),
                label.name
            )),
        });
        chosen.push(at);
    }
    variables
}

/// Data source, job and instance, of all targets with series whose names start with a prefix.
///
/// Not of those with a certain metric: an agent without partitions is there all the same.
pub(super) fn of_targets(prefix: &str) -> Vec<Variable> {
    let series = format!("__name__=~\"{prefix}_.+\"");
    let values = [
        ("datasource", "Data source", None),
        ("job", "Job", Some(format!("label_values({{{series}}}, job)"))),
        (
            "instance",
            "Instance",
            Some(format!("label_values({{{series}, job=~\"$job\"}}, instance)")),
        ),
    ];
    let variable = |(name, label, values): (&str, &str, _)| Variable {
        name: name.to_owned(),
        label: label.to_owned(),
        values,
    };
    values.map(variable).into()
}

/// Whether people choose among a label's values: those of a closed label fit on one panel.
pub(super) fn is_chosen(label: &Label) -> bool {
    !label.is_closed() && !matches!(&*label.name, "job" | "instance")
}

/// A label's variable; the data source's name is taken.
pub(super) fn name_of(label: &Label) -> String {
    if label.name == "datasource" { "datasource_label".to_owned() } else { label.name.clone() }
}
