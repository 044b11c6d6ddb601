//! Where variables, panels and queries ask.

use serde_json::Value;

use super::dashboard::Variable;

/// A data source as something names it.
#[derive(Clone, Copy, Debug)]
pub(super) struct DataSource<'d> {
    /// Its kind, such as `prometheus`; empty where it is not said.
    pub(super) kind: &'d str,
    /// Its uid, or a variable that stands for one; empty where it is not said.
    pub(super) uid: &'d str,
}

impl<'d> DataSource<'d> {
    /// What an object has under `datasource`: in old dashboards only a name.
    pub(super) fn of(json: &'d Value) -> Self {
        let source = &json["datasource"];
        let text = |key| source[key].as_str().unwrap_or_default();
        Self { kind: text("type"), uid: source.as_str().unwrap_or(text("uid")) }
    }

    /// Whether nothing is said.
    pub(super) fn is_none(self) -> bool {
        self.kind.is_empty() && self.uid.is_empty()
    }

    /// Whether Grafana answers itself: by what other queries gave, or each query says whom it asks.
    pub(super) fn is_grafana(self) -> bool {
        self.uid.starts_with("-- ") || self.kind == "__expr__" || self.uid == "__expr__"
    }

    /// The variable that stands for it.
    pub(super) fn variable<'v>(self, variables: &'v [Variable<'d>]) -> Option<&'v Variable<'d>> {
        let in_braces = self.uid.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let name = in_braces.or_else(|| self.uid.strip_prefix('$'))?;
        variables.iter().find(|variable| variable.kind == "datasource" && variable.name == name)
    }

    /// Whether a Prometheus is asked; none where nothing says what it is.
    pub(super) fn is_prometheus(self, variables: &[Variable<'d>]) -> Option<bool> {
        let is_known = !self.kind.is_empty() && self.kind != "datasource";
        let kind = is_known.then_some(self.kind);
        let kind = kind.or_else(|| self.variable(variables).map(|variable| variable.query));
        kind.map(|kind| kind == "prometheus")
    }
}
