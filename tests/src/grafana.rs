//! Grafana's own types, which judge dashboards.

use crate::Verdict;
use crate::typescript::{Type, satisfy};

const DASHBOARD: Type = Type { folder: "grafana", module: "dashboard", name: "ClassicDashboard" };

/// Judges dashboards in the classic model, given by name and JSON text; a refusal says which.
pub fn grafana_types<'a>(dashboards: impl IntoIterator<Item = (&'a str, &'a str)>) -> Verdict {
    satisfy(&DASHBOARD, dashboards)
}
