//! `docs/alerts.md`: what each alert means, how urgent it is and what it reads.

use streamhouse_metrics_spec::catalog::{Alert, Condition};

use super::{metrics, paragraph, slos, tables};
use crate::emit::belonging;
use crate::promql::Results;
use crate::rules::{self, Inhibition};
use crate::text::markdown::{block, text};

/// The sections of the page.
pub(super) fn page(results: &Results<'_>) -> Vec<String> {
    let catalog = results.catalog();
    if catalog.alerts.is_empty() {
        return vec!["No alerts are defined.".to_owned()];
    }
    let overview = tables::alerts(&catalog.alerts);
    let muting = rules::inhibitions(results);
    let sections = catalog.alerts.iter().flat_map(|alert| section(results, &muting, alert));
    std::iter::once(overview).chain(sections).collect()
}

/// An alert, under a heading that other pages link to.
fn section(results: &Results<'_>, muting: &[Inhibition], alert: &Alert) -> Vec<String> {
    let catalog = results.catalog();
    let Alert { name, summary, reads, .. } = alert;
    let mut sections = vec![
        format!("## {name}"),
        format!("**{}** ({})", text(summary), urgency(alert)),
        text(&results.description(alert)),
        block("promql", &results.expr(alert)),
    ];
    let component = belonging::component(catalog, alert);
    let slo = match alert.condition {
        Condition::Burn { slo, .. } => Some(slos::link_to(&catalog.slos[slo], "slos.md")),
        _ => None,
    };
    let facts = [
        slo.map(|slo| format!("Follows from the objective {slo}.")),
        component.map(|at| format!("About {}.", metrics::component_link(catalog, at))),
        metrics::reads(catalog, reads),
        muted(muting, name),
        Some(format!("[Runbook](runbooks/{name}.md).")),
    ];
    sections.extend(paragraph(facts));
    sections
}

/// Which alerts mute an alert, if any do.
fn muted(muting: &[Inhibition], name: &String) -> Option<String> {
    let sources = muting.iter().filter(|inhibition| inhibition.targets.contains(name));
    let sources: Vec<_> = sources
        .map(|Inhibition { source, .. }| format!("[{source}](#{})", source.to_lowercase()))
        .collect();
    (!sources.is_empty())
        .then(|| format!("Nobody is told of it while {} fires.", sources.join(" or ")))
}

/// How urgent an alert is, and when it fires.
pub(super) fn urgency(alert: &Alert) -> String {
    let Alert { wait, keep_firing_for, severity, .. } = alert;
    let mut when = match wait {
        Some(wait) => format!("{}, after {}", severity.as_str(), text(wait)),
        None => format!("{}, at once", severity.as_str()),
    };
    if let Some(time) = keep_firing_for {
        when.push_str(&format!(", and for {} longer", text(time)));
    }
    when
}
