//! The pace of an alert: how often its tests evaluate, and how long they last.
//!
//! All tests of a file evaluate equally often, so that one alert that waits for seconds makes those
//! long that wait for days.

use std::time::Duration;

use streamhouse_metrics_spec::duration;

use super::variable::own_range;
use crate::promql::parse::parse;
use crate::rules::{Action, Rule};

/// Times from one evaluation to the next, of which tests take the longest that fits.
const INTERVALS: [u64; 6] = [60, 30, 15, 10, 5, 1];

/// How many evaluations in the longest time of an alert are few.
const FEW: u128 = 1000;

/// How many times as many evaluations as on its own an alert may have beside another one.
const MOST_TIMES: u128 = 4;

/// How often tests evaluate, and the longest time that must pass in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pace {
    pub(crate) interval: Duration,
    longest: Duration,
}

impl Pace {
    /// The longest time between evaluations in which no time of a rule ends, and of which its ranges
    /// hold at least four.
    pub(crate) fn of(rule: &Rule) -> Self {
        let mut times = Vec::new();
        if let Action::Alert { wait, keep_firing_for, .. } = &rule.action {
            let written = [wait, keep_firing_for].into_iter().flatten();
            times.extend(written.filter_map(|time| duration::parse(time)));
        }
        let mut shortest = Duration::from_secs(u64::MAX);
        if let Ok(parsed) = parse(&rule.expr) {
            let mut left = vec![&parsed.expr];
            while let Some(expr) = left.pop() {
                left.extend(expr.children());
                let range = Duration::from_millis(own_range(expr));
                if !range.is_zero() {
                    times.push(range);
                    shortest = shortest.min(range);
                }
            }
        }
        let fits = |interval: &Duration| {
            let divides = |time: &Duration| time.as_millis().is_multiple_of(interval.as_millis());
            times.iter().all(divides) && *interval * 4 <= shortest
        };
        let found = INTERVALS.map(Duration::from_secs).into_iter().find(fits);
        Self {
            interval: found.unwrap_or(Duration::from_secs(1)),
            longest: times.into_iter().max().unwrap_or_default(),
        }
    }

    /// The pace of the tests of two in one file; none where those of one would last much longer.
    pub(crate) fn beside(self, other: Self) -> Option<Self> {
        let both = Self {
            interval: self.interval.min(other.interval),
            longest: self.longest.max(other.longest),
        };
        let alone = self.evaluations().max(other.evaluations());
        (both.evaluations() <= FEW.max(MOST_TIMES * alone)).then_some(both)
    }

    fn evaluations(self) -> u128 {
        self.longest.as_millis() / self.interval.as_millis().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(wait: &str) -> Pace {
        let action = Action::Alert {
            name: "Waits".to_owned(),
            wait: Some(wait.to_owned()),
            keep_firing_for: None,
            annotations: Vec::new(),
        };
        Pace::of(&Rule { action, expr: "up == 0".to_owned(), labels: Vec::new() })
    }

    #[test]
    fn seconds_and_days_do_not_go_together() {
        let together = |one, other| pace(one).beside(pace(other)).map(|both| both.interval);
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        assert_eq!(together("5m", "7d"), seconds(60));
        assert_eq!(together("30s", "7d"), seconds(30));
        assert_eq!(together("7s", "15m"), seconds(1));
        assert_eq!(together("7s", "7d"), None);
        assert_eq!(together("7d", "7s"), None);
        assert_eq!(together("7s", "1h"), None);
        // It is the alert that is slow, and not the other one.
        assert_eq!(together("604807s", "7s"), seconds(1));
    }
}
