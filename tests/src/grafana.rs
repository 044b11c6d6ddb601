//! Grafana's own types, which judge dashboards.

use crate::Verdict;
use crate::typescript::{Type, satisfy};

const DASHBOARD: Type = Type { folder: "grafana", module: "dashboard", name: "ClassicDashboard" };
const RESOURCE: Type = Type { folder: "grafana", module: "resource", name: "DashboardResource" };

/// Judges dashboards in the classic model, given by name and JSON text; a refusal says which.
pub fn grafana_types<'a>(dashboards: impl IntoIterator<Item = (&'a str, &'a str)>) -> Verdict {
    satisfy(&DASHBOARD, dashboards)
}

/// Judges dashboards as resources of schema v2, in the same way.
pub fn grafana_v2_types<'a>(resources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Verdict {
    satisfy(&RESOURCE, resources)
}
