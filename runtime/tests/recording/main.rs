//! What is recorded is what is exposed: the runtime from a handle to the text of a scrape.
//!
//! Components are described by hand here, since the derive must not be needed to test what it
//! stands on.

#![cfg(feature = "metrics")]

mod exposition;
mod hostile;
mod limit;
mod registration;
mod support;
mod threads;
mod values;
