//! What would not make a Rust program: names that become the same, label grids that are too large.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Catalog, Component};
use crate::diagnostic::Diagnostic;
use crate::name::{label_set_type, to_camel_case};
use crate::rule;
use crate::source::Span;
use crate::spec::{self, Spec};

use super::report::Report;

/// Most combinations of the closed labels of one label set: each has its own cells in memory.
const LARGEST_GRID: usize = 4096;

/// Reports labels and label sets whose generated types would clash, or whose grid is too large.
pub(super) fn check(spec: &Spec, catalog: &Catalog, report: &mut Report<'_>) {
    let mut types: HashMap<String, usize> = HashMap::new();
    for (at, label) in spec.labels.iter().enumerate() {
        let name = to_camel_case(&label.key);
        match types.get(&name) {
            Some(&first) if spec.labels[first].key.value != label.key.value => {
                let first = &spec.labels[first].key;
                let message = format!(
                    "labels `{}` and `{}` both become `{name}` in Rust",
                    first.value, label.key.value
                );
                report.push(clash(label.key.span, first.span, message));
            }
            Some(_) => {}
            None => {
                types.insert(name, at);
            }
        }
    }
    let written = spec.components.iter().filter(|component| !component.metrics.is_empty());
    for (component, written) in catalog.components.iter().zip(written) {
        label_sets(component, catalog, &written.metrics, report);
    }
}

/// Reports label sets of one component.
fn label_sets(
    component: &Component,
    catalog: &Catalog,
    written: &[spec::Metric],
    report: &mut Report<'_>,
) {
    let mut types: HashMap<String, (Vec<usize>, Span)> = HashMap::new();
    let mut reported = HashSet::new();
    for set in component.label_sets().into_iter().filter(|set| !set.is_empty()) {
        let first_use = component.metrics.iter().position(|metric| metric.labels == set);
        let Some(place) = first_use.and_then(|at| written.get(at)).map(|metric| metric.key.span)
        else {
            continue;
        };
        for (name, labels) in generated_types(catalog, set) {
            let first = types.entry(name.clone()).or_insert_with(|| (labels.clone(), place));
            if first.0 != labels && reported.insert((place, first.1)) {
                let message = format!("two label sets become the same Rust type `{name}`");
                report.push(clash(place, first.1, message));
            }
        }
        if grid(catalog, set).is_none() {
            let message = format!("the closed labels have more than {LARGEST_GRID} combinations");
            let help =
                "use fewer closed labels on one metric, or make one of them open with a limit";
            report.push(Diagnostic::new(&rule::LABEL_GRID, place, message).help(help));
        }
    }
}

/// The types that a label set needs, each with what it stands for: labels, or nothing for a bound
/// label set.
pub(super) fn generated_types(catalog: &Catalog, set: &[usize]) -> Vec<(String, Vec<usize>)> {
    if set.is_empty() {
        return Vec::new();
    }
    let name = label_set_type(catalog, set);
    let mut types = vec![(format!("Bound{name}"), Vec::new()), (name, set.to_vec())];
    for &label in set {
        if catalog.labels[label].is_closed() {
            types.push((to_camel_case(&catalog.labels[label].key), vec![label]));
        }
    }
    types.sort();
    types.dedup();
    types
}

/// How many combinations the closed labels of a set have, unless there are too many.
pub(super) fn grid(catalog: &Catalog, set: &[usize]) -> Option<usize> {
    let labels = set.iter().map(|&label| &catalog.labels[label]);
    let mut sizes =
        labels.filter(|label| label.is_closed()).map(|label| label.closed_values().len());
    let product = sizes.try_fold(1usize, |product, size| product.checked_mul(size))?;
    (product <= LARGEST_GRID).then_some(product)
}

fn clash(second: Span, first: Span, message: String) -> Diagnostic {
    let diagnostic = Diagnostic::new(&rule::FOLDED_NAME, second, message);
    diagnostic.related(first, "first here").help("rename one of the labels")
}
