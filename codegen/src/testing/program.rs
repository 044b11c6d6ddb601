//! From levels over time to samples.

use super::label::Choices;
use super::series::{Labels, Piece, Series};
use super::variable::{Shows, Variable};

/// How many observations a histogram gets from one sample to the next.
const OBSERVATIONS: f64 = 1_000_000.0;

/// How many digits of a counter's step are written.
pub(super) const DIGITS: usize = 7;

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
        Shows::Quantile(quantile) => buckets(quantile, choices, labels, member, phases),
        Shows::Number(value, other) => {
            let phases = numbered(phases, member, value, other);
            let is_there = phases.iter().any(|phase| matches!(phase.level, Level::At(_)));
            let pieces = pieces(&phases, None, |level| level);
            Some(is_there.then(|| Series { labels: labels.clone(), pieces }).into_iter().collect())
        }
    }
}

/// The phases of one member where a level is how many have a value.
fn numbered(phases: &[Phase], member: usize, value: f64, other: Option<f64>) -> Vec<Phase> {
    let mut was_there = false;
    let phases = phases.iter().map(|phase| {
        let level = match phase.level {
            Level::At(number) if (member as f64) < number => Level::At(value),
            Level::At(_) => match other {
                Some(other) => Level::At(other),
                None if was_there => Level::Stale,
                None => Level::Missing,
            },
            level => level,
        };
        was_there = matches!(level, Level::At(_));
        Phase { level, ..*phase }
    });
    phases.collect()
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
    let mut pieces: Vec<Piece> = Vec::new();
    let mut total = 0.0;
    for phase in phases {
        let count = phase.samples;
        let next = match (phase.level, seconds) {
            (Level::At(level), None) => Piece::Line { start: part(level), step: 0.0, count },
            (Level::At(level), Some(seconds)) => {
                let step = rounded(part(level) * seconds, DIGITS);
                if !pieces.is_empty() {
                    total += step;
                }
                Piece::Line { start: total, step, count }
            }
            (Level::Missing, _) => Piece::Missing(count),
            (Level::Stale, _) => {
                pieces.push(Piece::Stale);
                pieces.extend((count > 1).then(|| Piece::Missing(count - 1)));
                continue;
            }
        };
        match (pieces.last_mut(), next) {
            // Nothing has changed.
            (
                Some(Piece::Line { start, step, count: known }),
                Piece::Line { start: next, step: same, count },
            ) if *step == same && (seconds.is_some() || *start == next) => *known += count,
            (Some(Piece::Missing(known)), Piece::Missing(count)) => *known += count,
            (_, Piece::Line { start, step, count }) => {
                let start = if seconds.is_some() { tidy(start) } else { start };
                pieces.push(Piece::Line { start, step, count });
            }
            (_, next) => pieces.push(next),
        }
        if let (Some(Piece::Line { start, step, count }), Some(_)) = (pieces.last(), seconds) {
            // As promtool adds up, since a counter that is a little less has begun anew.
            total = (1..*count).fold(*start, |total, _| total + step);
        }
    }
    pieces
}

/// A number with few digits that is hardly more.
fn tidy(number: f64) -> f64 {
    let tidy = (number * 1e4).ceil() / 1e4;
    if tidy >= number { tidy } else { number }
}

/// A number that is nearly the same and has so many digits.
pub(super) fn rounded(number: f64, digits: usize) -> f64 {
    let written = format!("{number:.*e}", digits.saturating_sub(1));
    written.parse().unwrap_or(number)
}

/// The buckets of a member: those of the first are the fast observations.
fn buckets(
    quantile: f64,
    choices: &Choices,
    labels: &Labels,
    member: usize,
    phases: &[Phase],
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
                    let share = cumulative(&shares, at, has_members.then_some(member));
                    Level::At((OBSERVATIONS * share).round())
                }
                other => other,
            };
            totals.push(Phase { level, ..*phase });
        }
        let mut labels = labels.clone();
        let le = if bound.is_infinite() { "+Inf".to_owned() } else { bound.to_string() };
        labels.insert("le", le);
        series.push(Series { labels, pieces: pieces(&totals, Some(1.0), |level| level) });
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
    let last = bounds.last().copied()?;
    if level == last {
        // What is beyond all bounds counts as the last one.
        let before = quantile * 0.98;
        return Some(Shares { at: bounds.len(), before, within: 1.0 - before });
    }
    let at = bounds.iter().position(|bound| level <= *bound)?;
    let start = at.checked_sub(1).map_or(0.0, |before| bounds[before]);
    let far = (level - start) / (bounds[at] - start);
    if at > 0 && far < quantile {
        let before = (quantile - far) / (1.0 - far);
        return Some(Shares { at, before, within: 1.0 - before });
    }
    let within = quantile / far;
    (within <= 1.0 + 1e-9).then_some(Shares { at, before: 0.0, within: within.min(1.0) })
}

/// The share of observations up to a bucket, of all members or of one.
fn cumulative(shares: &Shares, bucket: usize, member: Option<usize>) -> f64 {
    let Shares { at, before, within } = *shares;
    let above = 1.0 - before - within;
    // The fast ones are the first member's.
    let (before, within, above) = match (member, before > 0.0) {
        (None, _) => (before, within, above),
        (Some(0), true) => (before, 0.0, 0.0),
        (Some(0), false) => (0.0, within, 0.0),
        (Some(_), true) => (0.0, within, above),
        (Some(_), false) => (0.0, 0.0, above),
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
