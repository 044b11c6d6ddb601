//! From what is exposed to bad and all events.

use std::ops::Range;
use std::time::Duration;

use streamhouse_metrics_spec::catalog::{Catalog, Indicator, MetricId, Slo};
use streamhouse_metrics_spec::slo::{BAD_BOOL, BAD_RATE, TOTAL_RATE};

use super::{Labels, Test, end, member, selector};
use crate::text::promql::le;

/// The time between samples, of which a rate of five minutes sees enough.
const INTERVAL: Duration = Duration::from_secs(60);

/// Samples before the evaluation, for ten minutes.
const SAMPLES: u64 = 10;

/// What a member's series do, and what is recorded of that.
struct Outcome {
    series: Vec<(String, String)>,
    bad: u64,
    all: u64,
}

/// Each member of an SLO: one whose events are good and bad, one of which some kind is missing,
/// and one where nothing happens.
pub(super) fn test(catalog: &Catalog, slo: &Slo, members: Range<usize>) -> Test {
    let outcomes = members.clone().map(|member| outcome(catalog, slo, member));
    let outcomes: Vec<_> = outcomes.collect();
    let recorded = |of: fn(&Outcome) -> u64| {
        let samples = members
            .clone()
            .zip(&outcomes)
            .map(|(member, outcome)| (member::recorded(catalog, slo, member), of(outcome) as f64));
        samples.collect::<Vec<_>>()
    };
    let (bad, all) = (recorded(|outcome| outcome.bad), recorded(|outcome| outcome.all));
    let recorded = match slo.indicator.counts_events() {
        true => vec![(BAD_RATE.to_owned(), bad), (TOTAL_RATE.to_owned(), all)],
        false => vec![(BAD_BOOL.to_owned(), bad)],
    };
    let series = outcomes.into_iter().flat_map(|outcome| outcome.series).collect();
    Test { name: "what is recorded of what is exposed", interval: INTERVAL, series, recorded }
}

fn outcome(catalog: &Catalog, slo: &Slo, member: usize) -> Outcome {
    let exposed = |metric: &MetricId, process: usize| {
        member::exposed(catalog, slo, catalog.metric(*metric), member, process)
    };
    let rising = |name: &str, labels: &[(String, String)], rate: u64| {
        (selector(name, labels), rising(slo, rate))
    };
    match &slo.indicator {
        Indicator::Counters { good, bad } => {
            let [good_name, bad_name] = [good, bad].map(|id| catalog.metric(*id).exposed());
            let good = |process, rate| rising(&good_name, &exposed(good, process), rate);
            let bad = |process, rate| rising(&bad_name, &exposed(bad, process), rate);
            match member {
                0 => Outcome {
                    series: vec![good(0, 3), good(1, 5), bad(0, 2), bad(1, 1)],
                    bad: 3,
                    all: 11,
                },
                1 => Outcome { series: vec![good(0, 4)], bad: 0, all: 4 },
                _ => Outcome { series: vec![bad(0, 1)], bad: 1, all: 1 },
            }
        }
        Indicator::Values { metric, label, good } => {
            let name = catalog.metric(*metric).exposed();
            let values = catalog.labels[*label].closed_values().iter();
            // Rates that no others add up to.
            let rates = values.enumerate().map(|(at, value)| (value, 1 << at));
            let is_bad = |value: &String| !good.contains(value);
            let rates = rates.map(|(value, rate)| match member {
                0 => (value, rate),
                1 if is_bad(value) => (value, 0),
                1 => (value, 3 * rate),
                _ => (value, 0),
            });
            let rates: Vec<(&String, u64)> = rates.collect();
            let label = &catalog.labels[*label].name;
            let series = rates.iter().flat_map(|(value, rate)| {
                [0, 1].map(|process| {
                    let mut labels = exposed(metric, process);
                    replace(&mut labels, label, value);
                    rising(&name, &labels, *rate)
                })
            });
            let sum = |is_counted: &dyn Fn(&String) -> bool| {
                let counted = rates.iter().filter(|(value, _)| is_counted(value));
                2 * counted.map(|(_, rate)| rate).sum::<u64>()
            };
            Outcome { series: series.collect(), bad: sum(&is_bad), all: sum(&|_| true) }
        }
        Indicator::Faster { metric, bound } => {
            let family = &catalog.metric(*metric).family;
            let spellings = le(*bound);
            let mut series = Vec::new();
            let rates: &[(u64, u64)] = match member {
                0 => &[(6, 5), (4, 4)],
                1 => &[(3, 3)],
                _ => &[(0, 0)],
            };
            for (process, &(all, good)) in rates.iter().enumerate() {
                let labels = exposed(metric, process);
                let bucket = |le: &str| {
                    let mut labels = labels.clone();
                    labels.push(("le".to_owned(), le.to_owned()));
                    labels
                };
                let buckets = format!("{family}_bucket");
                let le = &spellings[process % spellings.len()];
                series.push(rising(&format!("{family}_count"), &labels, all));
                series.push(rising(&buckets, &bucket(le), good));
                series.push(rising(&buckets, &bucket("+Inf"), all));
            }
            let sum = |of: fn(&(u64, u64)) -> u64| rates.iter().map(of).sum::<u64>();
            let all = sum(|(all, _)| *all);
            Outcome { series, bad: all - sum(|(_, good)| *good), all }
        }
        Indicator::Below { metric, bound } => {
            let name = catalog.metric(*metric).exposed();
            let steady = |process, value: f64| {
                let values = format!("{} {value}+0x{SAMPLES}", missing(slo));
                (selector(&name, &exposed(metric, process)), values)
            };
            match member {
                0 => Outcome {
                    series: vec![steady(0, *bound), steady(1, bound + 1.0)],
                    bad: 1,
                    all: 1,
                },
                // At the bound all is well.
                1 => Outcome { series: vec![steady(0, *bound), steady(1, *bound)], bad: 0, all: 1 },
                _ => Outcome { series: vec![steady(0, bound - 1.0)], bad: 0, all: 1 },
            }
        }
    }
}

/// A counter that rises by so much a second, until the evaluation.
fn rising(slo: &Slo, rate: u64) -> String {
    format!("{} 0+{}x{SAMPLES}", missing(slo), rate * INTERVAL.as_secs())
}

/// No samples until shortly before the evaluation.
fn missing(slo: &Slo) -> String {
    format!("_x{}", end(slo).as_secs() / INTERVAL.as_secs() - SAMPLES)
}

fn replace(labels: &mut Labels, name: &str, value: &str) {
    for (label, old) in labels.iter_mut() {
        if label == name {
            value.clone_into(old);
        }
    }
}
