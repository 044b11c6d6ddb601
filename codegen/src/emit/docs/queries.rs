//! `docs/queries.md`: the queries worth a name.

use streamhouse_metrics_spec::catalog::Query;

use super::{metrics, paragraph, tables};
use crate::promql::Results;
use crate::text::markdown::code;

/// The sections of the page.
pub(super) fn page(results: &Results<'_>) -> Vec<String> {
    let catalog = results.catalog();
    if catalog.queries.is_empty() {
        return vec!["No queries are defined.".to_owned()];
    }
    catalog.queries.iter().flat_map(|query| section(results, query)).collect()
}

fn section(results: &Results<'_>, query: &Query) -> Vec<String> {
    let mut sections = vec![format!("## {}", code(&query.key)), tables::query(query)];
    let facts = [
        results.unit(query).map(|unit| tables::unit(&unit)),
        metrics::reads(results.catalog(), &query.reads),
    ];
    sections.extend(paragraph(facts));
    sections
}
