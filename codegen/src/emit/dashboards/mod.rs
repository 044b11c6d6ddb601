//! `grafana/dashboards/` and `grafana/v2/`: an overview, a page for each component, and those that people ask for.
//!
//! ```text
//!            ┌▶ alert, objective, stat ─┐
//! Catalog ───┼▶ metric (traffic, unit)  ┼─importance─▶ Dashboard ─layout─▶ classic, v2
//!            └▶ own                     ┘               (model)              (JSON)
//! ```
//!
//! What a dashboard shows is decided once, in the model; how a version of Grafana writes it down is
//! decided once for each version.

mod alert;
mod annotation;
mod classic;
mod id;
mod importance;
mod layout;
mod link;
mod look;
mod metric;
mod model;
mod objective;
mod overview;
mod own;
mod page;
mod query;
mod stat;
mod steps;
mod title;
mod traffic;
mod unit;
mod v2;
mod variable;

pub(super) use title::Titles;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Alert;
use streamhouse_metrics_spec::dashboard::OVERVIEW;

use super::readers::Readers;
use super::{Artifact, json};
use crate::promql::Results;

/// Makes all dashboards, in the classic model.
pub(super) fn emit(results: &Results<'_>) -> Vec<Artifact> {
    let artifact = |dashboard: &model::Dashboard| Artifact {
        path: file(&dashboard.name),
        text: json(&classic::Dashboard::new(dashboard)),
    };
    dashboards(results).iter().map(artifact).collect()
}

/// Makes all dashboards, as resources of schema v2.
///
/// They have a folder of their own: Grafana reads every file of the folder that it is provisioned
/// from, and there takes a resource of this schema for a mistake or for an empty dashboard.
pub(super) fn emit_v2(results: &Results<'_>) -> Vec<Artifact> {
    let artifact = |dashboard: &model::Dashboard| Artifact {
        path: format!("grafana/v2/{}.json", dashboard.name),
        text: json(&v2::Resource::new(dashboard)),
    };
    dashboards(results).iter().map(artifact).collect()
}

/// Every dashboard.
fn dashboards(results: &Results<'_>) -> Vec<model::Dashboard> {
    let catalog = results.catalog();
    let readers = Readers::new(catalog);
    let overview = overview::dashboard(results, &readers);
    let pages = 0..catalog.components.len();
    let pages = pages.map(|component| page::dashboard(results, &readers, component));
    let own = catalog.dashboards.iter().map(|own| own::dashboard(results, &readers, own));
    std::iter::once(overview).chain(pages).chain(own).collect()
}

/// The titles of the panels of an alert's own.
pub(super) fn panels_of(
    results: &Results<'_>,
    readers: &Readers<'_>,
    alert: &Alert,
) -> Vec<String> {
    let watched = alert::watched(results, &[alert]);
    watched.iter().map(|watched| watched.title(results, readers)).collect()
}

/// The uid of the dashboard with a key: a component's, the overview's, or an own one's.
pub(crate) fn uid_of(catalog: &Catalog, key: &str) -> String {
    match key {
        OVERVIEW => id::uid(&overview::name(catalog)),
        key => id::uid(&page_name(catalog, key)),
    }
}

/// The file of a component's page.
pub(super) fn page_file(catalog: &Catalog, component: &str) -> String {
    file(&page_name(catalog, component))
}

fn file(name: &str) -> String {
    format!("grafana/dashboards/{name}.json")
}

/// The name of a component's page: its file, and before shortening its uid.
fn page_name(catalog: &Catalog, component: &str) -> String {
    // Keys have no dashes, so this cannot be another component's name.
    let suffix = if component == OVERVIEW { "-component" } else { "" };
    format!("{}-{component}{suffix}", catalog.namespace)
}

impl model::Dashboard {
    /// A dashboard of a service, of which everything is left to be said.
    fn of(catalog: &Catalog) -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            description: String::new(),
            tag: catalog.namespace.clone(),
            is_editable: catalog.grafana.editable,
            refresh: catalog.grafana.refresh.clone(),
            links: Vec::new(),
            variables: Vec::new(),
            annotations: Vec::new(),
            sections: Vec::new(),
        }
    }
}
