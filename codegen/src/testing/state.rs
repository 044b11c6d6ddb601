//! What becomes of an alert over time: it waits, fires, and fires on.

use std::collections::BTreeMap;

use super::engine::Track;
use super::series::Labels;
use super::variable::unnamed;

/// The times of a rule, in evaluations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) wait: usize,
    pub(super) keep_firing_for: usize,
}

/// What fires at each evaluation, with its value.
pub(super) type Timeline = Vec<BTreeMap<Labels, f64>>;

/// How far one instance of an alert has come.
#[derive(Clone, Copy, Debug)]
struct State {
    since: usize,
    value: f64,
    /// Since when it only fires on.
    kept_since: Option<usize>,
    fires: bool,
}

/// What fires at each evaluation of what a condition yields.
pub(super) fn timeline(tracks: Vec<Track>, times: Times, steps: usize) -> Timeline {
    let mut results: BTreeMap<Labels, Vec<Option<f64>>> = BTreeMap::new();
    for Track { labels, points } in tracks {
        let known = results.entry(unnamed(labels)).or_insert_with(|| vec![None; steps]);
        for (known, point) in known.iter_mut().zip(points) {
            *known = known.or(point);
        }
    }
    let mut timeline = vec![BTreeMap::new(); steps];
    for (labels, points) in results {
        let mut state = None;
        for (step, point) in points.into_iter().enumerate() {
            state = next(state, point, step, times);
            if let Some(State { value, fires: true, .. }) = state {
                timeline[step].insert(labels.clone(), value);
            }
        }
    }
    timeline
}

/// The next state, as Prometheus has it.
fn next(state: Option<State>, point: Option<f64>, step: usize, times: Times) -> Option<State> {
    let mut state = match (state, point) {
        (None, None) => return None,
        (None, Some(value)) => State { since: step, value, kept_since: None, fires: false },
        (Some(state), Some(value)) => State { value, kept_since: None, ..state },
        (Some(state), None) => {
            let since = state.kept_since.unwrap_or(step);
            if !state.fires || step - since >= times.keep_firing_for {
                return None;
            }
            State { kept_since: Some(since), ..state }
        }
    };
    state.fires |= step - state.since >= times.wait;
    Some(state)
}
