//! Second arrow: from the specification as written to the catalogue as true.
//!
//! Each file here holds the rules about one thing. They all report into one [`Report`], and what
//! they return is as right as the input allows: whether it is a catalogue or only a skeleton is
//! decided here, at the end.

mod alert;
mod bucket;
mod budget;
mod burn;
mod component;
mod dashboard;
mod deployment;
mod exposed;
mod external;
mod generate;
mod good;
mod grafana;
mod indicator;
mod kubernetes;
mod label;
mod mention;
mod metric;
mod name;
mod own;
mod panel;
mod reader;
mod reads;
mod recorded;
mod recording;
mod relation;
mod report;
mod runbook;
mod rust;
mod shared;
mod skeleton;
mod slo;
mod target;
mod threshold;
mod unit;

use crate::catalog::{Catalog, Generate};
use crate::expression::{Expression, Expressions};
use crate::parse::Parsed;
use crate::spec::{Spec, Text};
use crate::{Checked, Rejected, rule};

use report::Report;

/// Checks a parsed specification.
pub(crate) fn run(parsed: Parsed) -> Result<Checked, Rejected> {
    let Parsed { spec, sink } = parsed;
    let mut report = Report::new(&spec);
    let (catalog, list) = catalog(&spec, &mut report);
    if !sink.has_errors() && !report.sink.has_errors() {
        // A rule may have stayed silent because of the very errors that are reported.
        label::unused(&spec, &catalog, &mut report);
        reader::unread(&spec, &catalog, &mut report);
        report.unused_allows(&spec);
    }
    let expressions = Expressions { list, levels: report.levels() };
    // What a file's shape got wrong would be reported again by rules that miss its values.
    let failed = sink.has_errors() || report.sink.has_errors();
    let found = if sink.has_errors() { sink } else { report.sink };
    let (diagnostics, sources) = (found.into_sorted(), spec.sources);
    match failed {
        false => Ok(Checked { catalog, expressions, diagnostics, sources }),
        true => Err(Rejected { diagnostics, sources, skeleton: Box::new(skeleton::of(catalog)) }),
    }
}

/// What a word of a closed vocabulary stands for; a wrong word has been reported.
fn word<T>(written: &Option<Text>, from_word: fn(&str) -> Option<T>) -> Option<T> {
    from_word(written.as_ref()?)
}

/// The catalogue, and its expressions where they stand.
fn catalog(spec: &Spec, report: &mut Report<'_>) -> (Catalog, Vec<Expression>) {
    let namespace = spec.namespace.as_ref().map_or("", |namespace| &namespace.value).to_owned();
    if let Some(namespace) = &spec.namespace {
        name::check("namespace", namespace, report);
        unit::in_prefix(namespace, report);
    }
    unit::declared(spec, report);
    let labels = label::labels(spec, report);
    let components = component::components(spec, &namespace, &labels, report);
    let mut catalog = Catalog {
        title: spec
            .title
            .as_ref()
            .map_or_else(|| crate::name::to_title(&namespace), |title| title.value.clone()),
        namespace,
        unrecorded: report.level(&rule::UNRECORDED),
        series_budget: spec.series_budget.as_ref().map(|budget| budget.value),
        const_labels: (spec.const_labels.iter())
            .map(|(name, value)| (name.value.clone(), value.value.clone()))
            .collect(),
        labels,
        components,
        alerts: Vec::new(),
        slos: Vec::new(),
        recording_rules: Vec::new(),
        queries: Vec::new(),
        dashboards: Vec::new(),
        grafana: grafana::grafana(spec, report),
        surroundings: external::surroundings(spec, report),
        deployment: deployment::deployment(spec, report),
        generate: Generate {
            markdown: spec.markdown.iter().map(|path| path.value.clone()).collect(),
            schema: spec.schema.as_ref().map(|path| path.value.clone()),
            published: spec.published.as_ref().map(|address| address.value.clone()),
        },
    };
    exposed::check(spec, &catalog, report);
    own::const_labels(spec, &catalog, report);
    rust::check(spec, &catalog, report);
    target::check(spec, report);
    generate::check(spec, report);
    report.unknown_allows(spec);
    budget::check(spec, &catalog, report);
    let expressions = reader::resolve(spec, &mut catalog, report);
    (catalog, expressions)
}
