//! What is recorded of an SLO.

use streamhouse_metrics_spec::catalog::{Catalog, Slo};
use streamhouse_metrics_spec::slo::{self, BAD_BOOL, BAD_RATE, TOTAL_RATE};

use super::{burn, indicator, series};

/// The window of the base series, which needs no sum.
const BASE: &str = "5m";

/// Every series with its expression, each after those that it reads.
pub(crate) fn recordings(catalog: &Catalog, slo: &Slo) -> Vec<(String, String)> {
    let base = indicator::base(catalog, slo).into_iter();
    let base = base.map(|(name, expr)| (name.to_owned(), expr));
    let ratios = slo.windows().into_iter();
    let ratios = ratios.map(|window| (slo::error_ratio(window), ratio(slo, window)));
    let events = slo.guarded().map(|tier| (slo::events(tier.long), events(slo, tier.long)));
    base.chain(ratios).chain(events).chain(budget(slo)).collect()
}

/// What part is bad over a window; nothing while nothing happens.
fn ratio(slo: &Slo, window: &str) -> String {
    if !slo.indicator.counts_events() {
        let bad = series(BAD_BOOL, slo);
        return format!("sum_over_time({bad}[{window}])\n  /\ncount_over_time({bad}[{window}])");
    }
    let [bad, all] = [BAD_RATE, TOTAL_RATE].map(|name| match window {
        BASE => series(name, slo),
        _ => format!("sum_over_time({}[{window}])", series(name, slo)),
    });
    format!("{bad}\n  /\n({all} > 0)")
}

/// How many events there are in a window: a rate for each evaluation, and fewer where evaluations
/// are missing, so that a gap wakes nobody.
fn events(slo: &Slo, window: &str) -> String {
    format!("{} * sum_over_time({}[{window}])", slo::INTERVAL, series(TOTAL_RATE, slo))
}

/// What is promised, and how much of what may be bad is left.
fn budget(slo: &Slo) -> [(String, String); 4] {
    let budget = burn::decimal(slo.budget());
    let objective = burn::decimal(slo.objective);
    let over = |window: &str| series(&slo::error_ratio(window), slo);
    [
        (slo::OBJECTIVE.to_owned(), format!("vector({objective})")),
        (slo::BUDGET.to_owned(), format!("vector({budget})")),
        (slo::REMAINING.to_owned(), format!("1 - {} / {budget}", over(slo.window.as_str()))),
        (slo::burn_rate(), format!("{} / {budget}", over(slo::BURN_WINDOW))),
    ]
}
