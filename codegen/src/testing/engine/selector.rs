//! Selectors: which series, and which of their samples.

use super::{Engine, LOOKBACK, Track, Unsupported, milliseconds};
use crate::promql::NAME;
use crate::promql::syntax::{Matcher, MatrixSelector, Modifiers, Node, Selector, Span};
use crate::testing::series::{Labels, Sample};

/// The samples of one series, each with its time, and which of them a range holds at each time.
pub(super) struct Range {
    pub(super) labels: Labels,
    samples: Vec<(i64, f64)>,
    windows: Vec<std::ops::Range<usize>>,
}

impl Range {
    /// The samples that the range holds, at each time.
    pub(super) fn windows(&self) -> impl Iterator<Item = &[(i64, f64)]> {
        self.windows.iter().map(|window| &self.samples[window.clone()])
    }
}

impl Engine {
    /// The last sample of each series at each time, as long as it counts.
    pub(super) fn instant(&self, selector: &Selector) -> Result<Vec<Track>, Unsupported> {
        let mut tracks = Vec::new();
        for (labels, samples) in self.selected(selector)? {
            let points = (0..self.steps).map(|step| self.last(samples, step)).collect();
            tracks.push(Track { labels: labels.clone(), points });
        }
        Ok(tracks)
    }

    /// The samples of a range, at each time.
    pub(super) fn range(&self, of: &MatrixSelector) -> Result<(Vec<Range>, i64), Unsupported> {
        let MatrixSelector { of, range, modifiers } = of;
        now(modifiers)?;
        let unsupported = |place: &Span| Unsupported::Piece("range", place.clone());
        let Node::Selector(selector) = &of.node else { return Err(unsupported(&of.span)) };
        let length = range.milliseconds.and_then(|length| i64::try_from(length).ok());
        let length = length.ok_or_else(|| unsupported(&range.span))?;
        let mut ranges = Vec::new();
        for (labels, samples) in self.selected(selector)? {
            let values = samples.iter().enumerate().filter_map(|(at, sample)| match sample {
                Sample::Value(value) => Some((self.time(at), *value)),
                Sample::Missing | Sample::Stale => None,
            });
            let samples: Vec<_> = values.collect();
            let windows = (0..self.steps).map(|step| self.window(&samples, step, length));
            let windows = windows.collect();
            ranges.push(Range { labels: labels.clone(), samples, windows });
        }
        Ok((ranges, length))
    }

    fn selected(&self, selector: &Selector) -> Result<Vec<&(Labels, Vec<Sample>)>, Unsupported> {
        now(&selector.modifiers)?;
        let mut selected = Vec::new();
        for series in &self.series {
            if is_selected(selector, &series.0)? {
                selected.push(series);
            }
        }
        Ok(selected)
    }

    fn last(&self, samples: &[Sample], step: usize) -> Option<f64> {
        let oldest = milliseconds(LOOKBACK) - i64::from(self.is_left_open);
        for at in (0..=step).rev() {
            if self.time(step - at) > oldest {
                return None;
            }
            match samples.get(at).unwrap_or(&Sample::Missing) {
                Sample::Value(value) => return Some(*value),
                Sample::Stale => return None,
                Sample::Missing => {}
            }
        }
        None
    }

    fn window(&self, samples: &[(i64, f64)], step: usize, length: i64) -> std::ops::Range<usize> {
        let end = self.time(step);
        let start = end - length + i64::from(self.is_left_open);
        let before = |time: i64| samples.partition_point(|(at, _)| *at < time);
        before(start)..before(end + 1)
    }

    /// The milliseconds from the first time to another.
    pub(super) fn time(&self, step: usize) -> i64 {
        self.interval * i64::try_from(step).unwrap_or(i64::MAX)
    }
}

/// Whether a selector selects a series.
pub(crate) fn is_selected(selector: &Selector, labels: &Labels) -> Result<bool, Unsupported> {
    if let Some(name) = &selector.name
        && labels.get(NAME) != Some(&*name.text)
    {
        return Ok(false);
    }
    let mut passes = true;
    for matcher in &selector.matchers {
        passes &= matches(matcher, labels)?;
    }
    Ok(passes)
}

fn matches(matcher: &Matcher, labels: &Labels) -> Result<bool, Unsupported> {
    let value = labels.get(&matcher.label.text).unwrap_or_default();
    let unsupported = || Unsupported::Piece("matcher", matcher.span.clone());
    matcher.test().passes(value).ok_or_else(unsupported)
}

/// Only the present is simulated.
fn now(modifiers: &Modifiers) -> Result<(), Unsupported> {
    match modifiers {
        Modifiers { offset: None, at: None } => Ok(()),
        Modifiers { offset: Some(offset), .. } => {
            Err(Unsupported::Piece("offset", offset.span.clone()))
        }
        Modifiers { at: Some(at), .. } => Err(Unsupported::Piece("time", at.clone())),
    }
}
