//! What a scrape finds: the exposition, read back as Prometheus would read it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Every sample at one moment.
#[derive(Clone, Debug)]
pub(crate) struct Scrape {
    taken: Instant,
    samples: Vec<Sample>,
}

/// The label that says whose a sample is, as in Prometheus.
pub(crate) const INSTANCE: &str = "instance";

/// A line of an exposition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

/// Labels that a sample must have.
pub(crate) type Selector<'a> = &'a [(&'a str, &'a str)];

impl Scrape {
    /// Nothing yet.
    pub(crate) fn now() -> Self {
        Self { taken: Instant::now(), samples: Vec::new() }
    }

    /// Adds what an endpoint exposes.
    pub(crate) fn add(&mut self, instance: &str, body: &str) {
        let lines = body.lines().filter(|line| !line.starts_with('#'));
        self.samples.extend(lines.filter_map(sample).map(|mut sample| {
            sample.labels.insert(INSTANCE.to_owned(), instance.to_owned());
            sample
        }));
    }

    /// The time since an earlier scrape.
    pub(crate) fn since(&self, before: &Scrape) -> Duration {
        self.taken.saturating_duration_since(before.taken)
    }

    /// The values that a label has in the samples of this name.
    pub(crate) fn values_of(&self, name: &str, label: &str) -> BTreeSet<&str> {
        let samples = self.select(name, &[]);
        samples.filter_map(|sample| Some(sample.labels.get(label)?.as_str())).collect()
    }

    pub(crate) fn sum(&self, name: &str, selector: Selector<'_>) -> f64 {
        self.select(name, selector).map(|sample| sample.value).sum()
    }

    /// The largest value; zero where there is none.
    pub(crate) fn max(&self, name: &str, selector: Selector<'_>) -> f64 {
        self.select(name, selector).map(|sample| sample.value).fold(0.0, f64::max)
    }

    /// How much counters have risen since an earlier scrape.
    pub(crate) fn increase(&self, before: &Scrape, name: &str, selector: Selector<'_>) -> f64 {
        self.select(name, selector).map(|sample| sample.increase(before)).sum()
    }

    /// The upper bounds of a histogram with the observations up to each since an earlier scrape,
    /// series added up.
    pub(crate) fn buckets(
        &self,
        before: &Scrape,
        name: &str,
        selector: Selector<'_>,
    ) -> Vec<(f64, f64)> {
        let mut buckets: Vec<(f64, f64)> = Vec::new();
        for sample in self.select(name, selector) {
            let Some(bound) = sample.labels.get("le").and_then(|le| number(le)) else { continue };
            let increase = sample.increase(before);
            match buckets.iter_mut().find(|(other, _)| *other == bound) {
                Some((_, count)) => *count += increase,
                None => buckets.push((bound, increase)),
            }
        }
        buckets.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        buckets
    }

    #[cfg(test)]
    pub(crate) fn samples(&self) -> &[Sample] {
        &self.samples
    }

    fn select(&self, name: &str, selector: Selector<'_>) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |sample| {
            let fits = |(label, value): &(&str, &str)| {
                sample.labels.get(*label).is_some_and(|held| held == value)
            };
            sample.name == name && selector.iter().all(fits)
        })
    }
}

impl Sample {
    /// How much it has risen since an earlier scrape, in which it may not have been yet.
    fn increase(&self, before: &Scrape) -> f64 {
        let mut earlier = before.select(&self.name, &[]);
        let earlier = earlier.find(|sample| sample.labels == self.labels);
        match earlier.map(|sample| sample.value) {
            Some(earlier) if earlier <= self.value => self.value - earlier,
            // A process that was started again counts from zero.
            _ => self.value,
        }
    }
}

/// The value below which that share of the observations lies, as `histogram_quantile` has it;
/// nothing where nothing was observed.
pub(crate) fn quantile(share: f64, buckets: &[(f64, f64)]) -> Option<f64> {
    let (_, total) = buckets.last().filter(|(_, total)| *total > 0.0)?;
    let rank = share * total;
    let mut lower = (0.0, 0.0);
    for &(bound, count) in buckets {
        if count >= rank {
            // Beyond the last bound nothing is known but that bound.
            return Some(match bound.is_finite() && count > lower.1 {
                true => lower.0 + (bound - lower.0) * (rank - lower.1) / (count - lower.1),
                false => lower.0,
            });
        }
        lower = (bound, count);
    }
    None
}

/// Reads `name{label="value",…} value`.
fn sample(line: &str) -> Option<Sample> {
    let end = line.find(['{', ' '])?;
    let (name, mut rest) = line.split_at(end);
    let mut labels = BTreeMap::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while !rest.starts_with('}') {
            let (label, quoted) = rest.trim_start_matches(',').split_once("=\"")?;
            let (value, after) = unquote(quoted)?;
            labels.insert(label.to_owned(), value);
            rest = after;
        }
        rest = rest.strip_prefix('}')?;
    }
    let value = number(rest.split_ascii_whitespace().next()?)?;
    Some(Sample { name: name.to_owned(), labels, value })
}

/// A label's value up to its closing quote, and what comes after.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[at + 1..])),
            '\\' => match characters.next()?.1 {
                'n' => value.push('\n'),
                escaped => value.push(escaped),
            },
            other => value.push(other),
        }
    }
    None
}

/// A value or a bound; `+Inf` is one of the spellings that Rust knows.
fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_name_labels_and_a_value() {
        let cases = [
            ("up 1", Some(("up", vec![], 1.0))),
            ("lag{} 2.5", Some(("lag", vec![], 2.5))),
            (
                r#"a_bucket{t="x,}\"\\\n",le="+Inf"} 7 1.5"#,
                Some(("a_bucket", vec![("t", "x,}\"\\\n"), ("le", "+Inf")], 7.0)),
            ),
            (r#"a{t="open} 1"#, None),
            ("a", None),
            ("a one", None),
        ];
        for (line, expected) in cases {
            let expected = expected.map(|(name, labels, value)| Sample {
                name: name.to_owned(),
                labels: labels.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect(),
                value,
            });
            assert_eq!(sample(line), expected, "{line}");
        }
    }

    #[test]
    fn a_process_that_was_started_again_counts_from_zero() {
        let scrape = |body| {
            let mut scrape = Scrape::now();
            scrape.add("agent-1", body);
            scrape
        };
        let before = scrape("# HELP a\na{t=\"x\"} 5\na{t=\"y\"} 5\n");
        let now = scrape("a{t=\"x\"} 7\na{t=\"y\"} 3\na{t=\"z\"} 1\n");
        assert_eq!(now.increase(&before, "a", &[]), 2.0 + 3.0 + 1.0);
        assert_eq!(now.increase(&before, "a", &[(INSTANCE, "agent-2")]), 0.0);
    }

    #[test]
    fn quantiles_are_those_of_prometheus() {
        let buckets = [(1.0, 10.0), (2.0, 20.0), (4.0, 20.0), (f64::INFINITY, 40.0)];
        let cases = [(0.25, 1.0), (0.375, 1.5), (0.125, 0.5), (0.9, 4.0)];
        for (share, expected) in cases {
            assert_eq!(quantile(share, &buckets), Some(expected), "{share}");
        }
        assert_eq!(quantile(0.5, &[(1.0, 0.0), (f64::INFINITY, 0.0)]), None);
        assert_eq!(quantile(0.5, &[]), None);
    }
}
