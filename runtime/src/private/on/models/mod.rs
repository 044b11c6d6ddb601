//! Models: small programs that loom runs in every order that one to three preemptions can make.
//!
//! Each thread of a model may be interrupted at every atomic access, and each load may return every
//! value that the memory model allows, not only the newest. Whoever drops an atomic must be ordered
//! after everybody who uses it (see `crate::sync`), so a model fails too where memory is freed that
//! somebody could still be reading. Pages, chunks, tables and directories are a few slots long
//! here, so that a few records make them grow.
//!
//! `cargo xtask test` runs them; docs/concurrency.md says what they prove.

mod directory;
mod entry;
mod index;
mod memory;
mod overflow;
mod removal;
mod sections;
mod support;
mod threads;
