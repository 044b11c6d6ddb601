//! Grafana's classic dashboard model, which every Grafana from 11 on provisions from files.
//!
//! The order of fields is the order in the file. See `@grafana/schema` for what each one means.

mod panel;

use serde::Serialize;
use serde_json::{Value, json};

use self::panel::{DataSource, Panel};
use super::id::uid;
use super::link::DashboardLink;
use super::{layout, look, model};

/// Version of the classic model that Grafana 12 and 13 write.
const SCHEMA_VERSION: u32 = 42;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dashboard<'d> {
    uid: String,
    title: &'d str,
    description: &'d str,
    tags: [&'d str; 1],
    schema_version: u32,
    editable: bool,
    graph_tooltip: u32,
    refresh: &'d str,
    time: Value,
    timezone: &'static str,
    links: Vec<DashboardLink<'d>>,
    templating: List<Variable<'d>>,
    annotations: List<Value>,
    panels: Vec<Panel<'d>>,
}

#[derive(Serialize)]
struct List<T> {
    list: Vec<T>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Variable<'d> {
    name: &'d str,
    label: &'d str,
    r#type: &'static str,
    query: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    datasource: Option<DataSource>,
    refresh: u32,
    sort: u32,
    multi: bool,
    include_all: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    all_value: Option<&'static str>,
}

impl<'d> Dashboard<'d> {
    /// A dashboard as the classic model has it.
    pub(super) fn new(dashboard: &'d model::Dashboard) -> Self {
        let model::Dashboard { tag, annotations, .. } = dashboard;
        let builtin = json!({
            "builtIn": 1,
            "datasource": { "type": look::GRAFANA, "uid": look::GRAFANA_ITSELF },
            "enable": true,
            "hide": true,
            "iconColor": look::OF_GRAFANA.colour,
            "name": look::OF_GRAFANA.name,
            "type": "dashboard",
        });
        let sections = layout::place(&dashboard.sections);
        Self {
            uid: uid(&dashboard.name),
            title: &dashboard.title,
            description: &dashboard.description,
            tags: [tag],
            schema_version: SCHEMA_VERSION,
            editable: dashboard.is_editable,
            graph_tooltip: 1,
            refresh: &dashboard.refresh,
            time: json!({ "from": look::FROM, "to": look::TO }),
            timezone: look::TIME_ZONE,
            links: DashboardLink::of(dashboard),
            templating: List { list: dashboard.variables.iter().map(Variable::new).collect() },
            annotations: List {
                list: std::iter::once(builtin).chain(annotations.iter().map(annotation)).collect(),
            },
            panels: sections.into_iter().flat_map(panel::of_section).collect(),
        }
    }
}

impl<'d> Variable<'d> {
    fn new(variable: &'d model::Variable) -> Self {
        let model::Variable { name, label, values } = variable;
        let Some(values) = values else {
            return Self {
                name,
                label,
                r#type: "datasource",
                query: json!(look::PROMETHEUS),
                datasource: None,
                refresh: 1,
                sort: 0,
                multi: false,
                include_all: false,
                all_value: None,
            };
        };
        Self {
            name,
            label,
            r#type: "query",
            query: look::lookup(name, values),
            datasource: Some(DataSource::CHOSEN),
            // Whenever the time range changes: series come and go.
            refresh: 2,
            sort: 1,
            multi: true,
            include_all: true,
            all_value: Some(look::ALL),
        }
    }
}

fn annotation(annotation: &model::Annotation) -> Value {
    let model::Annotation { name, expr, title, colour } = annotation;
    json!({
        "datasource": DataSource::CHOSEN,
        "enable": true,
        "expr": expr,
        "hide": false,
        "iconColor": colour,
        "name": name,
        "step": look::STEP,
        "titleFormat": title,
        "useValueForTime": false,
    })
}
