//! What the specification says about dashboards, as true.
//!
//! Most of them follow from the metrics. Here is what follows from nothing: choices about single
//! panels, whole dashboards of one's own, and exceptions to the rules that all of them are held to.

use crate::catalog::MetricId;
use crate::vocabulary::PanelKind;

/// How many columns a dashboard has.
pub const COLUMNS: u32 = 24;

/// The key of the dashboard that leads to all others.
pub const OVERVIEW: &str = "overview";

/// The rules of grafana/dashboard-linter that can have exceptions.
pub const LINTER_RULES: &[&str] = &[
    "template-datasource-rule",
    "template-job-rule",
    "template-instance-rule",
    "template-label-promql-rule",
    "template-on-time-change-reload-rule",
    "panel-datasource-rule",
    "panel-title-description-rule",
    "panel-units-rule",
    "panel-no-targets-rule",
    "target-promql-rule",
    "target-rate-interval-rule",
    "target-job-rule",
    "target-instance-rule",
    "target-counter-agg-rule",
    "uneditable-dashboard",
];

/// What holds for every dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grafana {
    /// Whether dashboards may be changed in the browser.
    pub editable: bool,
    /// How long it takes until a dashboard asks anew, such as `30s`.
    pub refresh: String,
    /// Exceptions to the rules of grafana/dashboard-linter, in file order.
    pub exceptions: Vec<Exception>,
}

impl Default for Grafana {
    fn default() -> Self {
        Self { editable: false, refresh: "30s".to_owned(), exceptions: Vec::new() }
    }
}

/// A rule of grafana/dashboard-linter that is rightly broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// The rule's name; one of [`LINTER_RULES`].
    pub rule: String,
    /// The key of the one dashboard where it may be broken: a component's, [`OVERVIEW`] or that of
    /// an own dashboard.
    pub dashboard: Option<String>,
    /// The title of the panels that may break it.
    pub panel: Option<String>,
    /// Why that is right.
    pub reason: String,
}

/// How the panel of a metric or a query is drawn, where that does not follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PanelChoice {
    /// Whether there is none; nothing else is said then.
    pub is_hidden: bool,
    /// Its title.
    pub title: Option<String>,
    /// How many columns it takes, from 1 to [`COLUMNS`].
    pub width: Option<u32>,
    /// Its place among the panels of its row: lower ones come first, and equal ones in the order
    /// that they have without it.
    pub order: i64,
    /// The title of its row.
    pub row: Option<String>,
}

/// A dashboard beside those that follow from the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnDashboard {
    /// The key under `[dashboards]`; that of no component, and not [`OVERVIEW`].
    pub key: String,
    /// Its name for people.
    pub title: String,
    /// What it is for.
    pub help: String,
    /// What it shows, from top to bottom; more than rows.
    pub panels: Vec<OwnPanel>,
}

/// A part of an own dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnPanel {
    /// What it shows.
    pub shows: Shows,
    /// Its title, where it does not follow from what it shows.
    pub title: Option<String>,
    /// How many columns it takes, from 1 to [`COLUMNS`], where that does not follow.
    pub width: Option<u32>,
    /// How a query is drawn; nothing else has a choice.
    pub kind: PanelKind,
}

/// What a part of an own dashboard shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shows {
    /// A heading, above what follows it.
    Row(String),
    /// A named query, as an index into [`Catalog::queries`](crate::Catalog::queries).
    Query(usize),
    /// A metric, as on its component's dashboard.
    Metric(MetricId),
    /// What is left of an objective's budget, and how fast it is spent: an index into
    /// [`Catalog::slos`](crate::Catalog::slos).
    Slo(usize),
    /// A text, in Markdown.
    Text(String),
}
