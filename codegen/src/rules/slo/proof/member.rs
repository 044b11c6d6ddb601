//! The labels of a test's series.

use std::ops::Range;

use streamhouse_metrics_spec::catalog::{Catalog, Domain, Label, LabelType, Metric, Slo};
use streamhouse_metrics_spec::slo;

use super::Labels;

/// How many members there are, for each of which an SLO holds.
const MEMBERS: usize = 3;

/// The members of each test: all of them, or as many as labels can tell apart.
pub(super) fn tests(catalog: &Catalog, slo: &Slo) -> impl Iterator<Item = Range<usize>> {
    let values = slo.by.iter().map(|&label| match &catalog.labels[label].domain {
        Domain::Open { .. } => MEMBERS,
        Domain::Closed { values } => values.len(),
    });
    let most = values.max().unwrap_or(1).min(MEMBERS);
    (0..MEMBERS).step_by(most).map(move |first| first..MEMBERS.min(first + most))
}

/// The labels of what is recorded of a member.
pub(super) fn recorded(catalog: &Catalog, slo: &Slo, member: usize) -> Labels {
    let by = slo.by.iter().map(|&label| pair(&catalog.labels[label], member));
    by.chain([(slo::LABEL.to_owned(), slo.id.clone())]).collect()
}

/// The labels of what a process exposes of a member: other values of what is added up in each
/// process.
pub(super) fn exposed(
    catalog: &Catalog,
    slo: &Slo,
    metric: &Metric,
    member: usize,
    process: usize,
) -> Labels {
    let labels = metric.labels.iter().map(|label| {
        let is_kept = slo.by.contains(label);
        pair(&catalog.labels[*label], if is_kept { member } else { process })
    });
    labels.chain([("instance".to_owned(), format!("process-{process}"))]).collect()
}

fn pair(label: &Label, at: usize) -> (String, String) {
    let value = match &label.domain {
        Domain::Open { kind: LabelType::String, .. } => format!("{}-{at}", label.name),
        Domain::Open { .. } => at.to_string(),
        Domain::Closed { values } => values[at % values.len()].clone(),
    };
    (label.name.clone(), value)
}
