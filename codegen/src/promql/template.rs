//! What a text says of the series and the value of a result.

use std::ops::Range;

use streamhouse_metrics_spec::rule::{self, Rule};

use super::labels::Presence;
use super::shown::{humanize, may_be_share, unit_name};
use super::types::{Kind, Type};

/// What is wrong in a text: the lint, the piece, what happens, and what is right.
pub(super) type Wrong = (&'static Rule, Range<usize>, String, String);

/// Finds what a text of an alert would write wrong.
pub(super) fn findings(text: &str, of: &Type) -> Vec<Wrong> {
    let labels = template_labels(text).filter_map(|place| {
        let label = &text[place.clone()];
        let (message, help) = lost(label, of)?;
        Some((&rule::TEMPLATE_LABEL, place, message, help))
    });
    value_format(text, of).into_iter().chain(labels).collect()
}

/// Why a text can say nothing about a label, and which labels it can speak of.
pub(super) fn lost(label: &str, of: &Type) -> Option<(String, String)> {
    if of.labels.get(label).presence != Presence::Never {
        return None;
    }
    let message = format!("this names `{label}`, which the expression does not keep");
    let kept = of.labels.iter().filter(|(_, label)| label.presence != Presence::Never);
    let kept: Vec<&str> = kept.map(|(name, _)| name).collect();
    let help = match kept.is_empty() {
        true => "it keeps no labels".to_owned(),
        false => format!("it keeps `{}`", kept.join("`, `")),
    };
    Some((message, help))
}

/// What is wrong with how a text writes the value, and what is right.
fn value_format(text: &str, of: &Type) -> Option<Wrong> {
    let unit = unit_name(of)?;
    let is_whole = !matches!(
        of.kind,
        Kind::Rate
            | Kind::Increase
            | Kind::Derivative
            | Kind::Average
            | Kind::Quantile
            | Kind::Ratio
    );
    let help = format!("write `{{{{ $value | {} }}}}`", humanize(&unit));
    actions(text).find_map(|place| {
        let mut steps = text[place.clone()].trim_matches(['{', '}']).split('|').map(str::trim);
        if steps.next() != Some("$value") {
            return None;
        }
        let message = match steps.next() {
            None if !is_whole => "the value is written with all its digits".to_owned(),
            Some(step @ "humanizeDuration") if unit != "seconds" => {
                format!("`{step}` takes seconds, and this is in {unit}")
            }
            Some(step @ "humanizePercentage") if unit == "percent" || !may_be_share(&unit) => {
                format!("`{step}` takes ratios, and this is in {unit}")
            }
            _ => return None,
        };
        Some((&rule::VALUE_FORMAT, place, message, help.clone()))
    })
}

/// The placeholders of a text, with their braces.
fn actions(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("{{").filter_map(|(start, _)| {
        let length = text[start..].find("}}")?;
        Some(start..start + length + 2)
    })
}

/// The labels that a text names: `topic` in `{{ $labels.topic }}`.
fn template_labels(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("$labels.").map(|(at, before)| {
        let start = at + before.len();
        let rest = &text[start..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        start..start + end.unwrap_or(rest.len())
    })
}
