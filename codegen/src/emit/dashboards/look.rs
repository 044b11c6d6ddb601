//! How panels look, which every version of Grafana writes in the same words.

use serde::Serialize;
use serde_json::{Value, json};

use super::model::{Kind, Panel, Step};

/// The plugin of the data source that queries go to.
pub(super) const PROMETHEUS: &str = "prometheus";

/// The data source that the reader chose.
pub(super) const CHOSEN: &str = "${datasource}";

/// The plugin of Grafana's own data source.
pub(super) const GRAFANA: &str = "grafana";

/// Grafana's own data source.
pub(super) const GRAFANA_ITSELF: &str = "-- Grafana --";

/// What Grafana marks of its own, under the name and in the colour that it has there.
pub(super) const OF_GRAFANA: Mark =
    Mark { name: "Annotations & Alerts", colour: "rgba(0, 211, 255, 1)" };

/// How far apart values are looked at to find what is marked.
pub(super) const STEP: &str = "30s";

/// What a dashboard shows at first, and in whose time.
pub(super) const FROM: &str = "now-1h";
pub(super) const TO: &str = "now";
pub(super) const TIME_ZONE: &str = "browser";

/// What all values of a variable match, and no absent label.
pub(super) const ALL: &str = ".+";

/// A name in a colour.
pub(super) struct Mark {
    pub(super) name: &'static str,
    pub(super) colour: &'static str,
}

/// A query as the data source takes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked<'d> {
    expr: &'d str,
    legend_format: &'d str,
    format: &'static str,
    range: bool,
    instant: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    exemplar: bool,
}

/// The plugin that draws a panel.
pub(super) fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::TimeSeries => "timeseries",
        Kind::Stat { .. } => "stat",
        Kind::BarGauge => "bargauge",
        Kind::Heatmap => "heatmap",
        Kind::Table { .. } => "table",
        Kind::Text(_) => "text",
    }
}

/// The queries of a panel, each after its name.
pub(super) fn asked(panel: &Panel) -> impl Iterator<Item = (String, Asked<'_>)> {
    let (format, instant) = (format(&panel.kind), is_instant(&panel.kind));
    panel.queries.iter().enumerate().map(move |(at, query)| {
        let asked = Asked {
            expr: &query.expr,
            legend_format: &query.legend,
            format,
            range: !instant,
            instant,
            exemplar: query.has_exemplars && !instant,
        };
        (ref_id(at), asked)
    })
}

/// The question which values a variable has.
pub(super) fn lookup(variable: &str, values: &str) -> Value {
    json!({ "query": values, "refId": format!("variable-{variable}") })
}

/// Whether only the last value is asked for.
fn is_instant(kind: &Kind) -> bool {
    matches!(kind, Kind::Stat { has_trend: false } | Kind::BarGauge | Kind::Table { .. })
}

/// The form in which a query's result is taken.
fn format(kind: &Kind) -> &'static str {
    match kind {
        Kind::Heatmap => "heatmap",
        Kind::Table { .. } => "table",
        _ => "time_series",
    }
}

/// The name of a panel's query: `A` to `Z`, then `A1` and so on.
fn ref_id(at: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    match at / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

/// What holds for every field, and for none of them alone.
pub(super) fn field_config(panel: &Panel) -> Value {
    let defaults = match panel.kind {
        Kind::Text(_) => json!({}),
        _ => defaults(panel),
    };
    json!({ "defaults": defaults, "overrides": [] })
}

/// What holds for every field.
fn defaults(panel: &Panel) -> Value {
    let mut defaults = json!({ "unit": panel.unit });
    if panel.starts_at_zero {
        defaults["min"] = json!(0);
    }
    if let Some(end) = panel.ends_at {
        defaults["max"] = number(end);
    }
    let has_steps = !panel.steps.is_empty();
    if has_steps {
        defaults["thresholds"] = json!({ "mode": "absolute", "steps": steps(&panel.steps) });
    }
    match panel.kind {
        Kind::TimeSeries => {
            defaults["custom"] = json!({
                "fillOpacity": 10,
                "lineWidth": 1,
                "showPoints": "never",
                "spanNulls": false,
            });
            // What is measured in degrees has no zero that means nothing.
            if !panel.starts_at_zero && panel.unit != "celsius" {
                defaults["custom"]["axisSoftMin"] = json!(0);
            }
            if has_steps {
                defaults["custom"]["thresholdsStyle"] = json!({ "mode": "line" });
            }
            if let Some(reaches) = panel.reaches {
                defaults["custom"]["axisSoftMax"] = number(reaches);
            }
        }
        Kind::Stat { .. } | Kind::BarGauge if has_steps => {
            defaults["color"] = json!({ "mode": "thresholds" });
        }
        _ => {}
    }
    defaults
}

/// Steps as Grafana writes them.
fn steps(steps: &[Step]) -> Vec<Value> {
    let step = |step: &Step| json!({ "color": step.colour, "value": step.from.map(number) });
    steps.iter().map(step).collect()
}

/// A number as people write it: a whole one without a fraction.
fn number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.fract() == 0.0 && number.abs() < EXACT {
        true => json!(number as i64),
        false => json!(number),
    }
}

/// What holds for the whole panel.
pub(super) fn options(panel: &Panel) -> Value {
    match &panel.kind {
        Kind::TimeSeries => json!({
            "legend": {
                "calcs": ["lastNotNull", "max"],
                "displayMode": "table",
                "placement": "bottom",
                "showLegend": true,
                // The worst come first, where there are more than fit.
                "sortBy": "Last *",
                "sortDesc": true,
            },
            "tooltip": { "mode": "multi", "sort": "desc" },
        }),
        Kind::Stat { has_trend } => json!({
            "colorMode": if panel.steps.is_empty() { "none" } else { "background" },
            "graphMode": if *has_trend { "area" } else { "none" },
            "reduceOptions": last(),
            "textMode": "auto",
        }),
        Kind::BarGauge => json!({
            "displayMode": "basic",
            "orientation": "horizontal",
            "reduceOptions": last(),
            "valueMode": "color",
        }),
        Kind::Heatmap => json!({
            "calculate": false,
            "cellGap": 1,
            "color": { "mode": "scheme", "scheme": "Oranges", "steps": 64 },
            "legend": { "show": true },
            "tooltip": { "mode": "single", "yHistogram": true },
            "yAxis": { "axisPlacement": "left", "unit": panel.unit },
        }),
        Kind::Table { .. } => json!({ "showHeader": true }),
        Kind::Text(content) => json!({ "content": content, "mode": "markdown" }),
    }
}

/// The last value stands for the whole.
fn last() -> Value {
    json!({ "calcs": ["lastNotNull"], "fields": "", "values": false })
}

/// What is done with results before they are shown: plugins, and what they are told.
pub(super) fn transformations(kind: &Kind) -> Vec<(&'static str, Value)> {
    let Kind::Table { has_values } = kind else { return Vec::new() };
    let hidden = match has_values {
        true => json!({ "Time": true }),
        false => json!({ "Time": true, "Value": true }),
    };
    vec![("organize", json!({ "excludeByName": hidden }))]
}
