//! `grafana/dashboards/`: an overview, and a page for each component.
//!
//! ```text
//! Catalog ──▶ panels (panel, query, unit) ──layout──▶ page (model) ──▶ JSON
//! ```
//!
//! The classic JSON model is what every Grafana from 11 on provisions from files.

mod drawing;
mod layout;
mod model;
mod overview;
mod page;
mod panel;
mod query;
mod title;
mod unit;
mod variable;

pub(super) use title::Titles;

use streamhouse_metrics_spec::Catalog;

use super::readers::Readers;
use super::{Artifact, json};
use crate::promql::Results;

/// Makes all dashboards.
pub(super) fn emit(results: &Results<'_>) -> Vec<Artifact> {
    let catalog = results.catalog();
    let readers = Readers::new(catalog);
    let overview = artifact(
        format!("{}-overview", catalog.namespace),
        &overview::dashboard(catalog, &readers),
    );
    let pages = (0..catalog.components.len()).map(|component| {
        let name = page_name(catalog, &catalog.components[component].key);
        artifact(name, &page::dashboard(results, &readers, component))
    });
    std::iter::once(overview).chain(pages).collect()
}

fn artifact(name: String, dashboard: &model::Dashboard) -> Artifact {
    Artifact { path: file(&name), text: json(dashboard) }
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
    let suffix = if component == "overview" { "-component" } else { "" };
    format!("{}-{component}{suffix}", catalog.namespace)
}
