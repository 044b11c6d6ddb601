//! What was found, for docs/benchmarks.md.

use super::estimate::Estimate;
use super::runs::{Round, Runs, TIMES};

/// The section, in Markdown.
pub(super) fn of(runs: &Runs) -> String {
    let Runs { amplified, pairs, costs, instructions } = runs;
    let cycles: Vec<&[Round]> = amplified.chunks_exact(TIMES.len()).collect();
    // A cycle's rounds are in another order each time.
    let cost = |cycle: &[Round], times: u64| {
        cycle.iter().find(|round| round.times == times).map_or(f64::NAN, |round| round.cost)
    };
    let slope = |low: usize, high: usize| {
        let (low, high) = (TIMES[low], TIMES[high]);
        let slopes =
            cycles.iter().map(|cycle| (cost(cycle, high) - cost(cycle, low)) / (high - low) as f64);
        Estimate::of(slopes)
    };
    let once = amplified.iter().filter(|round| round.times == 1);
    let base = Estimate::of(once.clone().map(|round| round.cost));
    let throughput = Estimate::of(once.clone().map(|round| round.throughput));
    let on_to_off = Estimate::of(pairs.iter().map(|(on, off)| on.cost / off.cost - 1.0));
    let kind = |kind: usize| Estimate::of(once.clone().map(|round| round.calls[kind]));
    let (Some(slope_all), Some(lower), Some(upper), Some(base), Some(throughput), Some(on_to_off)) =
        (slope(0, 2), slope(0, 1), slope(1, 2), base, throughput, on_to_off)
    else {
        return "## A whole system\n\nNothing was measured.\n".to_owned();
    };
    let calls: Vec<f64> = (0..5).filter_map(kind).map(|calls| calls.median).collect();
    let counted: f64 = calls.iter().zip(costs).map(|(calls, cost)| calls * cost).sum();
    // Without metrics the system would cost so much less.
    let share = slope_all.times(1.0 / (base.median - slope_all.median));
    let mut lines = vec![
        "## A whole system".to_owned(),
        String::new(),
        "Made by `cargo xtask bench --system`: producer, agent and consumer in one process on two \
         processors, on stores in memory, 100 bytes a record, batches of up to 1,000, as fast as it \
         goes."
            .to_owned(),
        String::new(),
        "| how it is measured | metrics cost a record | of what the system costs |".to_owned(),
        "| --- | ---: | ---: |".to_owned(),
        format!(
            "| amplified: each record made {} times in turn, {} cycles | {} | {} |",
            TIMES.map(|times| times.to_string()).join(", "),
            cycles.len(),
            nanoseconds(slope_all),
            percent(share),
        ),
        format!(
            "| from {} to {} times, and from {} to {}: as steep if the cost is linear | {}; {} | |",
            TIMES[0],
            TIMES[1],
            TIMES[1],
            TIMES[2],
            nanoseconds(lower),
            nanoseconds(upper)
        ),
        format!(
            "| calls of each kind × what one costs in a loop | {counted:.2} ns | {:.2} % |",
            100.0 * counted / (base.median - counted)
        ),
        format!(
            "| {} pairs of runs of two builds, on and off, in the order on, off, off, on | | {} |",
            pairs.len(),
            percent(on_to_off)
        ),
    ];
    if let Some((on, off)) = instructions {
        lines.push(format!(
            "| instructions by callgrind, {on:.0} on and {off:.0} off | {:.0} instructions | {:.2} % |",
            on - off,
            100.0 * (on - off) / off
        ));
    }
    let kinds = ["counters", "gauges", "single observations", "observations together", "the clock"];
    let kinds: Vec<String> = kinds
        .iter()
        .zip(calls.iter().zip(costs))
        .map(|(kind, (calls, cost))| format!("{kind} {calls:.4} × {cost:.2} ns"))
        .collect();
    lines.extend([
        String::new(),
        format!(
            "{:.2} million records a second go through, {:.0} ns of a processor each. In brackets: \
             between which values the true median lies with a confidence of 95 %. At 200,000 records \
             a second metrics take {:.3} % of one processor.",
            throughput.median / 1e6,
            base.median,
            slope_all.median * 200_000.0 / 1e9 * 100.0,
        ),
        String::new(),
        format!("Calls for each record of the stream: {}.", kinds.join(", ")),
        String::new(),
        "What makes it cheap: labels are bound once for a partition; the times of a batch's records \
         are observed together, with one look at the clock; pending records are shown one by one \
         while they are few, sixteen at once when they are many. The time at which a record is sent \
         is part of the record."
            .to_owned(),
        String::new(),
    ]);
    lines.join("\n")
}

fn nanoseconds(Estimate { median, low, high }: Estimate) -> String {
    format!("{median:.2} ns ({low:.2} to {high:.2})")
}

fn percent(estimate: Estimate) -> String {
    let Estimate { median, low, high } = estimate.times(100.0);
    format!("{median:.2} % ({low:.2} to {high:.2})")
}
