//! The peers, each called in the cheapest way that its documentation shows.

pub(crate) mod measured;
pub(crate) mod metrics;
pub(crate) mod prometheus;
pub(crate) mod prometheus_client;
