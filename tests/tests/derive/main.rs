//! What the derive promises, tried on crates as users write them.
//!
//! Most of them stand in `fixtures/`, a workspace of its own: what is wrong on purpose must not
//! break the root's builds, and the root's builds must not turn features on that shall be off.
//! Every test asks a question of a cargo run there, and its compiler's messages are the answer.

mod cargo;
mod correct;
mod features;
mod mistakes;
mod scratch;
mod specification;
mod unrecorded;
mod zero_cost;
