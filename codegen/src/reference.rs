//! The reference of the specification language, printed from the language itself.
//!
//! These parts can be asked for in hand-written Markdown like those of the catalogue (see
//! [`crate::marked`]); they are the same for every specification.

use streamhouse_metrics_spec::language::{ROOT, Shape, Type};
use streamhouse_metrics_spec::name::to_title;
use streamhouse_metrics_spec::rule::{self, Rule};
use streamhouse_metrics_spec::sample::MOST;
use streamhouse_metrics_spec::unit::{BASE, COUNTING};

use crate::text::markdown::{Align, code, table};

/// Every key of every table.
pub(crate) fn language() -> String {
    let mut shapes: Vec<&Shape> = Vec::new();
    collect(&ROOT, &mut shapes);
    shapes.into_iter().map(section).collect::<Vec<_>>().join("\n")
}

/// Every lint that can be allowed or given another level.
pub(crate) fn lints() -> String {
    let columns = [("Lint", Align::Left), ("Level", Align::Left), ("Demands", Align::Left)];
    table(
        &columns,
        adjustable().map(|rule| {
            vec![code(rule.id), rule.level.as_str().to_owned(), rule.summary.to_owned()]
        }),
    )
}

/// The rules that a specification can allow or give another level.
pub(crate) fn adjustable() -> impl Iterator<Item = &'static Rule> {
    rule::ALL.iter().copied().filter(|rule| rule.adjustable)
}

/// The vocabulary of units.
pub(crate) fn units() -> String {
    let words = |words: &[&str]| words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", ");
    format!("Measuring: {}.\n\nCounting: {}.\n", words(BASE), words(COUNTING))
}

/// A shape and the shapes of its values, each once, in the order of mention.
fn collect(shape: &'static Shape, shapes: &mut Vec<&'static Shape>) {
    if shapes.iter().any(|known| known.what == shape.what) {
        return;
    }
    shapes.push(shape);
    let values = shape.keys.iter().map(|key| &key.value).chain(shape.rest);
    values.for_each(|value| collect_value(value, shapes));
}

fn collect_value(value: &'static Type, shapes: &mut Vec<&'static Shape>) {
    match value {
        Type::Table(shape) => collect(shape, shapes),
        Type::List(inner) | Type::Set(inner) | Type::Map(_, inner) => collect_value(inner, shapes),
        Type::Either(one, other) => {
            collect_value(one, shapes);
            collect_value(other, shapes);
        }
        _ => {}
    }
}

fn section(shape: &Shape) -> String {
    let columns = [("Key", Align::Left), ("Value", Align::Left), ("Meaning", Align::Left)];
    let rows = shape.keys.iter().map(|key| {
        let required = if key.required { ", required" } else { "" };
        vec![code(key.name), format!("{}{required}", description(&key.value)), key.help.to_owned()]
    });
    let rest = shape.rest.map(|rest| {
        let meaning = "A component, under a key of its own, with its metrics.";
        vec!["any other".to_owned(), description(rest), meaning.to_owned()]
    });
    format!("### {} keys\n\n{}", to_title(shape.what), table(&columns, rows.chain(rest)))
}

/// A type in words.
fn description(value: &Type) -> String {
    match value {
        Type::Text => "text".to_owned(),
        Type::Unit => "unit".to_owned(),
        Type::Lint => "lint".to_owned(),
        Type::Integer => "whole number, below zero too".to_owned(),
        Type::Within(least, most) => format!("whole number from {least} to {most}"),
        Type::Count(0) => "whole number".to_owned(),
        Type::Count(least) => format!("whole number from {least} on"),
        Type::Number(None) => "number".to_owned(),
        Type::Number(Some(limit)) => format!("number above {limit}"),
        Type::Duration => "duration such as `5m`".to_owned(),
        Type::Sample => format!("text `1/N`, N from 2 to {MOST}"),
        Type::Boolean => "`true` or `false`".to_owned(),
        Type::Word(words) => words.iter().map(|word| code(word)).collect::<Vec<_>>().join(", "),
        Type::List(items) | Type::Set(items) => format!("list of {}", description(items)),
        Type::Table(shape) => {
            let anchor = format!("{}-keys", shape.what.replace(' ', "-"));
            format!("[{}](#{anchor})", shape.what)
        }
        Type::Map(_, values) => format!("table of {}", description(values)),
        Type::Either(one, other) => format!("{}, or {}", description(one), description(other)),
    }
}
