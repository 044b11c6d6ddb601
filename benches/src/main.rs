//! What recording, scraping and holding metrics costs: ours beside peers and limits.
//!
//! ```text
//! inputs ──▶ candidates ──measure──▶ times ──compare──▶ rows ──▶ report
//! ```
//!
//! A candidate is a way to record: ours (`ours.rs`), a peer's (`peer/`), or a hand-written
//! prototype at the limit of the machine (`limit/`). A case (`case/`) puts them side by side, and
//! compares what came out with what was aimed at. Nothing here fails because something is slow;
//! but what records something wrong ends the program.

mod allocator;
mod arguments;
mod candidate;
mod case;
mod contest;
mod input;
mod limit;
mod machine;
mod measure;
mod ours;
mod peer;
mod report;
mod store;
mod thread;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    arguments::Arguments::parse().run()
}

/// Keeps the compiler from making one step of two: everything in memory may be read here.
///
/// It leaves no instruction.
#[inline(always)]
fn nothing_folded() {
    std::hint::black_box(());
}
