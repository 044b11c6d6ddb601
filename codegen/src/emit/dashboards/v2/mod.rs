//! Grafana's dashboard schema v2: a whole resource, as Grafana's API for resources takes it.
//!
//! ```text
//! model ─┬─▶ elements: every panel under a name that stays
//!        └─▶ layout: rows, each a grid that refers to elements
//! ```
//!
//! The order of fields is the order in the file. See `@grafana/schema` for what each one means.

mod annotation;
mod element;
mod layout;
mod query;
mod variable;

use std::collections::BTreeMap;

use serde::Serialize;

use self::annotation::Annotation;
use self::element::Panel;
use self::layout::Rows;
use super::id::uid;
use super::link::DashboardLink;
use super::{layout::place, look, model};

/// How often a reader can choose to have everything asked again.
const INTERVALS: [&str; 10] = ["5s", "10s", "30s", "1m", "5m", "15m", "30m", "1h", "2h", "1d"];

/// A dashboard that Grafana's API takes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Resource<'d> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata,
    spec: Dashboard<'d>,
}

#[derive(Serialize)]
struct Metadata {
    /// The uid.
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Dashboard<'d> {
    title: &'d str,
    description: &'d str,
    tags: [&'d str; 1],
    editable: bool,
    preload: bool,
    cursor_sync: &'static str,
    time_settings: TimeSettings<'d>,
    links: Vec<DashboardLink<'d>>,
    variables: Vec<variable::Kind<'d>>,
    annotations: Vec<Of<Annotation<'d>>>,
    layout: Of<Rows<'d>>,
    /// Sorted by name, so that a panel that moves changes nothing but the layout.
    elements: BTreeMap<String, Of<Panel<'d>>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TimeSettings<'d> {
    timezone: &'static str,
    from: &'static str,
    to: &'static str,
    auto_refresh: &'d str,
    auto_refresh_intervals: [&'static str; 10],
    hide_timepicker: bool,
    fiscal_year_start_month: u32,
}

/// A thing of a kind, which is how this schema says everything.
#[derive(Serialize)]
struct Of<S> {
    kind: &'static str,
    spec: S,
}

impl<'d> Resource<'d> {
    /// A dashboard as schema v2 has it.
    pub(super) fn new(dashboard: &'d model::Dashboard) -> Self {
        Self {
            api_version: "dashboard.grafana.app/v2",
            kind: "Dashboard",
            metadata: Metadata { name: uid(&dashboard.name) },
            spec: Dashboard::new(dashboard),
        }
    }
}

impl<'d> Dashboard<'d> {
    fn new(dashboard: &'d model::Dashboard) -> Self {
        let sections = place(&dashboard.sections);
        let panels = sections.iter().flat_map(|section| &section.panels);
        Self {
            title: &dashboard.title,
            description: &dashboard.description,
            tags: [&dashboard.tag],
            editable: dashboard.is_editable,
            preload: false,
            cursor_sync: "Crosshair",
            time_settings: TimeSettings {
                timezone: look::TIME_ZONE,
                from: look::FROM,
                to: look::TO,
                auto_refresh: &dashboard.refresh,
                auto_refresh_intervals: INTERVALS,
                hide_timepicker: false,
                fiscal_year_start_month: 0,
            },
            links: DashboardLink::of(dashboard),
            variables: dashboard.variables.iter().map(variable::Kind::new).collect(),
            annotations: annotation::of(dashboard),
            elements: panels.map(|placed| (element::name(placed.id), Panel::new(placed))).collect(),
            layout: layout::rows(&sections),
        }
    }
}
