//! Alerts that nothing tests, at the piece of them that no test can be made of.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use streamhouse_metrics_spec::catalog::Alert;
use streamhouse_metrics_spec::diagnostic::{Diagnostic, Sink};
use streamhouse_metrics_spec::expression::{Expression, Reader};
use streamhouse_metrics_spec::rule;
use streamhouse_metrics_spec::source::Span;
use streamhouse_metrics_spec::{Checked, Sources};

use super::check::piece;
use crate::rules;
use crate::testing::{Uncovered, Unsupported};

/// Finds alerts for which no tests are written that make them fire, and for which none follow.
pub(super) fn find(
    checked: &Checked,
    uncovered: &HashMap<String, Uncovered>,
    peculiar: &HashSet<Span>,
    used: &mut HashSet<Span>,
    found: &mut Sink,
) {
    let level = checked.expressions.level(&rule::UNCOVERED);
    let expressions = checked.expressions.list.iter();
    for expression in expressions.filter(|expression| !peculiar.contains(&expression.name)) {
        let Reader::Alert(at) = expression.reader else { continue };
        let Some(alert) = checked.catalog.alerts.get(at) else { continue };
        let Some(why) = uncovered.get(&alert.name) else { continue };
        let allow = expression.allows.iter().find(|(lint, _)| lint == rule::UNCOVERED.id);
        if let Some((_, place)) = allow {
            used.insert(*place);
            continue;
        }
        found.push(Diagnostic { level, ..without_tests(checked, expression, alert, why) });
    }
}

/// Why an alert has no tests, and what to do about it.
fn without_tests(
    checked: &Checked,
    expression: &Expression,
    alert: &Alert,
    why: &Uncovered,
) -> Diagnostic {
    let Alert { name, condition, tier_of, .. } = alert;
    let (place, message, help) = match why {
        Uncovered::Unsupported(Unsupported::Text(what, part)) => {
            let text = expression.texts.first();
            let place = text.map(|(text, span)| place_of(text, part, *span, &checked.sources));
            (
                place,
                format!("no test can say what `{name}` tells: {what}"),
                "say what follows from the labels and the value of its series".to_owned(),
            )
        }
        Uncovered::Value => (
            None,
            format!("the texts of `{name}` show its value, which a test leaves out"),
            "add `value = …` beside `labels` under `fires`".to_owned(),
        ),
        Uncovered::NeverFires => (
            None,
            format!("no test makes `{name}` fire"),
            format!("write an `[[alerts.{name}.test]]` whose `fires` is not empty"),
        ),
        Uncovered::Unsupported(Unsupported::Piece(what, part)) => {
            let expr = rules::expr(&checked.catalog, condition);
            let written = expr.get(part.clone()).unwrap_or_default();
            let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
            (
                Some(in_condition(checked, expression, part)),
                format!(
                    "no test can be made for `{name}`: the {what} `{written}` is not reproduced"
                ),
                write_one(name, *tier_of),
            )
        }
        Uncovered::Unsupported(Unsupported::Condition(what, part)) => (
            part.as_ref().map(|part| in_condition(checked, expression, part)),
            format!("no test can be made for `{name}`: this is {what}"),
            write_one(name, *tier_of),
        ),
    };
    Diagnostic::new(&rule::UNCOVERED, place.unwrap_or(expression.name), message).help(help)
}

/// The place of a part of a condition; of one that follows from a bound there is only that.
fn in_condition(checked: &Checked, expression: &Expression, part: &Range<usize>) -> Span {
    match &expression.text {
        Some(text) => place_of(text, part, expression.span, &checked.sources),
        None => expression.span,
    }
}

fn write_one(name: &str, tier_of: Option<usize>) -> String {
    let own = if tier_of.is_some() { "make it an alert of its own, and " } else { "" };
    format!("{own}write `[[alerts.{name}.test]]`")
}

/// The place of a part of a text without the white space around it.
fn place_of(text: &str, part: &Range<usize>, span: Span, sources: &Sources) -> Span {
    let before = piece(text).start;
    sources.piece(span, part.start + before..part.end + before)
}
