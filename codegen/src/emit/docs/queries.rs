//! `docs/queries.md`: the queries worth a name.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Query;

use super::{metrics, tables};
use crate::text::markdown::{code, text};

/// The sections of the page.
pub(super) fn page(catalog: &Catalog) -> Vec<String> {
    if catalog.queries.is_empty() {
        return vec!["No queries are defined.".to_owned()];
    }
    catalog.queries.iter().flat_map(|query| section(catalog, query)).collect()
}

fn section(catalog: &Catalog, query: &Query) -> Vec<String> {
    let mut sections = vec![format!("## {}", code(&query.key)), tables::query(query)];
    let links: Vec<_> = query.reads.iter().map(|&id| metrics::link(catalog, id)).collect();
    let unit = query.unit.as_ref().filter(|unit| !unit.is_none());
    let facts = [
        unit.map(|unit| format!("In {}.", text(unit.as_str()))),
        (!links.is_empty()).then(|| format!("Reads {}.", links.join(", "))),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    sections.extend((!facts.is_empty()).then(|| facts.join(" ")));
    sections
}
