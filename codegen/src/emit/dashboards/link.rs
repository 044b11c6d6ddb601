//! Where dashboards and panels lead, which every version of Grafana writes in the same words.

use serde::Serialize;

use super::id::uid;
use super::model::{Dashboard, Panel};

/// A way to other dashboards.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DashboardLink<'d> {
    title: &'d str,
    r#type: &'static str,
    tags: Vec<&'d str>,
    as_dropdown: bool,
    include_vars: bool,
    keep_time: bool,
    target_blank: bool,
    icon: &'static str,
    tooltip: &'static str,
    url: String,
}

/// A way from a panel.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PanelLink<'d> {
    title: &'d str,
    url: &'d str,
    target_blank: bool,
}

impl<'d> DashboardLink<'d> {
    /// The ways from a dashboard: those that it has, and one to every dashboard of its service.
    pub(super) fn of(dashboard: &'d Dashboard) -> Vec<Self> {
        let others = Self {
            r#type: "dashboards",
            tags: vec![&dashboard.tag],
            as_dropdown: true,
            ..Self::to("Dashboards", String::new())
        };
        // Time and variables come with the links' own settings.
        let links = dashboard.links.iter();
        let links = links.map(|(title, name)| Self::to(title, format!("/d/{}", uid(name))));
        links.chain([others]).collect()
    }

    fn to(title: &'d str, url: String) -> Self {
        Self {
            title,
            r#type: "link",
            tags: Vec::new(),
            as_dropdown: false,
            include_vars: true,
            keep_time: true,
            target_blank: false,
            icon: "external link",
            tooltip: "",
            url,
        }
    }
}

impl<'d> PanelLink<'d> {
    /// The ways from a panel; those out of Grafana open beside it.
    pub(super) fn of(panel: &'d Panel) -> Vec<Self> {
        let links = panel.links.iter().map(|link| Self {
            title: &link.title,
            url: &link.url,
            target_blank: !link.url.starts_with('/'),
        });
        links.collect()
    }
}
