//! The cases: one file each.

mod bound_counter;
mod bound_histogram;
mod closed_labels;
mod exposition;
mod gauge;
mod labelled_histogram;
pub(crate) mod memory;
mod off;
mod queries;
mod sampling;
mod stall;
mod timer;
mod two_labels;

use crate::measure::Plan;
use crate::ours::{self, Ours};
use crate::peer::measured::{self, Measured};
use crate::peer::metrics::{self, Exporter};
use crate::peer::prometheus::{self, Prometheus};
use crate::peer::prometheus_client::{self, PrometheusClient};
use crate::report::Findings;
use crate::store::Store;
use crate::thread::Threads;

/// What is measured together.
pub(crate) struct Case {
    /// What selects it on the command line.
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Bench) -> Findings,
}

/// What every case needs to measure.
pub(crate) struct Bench {
    pub(crate) threads: Threads,
    pub(crate) plan: Plan,
    pub(crate) quick: bool,
}

/// All cases, in the order of the report.
pub(crate) const CASES: &[Case] = &[
    Case { name: "bound-counter", run: bound_counter::run },
    Case { name: "two-labels", run: two_labels::run },
    Case { name: "closed-labels", run: closed_labels::run },
    Case { name: "bound-histogram", run: bound_histogram::run },
    Case { name: "timer", run: timer::run },
    Case { name: "sampling", run: sampling::run },
    Case { name: "labelled-histogram", run: labelled_histogram::run },
    Case { name: "gauge", run: gauge::run },
    Case { name: "exposition", run: exposition::run },
    Case { name: "memory", run: memory::run },
    Case { name: "stall", run: stall::run },
    Case { name: "off", run: off::run },
    Case { name: "queries", run: queries::run },
];

/// Makes an empty store.
type Maker = fn() -> Box<dyn Store>;

/// Every store that can hold many series; ours is the first, prometheus-client's the second.
const STORES: &[(&str, Maker)] = &[
    (ours::NAME, || Box::new(Ours::new())),
    (prometheus_client::NAME, || Box::new(PrometheusClient::new())),
    (prometheus::NAME, || Box::new(Prometheus::new())),
    (measured::NAME, || Box::new(Measured::new())),
    (metrics::NAME, || Box::new(Exporter::new())),
];
