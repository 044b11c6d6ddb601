//! How panels look, which every version of Grafana writes in the same words.

use serde_json::{Value, json};

use super::model::{Kind, Panel, Step};

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

/// Whether only the last value is asked for.
pub(super) fn is_instant(kind: &Kind) -> bool {
    matches!(kind, Kind::Stat { has_trend: false } | Kind::BarGauge | Kind::Table { .. })
}

/// The form in which a query's result is taken.
pub(super) fn format(kind: &Kind) -> &'static str {
    match kind {
        Kind::Heatmap => "heatmap",
        Kind::Table { .. } => "table",
        _ => "time_series",
    }
}

/// The name of a panel's query: `A` to `Z`, then `A1` and so on.
pub(super) fn ref_id(at: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(at % 26).unwrap_or(0));
    match at / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

/// What holds for every field.
pub(super) fn defaults(panel: &Panel) -> Value {
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
            "textMode": "value",
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

/// What is done with results before they are shown.
pub(super) fn transformations(kind: &Kind) -> Vec<Value> {
    let Kind::Table { has_values } = kind else { return Vec::new() };
    let hidden = match has_values {
        true => json!({ "Time": true }),
        false => json!({ "Time": true, "Value": true }),
    };
    vec![json!({ "id": "organize", "options": { "excludeByName": hidden } })]
}
