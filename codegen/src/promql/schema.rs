//! Every metric that an expression can read, with the type of its samples.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use streamhouse_metrics_spec::catalog::{self, Catalog, External, Metric, MetricId};

use super::function::Shape;
use super::labels::{Label, Labels, NAME, Presence};
use super::recorded;
use super::syntax::Matcher;
use super::types::{Buckets, Interval, Kind, Type};
use super::unit::Unit;
use crate::text::promql;

/// What a specification says about series.
#[derive(Debug)]
pub(crate) struct Schema {
    series: HashMap<String, Series>,
    /// What each of several rules records under one name.
    shared: HashMap<String, Vec<Series>>,
    /// Families that have no samples of their own name, with those that they have.
    families: HashMap<String, Vec<String>>,
    /// Names defined under `[labels]`: where a metric does not list one, it has none.
    labels: BTreeSet<String>,
    /// Labels that every target may have, and whether it may have others.
    targets: Vec<String>,
    is_open: bool,
    prefix: String,
    pub(crate) scrape_interval: Duration,
}

/// The samples of one name.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) of: Type,
    /// The labels that it lists itself, for who misspells one.
    pub(crate) own_labels: Vec<String>,
    /// Whether many are recorded as one, whose rate is not the sum of their rates.
    pub(crate) is_aggregated: bool,
}

impl Schema {
    /// What is exposed, and what is recorded of it.
    pub(crate) fn new(catalog: &Catalog) -> Self {
        let mut schema = Self::exposed(catalog);
        recorded::add(catalog, &mut schema);
        schema
    }

    fn exposed(catalog: &Catalog) -> Self {
        let surroundings = &catalog.surroundings;
        let mut schema = Self {
            series: HashMap::new(),
            shared: HashMap::new(),
            families: HashMap::new(),
            labels: catalog.labels.iter().map(|label| label.name.clone()).collect(),
            targets: surroundings.target_labels.clone(),
            is_open: surroundings.is_open,
            scrape_interval: surroundings.scrape_interval,
            prefix: format!("{}_", catalog.namespace),
        };
        for (number, component) in catalog.components.iter().enumerate() {
            for id in catalog.metric_ids(number) {
                schema.add_metric(catalog, id);
            }
            for own in component.own_metrics(catalog) {
                let label = Label::of(own.values.iter().map(|value| &**value));
                let labels = vec![(own.label.to_owned(), label)];
                let labels = with_constants(labels, &catalog.const_labels);
                let of = counted(Kind::Counter, Unit::one());
                schema.add(own.exposed(), labels, of);
            }
        }
        schema.add_scrape();
        for external in &surroundings.externals {
            schema.add_external(external);
        }
        schema
    }

    /// The samples of a name.
    pub(crate) fn series(&self, name: &str) -> Option<&Series> {
        self.series.get(name)
    }

    /// The samples of a name that matchers select: where several rules record them, those of the
    /// rules whose labels pass.
    pub(crate) fn selected(&self, name: &str, matchers: &[Matcher]) -> Option<Cow<'_, Series>> {
        let whole = self.series.get(name)?;
        let shared = self.shared.get(name).filter(|_| !matchers.is_empty());
        let Some(shared) = shared else { return Some(Cow::Borrowed(whole)) };
        let tests = matchers.iter().map(|matcher| (&*matcher.label.text, matcher.test()));
        let tests: Vec<_> = tests.collect();
        let passes = |series: &&Series| {
            tests.iter().all(|(label, test)| {
                let label = series.of.labels.get(label);
                label.filtered(|value| test.passes(value).unwrap_or(true)).is_some()
            })
        };
        let selected = shared.iter().filter(passes).cloned();
        // Where nothing passes, the whole says what there is.
        let selected = selected.reduce(recorded::either);
        Some(selected.map_or(Cow::Borrowed(whole), Cow::Owned))
    }

    /// Whether a label is defined by the specification.
    pub(crate) fn defines(&self, label: &str) -> bool {
        self.labels.contains(label)
    }

    /// What the samples of a family are called, where none has its name.
    pub(crate) fn samples_of(&self, family: &str) -> Option<&[String]> {
        self.families.get(family).map(Vec::as_slice)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.series.keys().map(|name| &**name)
    }

    /// Whether only this specification can say what has this name: all that begins with its
    /// namespace, but for recorded series, whose names have colons.
    pub(crate) fn owns(&self, name: &str) -> bool {
        name.starts_with(&self.prefix) && !name.contains(':')
    }

    fn add_metric(&mut self, catalog: &Catalog, id: MetricId) {
        let metric = catalog.metric(id);
        let labels = catalog.labels_of(metric).map(|label| {
            let known = match label.is_closed() {
                true => Label::of(label.closed_values().iter().map(|value| &**value)),
                false => Label::ALWAYS,
            };
            (label.name.clone(), known)
        });
        let labels = with_constants(labels.collect(), &metric.const_labels);
        let unit = Unit::base(metric.unit.as_str());
        match metric.kind {
            catalog::Kind::Counter => {
                self.add(metric.exposed(), labels, counted(Kind::Counter, unit));
            }
            catalog::Kind::Gauge => {
                let of = Type { kind: Kind::Gauge, unit: Some(unit), ..measured() };
                self.add(metric.exposed(), labels, of);
            }
            catalog::Kind::Info => {
                let unit = Some(Unit::one());
                let of = Type { kind: Kind::Info, unit, between: Interval::ONE, ..measured() };
                self.add(metric.exposed(), labels, of);
            }
            catalog::Kind::Histogram => self.add_histogram(metric, labels, unit),
        }
        if metric.samples().iter().all(|sample| *sample != metric.family) {
            self.families.insert(metric.family.clone(), metric.samples());
        }
    }

    fn add_histogram(&mut self, metric: &Metric, labels: Vec<(String, Label)>, unit: Unit) {
        let bounds = metric.buckets.iter().map(|bound| bound.value()).collect();
        let buckets = Some(Arc::new(Buckets { bounds, unit: Some(unit.clone()) }));
        let le = metric.buckets.iter().flat_map(|&bound| promql::le(bound));
        let le: Vec<String> = le.chain(["+Inf".to_owned()]).collect();
        let le = Label::of(le.iter().map(|le| &**le));
        let with_le = labels.iter().cloned().chain([("le".to_owned(), le)]).collect();
        let family = &metric.family;
        let of = Type { buckets: buckets.clone(), ..counted(Kind::Bucket, Unit::one()) };
        self.add(format!("{family}_bucket"), with_le, of);
        self.add(format!("{family}_count"), labels.clone(), counted(Kind::Count, Unit::one()));
        // Times and counts are not below nothing; temperatures are.
        let is_positive =
            !metric.unit.is_base() || matches!(metric.unit.as_str(), "seconds" | "bytes");
        let between = if is_positive { Interval::POSITIVE } else { Interval::ANY };
        let sum = Type { between, ..counted(Kind::Sum, unit.clone()) };
        self.add(format!("{family}_sum"), labels.clone(), sum);
        if metric.native {
            let of = Type { kind: Kind::Histogram, unit: Some(unit), buckets: None, ..measured() };
            self.add(family.clone(), labels, of);
        }
    }

    /// Other systems may leave out what they list.
    fn add_external(&mut self, external: &External) {
        let External { name, kind, unit, labels, buckets } = external;
        let labels = || {
            labels.iter().map(|(name, values)| {
                let values =
                    values.as_ref().map(|values| Arc::new(values.iter().cloned().collect()));
                (name.clone(), Label { presence: Presence::Maybe, values })
            })
        };
        let unit = unit.as_ref().and_then(|unit| Unit::written(unit.as_str()));
        let of = |kind, between| Type { kind, unit: unit.clone(), between, ..measured() };
        match kind {
            catalog::Kind::Counter => {
                self.add(name.clone(), labels().collect(), of(Kind::Counter, Interval::POSITIVE));
            }
            catalog::Kind::Gauge => {
                self.add(name.clone(), labels().collect(), of(Kind::Gauge, Interval::ANY));
            }
            catalog::Kind::Info => {
                self.add(name.clone(), labels().collect(), of(Kind::Info, Interval::ONE));
            }
            catalog::Kind::Histogram => {
                let bounds =
                    Some(Arc::new(Buckets { bounds: buckets.clone(), unit: unit.clone() }));
                let bucket = Type { buckets: bounds, ..counted(Kind::Bucket, Unit::one()) };
                let with_le = labels().chain([("le".to_owned(), Label::ALWAYS)]);
                self.add(format!("{name}_bucket"), with_le.collect(), bucket);
                let count = counted(Kind::Count, Unit::one());
                self.add(format!("{name}_count"), labels().collect(), count);
                let sum = of(Kind::Sum, Interval::ANY);
                self.add(format!("{name}_sum"), labels().collect(), sum);
                // It may be a native one.
                let native = of(Kind::Histogram, Interval::ANY);
                self.add(name.clone(), labels().collect(), native);
            }
        }
    }

    /// What Prometheus records about its own scrapes and alerts.
    fn add_scrape(&mut self) {
        let gauge = |unit: Unit, between| Type {
            kind: Kind::Gauge,
            unit: Some(unit),
            between,
            ..measured()
        };
        let number = gauge(Unit::one(), Interval::POSITIVE);
        let up = Type { kind: Kind::Boolean, ..gauge(Unit::one(), Interval::UNIT) };
        let seconds = gauge(Unit::seconds(), Interval::POSITIVE);
        let bytes = gauge(Unit::base("bytes"), Interval::POSITIVE);
        for (name, of) in [
            ("up", up),
            ("scrape_duration_seconds", seconds.clone()),
            ("scrape_timeout_seconds", seconds),
            ("scrape_samples_scraped", number.clone()),
            ("scrape_samples_post_metric_relabeling", number.clone()),
            ("scrape_series_added", number.clone()),
            ("scrape_sample_limit", number),
            ("scrape_body_size_bytes", bytes),
        ] {
            self.add(name.to_owned(), Vec::new(), of);
        }
        let one = Type { kind: Kind::Boolean, ..gauge(Unit::one(), Interval::ONE) };
        let since = Type { kind: Kind::Timestamp, ..gauge(Unit::seconds(), Interval::POSITIVE) };
        let states = Label::of(["pending", "firing"]);
        for (name, of, state) in [("ALERTS", one, Some(states)), ("ALERTS_FOR_STATE", since, None)]
        {
            // An alert carries whatever its expression does.
            let labels = [(NAME.to_owned(), Label::of([name]))]
                .into_iter()
                .chain([("alertname".to_owned(), Label::ALWAYS)])
                .chain(state.map(|states| ("alertstate".to_owned(), states)));
            let of = Type { labels: Labels::new(labels, true), ..of };
            let own_labels = vec!["alertname".to_owned(), "alertstate".to_owned()];
            self.series.insert(name.to_owned(), Series { of, own_labels, is_aggregated: false });
        }
    }

    /// Adds what several rules record under one name.
    pub(super) fn share(&mut self, name: String, of_rules: Vec<Series>) {
        if let Some(whole) = of_rules.iter().cloned().reduce(recorded::either) {
            self.series.insert(name.clone(), whole);
            self.shared.insert(name, of_rules);
        }
    }

    /// Adds a series that nothing exposes.
    pub(super) fn record(&mut self, name: String, series: Series) {
        self.series.insert(name, series);
    }

    fn add(&mut self, name: String, labels: Vec<(String, Label)>, of: Type) {
        let own: HashSet<&str> = labels.iter().map(|(name, _)| &**name).collect();
        let own_labels = labels.iter().map(|(name, _)| name.clone()).collect();
        let absent = self
            .labels
            .iter()
            .filter(|label| !own.contains(&***label) && !self.targets.contains(label));
        let absent: Vec<_> = absent.map(|label| (label.clone(), Label::NEVER)).collect();
        // What somebody else records need not be of a target.
        let of_target = if name.contains(':') { Label::MAYBE } else { Label::ALWAYS };
        let target = ["job", "instance"].map(|label| (label.to_owned(), of_target.clone()));
        let others_of_target = self.targets.iter().map(|label| (label.clone(), Label::MAYBE));
        let others_of_target: Vec<_> =
            others_of_target.filter(|(label, _)| !own.contains(&**label)).collect();
        let named = (NAME.to_owned(), Label::of([&*name]));
        // Nothing of ours but a histogram's buckets has these; others may do as they like.
        let others = ["le", "quantile"].map(|label| (label.to_owned(), Label::NEVER));
        let others = others.into_iter().filter(|_| self.owns(&name));
        let target = target.into_iter().chain(others);
        let target = target.filter(|(label, _)| !own.contains(&**label));
        let target: Vec<_> = target.collect();
        // Relabelling adds labels that nobody has declared.
        let all =
            labels.into_iter().chain(absent).chain(target).chain(others_of_target).chain([named]);
        let of = Type { labels: Labels::new(all, self.is_open), ..of };
        self.series.insert(name, Series { of, own_labels, is_aggregated: false });
    }
}

fn measured() -> Type {
    Type { is_measured: true, ..Type::unknown(Some(Shape::Instant)) }
}

fn counted(kind: Kind, unit: Unit) -> Type {
    Type { kind, unit: Some(unit), between: Interval::POSITIVE, ..measured() }
}

fn with_constants(
    mut labels: Vec<(String, Label)>,
    constants: &[(String, String)],
) -> Vec<(String, Label)> {
    labels.extend(constants.iter().map(|(name, value)| (name.clone(), Label::of([&**value]))));
    labels
}
