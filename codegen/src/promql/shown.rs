//! What follows from an expression for those who show its result: lines, a legend, a description.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Condition, Query, RecordingRule};
use streamhouse_metrics_spec::unit::Unit;

use super::labels::{Label, Presence};
use super::syntax::{Matcher, Node, Selector};
use super::types::{Kind, Type};
use super::{Answer, Question, Schema, target};
use crate::handwritten::Handwritten;
use crate::rules;

/// Reads the expressions of a specification that has no errors.
pub(crate) struct Results<'c> {
    catalog: &'c Catalog,
    handwritten: &'c Handwritten,
    schema: Schema,
    /// What was asked before, since several outputs show the same.
    answers: Mutex<HashMap<String, Option<Arc<Answer>>>>,
    /// The components whose processes expose samples, by the names of these.
    components: OnceLock<HashMap<String, usize>>,
}

/// What is known of the series of a name.
#[derive(Clone, Debug)]
pub(crate) struct SeriesLabels {
    /// Labels with the only values that they can have, where these are known.
    pub(crate) labels: Vec<(String, Option<Vec<String>>)>,
    /// The finite bounds of buckets, ascending.
    pub(crate) bounds: Vec<f64>,
}

impl<'c> Results<'c> {
    pub(crate) fn new(catalog: &'c Catalog, handwritten: &'c Handwritten) -> Self {
        let (answers, components) = Default::default();
        Self { catalog, handwritten, schema: Schema::new(catalog), answers, components }
    }

    pub(crate) fn catalog(&self) -> &'c Catalog {
        self.catalog
    }

    /// What the specification says about series.
    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The hand-written part of an alert's runbook.
    pub(crate) fn handwritten(&self, alert: &Alert) -> Option<&'c str> {
        self.handwritten.runbook(&alert.name)
    }

    /// The unit of a query's result: as the specification says, or as it follows.
    pub(crate) fn unit(&self, query: &Query) -> Option<String> {
        self.unit_of(query.unit.as_ref(), &query.expr)
    }

    /// The unit of what is recorded: as the specification says, or as it follows.
    pub(crate) fn recorded_unit(&self, rule: &RecordingRule) -> Option<String> {
        self.unit_of(rule.unit.as_ref(), &rule.expr)
    }

    fn unit_of(&self, said: Option<&Unit>, expr: &str) -> Option<String> {
        let said = said.map(|unit| unit.as_str().to_owned());
        said.or_else(|| self.unit_of_result(expr))
    }

    /// The unit of an expression's result, as it follows.
    pub(crate) fn unit_of_result(&self, expr: &str) -> Option<String> {
        unit_name(&self.ask(expr)?.of)
    }

    /// The labels that tell the series of an expression's result apart, as the specification orders
    /// its own.
    pub(crate) fn labels_of_result(&self, expr: &str) -> Vec<String> {
        let answer = self.ask(expr);
        let labels = answer.iter().flat_map(|answer| lines(&answer.of, self.catalog));
        labels.map(str::to_owned).collect()
    }

    /// What is written beside each line of a query's result, with labels as `{{topic}}`.
    pub(crate) fn legend(&self, query: &Query) -> String {
        let follows = || {
            let labels = self.labels_of_result(&query.expr).into_iter();
            let labels: Vec<_> = labels.map(|label| format!("{{{{{label}}}}}")).collect();
            (!labels.is_empty()).then(|| labels.join(" "))
        };
        let legend = query.legend.clone().or_else(follows);
        legend.unwrap_or_else(|| streamhouse_metrics_spec::name::to_title(&query.key))
    }

    /// The names of the series that an expression reads.
    pub(crate) fn names_in(&self, expr: &str) -> Vec<String> {
        let Some(answer) = self.ask(expr) else { return Vec::new() };
        let (mut names, mut left) = (Vec::new(), vec![&answer.expr]);
        while let Some(expr) = left.pop() {
            left.extend(expr.children());
            if let Node::Selector(selector) = &expr.node {
                names.extend(selector.name.as_ref().map(|name| name.text.clone()));
            }
        }
        names
    }

    /// Whether an expression's result is always zero or above.
    pub(crate) fn is_positive(&self, expr: &str) -> bool {
        self.ask(expr).is_some_and(|answer| answer.of.between.least >= 0.0)
    }

    /// An expression as a panel asks it: with further matchers in each of its selectors, given with
    /// their labels, of labels that all its series have and that it does not match itself; and with
    /// rates over what a point of the panel stands for.
    pub(crate) fn on_panel(&self, text: &str, matchers: &[(&str, String)]) -> String {
        let Some(answer) = self.ask(text) else { return text.to_owned() };
        let mut changes: Vec<(Range<usize>, String)> = Vec::new();
        let mut left = vec![&answer.expr];
        while let Some(expr) = left.pop() {
            left.extend(expr.children());
            match &expr.node {
                Node::Selector(selector) => {
                    let insertion = self.insertion(selector, matchers);
                    changes.extend(insertion.map(|(at, matchers)| (at..at, matchers)));
                }
                Node::Call(call) if matches!(&*call.name.text, "rate" | "irate") => {
                    let ranges =
                        call.arguments.iter().filter_map(|argument| match &argument.node {
                            Node::MatrixSelector(samples) => Some(samples.range.span.clone()),
                            _ => None,
                        });
                    changes.extend(ranges.map(|range| (range, "$__rate_interval".to_owned())));
                }
                _ => {}
            }
        }
        changes.sort_by_key(|(place, _)| place.start);
        let (mut changed, mut done) = (String::new(), 0);
        for (place, new) in changes {
            changed += &text[done..place.start];
            changed += &new;
            done = place.end;
        }
        changed + &text[done..]
    }

    /// What is to be inserted into a selector, and where.
    fn insertion(
        &self,
        selector: &Selector,
        matchers: &[(&str, String)],
    ) -> Option<(usize, String)> {
        let Selector { name, braces, matchers: own, .. } = selector;
        let name = name.as_ref()?;
        let series = self.schema.selected(&name.text, own)?;
        let labels = &series.of.labels;
        let new = matchers.iter().filter(|(label, _)| {
            let is_there = labels.get(label).presence == Presence::Always;
            is_there && !own.iter().any(|matcher| matcher.label.text == *label)
        });
        let new: Vec<_> = new.map(|(_, matcher)| &**matcher).collect();
        if new.is_empty() {
            return None;
        }
        let new = new.join(", ");
        let Some(braces) = braces else { return Some((name.span.end, format!("{{{new}}}"))) };
        let last = own.iter().map(|matcher| matcher.span.end).max().unwrap_or(0);
        let named = if name.span.start > braces.start { name.span.end } else { 0 };
        Some(match last.max(named) {
            0 => (braces.start + 1, new),
            after => (after, format!(", {new}")),
        })
    }

    /// What an alert says about each of its series: as the specification says, or as it follows.
    pub(crate) fn description(&self, alert: &Alert) -> String {
        if let Condition::Burn { slo, tier } = &alert.condition {
            return rules::slo::description(self.catalog, &self.catalog.slos[*slo], tier);
        }
        alert.description.clone().unwrap_or_else(|| {
            let answer = self.ask(&self.expr(alert));
            answer.map_or_else(
                || alert.summary.clone(),
                |answer| description(alert, &answer.of, self.catalog),
            )
        })
    }

    /// When an alert fires, in PromQL.
    pub(crate) fn expr<'a>(&self, alert: &'a Alert) -> Cow<'a, str> {
        rules::expr(self.catalog, &alert.condition)
    }

    /// The labels that tell the instances of an alert apart, as the specification orders its own.
    pub(crate) fn output_labels(&self, alert: &Alert) -> Vec<String> {
        // Series of all SLOs have one name, and only together all labels.
        if let Condition::Burn { slo, .. } = &alert.condition {
            let labels = rules::slo::labels(self.catalog, &self.catalog.slos[*slo]);
            return labels.into_iter().map(str::to_owned).collect();
        }
        let answer = self.ask(&self.expr(alert));
        let labels = answer.iter().flat_map(|answer| lines(&answer.of, self.catalog));
        labels.map(str::to_owned).collect()
    }

    /// The labels that every series of a name has that matchers select, or that are listed for it,
    /// and of some further ones those that it may have, each with the only values that it can have;
    /// and the finite bounds of a histogram's buckets.
    pub(crate) fn series(
        &self,
        name: &str,
        matchers: &[Matcher],
        further: &BTreeSet<&str>,
    ) -> Option<SeriesLabels> {
        let series = self.schema.selected(name, matchers)?;
        let of = &series.of;
        let is_there = |name: &str, label: &Label| match label.presence {
            Presence::Always => true,
            Presence::Maybe => {
                series.own_labels.iter().any(|own| own == name) || further.contains(name)
            }
            Presence::Never => false,
        };
        let there = of.labels.iter().filter(|(name, label)| is_there(name, label));
        let labels = there.map(|(name, label)| {
            let values = label.values.as_ref().map(|values| values.iter().cloned().collect());
            (name.to_owned(), values)
        });
        let bounds = of.buckets.as_ref().map(|buckets| buckets.bounds.clone());
        Some(SeriesLabels { labels: labels.collect(), bounds: bounds.unwrap_or_default() })
    }

    /// The job whose processes expose the samples of a name, if the specification says so.
    pub(crate) fn job(&self, name: &str) -> Option<&'c str> {
        let components = || {
            let components = self.catalog.components.iter().enumerate();
            let metrics = components.flat_map(|(at, of)| of.metrics.iter().map(move |of| (at, of)));
            let samples = metrics
                .flat_map(|(at, metric)| metric.samples().into_iter().map(move |name| (name, at)));
            samples.collect()
        };
        let component = *self.components.get_or_init(components).get(name)?;
        self.catalog.components[component].job.as_deref()
    }

    fn ask(&self, expr: &str) -> Option<Arc<Answer>> {
        let ask = || {
            let (schema, target) = (&self.schema, target(self.catalog));
            Question { schema, target, assumes_unknown: true }.ask(expr).ok().map(Arc::new)
        };
        // Whoever panicked has left it whole.
        let answers = || self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers().get(expr) {
            return known.clone();
        }
        let answer = ask();
        answers().entry(expr.to_owned()).or_insert(answer).clone()
    }
}

/// What a result is in; none of how many there are of something, which is no share of anything.
pub(super) fn unit_name(of: &Type) -> Option<String> {
    let unit = of.unit.as_ref()?.name()?;
    let is_number = matches!(of.kind, Kind::Number | Kind::Boolean | Kind::Info | Kind::Constant);
    (unit != "ratio" || !is_number).then_some(unit)
}

/// The labels that tell the series of a result apart, as the specification orders its own; one
/// that is the same everywhere tells nothing.
pub(super) fn lines<'t>(of: &'t Type, catalog: &Catalog) -> Vec<&'t str> {
    let differs = |label: &Label| {
        let is_same = label.values.as_ref().is_some_and(|values| values.len() == 1);
        label.presence == Presence::Maybe || label.presence == Presence::Always && !is_same
    };
    let kept = of.labels.iter().filter(|(_, label)| differs(label));
    let mut names: Vec<&str> = kept.map(|(name, _)| name).collect();
    // The job of an instance is known by the instance.
    if names.contains(&"instance") {
        names.retain(|name| *name != "job");
    }
    let place = |name: &str| catalog.labels.iter().position(|label| label.name == name);
    names.sort_by_key(|name| (place(name).unwrap_or(usize::MAX), *name));
    names
}

/// `topic {{ $labels.topic }}: {{ $value | humanize }} records`.
fn description(alert: &Alert, of: &Type, catalog: &Catalog) -> String {
    // One that may be missing would leave a gap in the text.
    let labels = lines(of, catalog).into_iter();
    let labels = labels.filter(|label| of.labels.get(label).presence == Presence::Always);
    let labels = labels.map(|label| format!("{label} {{{{ $labels.{label} }}}}"));
    let labels: Vec<_> = labels.collect();
    let place = if labels.is_empty() { alert.summary.clone() } else { labels.join(", ") };
    match written(of) {
        Some(value) => format!("{place}: {value}"),
        None => place,
    }
}

/// An alert's value for people; none where it says nothing.
fn written(of: &Type) -> Option<String> {
    if matches!(of.kind, Kind::Boolean | Kind::Info | Kind::Constant) {
        return None;
    }
    let unit = unit_name(of);
    let function = unit.as_deref().map_or("humanize", humanize);
    let unit = match (function, unit.as_deref()) {
        ("humanize1024", Some(bytes)) => bytes.replace("bytes", "B"),
        ("humanize", Some("percent")) => "%".to_owned(),
        ("humanize", Some(unit)) => format!(" {unit}"),
        _ => String::new(),
    };
    Some(format!("{{{{ $value | {function} }}}}{unit}"))
}

/// The function of Prometheus's templates that writes a value of a unit.
pub(super) fn humanize(unit: &str) -> &'static str {
    match unit {
        "seconds" => "humanizeDuration",
        "bytes" | "bytes/s" => "humanize1024",
        unit if is_share(unit) => "humanizePercentage",
        _ => "humanize",
    }
}

/// What is counted of all: failures per attempt are a share of them, records per batch are none.
const COUNTED_OF_ALL: &[&str] = &["errors", "failures", "hits", "misses", "retries", "timeouts"];

/// Whether a unit is surely one of shares.
pub(crate) fn is_share(unit: &str) -> bool {
    unit == "ratio"
        || may_be_share(unit) && COUNTED_OF_ALL.iter().any(|part| unit.starts_with(part))
}

/// Whether somebody may mean a share by a unit: so many of one thing for each of another.
pub(super) fn may_be_share(unit: &str) -> bool {
    let counts = |word: &str| word != "s" && word != "1" && !Unit::new(word).is_base();
    let parts = unit.split_once('/');
    unit == "ratio" || parts.is_some_and(|(of, all)| counts(of) && counts(all))
}
