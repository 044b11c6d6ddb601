//! `cargo xtask bench --system`: what metrics cost a whole StreamHouse under load.
//!
//! Less than a hundredth of what such a system does is below the noise of on against off. So the
//! cost is amplified: a build makes each record 1, 11 and 21 times in turn, and the processor's time
//! for a record of the stream grows by twenty times what metrics cost it. Builds that are not
//! amplified check the figure from other sides.

mod builds;
mod estimate;
mod runs;
mod section;

use self::builds::Builds;
use self::runs::Runs;
use super::document;
use crate::report;

/// Builds, measures, and writes the part of docs/benchmarks.md that says what was found.
pub(super) fn run(is_quick: bool) -> Result<(), String> {
    let builds = Builds::make()?;
    report::step("Measuring", "a system under load; the machine should do nothing else");
    let runs = Runs::of(&builds, is_quick)?;
    let section = section::of(&runs);
    if is_quick {
        println!("{section}");
        return Ok(());
    }
    document::put(document::SYSTEM, &section)
}
