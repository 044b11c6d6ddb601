//! Generated parts of hand-written Markdown.
//!
//! A README has its own words and a few tables that the specification knows better:
//!
//! ```text
//! <!-- streamhouse-metrics:metrics producer -->
//! …
//! <!-- /streamhouse-metrics -->
//! ```
//!
//! Whatever stands between the two markers is replaced. What can be asked for is `metrics`, of all
//! components or of one, `alerts` and `queries`. Markers inside code fences are examples.

use streamhouse_metrics_spec::{Catalog, name, suggest};

use crate::emit::tables;
use crate::text::markdown::text as escaped;

const OPEN: &str = "<!-- streamhouse-metrics:";
const CLOSE: &str = "<!-- /streamhouse-metrics -->";
const PARTS: [&str; 3] = ["metrics", "alerts", "queries"];

/// The file with every marked part made anew; a wrong marker is an error that names its line.
pub fn renew(shown: &str, file: &str, catalog: &Catalog) -> Result<String, String> {
    let mut renewed = String::with_capacity(file.len());
    let mut fence: Option<&str> = None;
    let mut lines = file.split_inclusive('\n').enumerate();
    while let Some((at, line)) = lines.next() {
        let wrong = |message: String| Err(format!("{shown}:{}: {message}", at + 1));
        let marker = line.trim();
        renewed.push_str(line);
        if let Some(open) = fence {
            let closes =
                marker.starts_with(open) && marker.bytes().all(|byte| open.as_bytes()[0] == byte);
            fence = if closes { None } else { fence };
        } else if marker.starts_with("```") || marker.starts_with("~~~") {
            let length = marker
                .bytes()
                .take_while(|byte| *byte == marker.as_bytes()[0])
                .count();
            fence = Some(&marker[..length]);
        } else if marker == CLOSE {
            return wrong(format!(
                "`{CLOSE}` closes nothing; write `{OPEN}metrics -->` before it"
            ));
        } else if let Some(rest) = marker.strip_prefix(OPEN) {
            let Some(wanted) = rest.strip_suffix("-->") else {
                return wrong("the marker does not end in `-->`".to_owned());
            };
            let part = match part(wanted.trim(), catalog) {
                Ok(part) => part,
                Err(message) => return wrong(message),
            };
            let Some((_, close)) =
                lines.find(|(_, line)| line.trim() == CLOSE || line.trim().starts_with(OPEN))
            else {
                return wrong(format!(
                    "the marked part is never closed; write `{CLOSE}` where it ends"
                ));
            };
            if close.trim() != CLOSE {
                return wrong(format!(
                    "the marked part is not closed before the next; write `{CLOSE}` where it ends"
                ));
            }
            let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
            renewed.push_str(&format!("\n{}\n\n", part.trim_end()).replace('\n', end));
            renewed.push_str(close);
        }
    }
    Ok(renewed)
}

/// What a marker asks for.
fn part(wanted: &str, catalog: &Catalog) -> Result<String, String> {
    let (part, component) = wanted.split_once(' ').unwrap_or((wanted, ""));
    match (part, component.trim()) {
        ("metrics", "") => Ok(all_metrics(catalog)),
        ("metrics", key) => match catalog
            .components
            .iter()
            .find(|component| component.key == key)
        {
            Some(component) => Ok(tables::metrics(catalog, component)),
            None => {
                let known = catalog.components.iter().map(|component| &*component.key);
                Err(unknown("component", key, known))
            }
        },
        ("alerts", "") => Ok(tables::alerts(&catalog.alerts)),
        ("queries", "") => Ok(queries(catalog)),
        ("alerts" | "queries", _) => Err(format!("`{part}` takes no component")),
        _ => Err(unknown("part", part, PARTS)),
    }
}

fn unknown<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let help = suggest::did_you_mean(word, known.clone()).unwrap_or_else(|| {
        format!(
            "there are `{}`",
            known.into_iter().collect::<Vec<_>>().join("`, `")
        )
    });
    format!("unknown {what} `{word}`; {help}")
}

/// A titled table for each component.
fn all_metrics(catalog: &Catalog) -> String {
    let section = |component| {
        format!(
            "**{}**\n\n{}",
            escaped(title(component)),
            tables::metrics(catalog, component)
        )
    };
    catalog
        .components
        .iter()
        .map(section)
        .collect::<Vec<_>>()
        .join("\n")
}

fn title(component: &streamhouse_metrics_spec::catalog::Component) -> &str {
    &component.title
}

fn queries(catalog: &Catalog) -> String {
    let section = |query| {
        format!(
            "**{}**: {}",
            escaped(&name::to_title(key(query))),
            tables::query(query)
        )
    };
    catalog
        .queries
        .iter()
        .map(section)
        .collect::<Vec<_>>()
        .join("\n")
}

fn key(query: &streamhouse_metrics_spec::catalog::Query) -> &str {
    &query.key
}
