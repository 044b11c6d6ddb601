//! A dashboard as far as rules look at it.

use serde_json::Value;

use super::source::DataSource;
use crate::promql::SyntaxError;
use crate::promql::parse::parse;
use crate::promql::syntax::Expr;

/// Kinds of panels that show data; of others, such as texts, nobody expects a query.
const SHOWING: &[&str] = &[
    "barchart",
    "bargauge",
    "gauge",
    "graph",
    "heatmap",
    "histogram",
    "piechart",
    "singlestat",
    "stat",
    "state-timeline",
    "status-history",
    "table",
    "timeseries",
    "trend",
    "xychart",
];

/// A dashboard in the classic model.
pub(super) struct Dashboard<'d> {
    json: &'d Value,
    pub(super) variables: Vec<Variable<'d>>,
    /// Those that show data, in rows or not.
    pub(super) panels: Vec<Panel<'d>>,
    /// The ids of all panels.
    pub(super) ids: Vec<u64>,
}

/// A variable that a reader chooses a value of.
pub(super) struct Variable<'d> {
    pub(super) json: &'d Value,
    pub(super) name: &'d str,
    /// Such as `query`.
    pub(super) kind: &'d str,
    /// What it asks for; of a data source, its kind.
    pub(super) query: &'d str,
}

/// A panel that shows data.
pub(super) struct Panel<'d> {
    pub(super) json: &'d Value,
    pub(super) kind: &'d str,
    /// Those of its queries that are for Prometheus, and those that show another panel's answers.
    pub(super) targets: Vec<Target<'d>>,
}

/// A query of a panel.
pub(super) struct Target<'d> {
    pub(super) json: &'d Value,
    pub(super) ref_id: &'d str,
    pub(super) text: &'d str,
    pub(super) expr: Result<Expr, SyntaxError>,
}

impl<'d> Dashboard<'d> {
    pub(super) fn read(json: &'d Value) -> Self {
        let variables: Vec<_> =
            list(&json["templating"]["list"]).iter().map(Variable::read).collect();
        let mut all = Vec::new();
        add_panels(json, &mut all);
        let ids = all.iter().filter_map(|panel| panel["id"].as_u64()).collect();
        // What stands in a library is judged there.
        let shows = |panel: &&&Value| {
            SHOWING.contains(&text(panel, "type")) && panel["libraryPanel"].is_null()
        };
        let panels = all.iter().filter(shows).map(|panel| Panel::read(panel, &variables));
        let panels = panels.collect();
        Self { json, variables, panels, ids }
    }

    /// Its uid, or its title.
    pub(super) fn name(&self) -> &'d str {
        let uid = text(self.json, "uid");
        if uid.is_empty() { text(self.json, "title") } else { uid }
    }

    /// Its variables of a kind.
    pub(super) fn variables_of<'s>(&'s self, kind: &str) -> impl Iterator<Item = &'s Variable<'d>> {
        self.variables.iter().filter(move |variable| variable.kind == kind)
    }

    /// Whether it asks a Prometheus at all, as far as it says whom it asks.
    pub(super) fn asks_prometheus(&self) -> bool {
        let mut sources = self.variables_of("datasource").peekable();
        sources.peek().is_none() || sources.any(|source| source.query == "prometheus")
    }
}

impl<'d> Variable<'d> {
    fn read(json: &'d Value) -> Self {
        let query = &json["query"];
        Self {
            json,
            name: text(json, "name"),
            kind: text(json, "type"),
            query: query.as_str().unwrap_or(text(query, "query")),
        }
    }
}

impl<'d> Panel<'d> {
    fn read(json: &'d Value, variables: &[Variable<'d>]) -> Self {
        let own = DataSource::of(json);
        let is_prometheus = |target: &&'d Value| {
            let source = DataSource::of(target);
            let source = if source.is_none() { own } else { source };
            let may_be = source.is_prometheus(variables);
            !source.is_grafana() && may_be.unwrap_or_else(|| target["expr"].is_string())
        };
        let targets = list(&json["targets"]).iter();
        let targets =
            targets.filter(|target| is_prometheus(target) || shown_panel(target).is_some());
        let targets = targets.map(Target::read);
        Self { json, kind: text(json, "type"), targets: targets.collect() }
    }

    /// Its title, or its id.
    pub(super) fn name(&self) -> String {
        match text(self.json, "title") {
            "" => format!("#{}", self.json["id"]),
            title => title.to_owned(),
        }
    }
}

impl<'d> Target<'d> {
    fn read(json: &'d Value) -> Self {
        let written = text(json, "expr");
        let expr = parse(written).map(|parsed| parsed.expr);
        Self { json, ref_id: text(json, "refId"), text: written, expr }
    }
}

/// Finds a dashboard that can be changed where nobody keeps the change: unless it says otherwise, it
/// can.
pub(super) fn uneditable(dashboard: &Dashboard<'_>) -> Vec<String> {
    match dashboard.json["editable"] {
        Value::Bool(false) => Vec::new(),
        _ => vec!["it can be edited in the browser: set `editable` to `false`".to_owned()],
    }
}

/// The id of the panel whose answers a query shows instead of asking itself.
pub(super) fn shown_panel(target: &Value) -> Option<u64> {
    target["panelId"].as_u64().filter(|_| text(target, "expr").is_empty())
}

/// Adds the panels within something: on a dashboard, in collapsed rows, and in rows as they once were.
fn add_panels<'d>(json: &'d Value, all: &mut Vec<&'d Value>) {
    list(&json["rows"]).iter().for_each(|row| add_panels(row, all));
    for panel in list(&json["panels"]) {
        all.push(panel);
        add_panels(panel, all);
    }
}

/// The elements of a list; none of what is no list.
pub(super) fn list(json: &Value) -> &[Value] {
    json.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The text under a key; empty where there is none.
pub(super) fn text<'d>(json: &'d Value, key: &str) -> &'d str {
    json[key].as_str().unwrap_or_default()
}
