//! What was found, as a page of Markdown.

use std::fmt;

use crate::machine;
use crate::measure::Plan;

/// Everything that was measured.
pub(crate) struct Report {
    plan: Plan,
    cores: usize,
    rows: Vec<Row>,
    tables: Vec<String>,
}

/// What a case has found.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) rows: Vec<Row>,
    /// Tables of their own, for what does not fit into a row.
    pub(crate) tables: Vec<String>,
}

/// Ours, with what it is held against.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) title: String,
    pub(crate) ours: String,
    /// The best peer, or whatever else it is compared with.
    pub(crate) beside: String,
    pub(crate) to_beside: Option<Judgement>,
    pub(crate) limit: String,
    pub(crate) to_limit: Option<Judgement>,
    /// The ratio of the limit to the best peer, where it misses the aim itself.
    pub(crate) out_of_reach: Option<f64>,
    /// All peers, the best one first.
    pub(crate) peers: Vec<String>,
}

/// A comparison, and whether it came out as aimed at.
pub(crate) struct Judgement {
    pub(crate) found: String,
    pub(crate) target: String,
    pub(crate) met: Option<bool>,
}

/// What somebody took, in nanoseconds.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
}

impl Judgement {
    /// A ratio that should be at most so large.
    pub(crate) fn of_ratio(ratio: f64, target: Option<f64>) -> Self {
        let written = target.map(|target| format!("≤ {target}")).unwrap_or_default();
        let met = target.map(|target| ratio <= target);
        Self { found: format!("{ratio:.2}"), target: written, met }
    }
}

impl Report {
    pub(crate) fn new(plan: Plan, cores: usize) -> Self {
        Self { plan, cores, rows: Vec::new(), tables: Vec::new() }
    }

    pub(crate) fn add(&mut self, findings: Findings) {
        self.rows.extend(findings.rows);
        self.tables.extend(findings.tables);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, page: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan, cores, rows, tables } = self;
        writeln!(page, "# Benchmarks\n\nMade by `cargo xtask bench` on {}.", machine::today())?;
        writeln!(page, "\n{}\n", machine::description(*cores))?;
        writeln!(
            page,
            "One process, candidates in turn, the order rotated: {} rounds of {} ms each. Times \
             are medians of a call, ratios the medians of the rounds' ratios. Two threads run on \
             a CPU each. These are tight loops with warm caches: throughput, not latency.\n\n\
             The limit is the mechanism alone, written by hand: cells with one writer each, found \
             by a const thread-local, behind a lock-free table where labels are looked up; for \
             texts, a copy of the same bytes. An aim that the limit itself misses on this machine \
             is marked with the ratio at which the limit stands to the best peer.\n",
            plan.rounds,
            plan.slice.as_millis()
        )?;
        writeln!(
            page,
            "| case | ours | best peer | ratio | aim | limit | ratio | aim | reached |"
        )?;
        writeln!(page, "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")?;
        rows.iter().try_for_each(|row| row.judged(page))?;
        writeln!(page, "\nAll peers, the fastest first:\n\n| case | peers |\n| --- | --- |")?;
        let with_peers = rows.iter().filter(|row| !row.peers.is_empty());
        for Row { title, peers, .. } in with_peers {
            writeln!(page, "| {title} | {} |", peers.join("; "))?;
        }
        tables.iter().try_for_each(|table| write!(page, "\n{table}"))
    }
}

impl Row {
    fn judged(&self, page: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { title, ours, beside, to_beside, limit, to_limit, out_of_reach, peers: _ } = self;
        let cells = |judgement: &Option<Judgement>| match judgement {
            Some(Judgement { found, target, met: _ }) => format!("{found} | {target}"),
            None => " | ".to_owned(),
        };
        let met: Vec<bool> =
            [to_beside, to_limit].into_iter().flatten().filter_map(|judged| judged.met).collect();
        let reached = match (met.iter().all(|met| *met), out_of_reach) {
            _ if met.is_empty() => String::new(),
            (true, _) => "yes".to_owned(),
            (false, None) => "no".to_owned(),
            (false, Some(ratio)) => format!("no; the limit is at {ratio:.2}"),
        };
        let (to_beside, to_limit) = (cells(to_beside), cells(to_limit));
        writeln!(
            page,
            "| {title} | {ours} | {beside} | {to_beside} | {limit} | {to_limit} | {reached} |"
        )
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.name, duration(self.value))
    }
}

/// Nanoseconds in a unit that keeps numbers short.
pub(crate) fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..100.0 => format!("{nanoseconds:.2} ns"),
        ..1e3 => format!("{nanoseconds:.0} ns"),
        ..1e6 => format!("{:.2} µs", nanoseconds / 1e3),
        ..1e9 => format!("{:.2} ms", nanoseconds / 1e6),
        _ => format!("{:.2} s", nanoseconds / 1e9),
    }
}
