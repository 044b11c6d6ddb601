//! What an alert's texts say of its series and its value.

use streamhouse_metrics_spec::catalog::Alert;
use streamhouse_metrics_spec::rule::{self, Rule};

use super::labels::Presence;
use super::types::{Kind, Type};

/// Finds what a text of an alert would write wrong.
pub(super) fn findings(
    alert: &Alert,
    of: &Type,
    find: &mut impl FnMut(&'static Rule, String, Option<&str>),
) {
    let texts = [&alert.summary, &alert.description];
    if let Some((message, help)) = texts.iter().find_map(|text| value_format(text, of)) {
        find(&rule::VALUE_FORMAT, message, Some(&help));
    }
    for label in template_labels(&alert.summary).chain(template_labels(&alert.description)) {
        if of.labels.get(label).presence == Presence::Never {
            let message =
                format!("a text of this alert names `{label}`, which the expression does not keep");
            let kept = of.labels.iter().filter(|(_, label)| label.presence != Presence::Never);
            let kept: Vec<&str> = kept.map(|(name, _)| name).collect();
            let help = match kept.is_empty() {
                true => "it keeps no labels".to_owned(),
                false => format!("it keeps `{}`", kept.join("`, `")),
            };
            find(&rule::TEMPLATE_LABEL, message, Some(&help));
        }
    }
}

/// What is wrong with how a text writes the value, and what is right.
fn value_format(text: &str, of: &Type) -> Option<(String, String)> {
    let unit = of.unit.as_ref()?.name()?;
    let is_whole = !matches!(
        of.kind,
        Kind::Rate
            | Kind::Increase
            | Kind::Derivative
            | Kind::Average
            | Kind::Quantile
            | Kind::Ratio
    );
    // Failures per attempt are a share too.
    let is_ratio = unit == "ratio" || (unit.contains('/') && !unit.ends_with("/s"));
    let fits = match &*unit {
        "seconds" => "humanizeDuration",
        "percent" => "humanize",
        _ if is_ratio => "humanizePercentage",
        "bytes" => "humanize1024",
        _ => "humanize",
    };
    let actions = text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next());
    for action in actions {
        let mut steps = action.split('|').map(str::trim);
        if steps.next() != Some("$value") {
            continue;
        }
        let help = format!("write `{{{{ $value | {fits} }}}}`");
        match steps.next() {
            None if !is_whole => {
                return Some(("a text writes the value with all its digits".to_owned(), help));
            }
            Some(step @ "humanizeDuration") if unit != "seconds" => {
                return Some((format!("`{step}` takes seconds, and this is in {unit}"), help));
            }
            Some(step @ "humanizePercentage") if unit == "percent" || !is_ratio => {
                return Some((format!("`{step}` takes ratios, and this is in {unit}"), help));
            }
            _ => {}
        }
    }
    None
}

/// The labels that a text names: `{{ $labels.topic }}`.
fn template_labels(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("$labels.").map(|(at, start)| {
        let rest = &text[at + start.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        &rest[..end.unwrap_or(rest.len())]
    })
}
