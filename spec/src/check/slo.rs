//! Service level objectives: what is promised, over which time, and for whom.

use crate::catalog::{Indicator, Slo, Window};
use crate::diagnostic::Diagnostic;
use crate::fraction::{Fraction, MOST_DIGITS};
use crate::source::Span;
use crate::spec::{self, Spec, Text};
use crate::{duration, rule, slo};

use super::reads::Names;
use super::report::Report;
use super::{indicator, name, runbook, shared, word};

/// Every SLO, with its position in the specification; one without an indicator or an objective is
/// none.
pub(super) fn slos(spec: &Spec, names: &Names<'_>, report: &mut Report<'_>) -> Vec<(Slo, usize)> {
    let written = spec.slos.iter().enumerate();
    let slos = written.filter_map(|(at, written)| Some((slo(written, names, report)?, at)));
    let slos: Vec<_> = slos.collect();
    if slos.iter().any(|(slo, _)| slo.indicator.counts_events()) {
        often_scraped(spec, report);
    }
    long_kept(spec, &slos, report);
    slos
}

/// Finds that samples are gone before the window of an SLO ends.
fn long_kept(spec: &Spec, slos: &[(Slo, usize)], report: &mut Report<'_>) {
    let Some(written) = &spec.deployment.retention else { return };
    let Some(retention) = duration::parse(written).filter(|kept| !kept.is_zero()) else { return };
    let Some((slo, at)) = slos.iter().rev().max_by_key(|(slo, _)| slo.window.days()) else {
        return;
    };
    let window = slo.window.as_str();
    if duration::parse(window).is_some_and(|window| window > retention) {
        let days = slo::words(window);
        let message = format!("samples are gone before the {days} of `{}` are over", slo.key);
        let spec::Slo { key, window: place, .. } = &spec.slos[*at];
        let diagnostic = Diagnostic::new(&rule::SHORT_RETENTION, written.span, message);
        let place = place.as_ref().map_or(key.span, |place| place.span);
        let diagnostic = diagnostic.related(place, format!("it looks back over `{window}`"));
        report.lint(&[], diagnostic.help(format!("keep samples for `{window}` at least")));
    }
}

/// Finds scrapes so rare that rates of events have gaps, or are never there.
fn often_scraped(spec: &Spec, report: &mut Report<'_>) {
    let Some(written) = &spec.scrape_interval else { return };
    let most = slo::RATE_RANGE / 4;
    if duration::parse(written).is_some_and(|interval| interval > most) {
        let message =
            "events of SLOs are counted over five minutes, which are less than four scrapes";
        let help = format!("scrape every `{}` at least", duration::written(most));
        let diagnostic = Diagnostic::new(&rule::SHORT_RANGE, written.span, message);
        report.lint(&[], diagnostic.help(help));
    }
}

fn slo(written: &spec::Slo, names: &Names<'_>, report: &mut Report<'_>) -> Option<Slo> {
    let spec::Slo { key, title, help, window, owner, allow, .. } = written;
    name::check("service level objective", key, report);
    let objective = written.objective.as_ref().and_then(|text| objective(text, report));
    let runbook = runbook::runbook(&written.runbook, names.spec, report);
    let indicator = indicator::indicator(written, names, report)?;
    let by = shared::labels(written, &indicator, names, report);
    let slo = Slo {
        title: title.as_ref().map_or_else(|| crate::name::to_title(key), |text| text.value.clone()),
        id: format!("{}_{}", names.catalog.namespace, key.value),
        key: key.value.clone(),
        help: help.value.trim().to_owned(),
        objective: objective?,
        window: word(window, Window::from_word).unwrap_or(Window::Days30),
        by,
        min_bad_events: min_bad_events(written, &indicator, names, report),
        runbook,
        owner: owner.as_ref().map(|owner| owner.value.clone()),
        indicator,
    };
    let place = written.objective.as_ref().map_or(key.span, |objective| objective.span);
    if let Some(diagnostic) = never_fires(&slo, place) {
        report.lint(allow, diagnostic);
    }
    Some(slo)
}

/// An objective from its digits.
fn objective(written: &Text, report: &mut Report<'_>) -> Option<Fraction> {
    let plain = written.replace('_', "");
    let wrong = |message: String| Diagnostic::new(&rule::OBJECTIVE, written.span, message);
    let Some(objective) = Fraction::from_percentage(&plain) else {
        let help = format!("write it in digits, at most {MOST_DIGITS} behind the point: `99.9`");
        report.push(wrong(format!("`{}` is no percentage", written.value)).help(help));
        return None;
    };
    let help = if objective.is_zero() {
        "promise something, such as `99.9`"
    } else if !objective.is_below_one() {
        "promise a little less, such as `99.9`: with no budget there is nothing to spend"
    } else {
        return Some(objective);
    };
    report.push(wrong("an objective lies between 0 and 100 per cent".to_owned()).help(help));
    None
}

/// How many bad events there are at least: of a gauge there are none to be counted.
fn min_bad_events(
    written: &spec::Slo,
    indicator: &Indicator,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> u64 {
    if indicator.counts_events() {
        return written.min_bad_events.as_ref().map_or(slo::MIN_BAD_EVENTS, |least| least.value);
    }
    if let Some(least) = &written.min_bad_events {
        let metrics = indicator.metrics().into_iter().map(|id| names.catalog.metric(id));
        let keys: Vec<_> = metrics.map(|metric| format!("`{}`", metric.key)).collect();
        let message = format!("{} is a gauge, which has no events", keys.join(", "));
        let diagnostic = Diagnostic::new(&rule::SLO_INDICATOR, least.span, message);
        report.push(diagnostic.help("delete `min_bad_events`"));
    }
    0
}

/// The finding that some alerts of an SLO are left out, since more than everything would be bad.
fn never_fires(slo: &Slo, place: Span) -> Option<Diagnostic> {
    let out: Vec<_> = slo.left_out().map(|tier| format!("`{}`", tier.long)).collect();
    let message = format!("no alert for {}: {}", slo::listed(&out), slo.too_much()?);
    let help = match slo.objective.times(Fraction::whole(100)).is_below_one() {
        true => "an objective is in per cent: write `99.9` for 999 of 1,000",
        false => "promise more, or allow `burn-tier`: the slower alerts are there",
    };
    Some(Diagnostic::new(&rule::BURN_TIER, place, message).help(help))
}
