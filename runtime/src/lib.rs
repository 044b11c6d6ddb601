//! Typed, specified metrics that compile to nothing without the feature.
//!
//! One file says everything about a service's metrics:
//!
//! ```toml
#![doc = include_str!("../docs/shop.toml")]
//! ```
//!
//! [`#[derive(StreamhouseMetrics)]`](StreamhouseMetrics) turns a component of it into a recorder
//! with a method a metric, and a module with a type for each set of labels. A registry shows what
//! has been recorded:
//!
//! ```
//! use std::time::Duration;
//! use streamhouse_metrics::{Registry, StreamhouseMetrics};
//!
//! /// What the checkout records.
//! #[derive(StreamhouseMetrics)]
//! #[metrics(component = "checkout", spec = "docs/shop.toml")]
//! pub struct CheckoutMetrics(pub(crate) CheckoutRecorder);
//! use checkout::{Country, CountryOutcome, Outcome};
//!
//! fn main() {
//!     let mut registry = Registry::new();
//!     let metrics = CheckoutMetrics::new(&mut registry);
//!
//!     metrics.payments(CountryOutcome { country: "nz", outcome: Outcome::Paid }).inc();
//!     // Labels that are known beforehand are resolved once.
//!     let new_zealand = metrics.bind(Country { country: "nz" });
//!     new_zealand.payment_duration_seconds().observe(Duration::from_millis(250));
//!
//! #   #[cfg(feature = "metrics")]
//!     assert_eq!(
//!         registry.to_text(),
//!         r#"# HELP shop_checkout_payments Payments that were tried
//! ## TYPE shop_checkout_payments counter
//! ## UNIT shop_checkout_payments payments
//! shop_checkout_payments_total{country="nz",outcome="paid"} 1
//! shop_checkout_payments_total{country="nz",outcome="declined"} 0
//! ## HELP shop_checkout_payment_duration_seconds Time until the bank has answered
//! ## TYPE shop_checkout_payment_duration_seconds histogram
//! ## UNIT shop_checkout_payment_duration_seconds seconds
//! shop_checkout_payment_duration_seconds_sum{country="nz"} 0.25
//! shop_checkout_payment_duration_seconds_count{country="nz"} 1
//! shop_checkout_payment_duration_seconds_bucket{le="0.1",country="nz"} 0
//! shop_checkout_payment_duration_seconds_bucket{le="1.0",country="nz"} 1
//! shop_checkout_payment_duration_seconds_bucket{le="+Inf",country="nz"} 1
//! ## HELP shop_checkout_metrics_overflow Records that went to an overflow series, or were dropped if they set a gauge, by the label whose limit was reached
//! ## TYPE shop_checkout_metrics_overflow counter
//! shop_checkout_metrics_overflow_total{label="country"} 0
//! ## HELP shop_checkout_metrics_errors Recorded values that were dropped, by what was wrong with them
//! ## TYPE shop_checkout_metrics_errors counter
//! shop_checkout_metrics_errors_total{reason="invalid_value"} 0
//! ## EOF
//! "#
//!     );
//! }
//! ```
//!
//! This crate is the runtime: what such a recorder records into, and what a scrape reads.
//!
//! ```text
//! recorder ──▶ cells ──▶ Registry, or prometheus_client's ──▶ GET /metrics
//! ```
//!
//! - A recorder hands out [`Counter`]s, [`Gauge`]s, [`Histogram`]s and [`Info`]s: copyable handles
//!   to one series each. A [`Timer`] observes its own lifetime.
//! - A recorder is registered with a [`Registrar`]: `prometheus_client`'s registry, or our own
//!   [`Registry`], which wraps it and is read faster and in more formats.
//! - Recording never panics. A record of a series that is there takes no lock and no allocation: it
//!   is a load, an addition and a store into a cell that only this thread writes. The first record of
//!   a series takes a lock, which no scrape and no other series' record ever waits for.
//! - Memory is bounded: by the limits of labels, by [`limit_cell_memory`], and by the largest number
//!   of threads that were alive at once.
//!
//! Nothing here reads the specification: the derive has turned it into constants.
//!
//! # The feature `metrics`
//!
//! It is off by default. Then recorders and handles are zero-sized, every method is empty, and
//! `prometheus_client` is not even compiled, while the same calls go on compiling. A crate that
//! records declares a feature of its own, and forwards it:
//!
//! ```toml
//! [features]
//! metrics = ["streamhouse-metrics/metrics"]
//! ```
//!
//! # The feature `tsc`
//!
//! Timers read the processor's time-stamp counter, calibrated and monotonic, instead of the system's
//! clock. It turns `metrics` on.
//!
//! # The feature `server`
//!
//! With the feature `tls` it also takes the web configuration of Prometheus's own servers.
//!
//! `MetricsServer` answers scrapers, and whoever asks whether the service lives and is ready. It
//! turns `metrics` on.

mod descriptor;
mod error;
mod format;
mod label;
mod registry;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "metrics")]
mod sync;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use streamhouse_metrics_macros::StreamhouseMetrics;

pub use crate::__private::limit_cell_memory;
pub use crate::__private::on::{Counter, Gauge, Histogram, Info, Registrar, Timer};
pub use crate::error::RegisterError;
pub use crate::format::Format;
pub use crate::registry::Registry;
#[cfg(feature = "tls")]
pub use crate::server::WebConfig;
#[cfg(feature = "server")]
pub use crate::server::{BoundServer, Exposition, Limits, MetricsServer, terminated};

// The server's own metrics are derived like everybody else's.
#[cfg(feature = "server")]
extern crate self as streamhouse_metrics;
