//! What is marked on every panel: what Grafana marks of its own, and the model's.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::{look, model};
use super::Of;
use super::query::DataQuery;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Annotation<'d> {
    name: &'d str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    built_in: bool,
    enable: bool,
    hide: bool,
    icon_color: &'d str,
    query: DataQuery<Value>,
    /// What the plugin reads beside the query.
    #[serde(skip_serializing_if = "Value::is_null")]
    legacy_options: Value,
}

/// The annotations of a dashboard.
pub(super) fn of(dashboard: &model::Dashboard) -> Vec<Of<Annotation<'_>>> {
    let look::Mark { name, colour } = look::OF_GRAFANA;
    let builtin = Annotation {
        name,
        built_in: true,
        enable: true,
        hide: true,
        icon_color: colour,
        query: DataQuery::new(look::GRAFANA, look::GRAFANA_ITSELF, json!({})),
        legacy_options: Value::Null,
    };
    let own = dashboard.annotations.iter().map(|annotation| {
        let model::Annotation { name, expr, title, colour } = annotation;
        let asked = json!({ "expr": expr, "interval": look::STEP, "refId": "Anno" });
        Annotation {
            name,
            built_in: false,
            enable: true,
            hide: false,
            icon_color: colour,
            query: DataQuery::of_chosen(asked),
            legacy_options: json!({ "titleFormat": title, "useValueForTime": false }),
        }
    });
    let annotations = std::iter::once(builtin).chain(own);
    annotations.map(|spec| Of { kind: "AnnotationQuery", spec }).collect()
}
