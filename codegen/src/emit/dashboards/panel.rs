//! Panels: the JSON of each kind, and what Grafana needs to draw it.

use serde::Serialize;
use serde_json::{Value, json};

use super::model::DataSource;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Panel {
    pub(super) id: u32,
    r#type: &'static str,
    title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    datasource: Option<DataSource>,
    pub(super) grid_pos: GridPos,
    #[serde(skip_serializing_if = "Option::is_none")]
    collapsed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    panels: Option<[(); 0]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    targets: Vec<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field_config: Option<FieldConfig>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    transformations: Vec<Value>,
}

/// A place on the grid.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct GridPos {
    pub(super) h: u32,
    pub(super) w: u32,
    pub(super) x: u32,
    pub(super) y: u32,
}

/// A query with its legend.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    ref_id: String,
    datasource: DataSource,
    expr: String,
    legend_format: String,
    format: &'static str,
    range: bool,
    instant: bool,
}

#[derive(Serialize)]
struct FieldConfig {
    defaults: Value,
    overrides: [(); 0],
}

/// What every panel that shows something says about itself.
pub(super) struct Face {
    /// Its title, plain text.
    pub(super) title: String,
    /// What it shows and what to do about it, in Markdown.
    pub(super) description: String,
    /// Grafana's id of the values' unit.
    pub(super) unit: &'static str,
}

impl Panel {
    /// A heading.
    pub(super) fn row(title: &str) -> Self {
        let mut panel = Self::of("row", title.to_owned());
        panel.collapsed = Some(false);
        panel.panels = Some([]);
        panel
    }

    /// Lines over time.
    pub(super) fn time_series(
        face: Face,
        lowest_is_zero: bool,
        queries: Vec<(String, String)>,
    ) -> Self {
        let mut defaults = json!({
            "unit": face.unit,
            "custom": { "fillOpacity": 10, "lineWidth": 1, "showPoints": "never", "spanNulls": false },
        });
        if lowest_is_zero {
            defaults["min"] = json!(0);
        }
        let options = json!({
            "legend": { "calcs": ["lastNotNull", "max"], "displayMode": "table", "placement": "bottom", "showLegend": true },
            "tooltip": { "mode": "multi", "sort": "desc" },
        });
        Self::showing("timeseries", face, queries, "time_series", false).with(defaults, options)
    }

    /// A distribution over time; the query keeps `le` and nothing else.
    pub(super) fn heatmap(face: Face, query: String) -> Self {
        let options = json!({
            "calculate": false,
            "cellGap": 1,
            "color": { "mode": "scheme", "scheme": "Oranges", "steps": 64 },
            "legend": { "show": true },
            "tooltip": { "mode": "single", "yHistogram": true },
            "yAxis": { "axisPlacement": "left", "unit": face.unit },
        });
        let defaults = json!({ "unit": face.unit });
        Self::showing("heatmap", face, vec![(query, "{{le}}".to_owned())], "heatmap", false)
            .with(defaults, options)
    }

    /// One number, with a colour for zero and one for everything above.
    pub(super) fn count(face: Face, query: String, [zero, above]: [&str; 2]) -> Self {
        let defaults = json!({
            "unit": face.unit,
            "color": { "mode": "thresholds" },
            "thresholds": {
                "mode": "absolute",
                "steps": [{ "color": zero, "value": null }, { "color": above, "value": 1 }],
            },
        });
        let options = json!({
            "colorMode": "background",
            "graphMode": "none",
            "reduceOptions": { "calcs": ["lastNotNull"], "fields": "", "values": false },
            "textMode": "value",
        });
        let legend = face.title.clone();
        Self::showing("stat", face, vec![(query, legend)], "time_series", true)
            .with(defaults, options)
    }

    /// The labels of each series, which is all that an info metric says.
    pub(super) fn table(face: Face, query: String) -> Self {
        let unit = face.unit;
        let mut panel = Self::showing("table", face, vec![(query, String::new())], "table", true)
            .with(json!({ "unit": unit }), json!({ "showHeader": true }));
        panel.transformations = vec![
            json!({ "id": "organize", "options": { "excludeByName": { "Time": true, "Value": true } } }),
        ];
        panel
    }

    fn showing(
        kind: &'static str,
        face: Face,
        queries: Vec<(String, String)>,
        format: &'static str,
        instant: bool,
    ) -> Self {
        let targets = queries.into_iter().enumerate().map(|(at, (expr, legend_format))| Target {
            ref_id: char::from(b'A' + at as u8).to_string(),
            datasource: DataSource::CHOSEN,
            expr,
            legend_format,
            format,
            range: !instant,
            instant,
        });
        let mut panel = Self::of(kind, face.title);
        panel.targets = targets.collect();
        panel.description = face.description;
        panel.datasource = Some(DataSource::CHOSEN);
        panel
    }

    fn with(mut self, defaults: Value, options: Value) -> Self {
        self.field_config = Some(FieldConfig { defaults, overrides: [] });
        self.options = Some(options);
        self
    }

    fn of(kind: &'static str, title: String) -> Self {
        Self {
            id: 0,
            r#type: kind,
            title,
            description: String::new(),
            datasource: None,
            grid_pos: GridPos::default(),
            collapsed: None,
            panels: None,
            targets: Vec::new(),
            field_config: None,
            options: None,
            transformations: Vec::new(),
        }
    }
}
