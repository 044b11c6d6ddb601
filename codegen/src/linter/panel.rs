//! Rules about panels: whom they ask, and what they say of themselves.

use serde_json::Value;

use super::dashboard::{Dashboard, Panel, list, text};
use super::source::DataSource;

/// Finds panels, and queries of theirs, that ask somebody else than the reader chose.
pub(super) fn data_source(panel: &Panel<'_>, dashboard: &Dashboard<'_>) -> Vec<String> {
    let is_chosen = |source: DataSource<'_>| {
        source.is_grafana() || source.variable(&dashboard.variables).is_some()
    };
    let mut found = Vec::new();
    let own = DataSource::of(panel.json);
    if own.is_none() {
        found.push("it names no data source".to_owned());
    } else if !is_chosen(own) {
        found.push(format!("it asks the data source `{}`, which is no variable", own.uid));
    }
    for target in list(&panel.json["targets"]) {
        let source = DataSource::of(target);
        if !source.is_none() && !is_chosen(source) {
            let (query, uid) = (text(target, "refId"), source.uid);
            found.push(format!(
                "query `{query}` asks the data source `{uid}`, which is no variable"
            ));
        }
    }
    found
}

/// Finds panels that do not say what they show.
pub(super) fn title_and_description(panel: &Panel<'_>, _: &Dashboard<'_>) -> Vec<String> {
    let is_missing = |key: &&str| text(panel.json, key).trim().is_empty();
    let missing = ["title", "description"].into_iter().filter(is_missing);
    missing.map(|key| format!("it has no {key}")).collect()
}

/// Finds panels that ask nothing.
pub(super) fn targets(panel: &Panel<'_>, _: &Dashboard<'_>) -> Vec<String> {
    match list(&panel.json["targets"]) {
        [] => vec!["it has no query".to_owned()],
        [..] => Vec::new(),
    }
}

/// What a panel says by field and not for all fields: the values of a property.
pub(super) fn overridden<'d>(
    panel: &Panel<'d>,
    property: &'static str,
) -> impl Iterator<Item = &'d Value> {
    let overrides = list(&panel.json["fieldConfig"]["overrides"]);
    let properties = overrides.iter().flat_map(|of| list(&of["properties"]));
    properties.filter(move |one| text(one, "id") == property).map(|one| &one["value"])
}
