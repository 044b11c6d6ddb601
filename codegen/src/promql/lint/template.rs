//! What a text says of the series and the value of a result.

use std::ops::Range;

use streamhouse_metrics_spec::rule;

use crate::promql::labels::Presence;
use crate::promql::shown::{humanize, may_be_share, unit_name};
use crate::promql::types::{Kind, Type};
use crate::promql::{Finding, Version};
use crate::template::{Failure, Mentions, Novelty, Template, Written, mentions, misuse, parse};

/// Reads a text of an alert; the finding says why Prometheus could do nothing with it.
pub(super) fn read(text: &str, target: Version) -> Result<Template, Finding> {
    let wrong = |failure: Failure| {
        let Failure { place, message, help, .. } = failure;
        Finding { rule: &rule::TEMPLATE, span: place, message, help }
    };
    let template = parse(text).map_err(wrong)?;
    if let Some(novelty) = template.novelties.iter().find(|novelty| novelty.since > target) {
        return Err(too_new(text, novelty, target));
    }
    misuse(&template).map_or(Ok(template), |failure| Err(wrong(failure)))
}

fn too_new(text: &str, novelty: &Novelty, target: Version) -> Finding {
    let Novelty { place, since: Version(new_major, new_minor) } = novelty;
    let Version(major, minor) = target;
    let word = &text[place.clone()];
    Finding {
        rule: &rule::QUERY_VERSION,
        span: place.clone(),
        message: format!(
            "`{word}` needs Prometheus {new_major}.{new_minor}, and this is for {major}.{minor}"
        ),
        help: Some(format!(
            "do without it, or say `target_prometheus = \"{new_major}.{new_minor}\"`"
        )),
    }
}

/// Finds what a text of an alert would write wrong.
pub(super) fn findings(template: &Template, of: &Type) -> Vec<Finding> {
    let Mentions { labels, values } = mentions(template);
    let labels = labels.into_iter().filter_map(|(label, place)| lost(&label, place, of));
    let value = values.into_iter().find_map(|written| value_format(written, of));
    value.into_iter().chain(labels).collect()
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
fn value_format(written: Written, of: &Type) -> Option<Finding> {
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
    let (span, message) = match written {
        Written { place, by: None } if !is_whole => {
            (place, "the value is written with all its digits".to_owned())
        }
        Written { by: Some((function @ "humanizeDuration", place)), .. } if unit != "seconds" => {
            (place, format!("`{function}` takes seconds, and this is in {unit}"))
        }
        Written { by: Some((function @ "humanizePercentage", place)), .. }
            if unit == "percent" || !may_be_share(&unit) =>
        {
            (place, format!("`{function}` takes ratios, and this is in {unit}"))
        }
        _ => return None,
    };
    let help = Some(format!("write `$value | {}`", humanize(&unit)));
    Some(Finding { rule: &rule::VALUE_FORMAT, span, message, help })
}
