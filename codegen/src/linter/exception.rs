//! What is allowed to break a rule, with the reason why.

use super::{Finding, RULES};

/// The id of what is found in exceptions themselves.
pub const UNUSED_EXCEPTION: &str = "unused-exception";

/// That a rule does not apply somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The id of the rule.
    pub rule: String,
    /// The dashboard as a finding names it; all of them if none is given.
    pub dashboard: Option<String>,
    /// The panel as a finding names it; all of them, and what is of no panel, if none is given.
    pub panel: Option<String>,
    /// Why the rule does not apply there.
    pub reason: String,
}

impl Exception {
    fn excepts(&self, finding: &Finding) -> bool {
        let Self { rule, dashboard, panel, reason: _ } = self;
        rule == finding.rule
            && dashboard.as_ref().is_none_or(|dashboard| *dashboard == finding.dashboard)
            && (panel.is_none() || *panel == finding.panel)
    }
}

/// Leaves out findings that are excepted, and finds exceptions that except nothing.
///
/// The findings are those of all dashboards that the exceptions are about.
pub fn except(mut findings: Vec<Finding>, exceptions: &[Exception]) -> Vec<Finding> {
    let is_unused =
        |exception: &&Exception| !findings.iter().any(|finding| exception.excepts(finding));
    let unused: Vec<_> = exceptions.iter().filter(is_unused).map(unused).collect();
    findings.retain(|finding| !exceptions.iter().any(|exception| exception.excepts(finding)));
    findings.extend(unused);
    findings
}

fn unused(exception: &Exception) -> Finding {
    let Exception { rule, dashboard, panel, reason } = exception;
    let message = match RULES.iter().any(|known| known.id == rule) {
        true => format!("nothing here breaks `{rule}`: delete the exception \"{reason}\""),
        false => format!("there is no rule `{rule}`"),
    };
    Finding {
        rule: UNUSED_EXCEPTION,
        dashboard: dashboard.clone().unwrap_or_default(),
        panel: panel.clone(),
        target: None,
        message,
    }
}
