//! What follows from a service level objective: its budget, how fast that may be spent, and the
//! names of what is recorded.
//!
//! An alert fires while the budget is spent too fast over a long window and still is over a short
//! one: the long one keeps a blip from waking anybody, the short one ends the alert soon after the
//! trouble did. The four tiers are those of Google's SRE workbook.

use std::time::Duration;

use crate::alert::Runbook;
use crate::bucket::Bound;
use crate::catalog::MetricId;
use crate::duration;
use crate::fraction::Fraction;
use crate::vocabulary::{Severity, Window};

/// A service level objective: how much of something is to be good, over a window of time.
///
/// What is recorded and calculated of it stands in this module.
#[derive(Clone, Debug)]
pub struct Slo {
    /// The key under `[slos]`.
    pub key: String,
    /// The value of the label `slo` that its series carry: namespace and key, since services that
    /// share a Prometheus may promise the same.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What is promised to whom.
    pub help: String,
    /// What is good and what is bad.
    pub indicator: Indicator,
    /// How much is to be good, between nothing and all of it, and neither of them.
    pub objective: Fraction,
    /// The time over which that is to hold.
    pub window: Window,
    /// The labels for whose values it is to hold each, as indices into [`Catalog::labels`],
    /// ascending.
    pub by: Vec<usize>,
    /// How many bad events there are at least when an alert fires; none where there are no events.
    pub min_bad_events: u64,
    /// Its alerts' own runbook, where it names one.
    pub runbook: Option<Runbook>,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// What is good and what is bad.
#[derive(Clone, Debug, PartialEq)]
pub enum Indicator {
    /// Events of two counters in one unit.
    Counters {
        /// Counts good events.
        good: MetricId,
        /// Counts bad events.
        bad: MetricId,
    },
    /// Events of one counter.
    Values {
        /// The counter.
        metric: MetricId,
        /// The closed label that tells good events, as an index into [`Catalog::labels`].
        label: usize,
        /// Its values of good events, in the label's order: some, and not all.
        good: Vec<String>,
    },
    /// Events that take a time.
    Faster {
        /// The histogram of that time, in seconds.
        metric: MetricId,
        /// The bound of one of its buckets, up to which an event is good.
        bound: Bound,
    },
    /// A gauge, at each evaluation.
    Below {
        /// The gauge.
        metric: MetricId,
        /// The value up to which it is good.
        bound: f64,
    },
}

impl Indicator {
    /// The metrics that it is of.
    pub fn metrics(&self) -> Vec<MetricId> {
        match self {
            Self::Counters { good, bad } => vec![*good, *bad],
            Self::Values { metric, .. }
            | Self::Faster { metric, .. }
            | Self::Below { metric, .. } => vec![*metric],
        }
    }

    /// Whether it counts events, and does not only look now and then.
    pub fn counts_events(&self) -> bool {
        !matches!(self, Self::Below { .. })
    }
}

/// Two windows, and the part of the budget that is too much to be spent in the long one.
#[derive(Debug, PartialEq, Eq)]
pub struct Tier {
    /// The long window.
    pub long: &'static str,
    /// The short window, a twelfth of the long one.
    pub short: &'static str,
    /// How many per cent of the budget.
    pub percent: u64,
    /// How urgent that is.
    pub severity: Severity,
}

/// Every tier, the fastest first.
pub static TIERS: [Tier; 4] = [
    Tier { long: "1h", short: "5m", percent: 2, severity: Severity::Critical },
    Tier { long: "6h", short: "30m", percent: 5, severity: Severity::Critical },
    Tier { long: "1d", short: "2h", percent: 10, severity: Severity::Warning },
    Tier { long: "3d", short: "6h", percent: 10, severity: Severity::Warning },
];

/// The window of the burn rate that is recorded for people.
pub const BURN_WINDOW: &str = "1h";

/// How many bad events there are at least when an alert fires, where nothing is said.
pub const MIN_BAD_EVENTS: u64 = 10;

/// The time from one evaluation of an SLO's rules to the next, in seconds.
pub const INTERVAL: u64 = 60;

/// How far the rates of events look back from which everything else is made.
pub const RATE_RANGE: Duration = Duration::from_secs(300);

/// The label that tells the series of SLOs apart.
pub const LABEL: &str = "slo";

/// Bad events a second.
pub const BAD_RATE: &str = "slo:sli_bad:rate5m";
/// All events a second.
pub const TOTAL_RATE: &str = "slo:sli_total:rate5m";
/// Whether a gauge is beyond its bound.
pub const BAD_BOOL: &str = "slo:sli_bad:bool";
/// The objective as a ratio.
pub const OBJECTIVE: &str = "slo:objective:ratio";
/// The budget as a ratio.
pub const BUDGET: &str = "slo:error_budget:ratio";
/// What is left of the budget of the whole window; below zero where more was spent.
pub const REMAINING: &str = "slo:error_budget_remaining:ratio";

/// The series of what part is bad over a window.
pub fn error_ratio(window: &str) -> String {
    format!("slo:sli_error:ratio_rate{window}")
}

/// The series of how many events there are in a window.
pub fn events(window: &str) -> String {
    format!("slo:sli_total:events{window}")
}

/// The series of how many times too fast the budget is spent.
pub fn burn_rate() -> String {
    format!("slo:burn_rate:ratio_rate{BURN_WINDOW}")
}

impl Slo {
    /// How much may be bad.
    pub fn budget(&self) -> Fraction {
        self.objective.rest()
    }

    /// The tiers whose alerts can fire: more than everything is never bad.
    pub fn tiers(&self) -> impl Iterator<Item = &'static Tier> {
        TIERS.iter().filter(|tier| self.threshold(tier).is_below_one())
    }

    /// The tiers whose alerts could never fire.
    pub fn left_out(&self) -> impl Iterator<Item = &'static Tier> {
        TIERS.iter().filter(|tier| !self.threshold(tier).is_below_one())
    }

    /// Why tiers are left out, shown of the slowest one, if there is one:
    /// `14.4 × 10 % = 144 %, and an error ratio never exceeds 100 %`.
    pub fn too_much(&self) -> Option<String> {
        let slowest = self.left_out().last()?;
        let percent = |part: Fraction| part.times(Fraction::whole(100)).rounded(2);
        Some(format!(
            "{} × {} % = {} %, and an error ratio never exceeds 100 %",
            self.factor(slowest).rounded(2),
            percent(self.budget()),
            percent(self.threshold(slowest)),
        ))
    }

    /// What part is bad while a tier's part of the budget is spent in its long window.
    pub fn threshold(&self, tier: &Tier) -> Fraction {
        self.factor(tier).times(self.budget())
    }

    /// How many times too fast the budget is spent then.
    pub fn factor(&self, tier: &Tier) -> Fraction {
        tier.factor(self.window)
    }

    /// Every window over which it is recorded what part is bad, the shortest first.
    pub fn windows(&self) -> Vec<&'static str> {
        let of_tiers = self.tiers().flat_map(|tier| [tier.short, tier.long]);
        let mut windows: Vec<_> = of_tiers.chain([BURN_WINDOW, self.window.as_str()]).collect();
        windows.sort_by_key(|window| duration::parse(window));
        windows.dedup();
        windows
    }

    /// The name of every series that is recorded of it.
    pub fn series(&self) -> Vec<String> {
        let base: &[&str] = match self.indicator.counts_events() {
            true => &[BAD_RATE, TOTAL_RATE],
            false => &[BAD_BOOL],
        };
        let constant =
            base.iter().chain(&[OBJECTIVE, BUDGET, REMAINING]).map(|&name| name.to_owned());
        let ratios = self.windows().into_iter().map(error_ratio);
        let events = self.guarded().map(|tier| events(tier.long));
        constant.chain([burn_rate()]).chain(ratios).chain(events).collect()
    }

    /// The tiers whose alerts ask how many events there are.
    pub fn guarded(&self) -> impl Iterator<Item = &'static Tier> {
        let is_guarded = self.min_bad_events > 0;
        self.tiers().filter(move |_| is_guarded)
    }
}

impl Tier {
    /// How many times as fast as the window allows the budget is spent.
    pub fn factor(&self, window: Window) -> Fraction {
        let (dividend, divisor) = self.quotient(window);
        dividend.over(Fraction::whole(divisor))
    }

    /// The same as the quotient that it is, in the days or hours that the long window is written
    /// in: of 28 days ten per cent over three days.
    pub fn quotient(&self, window: Window) -> (Fraction, u64) {
        let hours = duration::parse(self.long).map_or(1, |long| long.as_secs() / 3600);
        let unit = if self.long.ends_with('d') { 24 } else { 1 };
        let whole = Fraction::new(window.days() * 24, unit);
        (Fraction::percent(self.percent).times(whole), hours / unit)
    }
}

/// A window in words: `1 hour`, `3 days`.
pub fn words(window: &str) -> String {
    let (number, unit) = window.split_at(window.len().saturating_sub(1));
    let unit = match unit {
        "d" => "day",
        "h" => "hour",
        _ => "minute",
    };
    format!("{number} {unit}{}", if number == "1" { "" } else { "s" })
}

/// Words as a sentence lists them: `one, two and three`.
pub fn listed(words: &[String]) -> String {
    match words {
        [words @ .., last] if !words.is_empty() => format!("{} and {last}", words.join(", ")),
        _ => words.concat(),
    }
}

impl Window {
    /// How many days it has.
    pub const fn days(self) -> u64 {
        match self {
            Self::Days28 => 28,
            Self::Days30 => 30,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The factors of all tiers, and what each is of a budget of one per mille.
    fn factors(window: Window) -> Vec<(Option<String>, Option<String>)> {
        let budget = Fraction::new(1, 1000);
        let factors = TIERS.iter().map(|tier| tier.factor(window));
        factors.map(|factor| (factor.decimal(), factor.times(budget).decimal())).collect()
    }

    #[test]
    fn thirty_days() {
        let expected = [("14.4", "0.0144"), ("6", "0.006"), ("3", "0.003"), ("1", "0.001")];
        let expected = expected.map(|(one, two)| (Some(one.to_owned()), Some(two.to_owned())));
        assert_eq!(factors(Window::Days30), expected);
    }

    #[test]
    fn twenty_eight_days() {
        let found = factors(Window::Days28);
        let expected = [("13.44", "0.01344"), ("5.6", "0.0056"), ("2.8", "0.0028")];
        let expected = expected.map(|(one, two)| (Some(one.to_owned()), Some(two.to_owned())));
        assert_eq!(found[..3], expected);
        assert_eq!(found[3], (None, None));
        let (dividend, divisor) = TIERS[3].quotient(Window::Days28);
        assert_eq!((dividend.decimal().as_deref(), divisor), (Some("2.8"), 3));
        // Three times as much comes to an end again.
        let threshold = TIERS[3].factor(Window::Days28).times(Fraction::new(3, 1000));
        assert_eq!(threshold.decimal().as_deref(), Some("0.0028"));
    }

    #[test]
    fn windows_have_words() {
        let words = ["5m", "1h", "6h", "1d", "30d"].map(words);
        assert_eq!(words, ["5 minutes", "1 hour", "6 hours", "1 day", "30 days"]);
    }

    #[test]
    fn a_short_window_is_a_twelfth_of_the_long_one() {
        for Tier { long, short, .. } in &TIERS {
            let [long, short] = [long, short].map(|window| duration::parse(window));
            assert_eq!(long, short.map(|short| short * 12));
        }
    }
}
