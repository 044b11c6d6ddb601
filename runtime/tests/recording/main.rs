//! What is recorded is what is exposed: the runtime from a handle to the text of a scrape.
//!
//! Components are described by hand here, since the derive must not be needed to test what it
//! stands on.

#![cfg(feature = "metrics")]

mod dropped;
mod exemplar;
mod exposition;
mod foreign;
mod hostile;
mod idle;
mod limit;
mod properties;
mod racing;
mod registration;
mod removal;
mod sampled;
mod series_limit;
mod support;
mod teardown;
mod threads;
mod values;
