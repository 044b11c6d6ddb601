//! What is bad, and how much there is of everything, in PromQL.

use streamhouse_metrics_spec::bucket::Bound;
use streamhouse_metrics_spec::catalog::{Catalog, Indicator, Metric, Slo};
use streamhouse_metrics_spec::slo::{BAD_BOOL, BAD_RATE, TOTAL_RATE};

use super::{labels, series};
use crate::rules::condition::aggregated;
use crate::text::promql::{le, matcher};

/// The series that all others are made of, each with its expression, in the order in which they
/// are evaluated.
///
/// ```text
/// events  slo:sli_bad:rate5m, slo:sli_total:rate5m
/// gauge   slo:sli_bad:bool, 0 or 1 at each evaluation
/// ```
pub(crate) fn base(catalog: &Catalog, slo: &Slo) -> Vec<(&'static str, String)> {
    match exposed(catalog, slo) {
        Exposed::Events { bad, good: Some(good), .. } => {
            let all = format!("{good}\n  + ignoring (slo)\n{}", series(BAD_RATE, slo));
            vec![(BAD_RATE, bad), (TOTAL_RATE, all)]
        }
        Exposed::Events { bad, good: None, all } => vec![(BAD_RATE, bad), (TOTAL_RATE, all)],
        Exposed::Gauge { worst, bound } => vec![(BAD_BOOL, format!("{worst} > bool {bound}"))],
    }
}

/// What an SLO is of, in PromQL, of exposed series alone.
pub(crate) enum Exposed {
    /// Events a second.
    Events {
        bad: String,
        /// Good ones, where all are their sum with bad ones.
        good: Option<String>,
        all: String,
    },
    /// The worst value of a gauge, and the bound up to which it is good.
    Gauge { worst: String, bound: f64 },
}

/// What is exposed of bad and of all events, or of a gauge.
pub(crate) fn exposed(catalog: &Catalog, slo: &Slo) -> Exposed {
    let by = labels(catalog, slo);
    let rate = |samples: &str| aggregated("sum", Some(&by), &format!("rate({samples}[5m])"));
    match &slo.indicator {
        Indicator::Counters { good, bad } => {
            let [good, bad] = [good, bad].map(|id| rate(&catalog.metric(*id).exposed()));
            // Where one of the two has no series yet, nothing of it has happened.
            let good_or_none = format!("({good} or 0 * {bad})");
            Exposed::Events {
                all: format!("{good_or_none}\n  +\n({bad} or 0 * {good})"),
                bad: format!("{bad}\n  or\n0 * {good}"),
                good: Some(good_or_none),
            }
        }
        Indicator::Values { metric, label, good } => {
            let exposed = catalog.metric(*metric).exposed();
            let good: Vec<_> = good.iter().map(|value| &**value).collect();
            // What is not known to be good is bad.
            let is_bad = matcher(&catalog.labels[*label].name, false, &good);
            let (bad, all) = (rate(&format!("{exposed}{{{is_bad}}}")), rate(&exposed));
            Exposed::Events { bad: format!("{bad}\n  or\n0 * {all}"), good: None, all }
        }
        Indicator::Faster { metric, bound } => {
            let (all, good) = buckets(catalog.metric(*metric), *bound);
            let (all, good) = (rate(&all), rate(&good));
            // Not cut off at zero: what is too little once is too much the next time.
            Exposed::Events { bad: format!("{all}\n  -\n{good}"), good: None, all }
        }
        Indicator::Below { metric, bound } => {
            // The worst one tells.
            let worst = aggregated("max", Some(&by), &catalog.metric(*metric).exposed());
            Exposed::Gauge { worst, bound: *bound }
        }
    }
}

/// The samples of all events, and of those within a bound.
fn buckets(metric: &Metric, bound: Bound) -> (String, String) {
    let le = le(bound);
    let le: Vec<_> = le.iter().map(|le| &**le).collect();
    let good = format!("{}_bucket{{{}}}", metric.family, matcher("le", true, &le));
    (format!("{}_count", metric.family), good)
}
