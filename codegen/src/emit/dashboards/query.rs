//! Queries of panels.
//!
//! A selector carries the variables whose labels its metric has. An aggregation keeps the labels
//! by which people tell lines apart; indices such as a partition's are summed away, or a panel
//! would have thousands of lines.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Label, Metric};

use super::variable;

/// Which variables the dashboard has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Job and instance.
    Service,
    /// Also the labels that people choose from.
    Component,
}

/// Names of the labels that tell the lines of a panel apart.
pub(super) fn kept<'a>(catalog: &'a Catalog, metric: &Metric) -> Vec<&'a str> {
    let is_index = |label: &Label| !label.is_closed() && !label.is_text();
    catalog.labels_of(metric).filter(|label| !is_index(label)).map(|label| &*label.name).collect()
}

/// A sample of a metric, with a matcher for each variable that applies, and further ones.
pub(super) fn selector(
    catalog: &Catalog,
    metric: &Metric,
    sample: &str,
    scope: Scope,
    further: Option<String>,
) -> String {
    let labels = catalog.labels_of(metric).filter(|_| scope == Scope::Component);
    let matchers = matchers(labels).into_iter().map(|(_, matcher)| matcher);
    let matchers: Vec<_> = matchers.chain(further).collect();
    format!("{sample}{{{}}}", matchers.join(", "))
}

/// A matcher for each variable, with its label: of the target, and of those of some labels that
/// people choose from.
pub(super) fn matchers<'a>(labels: impl IntoIterator<Item = &'a Label>) -> Vec<(&'a str, String)> {
    let target = ["job", "instance"].map(|label| (label, format!("{label}=~\"${label}\"")));
    let chosen = labels.into_iter().filter(|label| variable::is_chosen(label));
    let chosen = chosen.map(|label| {
        let variable = variable::name_of(label);
        (&*label.name, format!("{}=~\"${variable}\"", label.name))
    });
    target.into_iter().chain(chosen).collect()
}

/// The increase of a counter each second.
pub(super) fn rate(selector: &str) -> String {
    format!("rate({selector}[$__rate_interval])")
}

/// An aggregation that keeps some labels.
pub(super) fn aggregate(operator: &str, kept: &[&str], expr: &str) -> String {
    match kept {
        [] => format!("{operator}({expr})"),
        _ => format!("{operator} by ({}) ({expr})", kept.join(", ")),
    }
}

/// A legend that names every label that was kept, or the given words when none was.
pub(super) fn legend(kept: &[&str], otherwise: &str) -> String {
    match kept {
        [] => otherwise.to_owned(),
        _ => kept.iter().map(|label| format!("{{{{{label}}}}}")).collect::<Vec<_>>().join(" "),
    }
}
