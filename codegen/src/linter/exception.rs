//! What is allowed to break a rule, with the reason why.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Exception;

use super::Finding;
use crate::emit::dashboards;

/// The id of what is found in exceptions themselves.
pub const UNUSED_EXCEPTION: &str = "unused-exception";

/// Leaves out findings that the specification excepts.
pub fn except(mut findings: Vec<Finding>, catalog: &Catalog) -> Vec<Finding> {
    let exceptions = &catalog.grafana.exceptions;
    findings.retain(|finding| !exceptions.iter().any(|of| excepts(of, finding, catalog)));
    findings
}

/// The same, and finds exceptions that except nothing: the findings are those of everything that is
/// generated.
pub fn except_all(findings: Vec<Finding>, catalog: &Catalog) -> Vec<Finding> {
    let exceptions = catalog.grafana.exceptions.iter();
    let unneeded =
        exceptions.filter(|of| !findings.iter().any(|finding| excepts(of, finding, catalog)));
    let unneeded: Vec<_> = unneeded.map(unused).collect();
    let mut left = except(findings, catalog);
    left.extend(unneeded);
    left
}

fn excepts(exception: &Exception, finding: &Finding, catalog: &Catalog) -> bool {
    let Exception { rule, dashboard, panel, reason: _ } = exception;
    let is_there = |key: &String| dashboards::uid_of(catalog, key) == finding.dashboard;
    rule == finding.rule
        && dashboard.as_ref().is_none_or(is_there)
        && (panel.is_none() || *panel == finding.panel)
}

fn unused(exception: &Exception) -> Finding {
    let Exception { rule, dashboard, panel, reason } = exception;
    let message = format!("nothing breaks `{rule}` there: delete the exception \"{reason}\"");
    Finding {
        rule: UNUSED_EXCEPTION,
        dashboard: dashboard.clone().unwrap_or_default(),
        panel: panel.clone(),
        target: None,
        message,
    }
}
