//! The alerts of SLOs: one for each speed at which a budget is spent too fast.

use crate::catalog::{Alert, Condition, Slo};
use crate::expression::{Expression, Reader};
use crate::name::to_camel_case;
use crate::slo::words;
use crate::spec::{self, Spec};

use super::reader;

/// Adds the alerts of every SLO to those that there are; of each SLO the slower ones are further
/// tiers of the fastest.
pub(super) fn alerts(spec: &Spec, slos: &[(Slo, usize)], alerts: &mut Vec<(Alert, Expression)>) {
    for (at, (slo, written)) in slos.iter().enumerate() {
        let spec::Slo { key, objective, allow, .. } = &spec.slos[*written];
        let place = objective.as_ref().map_or(key.span, |objective| objective.span);
        let first = alerts.len();
        for tier in slo.tiers() {
            let reader = Reader::Alert(alerts.len());
            let alert = Alert {
                name: format!("{}Burn{}", to_camel_case(key), tier.long),
                condition: Condition::Burn { slo: at, tier },
                // Two windows have to agree, which is all that a wait would be for.
                wait: None,
                keep_firing_for: None,
                severity: tier.severity,
                summary: format!(
                    "{}: {} % of the error budget of {} is spent within {}",
                    slo.title,
                    tier.percent,
                    words(slo.window.as_str()),
                    words(tier.long)
                ),
                description: None,
                runbook: slo.runbook.clone(),
                tier_of: (alerts.len() > first).then_some(first),
                reads: slo.indicator.metrics(),
                tests: Vec::new(),
            };
            alerts.push((alert, reader::expression(reader, key.span, None, place, allow)));
        }
    }
}
