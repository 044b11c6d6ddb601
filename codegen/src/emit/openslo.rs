//! `openslo/`: each objective for other tools, in version 1 of OpenSLO.
//!
//! Queries read exposed series alone, and the alerts stay with the rules that Prometheus evaluates:
//! who imports an objective makes their own.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Slo;
use streamhouse_metrics_spec::fraction::Fraction;

use super::Artifact;
use crate::rules::slo::{Exposed, exposed};
use crate::text::PREAMBLE;
use crate::text::yaml::{block, quoted};

/// Makes a file for each objective.
pub(super) fn emit(catalog: &Catalog) -> Vec<Artifact> {
    let slos = catalog.slos.iter();
    slos.map(|slo| Artifact { path: format!("openslo/{}.yml", slo.key), text: text(catalog, slo) })
        .collect()
}

fn text(catalog: &Catalog, slo: &Slo) -> String {
    let Slo { key, title, help, window, .. } = slo;
    // Names are those of Kubernetes, without underscores.
    let name = quoted(&key.replace('_', "-"));
    let exposed = exposed(catalog, slo);
    let mut lines = vec![
        format!("# {PREAMBLE}"),
        "apiVersion: \"openslo/v1\"".to_owned(),
        "kind: \"SLO\"".to_owned(),
        "metadata:".to_owned(),
        format!("  name: {name}"),
        format!("  displayName: {}", quoted(title)),
        "spec:".to_owned(),
        format!("  description: {}", quoted(help)),
        format!("  service: {}", quoted(&catalog.namespace.replace('_', "-"))),
        "  indicator:".to_owned(),
        "    metadata:".to_owned(),
        format!("      name: {name}"),
        "    spec:".to_owned(),
    ];
    lines.extend(indicator(&exposed));
    lines.extend([
        "  timeWindow:".to_owned(),
        format!("    - duration: {}", quoted(window.as_str())),
        "      isRolling: true".to_owned(),
    ]);
    lines.extend(objective(slo, &exposed));
    lines.join("\n") + "\n"
}

/// Bad events and all of them; or the gauge that has a bound.
fn indicator(exposed: &Exposed) -> Vec<String> {
    match exposed {
        Exposed::Events { bad, all, .. } => {
            let mut lines = vec![
                "      ratioMetric:".to_owned(),
                // These are rates, which do not only rise.
                "        counter: false".to_owned(),
            ];
            for (key, query) in [("bad", bad), ("total", all)] {
                lines.push(format!("        {key}:"));
                lines.extend(source(query, 10));
            }
            lines
        }
        Exposed::Gauge { worst, .. } => {
            let head = "      thresholdMetric:".to_owned();
            std::iter::once(head).chain(source(worst, 8)).collect()
        }
    }
}

/// Where a number comes from, indented by so much.
fn source(query: &str, indent: usize) -> [String; 4] {
    let margin = " ".repeat(indent);
    [
        format!("{margin}metricSource:"),
        format!("{margin}  type: \"Prometheus\""),
        format!("{margin}  spec:"),
        format!("{margin}    query: {}", block(query, indent + 6)),
    ]
}

/// How much is to be good: of events, or of minutes.
fn objective(slo: &Slo, exposed: &Exposed) -> Vec<String> {
    let percentage = slo.objective.times(Fraction::whole(100));
    let percentage = percentage.decimal().unwrap_or_else(|| percentage.value().to_string());
    let target = format!("      targetPercent: {percentage}");
    let title = format!("    - displayName: {}", quoted(&slo.title));
    match exposed {
        Exposed::Events { .. } => vec![
            "  budgetingMethod: \"Occurrences\"".to_owned(),
            "  objectives:".to_owned(),
            title,
            target,
        ],
        Exposed::Gauge { bound, .. } => vec![
            "  budgetingMethod: \"Timeslices\"".to_owned(),
            "  objectives:".to_owned(),
            title,
            "      op: \"lte\"".to_owned(),
            format!("      value: {bound}"),
            target,
            "      timeSliceTarget: 1".to_owned(),
            "      timeSliceWindow: \"1m\"".to_owned(),
        ],
    }
}
