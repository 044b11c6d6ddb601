//! The rule about what variables ask Prometheus for.

use super::dashboard::{Dashboard, Variable};
use super::source::DataSource;
use crate::promql::parse::parse;
use crate::promql::syntax::Node;

/// Finds variables whose query Grafana or Prometheus would not understand.
pub(super) fn understood(dashboard: &Dashboard<'_>) -> Vec<String> {
    if !dashboard.asks_prometheus() {
        return Vec::new();
    }
    let is_ours = |variable: &&Variable<'_>| {
        DataSource::of(variable.json).is_prometheus(&dashboard.variables) != Some(false)
    };
    let found = dashboard.variables_of("query").filter(is_ours).filter_map(|variable| {
        let Variable { name, query, .. } = variable;
        let why = mistake(query)?;
        Some(format!("`{name}` asks for `{query}`: {why}"))
    });
    found.collect()
}

/// Why a query is none.
fn mistake(query: &str) -> Option<String> {
    let call = query.trim().strip_suffix(')').and_then(|call| call.split_once('('));
    let Some((function, argument)) = call else {
        return Some("this is no call of a function".to_owned());
    };
    match function {
        "label_values" => match argument.rsplit_once(',') {
            Some((series, label)) => not_series(series).or_else(|| not_label(label)),
            None => not_label(argument),
        },
        // A regular expression, which only Prometheus can judge.
        "label_names" | "metrics" => None,
        "query_result" => parse(argument).err().map(|error| error.message),
        _ => {
            let known = "`label_values`, `label_names`, `metrics` or `query_result`";
            Some(format!("`{function}` is none of {known}"))
        }
    }
}

fn not_series(text: &str) -> Option<String> {
    match parse(text) {
        Err(error) => Some(error.message),
        Ok(parsed) => match parsed.expr.node {
            Node::Selector(_) | Node::Variable => None,
            _ => Some(format!("`{}` is no selector", text.trim())),
        },
    }
}

fn not_label(text: &str) -> Option<String> {
    let label = text.trim();
    let of_label =
        |character: char| character.is_ascii_alphanumeric() || "_${}".contains(character);
    let is_label = !label.is_empty() && label.chars().all(of_label);
    (!is_label).then(|| format!("`{label}` is no label"))
}
