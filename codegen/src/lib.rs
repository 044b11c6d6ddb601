//! Reference docs, Prometheus rules and Grafana dashboards from `metrics.toml`.
//!
//! ```text
//! metrics.toml ──load──▶ Catalog ──emit──▶ Outputs ──compare──▶ Plan ──┬─▶ write
//!   (text)               as true           (texts)     (disk)         ├─▶ --check
//!                                                                     └─▶ --diff
//! ```
//!
//! Emitters take a checked [`Catalog`](streamhouse_metrics_spec::Catalog), so none of them has a
//! second opinion about validity, and none touches the disk. One plan says what differs from what
//! is on disk; writing, checking and showing the difference all carry out that same plan.
//!
//! The command line is part of the library, so a workspace gets all of it with a three-line xtask:
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     streamhouse_metrics_codegen::main()
//! }
//! ```

pub mod cli;
pub mod emit;
mod fence;
pub mod handwritten;
pub mod linter;
pub mod marked;
pub mod output;
mod promql;
mod reference;
mod rules;
pub mod schema;
mod spread;
pub mod template;
mod testing;
mod text;

pub use promql::check;
pub use testing::{Trial, trials};

/// Runs the command line of this process and says how it went: see [`cli`].
pub fn main() -> std::process::ExitCode {
    cli::main()
}
