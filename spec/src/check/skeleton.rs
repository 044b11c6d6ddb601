//! What the derive compiles against when the specification has errors.
//!
//! As much of the catalogue as can be a Rust program: what was reported is mended where that is
//! possible and dropped where not, so that a mistake in the specification stays the only error.

use std::collections::HashSet;

use crate::catalog::{Catalog, Component, Domain, Label, Metric};
use crate::name::{is_keyword, is_recorder_method, is_snake_case, to_camel_case, to_snake_case};
use crate::{Skeleton, name};

use super::rust::{generated_types, grid};

/// Makes a program of a catalogue that is not true.
pub(super) fn of(mut catalog: Catalog) -> Skeleton {
    // They point at metrics by position, and nothing but documentation needs them.
    catalog.alerts.clear();
    catalog.slos.clear();
    catalog.recording_rules.clear();
    catalog.queries.clear();
    catalog.dashboards.clear();
    let mut types = HashSet::new();
    for (at, label) in catalog.labels.iter_mut().enumerate() {
        mend_label(at, label);
        while !types.insert(to_camel_case(&label.key)) {
            label.key.push_str("_again");
        }
    }
    let mut components = std::mem::take(&mut catalog.components);
    for component in &mut components {
        mend_component(component, &catalog);
    }
    catalog.components = components;
    Skeleton(catalog)
}

fn mend_label(at: usize, label: &mut Label) {
    label.key = to_snake_case(&label.key)
        .filter(|key| !is_keyword(key))
        .unwrap_or_else(|| format!("label_{at}"));
    if let Domain::Closed { values } = &mut label.domain {
        let mut variants = HashSet::new();
        values.retain(|value| {
            let variant = to_camel_case(value);
            !variant.is_empty() && !is_keyword(&variant) && variants.insert(variant)
        });
        if values.is_empty() {
            values.push("unknown".to_owned());
        }
    }
}

fn mend_component(component: &mut Component, catalog: &Catalog) {
    let mut methods = HashSet::new();
    component.metrics.retain_mut(|metric| {
        mend_method(metric);
        is_snake_case(&metric.key)
            && !is_keyword(&metric.key)
            && !is_recorder_method(&metric.key)
            && methods.insert(metric.key.clone())
    });
    let mut types = HashSet::new();
    let mut kept: HashSet<Vec<usize>> = HashSet::new();
    for set in component.label_sets() {
        let generated = generated_types(catalog, set);
        // An enum may be wanted by several sets; any other name only once.
        let clashes = generated.iter().any(|(name, labels)| {
            types.iter().any(|(known, of): &(String, Vec<usize>)| known == name && of != labels)
        });
        if !clashes && grid(catalog, set).is_some() {
            types.extend(generated);
            kept.insert(set.to_vec());
        }
    }
    component.metrics.retain(|metric| kept.contains(&metric.labels));
}

fn mend_method(metric: &mut Metric) {
    if let Some(mended) = name::to_snake_case(&metric.key) {
        metric.key = mended;
    }
    (metric.drained_by, metric.follows) = (None, None);
}
