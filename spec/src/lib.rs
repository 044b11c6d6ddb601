//! `metrics.toml`: from text to a checked catalogue.
//!
//! ```text
//! metrics.toml ──read──▶ Sources ──parse──▶ Spec ──check──▶ Catalog
//!    (files)              (texts)         as written         as true
//! ```
//!
//! Each arrow reports everything it finds wrong before the next one starts. The derive and the
//! generator share this crate, so both see the same truth and show the same diagnostics.
//!
//! ```
//! let text = r#"
//! namespace = "shop"
//!
//! [labels]
//! currency = { help = "Currency of an order", values = ["eur", "usd"] }
//!
//! [checkout.orders]
//! type   = "counter"
//! unit   = "items"
//! labels = ["currency"]
//! help   = "Orders placed"
//! "#;
//! let catalog = streamhouse_metrics_spec::check_text(text).expect("valid").catalog;
//! let (_, orders) = catalog.metrics().next().expect("one metric");
//! assert_eq!(orders.exposed(), "shop_checkout_orders_total");
//! assert_eq!(catalog.worst_series(orders), 2);
//! ```
//!
//! This crate parses no PromQL, emits no Rust and knows nothing of Grafana; all its I/O is in
//! [`disk`].

mod alert;
pub mod bucket;
pub mod catalog;
mod check;
pub mod dashboard;
pub mod diagnostic;
pub mod disk;
pub mod duration;
pub mod expression;
pub mod fraction;
pub mod language;
pub mod name;
pub mod own;
mod parse;
mod piece;
pub mod render;
pub mod rule;
pub mod sample;
pub mod slo;
pub mod source;
mod spec;
pub mod suggest;
pub mod unit;
pub mod vocabulary;

pub use catalog::Catalog;
pub use diagnostic::Diagnostic;
pub use expression::Expressions;
pub use source::Sources;

use std::path::Path;

/// A specification without errors.
#[derive(Debug)]
pub struct Checked {
    /// What the specification says.
    pub catalog: Catalog,
    /// Its expressions, about which this crate knows no more than which metrics they name.
    pub expressions: Expressions,
    /// Warnings and information, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: Sources,
}

/// A specification with errors.
#[derive(Debug)]
pub struct Rejected {
    /// At least one error, and whatever else was found, in source order.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: Sources,
    /// What could be made out all the same.
    pub skeleton: Box<Skeleton>,
}

/// A catalogue that is not true: only for the derive, which lets the rest of a crate compile
/// against it so that one mistake in the specification is one error.
#[derive(Debug)]
pub struct Skeleton(pub Catalog);

/// Reads, parses and checks the specification at a path, with everything that it includes.
pub fn load(path: &Path) -> Result<Checked, Rejected> {
    check::run(parse::run(parse::Input::File(path)))
}

/// Parses and checks a text that is no file and may include nothing.
pub fn check_text(text: &str) -> Result<Checked, Rejected> {
    check::run(parse::run(parse::Input::Text(text)))
}
