//! `docs/slos.md`: what is promised, how it is measured, and who is told when it is not kept.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Condition, Indicator, Slo};
use streamhouse_metrics_spec::fraction::Fraction;
use streamhouse_metrics_spec::slo::{self, Tier, words};

use super::{metrics, paragraph};
use crate::promql::Results;
use crate::rules::{self, slo::measured};
use crate::text::markdown::{Align, anchor, block, code, table, text};
use crate::text::number::thousands;

/// What holds for all of them.
const ABOUT: &str = "An alert fires while the budget is spent too fast over a long window and over \
a short one: the long one keeps a blip from waking anybody, the short one ends the alert soon after \
the trouble did.

What is recorded of all objectives has the same names, and is kept apart by the label `slo`. Counters \
are read over five minutes, and longer windows are sums of what was recorded of that, since \
Prometheus would have to load too many samples at once. What part is bad over the whole window is \
of as much of it as Prometheus keeps, which `retention` under `[deployment]` says.";

/// The sections of the page.
pub(super) fn page(results: &Results<'_>) -> Vec<String> {
    let catalog = results.catalog();
    if catalog.slos.is_empty() {
        return vec!["No objectives are defined.".to_owned()];
    }
    let sections = (0..catalog.slos.len()).flat_map(|at| section(catalog, at));
    [overview(catalog), ABOUT.to_owned(), series()].into_iter().chain(sections).collect()
}

/// A link from another page to the section of an SLO.
pub(super) fn link_to(slo: &Slo, page: &str) -> String {
    format!("[{}]({page}#slo-{})", text(&slo.title), slo.key)
}

fn overview(catalog: &Catalog) -> String {
    let columns = [
        ("Objective", Align::Left),
        ("Good", Align::Right),
        ("Over", Align::Left),
        ("For each", Align::Left),
        ("Promise", Align::Left),
    ];
    let row = |slo: &Slo| {
        vec![
            link_to(slo, ""),
            percent(slo.objective),
            words(slo.window.as_str()),
            labels(catalog, slo).unwrap_or_else(|| "service".to_owned()),
            text(&slo.help),
        ]
    };
    table(&columns, catalog.slos.iter().map(row))
}

/// What is recorded, with a window for dots.
fn series() -> String {
    let columns = [("Series", Align::Left), ("Meaning", Align::Left)];
    let (ratio, events) = (slo::error_ratio("…"), slo::events("…"));
    let burn = slo::burn_rate();
    let rows = [
        (slo::OBJECTIVE, "What part is to be good."),
        (slo::BUDGET, "What part may be bad."),
        (
            slo::REMAINING,
            "What is left of the budget of the whole window, of one: below zero where more was spent.",
        ),
        (&*burn, "How many times as fast as the budget allows it was spent in the last hour."),
        (
            &*ratio,
            "What part was bad in the last `5m`, `30m`, `1h`, `2h`, `6h`, `1d`, `3d`, and in the whole window.",
        ),
        (
            &*events,
            "How many events there were in the last `1h`, `6h`, `1d`, `3d`, where alerts ask for that.",
        ),
        (slo::BAD_RATE, "Bad events a second."),
        (slo::TOTAL_RATE, "All events a second."),
        (slo::BAD_BOOL, "1 while a gauge is bad, 0 while it is good."),
    ];
    table(&columns, rows.map(|(name, meaning)| vec![code(name), meaning.to_owned()]))
}

fn section(catalog: &Catalog, at: usize) -> Vec<String> {
    let slo = &catalog.slos[at];
    let Slo { key, title, help, owner, .. } = slo;
    let mut sections =
        vec![format!("## {}{}", anchor(&format!("slo-{key}")), text(title)), text(help)];
    let facts = [
        Some(promise(catalog, slo)),
        Some(budget(slo)),
        owner.as_ref().map(|owner| format!("Owned by {}.", text(owner))),
        metrics::reads(catalog, &slo.indicator.metrics()),
    ];
    sections.extend(paragraph(facts));
    sections.push(alerts(catalog, at));
    sections.extend(left_out(slo));
    sections.push(base(catalog, slo));
    sections
}

/// How much is to be good, of what and for whom.
fn promise(catalog: &Catalog, slo: &Slo) -> String {
    let of = match slo.indicator.counts_events() {
        true => "events",
        false => "minutes",
    };
    let each = labels(catalog, slo).map(|labels| format!(", for each {labels}"));
    format!(
        "{} of all {of} are to be good within {}{}. {}.",
        percent(slo.objective),
        words(slo.window.as_str()),
        each.unwrap_or_default(),
        good(catalog, slo)
    )
}

/// What is good, in words.
fn good(catalog: &Catalog, slo: &Slo) -> String {
    let name = |id| code(&catalog.metric(id).exposed());
    match &slo.indicator {
        Indicator::Counters { good, bad } => {
            format!("{} counts the good ones and {} the bad ones", name(*good), name(*bad))
        }
        Indicator::Values { metric, label, good } => {
            let label = &catalog.labels[*label].name;
            let good: Vec<_> = good.iter().map(|value| code(value)).collect();
            let metric = name(*metric);
            format!(
                "Good ones are those of {metric} whose {} is {}",
                code(label),
                good.join(" or ")
            )
        }
        Indicator::Faster { metric, bound } => {
            let bound = measured(bound.value(), "seconds");
            format!("Good ones are those of {} up to {bound}", name(*metric))
        }
        Indicator::Below { metric, bound } => {
            let bound = measured(*bound, catalog.metric(*metric).unit.as_str());
            format!("Good ones are those in which {} is at most {bound}", name(*metric))
        }
    }
}

/// How much may be bad: so many of a million events, or so many minutes.
fn budget(slo: &Slo) -> String {
    let budget = slo.budget();
    let whole = match slo.indicator.counts_events() {
        true => Fraction::whole(1_000_000),
        false => Fraction::whole(slo.window.days() * 24 * 60),
    };
    let bad = number(budget.times(whole));
    let (share, over) = (percent(budget), words(slo.window.as_str()));
    match slo.indicator.counts_events() {
        true => format!("The budget is {share}: of a million events {bad} may be bad."),
        false => format!("The budget is {share}: {bad} minutes of {over}."),
    }
}

/// The alerts, each with its windows and when it fires.
fn alerts(catalog: &Catalog, at: usize) -> String {
    let slo = &catalog.slos[at];
    let is_guarded = slo.min_bad_events > 0;
    let columns = [
        ("Alert", Align::Left),
        ("Severity", Align::Left),
        ("Over", Align::Left),
        ("And over", Align::Left),
        ("Budget spent", Align::Right),
        ("Burn rate", Align::Right),
        ("Error ratio above", Align::Right),
        ("Events, at least", Align::Right),
    ];
    let rows = tiers(catalog, at).map(|(Alert { name, severity, .. }, tier)| {
        let Tier { long, short, percent: spent, .. } = tier;
        let threshold = slo.threshold(tier);
        let events = Fraction::whole(slo.min_bad_events).over(threshold);
        vec![
            format!("[{name}](runbooks/{name}.md)"),
            severity.as_str().to_owned(),
            words(long),
            words(short),
            format!("{spent} %"),
            slo.factor(tier).rounded(2),
            percent(threshold),
            if is_guarded { number(events) } else { "any".to_owned() },
        ]
    });
    table(&columns, rows)
}

/// The alerts of the SLO at a position, with their tiers.
pub(super) fn tiers(catalog: &Catalog, at: usize) -> impl Iterator<Item = (&Alert, &'static Tier)> {
    catalog.alerts.iter().filter_map(move |alert| match alert.condition {
        Condition::Burn { slo, tier } if slo == at => Some((alert, tier)),
        _ => None,
    })
}

/// The tiers that have no alert, if there are any.
fn left_out(slo: &Slo) -> Option<String> {
    let out: Vec<_> = slo.left_out().map(|tier| words(tier.long)).collect();
    Some(format!("No alert over {}: {}.", slo::listed(&out), slo.too_much()?))
}

/// What the recorded series are made of.
fn base(catalog: &Catalog, slo: &Slo) -> String {
    let series = rules::slo::base(catalog, slo).into_iter();
    let series: Vec<_> = series.map(|(name, expr)| format!("# {name}\n{expr}")).collect();
    block("promql", &series.join("\n\n"))
}

/// The labels for whose values it is to hold each, if there are any.
fn labels(catalog: &Catalog, slo: &Slo) -> Option<String> {
    let labels: Vec<_> = rules::slo::labels(catalog, slo).into_iter().map(code).collect();
    (!labels.is_empty()).then(|| labels.join(" and "))
}

/// A part of all, for people.
fn percent(part: Fraction) -> String {
    let percentage = part.times(Fraction::whole(100));
    format!("{} %", percentage.decimal().unwrap_or_else(|| percentage.rounded(4)))
}

/// A number for people: whole with its thousands apart where it is large.
fn number(number: Fraction) -> String {
    let rounded = number.rounded(0).parse().unwrap_or(u64::MAX);
    if rounded >= 100 { thousands(rounded) } else { number.rounded(2) }
}
