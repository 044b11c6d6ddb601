//! A whole StreamHouse in one process, under load: producer, agent and consumer on stores in memory.
//!
//! `cargo xtask bench --system` builds it with metrics, without, and with every record made several
//! times, runs them in turn, and makes the report. A run prints one JSON object a round.

mod calls;
mod load;

use std::time::Duration;

use clap::{Parser, Subcommand};
use cpu_time::ProcessTime;
use serde_json::json;
use tokio::runtime::Builder;

use crate::load::Load;

/// Before anything is measured.
const WARM_UP: Duration = Duration::from_secs(1);

/// After something was changed.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure rounds of so long.
    Rounds {
        /// How many.
        #[arg(long, default_value_t = 1)]
        rounds: u32,
        /// Milliseconds of each.
        #[arg(long, default_value_t = 1_000)]
        milliseconds: u64,
        /// How often each record is made; one number a round, in turn.
        #[arg(long, default_value = "1", value_delimiter = ',')]
        times: Vec<u32>,
    },
    /// Measure what a record of each kind costs in a loop.
    Calls,
    /// Send so many records, then read them.
    Records {
        /// How many.
        count: u64,
    },
}

fn main() {
    match Arguments::parse().command {
        Command::Rounds { rounds, milliseconds, times } => {
            let mut runtime = Builder::new_multi_thread();
            let runtime = runtime.worker_threads(2).enable_all().build().expect("threads");
            runtime.block_on(measure(rounds, Duration::from_millis(milliseconds), &times));
        }
        Command::Calls => println!("{}", json!(calls::cost())),
        Command::Records { count } => {
            // On one thread, so that the same is done each time.
            let mut runtime = Builder::new_current_thread();
            let runtime = runtime.enable_all().build().expect("a thread");
            runtime.block_on(load::once(count));
        }
    }
}

async fn measure(rounds: u32, round: Duration, times: &[u32]) {
    let load = Load::start().await;
    tokio::time::sleep(WARM_UP).await;
    // Each number comes first as often as any other, so that no drift looks like a cost.
    let mut order = times.to_vec();
    for _ in 0..rounds {
        for &times in &order {
            set_times(times);
            tokio::time::sleep(PAUSE).await;
            let begin = (std::time::Instant::now(), ProcessTime::now(), load.consumed(), calls());
            tokio::time::sleep(round).await;
            let (cpu, wall) = (begin.1.elapsed(), begin.0.elapsed());
            println!(
                "{}",
                json!({
                    "times": times,
                    "records": load.consumed() - begin.2,
                    "calls": since(begin.3),
                    "cpu_nanoseconds": cpu.as_nanos() as u64,
                    "nanoseconds": wall.as_nanos() as u64,
                })
            );
        }
        order.rotate_left(1);
    }
}

/// Has each record made so many times.
fn set_times(times: u32) {
    #[cfg(streamhouse_amplified)]
    streamhouse_metrics::__private::on::set_times(times);
    #[cfg(not(streamhouse_amplified))]
    assert_eq!(times, 1, "this build makes each record once");
}

/// How many kinds of records are told apart.
const KINDS: usize = 5;

/// How many records were asked for since then.
fn since(then: [u64; KINDS]) -> Vec<u64> {
    calls().iter().zip(then).map(|(now, then)| now - then).collect()
}

/// How many records of each kind were asked for so far, if that is counted.
fn calls() -> [u64; KINDS] {
    #[cfg(streamhouse_amplified)]
    let calls = streamhouse_metrics::__private::on::calls();
    #[cfg(not(streamhouse_amplified))]
    let calls = [0; KINDS];
    calls
}
