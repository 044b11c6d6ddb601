//! A histogram of which one observation in sixteen is recorded: what do the other fifteen cost?

use streamhouse_metrics::{Registry, StreamhouseMetrics};

use super::Bench;
use crate::candidate::Candidate;
use crate::limit::recording::empty;
use crate::measure::{Load, measure, median, middle};
use crate::report::{Findings, Judgement, Row, duration};
use crate::{input, nothing_folded, ours};

/// What is recorded now and then.
#[derive(StreamhouseMetrics)]
#[metrics(component = "sampling", spec = "sampling.toml")]
struct Metrics(SamplingRecorder);

/// One in so many observations is recorded.
const GAP: f64 = 16.0;

/// Nanoseconds that a call may cost which records nothing.
const AIM: f64 = 0.5;

pub(crate) fn run(bench: &Bench) -> Findings {
    let (sampled, all, empty) = (sampled(), ours::bound_histogram(), empty());
    let candidates = [&sampled, &all, &empty];
    let times = measure(&bench.threads, bench.plan, Load::OneThread, &candidates);
    // What is left of a call when its share of the recorded observations is taken away.
    let skips =
        times[0].iter().zip(&times[1]).zip(&times[2]).filter_map(|((sampled, all), empty)| {
            let (sampled, all, empty) = ((*sampled)?, (*all)?, (*empty)?);
            Some((sampled - empty - (all - empty) / GAP) / (1.0 - 1.0 / GAP))
        });
    let skip = middle(skips.collect());
    let row = Row {
        title: "histogram, 1 in 16 sampled: a skipped call, beyond an empty loop".to_owned(),
        ours: duration(skip),
        beside: format!("all calls in the mean {}", duration(median(&times[0]))),
        limit: format!("an empty loop {}", duration(median(&times[2]))),
        to_limit: Some(Judgement {
            found: duration(skip),
            target: format!("≤ {AIM} ns"),
            met: Some(skip <= AIM),
        }),
        ..Row::default()
    };
    Findings { rows: vec![row], ..Findings::default() }
}

/// Its count is an estimate, which nothing can be held against.
fn sampled() -> Candidate {
    let metrics = Metrics::new(&mut Registry::new());
    let values = input::values();
    Candidate::unchecked(ours::NAME, input::CALLS, move || {
        let histogram = metrics.batch_fill_ratio();
        for &value in values {
            histogram.observe(value);
            nothing_folded();
        }
    })
}
