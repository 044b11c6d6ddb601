//! From the catalogue to texts: one emitter an output, all of them in one table.
//!
//! An emitter is a pure function. The same catalogue gives the same bytes on every machine, so
//! nothing in here knows of time, paths or the environment.

pub(crate) mod belonging;
mod catalog;
pub(crate) mod dashboards;
mod deployment;
mod docs;
mod meaning;
mod mixin;
mod openslo;
mod readers;
mod rules;

use std::sync::OnceLock;

use clap::ValueEnum;
use streamhouse_metrics_spec::Catalog;

use crate::handwritten::Handwritten;
use crate::promql::Results;
use crate::rules::{RuleFile, files};
use crate::spread::spread;
use crate::testing::{TestFile, Tests};

/// A generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its place below the output folder, with `/` between folders.
    pub path: String,
    /// What it holds; ends with one newline.
    pub text: String,
}

/// A function that makes one kind of output.
#[derive(Debug)]
pub struct Emitter {
    /// Its name for `--only`.
    pub name: &'static str,
    /// What it makes, for `--help`.
    pub about: &'static str,
    emit: fn(&Sources<'_>) -> Vec<Artifact>,
}

/// In which schemas Grafana's dashboards are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum GrafanaSchema {
    /// The classic model, which Grafana provisions from files
    #[default]
    Classic,
    /// Also resources of schema v2, in grafana/v2/, which Grafana's API takes
    V2,
}

/// What emitters read: the specification, and files that others hold too, which are made once.
struct Sources<'c> {
    results: Results<'c>,
    grafana_schema: GrafanaSchema,
    dashboards: OnceLock<Vec<Artifact>>,
    rules: OnceLock<Vec<RuleFile>>,
    tests: OnceLock<Tests>,
}

/// Every emitter, in the order in which people read their outputs.
pub static EMITTERS: &[Emitter] = &[
    Emitter {
        name: "docs",
        about: "Reference of metrics, objectives, alerts, recording rules and queries in Markdown",
        emit: |sources| docs::emit(&sources.results),
    },
    Emitter {
        name: "alerts",
        about: "Prometheus alerting and recording rules, with their tests",
        emit: rules::emit,
    },
    Emitter {
        name: "dashboards",
        about: "Grafana dashboards",
        emit: |sources| sources.written_dashboards(),
    },
    Emitter {
        name: "deployment",
        about: "Configuration of Prometheus, Alertmanager, Grafana, Compose and Kubernetes",
        emit: deployment::emit,
    },
    Emitter {
        name: "mixin",
        about: "Dashboards and rules as a monitoring mixin, in Jsonnet",
        emit: mixin::emit,
    },
    Emitter {
        name: "openslo",
        about: "Service level objectives for other tools",
        emit: |sources| openslo::emit(sources.results.catalog()),
    },
    Emitter {
        name: "catalog",
        about: "Everything, machine-readable, in JSON",
        emit: |sources| catalog::emit(&sources.results),
    },
];

pub(crate) use docs::tables;

impl Sources<'_> {
    /// Every dashboard, in the classic model.
    fn dashboards(&self) -> &[Artifact] {
        self.dashboards.get_or_init(|| dashboards::emit(&self.results))
    }

    /// Every dashboard, in every schema that is wanted.
    fn written_dashboards(&self) -> Vec<Artifact> {
        let classic = self.dashboards().to_vec();
        match self.grafana_schema {
            GrafanaSchema::Classic => classic,
            GrafanaSchema::V2 => [classic, dashboards::emit_v2(&self.results)].concat(),
        }
    }

    /// Every rule file.
    fn rules(&self) -> &[RuleFile] {
        self.rules.get_or_init(|| files(&self.results))
    }

    /// The tests of every alert that has any.
    fn tests(&self) -> &[TestFile] {
        &self.tests.get_or_init(|| Tests::new(&self.results, self.rules())).files
    }
}

/// Makes the files of the emitters whose names are wanted, each with its emitter's name.
pub fn artifacts(
    catalog: &Catalog,
    handwritten: &Handwritten,
    is_wanted: impl Fn(&str) -> bool,
) -> Vec<(&'static str, Artifact)> {
    artifacts_with(None, GrafanaSchema::default(), catalog, handwritten, is_wanted)
}

/// The same where tests may have been made already, when it was asked which alerts have none, and
/// with dashboards in other schemas.
pub(crate) fn artifacts_with(
    tests: Option<Tests>,
    grafana_schema: GrafanaSchema,
    catalog: &Catalog,
    handwritten: &Handwritten,
    is_wanted: impl Fn(&str) -> bool,
) -> Vec<(&'static str, Artifact)> {
    let sources = Sources {
        results: Results::new(catalog, handwritten),
        grafana_schema,
        dashboards: OnceLock::new(),
        rules: OnceLock::new(),
        tests: tests.map(OnceLock::from).unwrap_or_default(),
    };
    let wanted = EMITTERS.iter().filter(|emitter| is_wanted(emitter.name)).collect::<Vec<_>>();
    let made = spread(wanted.len(), |at| (wanted[at].emit)(&sources));
    let named = wanted.iter().zip(made).flat_map(|(emitter, artifacts)| {
        artifacts.into_iter().map(|artifact| (emitter.name, artifact))
    });
    named.collect()
}

/// A value as indented JSON with a final newline.
fn json(value: &impl serde::Serialize) -> String {
    // Strings, numbers and structs with fixed keys: nothing in here can fail to serialise.
    let mut text = serde_json::to_string_pretty(value).expect("plain data serialises");
    text.push('\n');
    text
}
