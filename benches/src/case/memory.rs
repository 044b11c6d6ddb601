//! The bytes that live for each series.
//!
//! Each store is asked in a process of its own, so that nothing is left from anybody before.

use std::env;
use std::process::Command;

use super::{Bench, STORES};
use crate::allocator::live_bytes;
use crate::input;
use crate::report::{Findings, Judgement, Row};

const TOPICS: usize = 100;
const PARTITIONS: u32 = 100;
const GROUPS: usize = 10;
const SERIES: f64 = 100_000.0;

pub(crate) fn run(_bench: &Bench) -> Findings {
    let rows = vec![
        row(1, "live bytes a series, 100,000 label sets, 3 labels, one counter on each", 1.2),
        row(5, "live bytes a series, 100,000 label sets, 3 labels, five counters on each", 0.6),
    ];
    Findings { rows, ..Findings::default() }
}

fn row(counters: usize, title: &str, target: f64) -> Row {
    let names: Vec<&str> = STORES.iter().map(|(name, _)| *name).collect();
    let mut bytes: Vec<(&str, f64)> =
        names.iter().map(|name| (*name, ask(name, counters))).collect();
    let (_, ours) = bytes.remove(0);
    bytes.sort_by(|left, right| left.1.total_cmp(&right.1));
    let peers: Vec<String> =
        bytes.iter().map(|(name, bytes)| format!("{name} {bytes:.1} B")).collect();
    Row {
        title: title.to_owned(),
        ours: format!("{ours:.1} B"),
        beside: peers[0].clone(),
        to_beside: Some(Judgement::of_ratio(ours / bytes[0].1, Some(target))),
        peers,
        ..Row::default()
    }
}

/// The bytes of a series in a store, from a process that has nothing else to do.
fn ask(store: &str, counters: usize) -> f64 {
    let program = env::current_exe().expect("a running program has a path");
    let mut question = Command::new(program);
    question.arg("--live-bytes").args([store, &counters.to_string()]);
    let answer = question.output().expect("a running program can be started");
    let bytes = String::from_utf8_lossy(&answer.stdout).trim().parse::<f64>();
    bytes.expect("it answers with a number") / SERIES / counters as f64
}

/// Answers such a question: prints the live bytes of a store.
pub(crate) fn answer(question: &[String]) -> Result<(), String> {
    let [name, counters] = question else {
        return Err("a store and a number of counters, please".to_owned());
    };
    let counters: usize = counters.parse().map_err(|error| format!("`{counters}`: {error}"))?;
    let triples = input::triples(TOPICS, PARTITIONS, GROUPS);
    let make = STORES.iter().find(|(known, _)| known == name);
    let (_, make) = make.ok_or_else(|| format!("there is no store `{name}`"))?;
    let (store, bytes) = live_bytes(|| {
        let store = make();
        for triple in &triples {
            match counters {
                1 => store.consume_alone(triple),
                _ => (0..counters).for_each(|counter| store.consume(counter, triple)),
            }
        }
        store
    });
    // What is not there would take no memory.
    let lines =
        store.text().lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
    if lines < triples.len() * counters {
        return Err(format!("{name} holds {lines} series only"));
    }
    println!("{bytes}");
    Ok(())
}
