//! Exposed names: no two metrics may claim the same one.

use std::collections::{HashMap, HashSet};

use crate::catalog::{Catalog, Kind, Metric};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::spec::{self, Spec};

use super::name::end_of;
use super::own;
use super::report::Report;

/// Suffixes with a meaning of their own, and the kind that may have them.
const RESERVED: &[(&str, Option<Kind>, &str)] = &[
    ("_total", None, "counters get it for you, nothing else has it"),
    ("_info", Some(Kind::Info), "only info metrics end in it"),
    ("_bucket", None, "histograms get it for you"),
    ("_count", None, "histograms get it for you"),
    ("_sum", None, "histograms get it for you"),
    ("_created", None, "OpenMetrics keeps it for creation times"),
];

/// Reports names that are claimed twice, and suffixes that are not the author's to write.
pub(super) fn check(spec: &Spec, catalog: &Catalog, report: &mut Report<'_>) {
    let own = own::names(catalog);
    let mut owners: HashMap<String, &spec::Metric> = HashMap::new();
    let mut clashing = HashSet::new();
    for (written, metric) in pairs(spec, catalog) {
        let claimed = claims(metric);
        if let Some(exposed) = claimed.iter().find_map(|name| own.get(name)) {
            clashing.insert(written.key.span);
            report.push(own::taken(written, exposed));
            continue;
        }
        let taken = claimed.iter().find_map(|name| Some((name, *owners.get(name)?)));
        if let Some((name, first)) = taken {
            clashing.insert(written.key.span);
            clashing.insert(first.key.span);
            // The same key in two files is reported where the files are merged.
            if first.key.value != written.key.value || first.key.span.file == written.key.span.file
            {
                let message = format!(
                    "`{}` and `{}` both expose `{name}`",
                    first.key.value, written.key.value
                );
                let diagnostic = Diagnostic::new(&rule::DUPLICATE_NAME, written.key.span, message)
                    .label("second time");
                report.push(
                    diagnostic.related(first.key.span, "first time").help("rename one of the two"),
                );
            }
        }
        for name in claimed {
            owners.entry(name).or_insert(written);
        }
    }
    for (written, metric) in
        pairs(spec, catalog).filter(|(written, _)| !clashing.contains(&written.key.span))
    {
        suffix(written, metric, report);
    }
}

/// Metrics as written beside what became of them.
pub(super) fn pairs<'a>(
    spec: &'a Spec,
    catalog: &'a Catalog,
) -> impl Iterator<Item = (&'a spec::Metric, &'a Metric)> {
    let written = spec.components.iter().flat_map(|component| &component.metrics);
    written.zip(catalog.metrics().map(|(_, metric)| metric))
}

/// Every name that a metric takes, in any format.
fn claims(metric: &Metric) -> Vec<String> {
    let mut names = metric.samples();
    if !names.contains(&metric.family) {
        names.push(metric.family.clone());
    }
    if matches!(metric.kind, Kind::Counter | Kind::Histogram) {
        names.push(format!("{}_created", metric.family));
    }
    names
}

fn suffix(written: &spec::Metric, metric: &Metric, report: &mut Report<'_>) {
    let key = &written.key;
    for (suffix, kind, why) in RESERVED {
        if let Some(stem) = key.strip_suffix(suffix)
            && *kind != Some(metric.kind)
        {
            let message = format!("suffix `{suffix}` is reserved: {why}");
            let diagnostic =
                Diagnostic::new(&rule::RESERVED_SUFFIX, end_of(key, suffix.len()), message);
            report.push(diagnostic.help(format!("name it `{stem}`")));
        }
    }
    let kinds = ["counter", "gauge", "histogram", "summary"];
    if let Some(word) = key.split('_').find(|word| kinds.contains(word)) {
        let message = format!("the name says `{word}`, which is a type");
        let diagnostic = Diagnostic::new(&rule::TYPE_IN_NAME, key.span, message);
        report.lint(
            &written.allow,
            diagnostic.help("name what is measured; the type is exposed beside it"),
        );
    }
    if metric.kind == Kind::Info && !key.ends_with("_info") {
        let message = "the name of an info metric ends in `_info`";
        let diagnostic = Diagnostic::new(&rule::RESERVED_SUFFIX, key.span, message);
        report.push(diagnostic.help(format!("name it `{}_info`", key.value)));
    }
}
