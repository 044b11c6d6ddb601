//! The alerts of an SLO: when they fire, and what they say.

use streamhouse_metrics_spec::catalog::{Catalog, Indicator, Slo};
use streamhouse_metrics_spec::fraction::Fraction;
use streamhouse_metrics_spec::slo::{self, Tier};

use super::{labels, series};
use crate::template;

/// Digits behind the point of what is rounded for people.
const ROUNDED: u32 = 2;

/// When a tier's alert fires, in PromQL: while too much is bad over both windows, and was of
/// enough events that it is no accident.
pub(crate) fn expr(slo: &Slo, tier: &Tier) -> String {
    let threshold = constant(slo, tier);
    let over = |window| format!("{} > {threshold}", series(&slo::error_ratio(window), slo));
    let mut conditions = vec![over(tier.long), over(tier.short)];
    if slo.min_bad_events > 0 {
        let events = series(&slo::events(tier.long), slo);
        let threshold = match threshold.contains(' ') {
            true => format!("({threshold})"),
            false => threshold,
        };
        conditions.push(format!("{events} >= {} / {threshold}", slo.min_bad_events));
    }
    conditions.join("\n  and\n")
}

/// The part that is too much, as a number in PromQL: in all its digits, or as the quotient that it
/// is.
pub(crate) fn constant(slo: &Slo, tier: &Tier) -> String {
    slo.threshold(tier).decimal().unwrap_or_else(|| {
        let (dividend, divisor) = tier.quotient(slo.window);
        format!("{} / {divisor} * {}", decimal(dividend), decimal(slo.budget()))
    })
}

/// The digits of a fraction that comes to an end, as percentages and their products do.
pub(super) fn decimal(fraction: Fraction) -> String {
    fraction.decimal().unwrap_or_else(|| fraction.value().to_string())
}

/// What a tier's alert says about each of its series.
pub(crate) fn description(catalog: &Catalog, slo: &Slo, tier: &Tier) -> String {
    let labels = labels(catalog, slo).into_iter();
    let labels = labels.map(|label| format!("{label} {{{{ $labels.{label} }}}}"));
    let labels: Vec<_> = labels.collect();
    let place = match labels.is_empty() {
        true => template::constant(&slo.title),
        false => labels.join(", "),
    };
    let words = slo::words(tier.long);
    let last = format!("the last {}", words.strip_prefix("1 ").unwrap_or(&words));
    let share = "{{ $value | humanizePercentage }}";
    let bad = match &slo.indicator {
        Indicator::Counters { good: metric, .. } | Indicator::Values { metric, .. } => {
            let unit = catalog.metric(*metric).unit.as_str();
            let events = if unit.is_empty() { "events" } else { unit };
            format!("{share} of {events} were bad in {last}")
        }
        Indicator::Faster { bound, .. } => {
            format!("{share} took longer than {} in {last}", measured(bound.value(), "seconds"))
        }
        Indicator::Below { metric, bound } => {
            let metric = catalog.metric(*metric);
            let (name, bound) = (metric.exposed(), measured(*bound, metric.unit.as_str()));
            format!("{name} was above {bound} for {share} of {last}")
        }
    };
    let factor = slo.factor(tier);
    let rounded = factor.rounded(ROUNDED);
    let too_much = match (&*rounded, factor.is_below_one()) {
        ("1", _) => "the budget allows".to_owned(),
        (_, true) => format!("{rounded} of what the budget allows"),
        (_, false) => format!("{rounded} times what the budget allows"),
    };
    format!("{place}: {bad}, more than {too_much}")
}

/// A number with its unit: `0.1 seconds`, `1 second`.
pub(crate) fn measured(number: f64, unit: &str) -> String {
    let unit = if number == 1.0 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    format!("{number} {unit}").trim_end().to_owned()
}
