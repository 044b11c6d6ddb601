//! The labels of the series that a test gives.
//!
//! Series belong to groups, which the alert tells apart, and within a group to members, which it
//! aggregates. Beside the group that the test is about there is one for each label, which differs in
//! nothing else. A bystander is what a matcher keeps out.

use std::collections::BTreeSet;

use streamhouse_metrics_spec::catalog::{Domain, LabelType};

use crate::promql::syntax::{Match, Matcher};
use crate::promql::{NAME, Results, SeriesLabels};

use super::engine::Unsupported;
use super::series::Labels;
use super::variable::{Shows, Variable};

/// Most values of a label that are tried.
const VALUES: usize = 6;

/// Which series of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'l> {
    /// The label in which its group differs from the one that the test is about.
    pub(super) differs: Option<&'l str>,
    pub(super) member: usize,
}

/// The labels that the series of a variable can have.
#[derive(Debug)]
pub(super) struct Choices {
    /// With whether it is told apart by, and its values, of which there is at least one.
    labels: Vec<(String, bool, Vec<String>)>,
    name: String,
    /// How many members there are, where labels have as many values.
    most_members: usize,
    /// The finite bounds of buckets.
    pub(super) bounds: Vec<f64>,
}

impl Choices {
    /// What the specification and the matchers leave.
    pub(super) fn new(
        results: &Results<'_>,
        variable: &Variable<'_>,
        all: &[Variable<'_>],
        named: &BTreeSet<&str>,
    ) -> Result<Self, Unsupported> {
        let name = variable.name().to_owned();
        let known = results.series(&name, &variable.selector.matchers, named);
        let selector = variable.selector;
        let known = known.ok_or_else(|| {
            let undescribed = Unsupported::new("a metric that nobody describes");
            match &selector.name {
                Some(name) => undescribed.within(&name.span),
                None => undescribed,
            }
        })?;
        let SeriesLabels { labels, bounds } = known;
        let mut choices = Vec::new();
        let asked = variable.selector.matchers.iter().map(|matcher| &matcher.label.text);
        // A matcher may ask for a label that relabelling adds.
        let mut names: Vec<_> = labels;
        for label in asked {
            if !names.iter().any(|(known, _)| known == label) {
                names.push((label.clone(), None));
            }
        }
        // The buckets of a quantile are all there.
        let is_one_bucket = asks_for_bucket(variable);
        for (label, values) in names.into_iter().filter(|(label, _)| label != "le" || is_one_bucket)
        {
            let usual = values.unwrap_or_else(|| usual_values(results, &name, &label));
            let values = left(variable, all, &label, usual)?;
            choices.push((label.clone(), !variable.drops(&label), values));
        }
        let most_members = if matches!(variable.shows, Shows::Number(..)) { VALUES } else { 2 };
        Ok(Self { labels: choices, name, most_members, bounds })
    }

    /// The labels of one series; nothing tells another group or member apart where labels have one
    /// value.
    pub(super) fn labels(&self, place: Place<'_>) -> Labels {
        let mut labels = Labels::default();
        labels.insert(NAME, &*self.name);
        for (label, is_kept, values) in &self.labels {
            let at = match is_kept {
                true => usize::from(place.differs == Some(label)),
                // Its processes expose a metric, and others do not.
                false if label == "job" => 0,
                false => place.member,
            };
            labels.insert(&**label, &*values[at % values.len()]);
        }
        labels
    }

    /// The labels that tell groups apart.
    pub(super) fn kept(&self) -> impl Iterator<Item = &str> {
        let kept = self.labels.iter().filter(|(_, is_kept, values)| *is_kept && values.len() > 1);
        kept.map(|(label, ..)| &**label)
    }

    /// How many members a group has.
    pub(super) fn members(&self) -> usize {
        let varies =
            |(label, is_kept, _): &&(String, bool, Vec<String>)| !is_kept && label != "job";
        let values = self.labels.iter().filter(varies).map(|(.., values)| values.len());
        values.max().unwrap_or(1).min(self.most_members)
    }

    /// A series like a member of the first group that one of the variable's matchers keeps out, for
    /// each matcher.
    pub(super) fn bystanders(
        &self,
        results: &Results<'_>,
        variable: &Variable<'_>,
        member: usize,
    ) -> Vec<Labels> {
        let own = self.labels(Place { differs: None, member });
        let matchers = &variable.selector.matchers;
        let bystanders = matchers.iter().enumerate().filter_map(|(at, matcher)| {
            let label = &matcher.label.text;
            let known = results.series(&self.name, &[], &BTreeSet::new())?.labels;
            let known = known.into_iter().find(|(name, _)| name == label).and_then(|known| known.1);
            let values = known.unwrap_or_else(|| {
                let mut values = said(matcher);
                values.push(format!("other-{label}"));
                values
            });
            let others = matchers.iter().enumerate().filter(|(other, _)| *other != at);
            let others: Vec<_> =
                others.map(|(_, other)| other).filter(|other| other.label.text == *label).collect();
            let is_kept_out = |value: &&String| {
                matcher.test().passes(value) == Some(false)
                    && others.iter().all(|other| other.test().passes(value) == Some(true))
            };
            let value = values.iter().find(is_kept_out)?;
            let mut labels = own.clone();
            labels.insert(&**label, &**value);
            Some(labels)
        });
        bystanders.collect()
    }
}

/// Whether a variable is buckets of one bound, which are counters like any other.
fn asks_for_bucket(variable: &Variable<'_>) -> bool {
    variable.selector.matchers.iter().any(|matcher| matcher.label.text == "le")
}

/// The values that a matcher names, and one that its regular expression matches if it is simple.
fn said(matcher: &Matcher) -> Vec<String> {
    let text = &matcher.value.text;
    match matcher.operator {
        Match::Equal | Match::NotEqual => vec![text.clone()],
        Match::Regex | Match::NotRegex => {
            let alternatives = text.split('|').map(|text| text.trim_matches(['(', ')', '^', '$']));
            alternatives.map(simplest).collect()
        }
    }
}

/// What a regular expression matches, if it is as simple as most are: `.*` is nothing, `.+` is `x`.
fn simplest(regex: &str) -> String {
    let (digits, dot) = (["[0-9]+", r"\d+", "[0-9]", r"\d"], "\u{0}");
    let mut text = regex.replace(r"\.", dot).replace(".*", "").replace(".+", "x");
    digits.iter().for_each(|digits| text = text.replace(digits, "1"));
    text.replace(['(', ')', '?'], "").replace('.', "0").replace(dot, ".")
}

/// The values that a variable's matchers let pass, those before that no other variable asks for.
fn left(
    variable: &Variable<'_>,
    all: &[Variable<'_>],
    label: &str,
    usual: Vec<String>,
) -> Result<Vec<String>, Unsupported> {
    let of_label = |variable: &Variable<'_>| {
        let matchers = variable.selector.matchers.iter();
        matchers.filter(|matcher| matcher.label.text == label).cloned().collect::<Vec<_>>()
    };
    let own = of_label(variable);
    let said = own.iter().flat_map(said);
    let mut values: Vec<String> = said.chain(usual).collect();
    let passes = |value: &String| {
        own.iter().all(|matcher| matcher.test().passes(value) == Some(true)) && !value.is_empty()
    };
    values.retain(passes);
    let is_asked_for = |value: &String| {
        let others =
            all.iter().filter(|other| other.name() == variable.name() && !other.is(variable));
        let passes = |matcher: &Matcher| matcher.test().passes(value) == Some(true);
        others.map(of_label).any(|asked| !asked.is_empty() && asked.iter().all(passes))
    };
    let mut free = Vec::new();
    for value in &values {
        if !is_asked_for(value) && !free.contains(value) && free.len() < VALUES {
            free.push(value.clone());
        }
    }
    let values = if free.is_empty() { values } else { free };
    if values.is_empty() {
        let unknown = Unsupported::new("a matcher that no value is known for");
        return Err(match own.first() {
            Some(matcher) => unknown.within(&matcher.span),
            None => unknown,
        });
    }
    Ok(values)
}

/// Values that a label could have, as people would choose them.
fn usual_values(results: &Results<'_>, metric: &str, label: &str) -> Vec<String> {
    let number = |at: usize| at.to_string();
    let text = |at: usize| format!("{label}-{}", char::from(b'a' + u8::try_from(at).unwrap_or(0)));
    let kind = results.catalog().labels.iter().find(|known| known.name == label);
    let value: &dyn Fn(usize) -> String = match kind.map(|label| &label.domain) {
        Some(Domain::Open { kind: LabelType::U32 | LabelType::U64 | LabelType::I64, .. }) => {
            &number
        }
        _ if label == "job" => {
            let job = results.job(metric).unwrap_or("job");
            return vec![job.to_owned(), "another-job".to_owned()];
        }
        _ if label == "instance" => &|at| format!("instance-{at}:8080"),
        _ => &text,
    };
    (0..VALUES).map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_simple_regular_expression_matches_something() {
        let pairs =
            [("eu-.+", "eu-x"), ("5..", "500"), (r"a\.b.*", "a.b"), ("n[0-9]+", "n1"), ("x?", "x")];
        for (regex, text) in pairs {
            assert_eq!(simplest(regex), text);
        }
    }
}
