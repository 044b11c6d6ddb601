//! `docs/queries.md`: the queries worth a name.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Query;

use super::{metrics, paragraph, tables};
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
    let unit = query.unit.as_ref().filter(|unit| !unit.is_none());
    let facts = [
        unit.map(|unit| format!("In {}.", text(unit.as_str()))),
        metrics::reads(catalog, &query.reads),
    ];
    sections.extend(paragraph(facts));
    sections
}
