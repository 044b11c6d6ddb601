//! The labels that the metrics of an SLO share, and which of them it keeps apart.

use crate::catalog::{Alert, Indicator};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::slo::LABEL;
use crate::spec;

use super::reads::Names;
use super::report::Report;

/// The labels for whose values an SLO is to hold each: those that are written, or all that there
/// are.
pub(super) fn labels(
    written: &spec::Slo,
    indicator: &Indicator,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> Vec<usize> {
    let catalog = names.catalog;
    let ids = indicator.metrics();
    let metrics: Vec<_> = ids.iter().map(|&id| catalog.metric(id)).collect();
    let is_told =
        |label: usize| matches!(indicator, Indicator::Values { label: of, .. } if *of == label);
    let is_shared = |label: &usize| metrics.iter().all(|metric| metric.labels.contains(label));
    let first = metrics.iter().take(1).flat_map(|metric| metric.labels.iter().copied());
    let shared: Vec<_> = first.filter(|label| is_shared(label) && !is_told(*label)).collect();
    let key = |label: usize| format!("`{}`", catalog.labels[label].key);
    let mut kept = Vec::new();
    let written_by = written.by.as_ref().map(|by| &by.value);
    for label in written_by.into_iter().flatten() {
        let at = shared.iter().copied().find(|&at| catalog.labels[at].key == label.value);
        kept.extend(at);
        if at.is_some() {
            continue;
        }
        let by_name = shared.iter().find(|&&at| catalog.labels[at].name == label.value);
        let help = match by_name {
            Some(&at) => format!("labels are used by their keys: write {}", key(at)),
            None if shared.is_empty() => "delete `by`: there is no such label".to_owned(),
            None => format!(
                "write {}",
                shared.iter().map(|&at| key(at)).collect::<Vec<_>>().join(" or ")
            ),
        };
        let of: Vec<_> = metrics.iter().map(|metric| format!("`{}`", metric.key)).collect();
        let message = match indicator {
            Indicator::Values { label: of, .. } if catalog.labels[*of].key == label.value => {
                format!("`{}` tells which events are good, and is not kept apart", label.value)
            }
            Indicator::Counters { .. } => {
                format!("`{}` is no label that {} share", label.value, of.join(" and "))
            }
            _ => format!("{} has no label `{}`", of.join(""), label.value),
        };
        report.push(Diagnostic::new(&rule::UNKNOWN_LABEL, label.span, message).help(help));
    }
    let mut kept = if written.by.is_some() { kept } else { shared };
    let taken = |at: &usize| {
        let name = &*catalog.labels[*at].name;
        name == LABEL || Alert::OWN_LABELS.contains(&name)
    };
    if let Some(&at) = kept.iter().find(|&at| taken(at)) {
        let place = written.by.as_ref().map_or(written.key.span, |by| by.span);
        let message = match &*catalog.labels[at].name {
            LABEL => format!("the label `{LABEL}` tells SLOs apart, and is not kept for more"),
            name => format!("each alert has a `{name}` of its own, so this one is not kept"),
        };
        let help = format!("leave {} out of `by`", key(at));
        report.push(Diagnostic::new(&rule::SLO_INDICATOR, place, message).help(help));
        kept.retain(|at| !taken(at));
    }
    kept.sort_unstable();
    kept.dedup();
    kept
}
