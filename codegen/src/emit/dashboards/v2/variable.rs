//! What people choose on top of a dashboard.

use serde::Serialize;
use serde_json::Value;

use super::super::{look, model};
use super::query::DataQuery;

/// A variable of one of the kinds that there are.
#[derive(Serialize)]
#[serde(tag = "kind", content = "spec")]
pub(super) enum Kind<'d> {
    #[serde(rename = "DatasourceVariable")]
    DataSource(DataSource<'d>),
    #[serde(rename = "QueryVariable")]
    Query(Query<'d>),
}

/// A choice among data sources.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DataSource<'d> {
    #[serde(flatten)]
    choice: Choice<'d>,
    plugin_id: &'static str,
}

/// A choice among the values of a label.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Query<'d> {
    #[serde(flatten)]
    choice: Choice<'d>,
    query: DataQuery<Value>,
    definition: &'d str,
    sort: &'static str,
    all_value: &'static str,
}

/// What is said of every choice.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Choice<'d> {
    name: &'d str,
    label: &'d str,
    hide: &'static str,
    refresh: &'static str,
    regex: &'static str,
    multi: bool,
    include_all: bool,
    allow_custom_value: bool,
    skip_url_sync: bool,
    /// What is chosen at first.
    current: Chosen,
    /// None are kept: they are asked for.
    options: [Chosen; 0],
}

#[derive(Serialize)]
struct Chosen {
    text: &'static str,
    value: &'static str,
}

impl<'d> Kind<'d> {
    /// A variable as schema v2 has it.
    pub(super) fn new(variable: &'d model::Variable) -> Self {
        let model::Variable { name, label, values } = variable;
        let choice = Choice {
            name,
            label,
            hide: "dontHide",
            refresh: "onDashboardLoad",
            regex: "",
            multi: false,
            include_all: false,
            allow_custom_value: true,
            skip_url_sync: false,
            // The first that there is.
            current: Chosen { text: "", value: "" },
            options: [],
        };
        let Some(values) = values else {
            return Self::DataSource(DataSource { choice, plugin_id: look::PROMETHEUS });
        };
        Self::Query(Query {
            choice: Choice {
                // Series come and go.
                refresh: "onTimeRangeChanged",
                multi: true,
                include_all: true,
                current: Chosen { text: "All", value: "$__all" },
                ..choice
            },
            query: DataQuery::of_chosen(look::lookup(name, values)),
            definition: values,
            sort: "alphabeticalAsc",
            all_value: look::ALL,
        })
    }
}
