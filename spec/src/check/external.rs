//! What expressions meet beside the service's own metrics.

use crate::catalog::{External, Kind, Surroundings};
use crate::diagnostic::Diagnostic;
use crate::duration;
use crate::rule;
use crate::spec::{self, Spec, Text};

use super::report::Report;
use super::{unit, word};

/// What the specification says about scraping and about other systems' metrics.
pub(super) fn surroundings(spec: &Spec, report: &mut Report<'_>) -> Surroundings {
    let standard = Surroundings::default();
    let prometheus = spec.target_prometheus.as_ref().and_then(|written| version(written, report));
    let interval = spec.scrape_interval.as_ref().and_then(|written| duration::parse(written));
    Surroundings {
        prometheus: prometheus.unwrap_or(standard.prometheus),
        target_labels: spec.target_labels.iter().map(|label| label.value.clone()).collect(),
        scrape_interval: interval.unwrap_or(standard.scrape_interval),
        is_open: spec.targets_open.as_ref().is_none_or(|open| open.value),
        externals: spec.externals.iter().map(|written| external(written, spec, report)).collect(),
    }
}

fn version(written: &Text, report: &mut Report<'_>) -> Option<(u32, u32)> {
    let parts = written.split_once('.');
    let version = parts.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    if version.is_none() {
        let message = format!("`{}` is no version of Prometheus", written.value);
        let diagnostic = Diagnostic::new(&rule::TARGET_PROMETHEUS, written.span, message);
        report.push(diagnostic.help("write its major and minor number: `\"2.42\"`"));
    }
    version
}

fn external(written: &spec::External, spec: &Spec, report: &mut Report<'_>) -> External {
    let spec::External { name, kind, unit, labels, values, buckets } = written;
    let namespace = spec.namespace.as_ref().map_or("", |namespace| &namespace.value);
    if !is_metric_name(name) {
        let message = format!("`{}` is no name for a metric", name.value);
        let help = "letters, digits, `_` and `:`, and no digit at its beginning";
        report.push(Diagnostic::new(&rule::INVALID_NAME, name.span, message).help(help));
    } else if !name.contains(':')
        && name.strip_prefix(namespace).is_some_and(|n| n.starts_with('_'))
    {
        let message = format!("`{}` is within this specification's own namespace", name.value);
        let help = "declare it as a metric of a component";
        report.push(Diagnostic::new(&rule::DUPLICATE_NAME, name.span, message).help(help));
    }
    for (label, _) in values {
        if !labels.iter().any(|listed| listed.value == label.value) {
            let message = format!("`{}` is not among the labels of `{}`", label.value, name.value);
            let diagnostic = Diagnostic::new(&rule::UNKNOWN_LABEL, label.span, message);
            report.push(diagnostic.help("list it under `labels`"));
        }
    }
    let kind = word(kind, Kind::from_word).unwrap_or(Kind::Gauge);
    if let Some(buckets) = buckets.as_ref().filter(|_| kind != Kind::Histogram) {
        let message = "only histograms have buckets";
        report.push(Diagnostic::new(&rule::WRONG_KEY_FOR_TYPE, buckets.span, message));
    }
    let mut bounds: Vec<f64> = buckets
        .iter()
        .flat_map(|buckets| &buckets.value)
        .map(|bound| bound.value)
        .filter(|bound| bound.is_finite())
        .collect();
    bounds.sort_by(f64::total_cmp);
    let values_of = |label: &Text| {
        let listed = values.iter().find(|(name, _)| name.value == label.value);
        listed.map(|(_, values)| values.iter().map(|value| value.value.clone()).collect())
    };
    External {
        name: name.value.clone(),
        kind,
        unit: unit.as_ref().map(|word| unit::of_result(word, spec, report)),
        labels: labels.iter().map(|label| (label.value.clone(), values_of(label))).collect(),
        buckets: bounds,
    }
}

fn is_metric_name(name: &str) -> bool {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
    name.chars().all(is_fine) && name.starts_with(|c: char| !c.is_ascii_digit())
}
