//! What the panels of metrics are called.

use std::collections::HashMap;

use streamhouse_metrics_spec::catalog::{Component, Metric};
use streamhouse_metrics_spec::name;

/// How many metrics of a component each short or full name could stand for.
pub(in crate::emit) struct Titles<'a> {
    uses: HashMap<&'a str, usize>,
}

impl<'a> Titles<'a> {
    /// Counts the names of a component's metrics.
    pub(in crate::emit) fn new(component: &'a Component) -> Self {
        let mut uses = HashMap::new();
        for metric in &component.metrics {
            for name in [stem(metric), Some(&*metric.key)].into_iter().flatten() {
                *uses.entry(name).or_default() += 1;
            }
        }
        Self { uses }
    }

    /// A metric's title: without a measuring unit, which the axis shows, where it is not missed.
    pub(in crate::emit) fn of(&self, metric: &Metric) -> String {
        let is_clear = |short: &&str| metric.unit.is_base() && self.uses.get(short) == Some(&1);
        let title = name::to_title(stem(metric).filter(is_clear).unwrap_or(&metric.key));
        if metric.deprecated.is_some() { format!("{title} (deprecated)") } else { title }
    }
}

/// A key without the unit at its end.
fn stem(metric: &Metric) -> Option<&str> {
    metric.key.strip_suffix(metric.unit.as_str())?.strip_suffix('_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_dropped_where_titles_stay_distinct() {
        let metric = |key: &str, unit: &str, more: &str| {
            format!("[cart.{key}]\ntype = \"gauge\"\nunit = \"{unit}\"\nhelp = \"a\"\n{more}\n")
        };
        let text = [
            "namespace = \"shop\"\n",
            &metric("wait_seconds", "seconds", ""),
            &metric("open_items", "items", ""),
            &metric("lag_items", "items", ""),
            &metric("lag_seconds", "seconds", "deprecated = {}"),
            &metric("fill_ratio", "ratio", "deprecated = {}"),
        ];
        let checked = streamhouse_metrics_spec::check_text(&text.concat()).expect("is valid");
        let component = &checked.catalog.components[0];
        let titles = Titles::new(component);
        let titles: Vec<_> = component.metrics.iter().map(|metric| titles.of(metric)).collect();
        assert_eq!(
            titles,
            ["Wait", "Open items", "Lag items", "Lag seconds (deprecated)", "Fill (deprecated)"]
        );
    }
}
