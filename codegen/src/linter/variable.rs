//! Rules about the variables of a dashboard: what readers choose of is called alike everywhere.

use super::dashboard::{Dashboard, Variable, text};
use super::source::DataSource;

/// What `refresh` says of a variable that asks again when the time range changes.
const ON_TIME_RANGE_CHANGE: u64 = 2;

/// What stands for all values of a variable: a label that is there, whatever it says.
const ALL: &str = ".+";

/// Finds data sources that are no variable, or one under a name of its own.
pub(super) fn data_source(dashboard: &Dashboard<'_>) -> Vec<String> {
    let sources: Vec<_> = dashboard.variables_of("datasource").collect();
    if sources.is_empty() {
        return vec!["there is no variable of the type `datasource`".to_owned()];
    }
    let mut found = Vec::new();
    for source in &sources {
        let Variable { json, name, query: kind, .. } = source;
        let mut names = vec![format!("{kind}_datasource")];
        let mut labels = vec![format!("{} data source", capitalised(kind))];
        // Several need to be told apart.
        if sources.len() == 1 {
            names.insert(0, "datasource".to_owned());
            labels.insert(0, "Data source".to_owned());
        }
        if !names.iter().any(|known| known == name) {
            let names = names.join("` or `");
            found.push(format!("the data source's variable is called `{name}`, not `{names}`"));
        }
        let label = text(json, "label");
        if !labels.iter().any(|known| known == label) {
            let labels = labels.join("` or `");
            found.push(format!("the label of `{name}` is `{label}`, not `{labels}`"));
        }
    }
    found
}

/// Finds what is wrong with the variable of jobs.
pub(super) fn job(dashboard: &Dashboard<'_>) -> Vec<String> {
    of_target("job", dashboard)
}

/// Finds what is wrong with the variable of instances.
pub(super) fn instance(dashboard: &Dashboard<'_>) -> Vec<String> {
    of_target("instance", dashboard)
}

fn of_target(wanted: &str, dashboard: &Dashboard<'_>) -> Vec<String> {
    if !dashboard.asks_prometheus() {
        return Vec::new();
    }
    let variable = dashboard.variables.iter().find(|variable| variable.name == wanted);
    let Some(Variable { json, kind, .. }) = variable else {
        return vec![format!("there is no variable `{wanted}`")];
    };
    let mut found = Vec::new();
    let source = DataSource::of(json);
    let asks = source.variable(&dashboard.variables).map(|source| source.name);
    if !matches!(asks, Some("datasource" | "prometheus_datasource")) {
        let uid = source.uid;
        found.push(format!("`{wanted}` asks the data source `{uid}`, not `${{datasource}}`"));
    }
    if *kind != "query" {
        found.push(format!("`{wanted}` is of the type `{kind}`, not `query`"));
    }
    let (label, title) = (text(json, "label"), capitalised(wanted));
    if label != title {
        found.push(format!("the label of `{wanted}` is `{label}`, not `{title}`"));
    }
    if json["multi"] != true {
        found.push(format!("only one `{wanted}` can be chosen: set `multi` to `true`"));
    }
    let all = text(json, "allValue");
    if all != ALL {
        found.push(format!("the `allValue` of `{wanted}` is `{all}`, not `{ALL}`"));
    }
    found
}

/// Finds variables that go on offering what is not there in the time that is shown.
pub(super) fn reload(dashboard: &Dashboard<'_>) -> Vec<String> {
    let stays =
        |variable: &&Variable<'_>| variable.json["refresh"].as_u64() != Some(ON_TIME_RANGE_CHANGE);
    let found =
        dashboard.variables_of("query").filter(stays).map(|Variable { name, json, .. }| {
            let refresh = &json["refresh"];
            format!("the `refresh` of `{name}` is `{refresh}`, not `{ON_TIME_RANGE_CHANGE}`")
        });
    found.collect()
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
