//! From bad and all events to what part is bad over each window, and what is left of the budget.

use std::ops::Range;
use std::time::Duration;

use streamhouse_metrics_spec::catalog::{Catalog, Slo};
use streamhouse_metrics_spec::duration;
use streamhouse_metrics_spec::slo::{self, BAD_BOOL, BAD_RATE, TOTAL_RATE};

use super::{Labels, Test, end, member, selector};
use crate::rules::slo::burn;

/// The time between samples, of which even the second window holds some.
const INTERVAL: Duration = Duration::from_secs(600);

/// What is recorded, by the name of the series.
#[derive(Default)]
struct Recorded(Vec<(String, Vec<(Labels, f64)>)>);

/// Each member of an SLO, whose values change where a window begins: one that looks back too far or
/// not far enough is seen.
pub(super) fn test(catalog: &Catalog, slo: &Slo, members: Range<usize>) -> Test {
    let windows = slo.windows();
    let times = times(slo, &windows);
    let budget = number(&burn::decimal(slo.budget()));
    let mut series = Vec::new();
    let mut recorded = Recorded::default();
    for at in members {
        let labels = member::recorded(catalog, slo, at);
        let mut add = |name: &str, of: usize| {
            let values = values(&times, |window| value(slo, at, window)[of]);
            series.push((selector(name, &labels), values));
        };
        match slo.indicator.counts_events() {
            true => {
                add(BAD_RATE, 0);
                add(TOTAL_RATE, 1);
            }
            false => add(BAD_BOOL, 0),
        }
        let (mut bad, mut all) = (0, 0);
        for (window, length) in windows.iter().enumerate() {
            let count = times.iter().filter(|time| **time == Some(window)).count() as u64;
            let [each_bad, each] = value(slo, at, window);
            (bad, all) = (bad + count * each_bad, all + count * each);
            if slo.guarded().any(|tier| tier.long == *length) {
                recorded.add(slo::events(length), &labels, Some((slo::INTERVAL * all) as f64));
            }
            // While nothing happens no part of it is bad.
            let ratio = (all > 0).then(|| bad as f64 / all as f64);
            let spent = ratio.map(|ratio| ratio / budget);
            recorded.add(slo::error_ratio(length), &labels, ratio);
            if *length == slo::BURN_WINDOW {
                recorded.add(slo::burn_rate(), &labels, spent);
            }
            if *length == slo.window.as_str() {
                recorded.add(slo::REMAINING.to_owned(), &labels, spent.map(|spent| 1.0 - spent));
            }
        }
    }
    let own = vec![(slo::LABEL.to_owned(), slo.id.clone())];
    recorded.add(slo::OBJECTIVE.to_owned(), &own, Some(number(&burn::decimal(slo.objective))));
    recorded.add(slo::BUDGET.to_owned(), &own, Some(budget));
    let name = "what follows over each window";
    Test { name, interval: INTERVAL, series, recorded: recorded.0 }
}

impl Recorded {
    /// Adds a sample to those of a name, or that there is none.
    fn add(&mut self, name: String, labels: &Labels, value: Option<f64>) {
        let sample = value.map(|value| (labels.clone(), value));
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, samples)) => samples.extend(sample),
            None => self.0.push((name, sample.into_iter().collect())),
        }
    }
}

/// The times of all samples, each with the shortest window that it is in, by its position; before
/// the whole window with one more.
///
/// There are none where a window begins: Prometheus 2 counts those, and Prometheus 3 does not.
fn times(slo: &Slo, windows: &[&str]) -> Vec<Option<usize>> {
    let lengths = windows.iter().map(|window| duration::parse(window).unwrap_or_default());
    let lengths: Vec<_> = lengths.collect();
    let last = end(slo).as_secs() / INTERVAL.as_secs();
    let window = |time: u64| {
        let age = Duration::from_secs((last - time) * INTERVAL.as_secs());
        let is_edge = lengths.contains(&age);
        (!is_edge).then(|| lengths.partition_point(|length| *length < age))
    };
    (0..=last).map(window).collect()
}

/// What is bad, and how much there is of everything, while a window is the shortest.
fn value(slo: &Slo, member: usize, window: usize) -> [u64; 2] {
    let window = window as u64;
    match (slo.indicator.counts_events(), member) {
        (true, 0) => [window + 1, 100],
        (true, 1) => [20 - window, 40 + window],
        // Nothing happens.
        (true, _) => [0, 0],
        (false, 0) => [(window + 1) % 2, 1],
        (false, 1) => [window % 2, 1],
        (false, _) => [0, 1],
    }
}

/// Samples in the notation of `promtool test rules`, equal ones together.
fn values(times: &[Option<usize>], value: impl Fn(usize) -> u64) -> String {
    let runs = times.chunk_by(|one, other| one == other).map(|run| match run[0] {
        Some(window) => format!("{}+0x{}", value(window), run.len() - 1),
        None => format!("_x{}", run.len()),
    });
    runs.collect::<Vec<_>>().join(" ")
}

/// The float that Prometheus reads of these digits.
fn number(digits: &str) -> f64 {
    digits.parse().unwrap_or(f64::NAN)
}
