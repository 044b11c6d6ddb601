//! Names that are left to metrics about the metrics.

use std::collections::HashMap;

use crate::catalog::{Catalog, Kind, exposed};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::spec::{self, Spec};

use super::report::Report;

/// Every name that metrics about the metrics take, in any format, with the exposed one.
pub(super) fn names(catalog: &Catalog) -> HashMap<String, String> {
    let families = (catalog.components.iter())
        .flat_map(|component| component.own_families(&catalog.namespace));
    let names = |family: String| {
        let total = exposed(&family, Kind::Counter);
        let created = format!("{family}_created");
        [family, total.clone(), created].map(|name| (name, total.clone()))
    };
    families.flat_map(names).collect()
}

/// A metric that takes the name of one about the metrics.
pub(super) fn taken(written: &spec::Metric, exposed: &str) -> Diagnostic {
    let message = format!("`{}` takes the name of `{exposed}`", written.key.value);
    Diagnostic::new(&rule::DUPLICATE_NAME, written.key.span, message)
        .label("every component counts there what became of its records")
        .help("choose another name")
}

/// Reports labels of the whole service that metrics about the metrics have already.
pub(super) fn const_labels(spec: &Spec, catalog: &Catalog, report: &mut Report<'_>) {
    let own: Vec<_> =
        catalog.components.iter().flat_map(|component| component.own_metrics(catalog)).collect();
    for (name, _) in &spec.const_labels {
        if let Some(metric) = own.iter().find(|metric| metric.label == name.value) {
            let message = format!("`{}` has label name `{}` twice", metric.exposed(), name.value);
            let diagnostic = Diagnostic::new(&rule::REPEATED_LABEL, name.span, message);
            let label = "the component counts there what became of its records";
            report.push(diagnostic.label(label).help("choose another name"));
        }
    }
}
