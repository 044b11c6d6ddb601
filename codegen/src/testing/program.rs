//! From levels over time to samples.

use super::label::Choices;
use super::series::{Labels, Piece, Series};
use super::variable::{Shows, Variable};

/// How many observations a second a histogram gets.
const TRAFFIC: f64 = 100.0;

/// A level for so many samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Phase {
    pub(super) level: Level,
    pub(super) samples: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Level {
    At(f64),
    /// There is none: scrapes find nothing.
    Missing,
    /// There is none, and Prometheus has noticed.
    Stale,
}

/// The series of one member of a variable; none where its level cannot be had.
pub(super) fn series(
    variable: &Variable<'_>,
    choices: &Choices,
    labels: &Labels,
    member: usize,
    phases: &[Phase],
    seconds: f64,
) -> Option<Vec<Series>> {
    let members = choices.members();
    match variable.shows {
        Shows::Value | Shows::Slope => {
            let operator = variable.aggregation.map(|aggregation| &*aggregation.operator.text);
            let part = |level| part(operator, level, member, members);
            let is_slope = variable.shows == Shows::Slope;
            let pieces = pieces(phases, is_slope.then_some(seconds), part);
            Some(vec![Series { labels: labels.clone(), pieces }])
        }
        Shows::Quantile(quantile) => buckets(quantile, choices, labels, member, phases, seconds),
    }
}

/// What a member adds to a level, so that neither one member alone nor another operator shows it.
fn part(operator: Option<&str>, level: f64, member: usize, members: usize) -> f64 {
    if members == 1 {
        return level;
    }
    let is_first = member == 0;
    let further = if level.fract() == 0.0 { 1.0 } else { level.abs() / 2.0 };
    match operator {
        Some("sum") if level % 2.0 == 1.0 && is_first => (level / 2.0).floor(),
        Some("sum") if level % 2.0 == 1.0 => (level / 2.0).ceil(),
        Some("sum") => level / 2.0,
        Some("avg") if is_first => level - further,
        Some("avg") => level + further,
        Some("max") if !is_first => level - level.abs() / 2.0,
        Some("min") if !is_first => level + level.abs() / 2.0 + f64::from(u8::from(level == 0.0)),
        _ => level,
    }
}

/// The samples of values, or of counters that grow by so much in so many seconds.
fn pieces(phases: &[Phase], seconds: Option<f64>, part: impl Fn(f64) -> f64) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut total = 0.0;
    for phase in phases {
        let count = phase.samples;
        match (phase.level, seconds) {
            (Level::At(level), None) => {
                pieces.push(Piece::Line { start: part(level), step: 0.0, count });
            }
            (Level::At(level), Some(seconds)) => {
                let step = part(level) * seconds;
                if !pieces.is_empty() {
                    total += step;
                }
                pieces.push(Piece::Line { start: total, step, count });
                total += step * count.saturating_sub(1) as f64;
            }
            (Level::Missing, _) => pieces.push(Piece::Missing(count)),
            (Level::Stale, _) => {
                pieces.push(Piece::Stale);
                pieces.extend((count > 1).then(|| Piece::Missing(count - 1)));
            }
        }
    }
    pieces
}

/// The buckets of a member: those of the first are the fast observations.
fn buckets(
    quantile: f64,
    choices: &Choices,
    labels: &Labels,
    member: usize,
    phases: &[Phase],
    seconds: f64,
) -> Option<Vec<Series>> {
    let bounds = &choices.bounds;
    let has_members = choices.members() > 1;
    let mut series = Vec::new();
    let infinite = std::iter::once(f64::INFINITY);
    for (at, bound) in bounds.iter().copied().chain(infinite).enumerate() {
        let mut totals = Vec::new();
        for phase in phases {
            let level = match phase.level {
                Level::At(level) => {
                    let shares = shares(quantile, bounds, level)?;
                    Level::At(TRAFFIC * cumulative(&shares, at, has_members.then_some(member)))
                }
                other => other,
            };
            totals.push(Phase { level, ..*phase });
        }
        let mut labels = labels.clone();
        let le = if bound.is_infinite() { "+Inf".to_owned() } else { bound.to_string() };
        labels.insert("le", le);
        series.push(Series { labels, pieces: pieces(&totals, Some(seconds), |level| level) });
    }
    Some(series)
}

/// How observations are spread: the share in the bucket before one, in that one, and in the next.
struct Shares {
    at: usize,
    before: f64,
    within: f64,
}

/// What makes a quantile what it should be; none where no observations do.
fn shares(quantile: f64, bounds: &[f64], level: f64) -> Option<Shares> {
    let at = bounds.iter().position(|bound| level <= *bound)?;
    let start = at.checked_sub(1).map_or(0.0, |before| bounds[before]);
    let far = (level - start) / (bounds[at] - start);
    if at > 0 && far < quantile {
        let before = (quantile - far) / (1.0 - far);
        return Some(Shares { at, before, within: 1.0 - before });
    }
    let within = quantile / far;
    (within <= 1.0).then_some(Shares { at, before: 0.0, within })
}

/// The share of observations up to a bucket, of all members or of one.
fn cumulative(shares: &Shares, bucket: usize, member: Option<usize>) -> f64 {
    let Shares { at, before, within } = *shares;
    let above = 1.0 - before - within;
    // Where there are no fast ones, both members are the same.
    let (before, within, above) = match member {
        Some(0) if before > 0.0 => (before, 0.0, 0.0),
        Some(_) if before > 0.0 => (0.0, within, above),
        Some(_) => (0.0, within / 2.0, above / 2.0),
        None => (before, within, above),
    };
    let mut share = 0.0;
    if bucket + 1 >= at && at > 0 {
        share += before;
    }
    if bucket >= at {
        share += within;
    }
    if bucket > at {
        share += above;
    }
    share
}
