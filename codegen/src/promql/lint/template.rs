//! What a text says of the series and the value of a result.

use std::ops::Range;

use streamhouse_metrics_spec::rule;

use crate::promql::Finding;
use crate::promql::labels::Presence;
use crate::promql::shown::{humanize, may_be_share, unit_name};
use crate::promql::types::{Kind, Type};

/// Finds what a text of an alert would write wrong.
pub(super) fn findings(text: &str, of: &Type) -> Vec<Finding> {
    let labels = template_labels(text).into_iter().filter_map(|place| {
        let label = &text[place.clone()];
        lost(label, place, of)
    });
    value_format(text, of).into_iter().chain(labels).collect()
}

/// Finds a label that a text names at a place and can say nothing about.
pub(super) fn lost(label: &str, place: Range<usize>, of: &Type) -> Option<Finding> {
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
    Some(Finding { rule: &rule::TEMPLATE_LABEL, span: place, message, help: Some(help) })
}

/// What is wrong with how a text writes the value, and what is right.
fn value_format(text: &str, of: &Type) -> Option<Finding> {
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
        let written = Written::of(&text[place.clone()])?;
        let message = match written {
            Written::Whole if !is_whole => "the value is written with all its digits".to_owned(),
            Written::By(step @ "humanizeDuration") if unit != "seconds" => {
                format!("`{step}` takes seconds, and this is in {unit}")
            }
            Written::By(step @ "humanizePercentage")
                if unit == "percent" || !may_be_share(&unit) =>
            {
                format!("`{step}` takes ratios, and this is in {unit}")
            }
            _ => return None,
        };
        let (rule, help) = (&rule::VALUE_FORMAT, Some(help.clone()));
        Some(Finding { rule, span: place, message, help })
    })
}

/// How an action of a template writes the value.
enum Written<'t> {
    Whole,
    /// By a function of this name.
    By(&'t str),
}

impl<'t> Written<'t> {
    /// None where it does not write the value.
    fn of(action: &'t str) -> Option<Self> {
        let inside = action.trim_start_matches("{{").trim_end_matches("}}");
        let inside = inside.trim_start_matches('-').trim_end_matches('-');
        let mut steps = inside.split('|').map(str::trim);
        let first: Vec<&str> = steps.next()?.split_whitespace().collect();
        let is_value = |word: &str| matches!(word, "$value" | ".Value");
        match *first {
            [value] if is_value(value) => Some(match steps.next() {
                Some(step) => Self::By(step.split_whitespace().next().unwrap_or(step)),
                None => Self::Whole,
            }),
            [function, value] if is_value(value) => Some(Self::By(function)),
            _ => None,
        }
    }
}

/// The placeholders of a text, with their braces.
fn actions(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("{{").filter_map(|(start, _)| {
        let length = text[start..].find("}}")?;
        Some(start..start + length + 2)
    })
}

/// The labels that a text names within placeholders: `topic` in `{{ $labels.topic }}`.
fn template_labels(text: &str) -> Vec<Range<usize>> {
    let mut labels = Vec::new();
    for action in actions(text) {
        for before in ["$labels.", ".Labels.", "$labels \"", ".Labels \""] {
            for (at, _) in text[action.clone()].match_indices(before) {
                let start = action.start + at + before.len();
                let rest = &text[start..action.end];
                let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                labels.push(start..start + end.unwrap_or(rest.len()));
            }
        }
    }
    labels
}
