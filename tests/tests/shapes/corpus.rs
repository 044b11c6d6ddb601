//! Alerts of every shape.

use streamhouse_metrics_codegen::{Trial, trials};

/// A service that nobody runs, and what is watched of it.
pub(crate) const ALERTS: &str = include_str!("alerts.toml");

/// The alerts of the corpus whose tests follow from their conditions, of which there are many.
pub(crate) fn followed() -> Vec<Trial> {
    let checked = streamhouse_metrics_spec::check_text(ALERTS).expect("true as far as it goes");
    let mut trials = trials(&checked.catalog);
    trials.retain(|trial| trial.tests.contains("alertname:"));
    assert!(trials.len() >= 140, "{} alerts", trials.len());
    trials
}
