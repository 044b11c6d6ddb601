//! `docs/`: the reference of metrics, objectives, alerts, recording rules and queries in Markdown,
//! and runbooks.

mod alerts;
mod labels;
mod metrics;
mod own;
mod queries;
mod recorded;
mod recording;
mod runbooks;
mod slos;
pub(crate) mod tables;

use super::Artifact;
use super::readers::Readers;
use crate::promql::Results;
use crate::text::{PREAMBLE, markdown};

/// Makes the five pages, and a runbook for each alert.
pub(super) fn emit(results: &Results<'_>) -> Vec<Artifact> {
    let catalog = results.catalog();
    let readers = Readers::new(catalog);
    let runbooks = catalog.alerts.iter().map(|alert| {
        let path = format!("docs/runbooks/{}.md", alert.name);
        page(&path, &catalog.title, &alert.name, &runbooks::page(results, &readers, alert))
    });
    let pages = [
        page("docs/metrics.md", &catalog.title, "metrics", &metrics::page(catalog)),
        page("docs/slos.md", &catalog.title, "objectives", &slos::page(results)),
        page("docs/alerts.md", &catalog.title, "alerts", &alerts::page(results)),
        page(
            "docs/recording_rules.md",
            &catalog.title,
            "recording rules",
            &recorded::page(results),
        ),
        page("docs/queries.md", &catalog.title, "queries", &queries::page(results)),
    ];
    pages.into_iter().chain(runbooks).collect()
}

/// A page from its sections, which an empty line sets apart.
pub(super) fn page(path: &str, title: &str, subject: &str, sections: &[String]) -> Artifact {
    let mut text = format!("<!-- {PREAMBLE} -->\n\n# {} {subject}\n", markdown::text(title));
    for section in sections {
        text.push('\n');
        text.push_str(section.trim_end());
        text.push('\n');
    }
    Artifact { path: path.to_owned(), text }
}

/// Sentences as a paragraph, where there are any.
fn paragraph<const MOST: usize>(sentences: [Option<String>; MOST]) -> Option<String> {
    let sentences: Vec<_> = sentences.into_iter().flatten().collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
