//! The labels of the series that a test gives.
//!
//! Series belong to groups, which the alert tells apart, and within a group to members, which it
//! aggregates. Beside the group that the test is about there is one for each label, which differs in
//! nothing else. A bystander is what a matcher keeps out.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Domain, LabelType};

use crate::promql::syntax::Match;
use crate::promql::{NAME, Results, SeriesLabels};

use super::engine::Unsupported;
use super::series::Labels;
use super::variable::Variable;

/// Most values of a label that are tried.
const VALUES: usize = 4;

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
    /// The finite bounds of buckets.
    pub(super) bounds: Vec<f64>,
}

impl Choices {
    /// What the specification and the matchers leave.
    pub(super) fn new(
        results: &Results<'_>,
        variable: &Variable<'_>,
        all: &[Variable<'_>],
    ) -> Result<Self, Unsupported> {
        let name = variable.name().to_owned();
        let matchers = &variable.selector.matchers;
        let known = results.series(&name, matchers);
        let known = known.ok_or(Unsupported("a metric that nobody describes"))?;
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
        for (label, values) in names.into_iter().filter(|(label, _)| label != "le") {
            let usual = values.unwrap_or_else(|| usual_values(results.catalog(), &name, &label));
            let values = left(variable, all, &label, usual)?;
            choices.push((label.clone(), !variable.drops(&label), values));
        }
        Ok(Self { labels: choices, name, bounds })
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
        let varies = |(label, is_kept, values): &(String, bool, Vec<String>)| {
            !is_kept && values.len() > 1 && label != "job"
        };
        1 + usize::from(self.labels.iter().any(varies))
    }

    /// A series of the first group that one of the variable's matchers keeps out, for each matcher.
    pub(super) fn bystanders(&self, results: &Results<'_>, variable: &Variable<'_>) -> Vec<Labels> {
        let own = self.labels(Place { differs: None, member: 0 });
        let bystanders = variable.selector.matchers.iter().filter_map(|matcher| {
            let label = &matcher.label.text;
            let known = results.series(&self.name, &[])?.labels;
            let values = known.into_iter().find(|(name, _)| name == label)?.1;
            let other = format!("other-{label}");
            let mut values = values.unwrap_or_else(|| vec![other]).into_iter();
            let value = values.find(|value| matcher.test().passes(value) == Some(false))?;
            let mut labels = own.clone();
            labels.insert(&**label, value);
            Some(labels)
        });
        bystanders.collect()
    }
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
    // What a matcher says is a value itself, or a list of values.
    let said = own.iter().flat_map(|matcher| match matcher.operator {
        Match::Equal => vec![matcher.value.text.clone()],
        Match::Regex => matcher.value.text.split('|').map(str::to_owned).collect(),
        Match::NotEqual | Match::NotRegex => Vec::new(),
    });
    let mut values: Vec<String> = said.chain(usual).collect();
    let passes = |value: &String| {
        own.iter().all(|matcher| matcher.test().passes(value) == Some(true)) && !value.is_empty()
    };
    values.retain(passes);
    let is_asked_for = |value: &String| {
        let others =
            all.iter().filter(|other| other.name() == variable.name() && !other.is(variable));
        others
            .flat_map(of_label)
            .any(|matcher| matcher.operator == Match::Equal && matcher.value.text == *value)
    };
    let mut free = Vec::new();
    for value in &values {
        if !is_asked_for(value) && !free.contains(value) && free.len() < VALUES {
            free.push(value.clone());
        }
    }
    let values = if free.is_empty() { values } else { free };
    match values.is_empty() {
        true => Err(Unsupported("a matcher that no value is known for")),
        false => Ok(values),
    }
}

/// Values that a label could have, as people would choose them.
fn usual_values(catalog: &Catalog, metric: &str, label: &str) -> Vec<String> {
    let number = |at: usize| at.to_string();
    let text = |at: usize| format!("{label}-{}", char::from(b'a' + u8::try_from(at).unwrap_or(0)));
    let kind = catalog.labels.iter().find(|known| known.name == label);
    let value: &dyn Fn(usize) -> String = match kind.map(|label| &label.domain) {
        Some(Domain::Open { kind: LabelType::U32 | LabelType::U64 | LabelType::I64, .. }) => {
            &number
        }
        _ if label == "job" => return vec![job(catalog, metric), "another-job".to_owned()],
        _ if label == "instance" => &|at| format!("instance-{at}:8080"),
        _ => &text,
    };
    (0..VALUES).map(value).collect()
}

/// The job that exposes a metric.
fn job(catalog: &Catalog, metric: &str) -> String {
    let exposes = |component: &&streamhouse_metrics_spec::catalog::Component| {
        let metrics = component.metrics.iter();
        metrics.flat_map(|known| known.samples()).any(|sample| sample == metric)
    };
    let component = catalog.components.iter().find(exposes);
    let job = component.and_then(|component| component.job.clone());
    job.unwrap_or_else(|| "job".to_owned())
}
