//! Names that would become the same Rust name.

use std::collections::HashMap;

use crate::catalog::{Catalog, Component, Domain};
use crate::diagnostic::Diagnostic;
use crate::name::{label_set_type, to_camel_case};
use crate::rule;
use crate::source::Span;
use crate::spec::Spec;

use super::report::Report;

/// Reports labels and label sets whose generated types would clash.
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
        let places: Vec<_> = written.metrics.iter().map(|metric| metric.key.span).collect();
        label_sets(component, catalog, &places, report);
    }
}

/// Reports label sets of one component whose types, or the types of what they bind, share a name.
fn label_sets(component: &Component, catalog: &Catalog, places: &[Span], report: &mut Report<'_>) {
    let place_of = |set: &[usize]| {
        let at = component.metrics.iter().position(|metric| metric.labels == set);
        at.map_or_else(Span::default, |at| places[at])
    };
    let mut types: HashMap<String, (Vec<usize>, Span)> = HashMap::new();
    for set in component.label_sets().into_iter().filter(|set| !set.is_empty()) {
        let name = label_set_type(catalog, set);
        let mut generated = vec![(format!("Bound{name}"), Vec::new()), (name, set.to_vec())];
        for &label in set {
            if matches!(catalog.labels[label].domain, Domain::Closed { .. }) {
                generated.push((to_camel_case(&catalog.labels[label].key), vec![label]));
            }
        }
        for (name, labels) in generated {
            let first =
                types.entry(name.clone()).or_insert_with(|| (labels.clone(), place_of(set)));
            if first.0 != labels {
                let message = format!("two label sets become the same Rust type `{name}`");
                report.push(clash(place_of(set), first.1, message));
            }
        }
    }
}

fn clash(second: Span, first: Span, message: String) -> Diagnostic {
    let diagnostic = Diagnostic::new(&rule::FOLDED_NAME, second, message);
    diagnostic.related(first, "first here").help("rename one of the labels")
}
