//! Panels, which know nothing of their places.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::layout::Placed;
use super::super::link::PanelLink;
use super::super::look::{self, Asked};
use super::super::model;
use super::Of;
use super::query::DataQuery;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Panel<'d> {
    id: u32,
    title: &'d str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'d str,
    links: Vec<PanelLink<'d>>,
    data: Of<Queries<'d>>,
    viz_config: Visualization,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Queries<'d> {
    queries: Vec<Of<Query<'d>>>,
    transformations: Vec<Transformation>,
    /// None is unlike Grafana's own.
    query_options: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Query<'d> {
    ref_id: String,
    hidden: bool,
    query: DataQuery<Asked<'d>>,
}

#[derive(Serialize)]
struct Transformation {
    kind: &'static str,
    /// The plugin.
    group: &'static str,
    spec: Value,
}

#[derive(Serialize)]
struct Visualization {
    kind: &'static str,
    /// The plugin.
    group: &'static str,
    /// Left open: that of the Grafana that shows it.
    version: &'static str,
    spec: Value,
}

/// The name of an element, which is what links call a panel.
pub(super) fn name(id: u32) -> String {
    format!("panel-{id}")
}

impl<'d> Panel<'d> {
    /// A panel as schema v2 has it.
    pub(super) fn new(placed: &Placed<'d>) -> Of<Self> {
        let &Placed { id, panel, .. } = placed;
        let look = json!({
            "fieldConfig": look::field_config(panel),
            "options": look::options(panel),
        });
        let spec = Self {
            id,
            title: &panel.title,
            description: &panel.description,
            links: PanelLink::of(panel),
            data: Of { kind: "QueryGroup", spec: Queries::of(panel) },
            viz_config: Visualization {
                kind: "VizConfig",
                group: look::kind(&panel.kind),
                version: "",
                spec: look,
            },
        };
        Of { kind: "Panel", spec }
    }
}

impl<'d> Queries<'d> {
    fn of(panel: &'d model::Panel) -> Self {
        let queries = look::asked(panel).map(|(ref_id, asked)| Of {
            kind: "PanelQuery",
            spec: Query { ref_id, hidden: false, query: DataQuery::of_chosen(asked) },
        });
        let transformations = look::transformations(&panel.kind).into_iter();
        let transformations = transformations.map(|(group, options)| Transformation {
            kind: "Transformation",
            group,
            spec: json!({ "options": options }),
        });
        Self {
            queries: queries.collect(),
            transformations: transformations.collect(),
            query_options: json!({}),
        }
    }
}
