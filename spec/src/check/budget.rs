//! The series budget: arithmetic instead of an outage.

use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::spec::Spec;

use super::report::Report;

/// Reports a service that could expose more series than its budget.
pub(super) fn check(spec: &Spec, catalog: &Catalog, report: &mut Report<'_>) {
    let Some(budget) = &spec.series_budget else {
        return;
    };
    let total = catalog.worst_series_of_service();
    if total > budget.value {
        let series = |metric| (catalog.worst_series(metric), metric.exposed());
        let mut metrics: Vec<_> = catalog.metrics().map(|(_, metric)| series(metric)).collect();
        metrics.sort_by(|a, b| b.cmp(a));
        let largest: Vec<_> =
            metrics.iter().take(3).map(|(series, name)| format!("`{name}` ({series})")).collect();
        let message = format!("{total} series at worst, over the budget of {}", budget.value);
        let help =
            format!("lower a limit or raise the budget; the largest are {}", largest.join(", "));
        report.lint(&[], Diagnostic::new(&rule::SERIES_BUDGET, budget.span, message).help(help));
    }
}
