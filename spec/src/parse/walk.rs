//! Holding a file against the language: unknown keys, missing keys, values of the wrong type.
//!
//! Afterwards [`super::read`] may take every value for what it should be.

use toml::de::DeValue;

use crate::diagnostic::{Diagnostic, Sink};
use crate::language::{INCLUDED, Key, METRIC, ROOT, Shape, Type};
use crate::sample::{self, Meant};
use crate::source::Span;
use crate::spec::Text;
use crate::suggest::{did_you_mean, nearest, question};
use crate::{duration, rule};

use super::file::{hidden_character, is_hidden};
use super::table::{Table, Value};

/// Reports everything in a table that its shape does not allow.
pub(crate) fn walk(table: &Table<'_>, shape: &'static Shape, sink: &mut Sink) {
    // Keys that a misspelt one stands for are not missing as well.
    let mut meant = Vec::new();
    for (key, value) in table.entries() {
        match (shape.key(key), shape.rest) {
            (Some(known), _) => value_of(value, &known.value, key, sink),
            (None, _) if is_setting(key, shape) => sink.push(setting_elsewhere(key)),
            (None, Some(rest)) if is_component(value, key, shape) => {
                value_of(value, rest, key, sink)
            }
            (None, _) if is_dotted_name(table, value, shape) => {
                return sink.push(dotted_name(table, key));
            }
            (None, _) => {
                let names = shape.keys.iter().map(|key| key.name);
                let nearest = nearest(key, names);
                meant.extend(nearest);
                sink.push(unknown_key(key, nearest, shape));
            }
        }
    }
    let absent = |key: &&Key| key.required && table.get(key.name).is_none();
    for key in shape.keys.iter().filter(absent).filter(|key| !meant.contains(&key.name)) {
        let message = format!("{} has no `{}`", article(shape.what), key.name);
        let example = example(&key.value).map(|example| format!("add `{} = {example}`", key.name));
        sink.push(Diagnostic::new(&rule::MISSING_KEY, table.span, message).maybe_help(example));
    }
}

/// Whether a key of an included file is one that only the main file has.
fn is_setting(key: &Text, shape: &'static Shape) -> bool {
    std::ptr::eq(shape, &raw const INCLUDED) && ROOT.key(key).is_some()
}

fn setting_elsewhere(key: &Text) -> Diagnostic {
    let message = format!("`{}` is for the whole specification", key.value);
    Diagnostic::new(&rule::UNKNOWN_KEY, key.span, message).help("write it in the main file")
}

/// Whether a metric's table holds nothing but further tables: TOML reads dots in a name so.
fn is_dotted_name(table: &Table<'_>, value: Value<'_>, shape: &'static Shape) -> bool {
    let is_metric = std::ptr::eq(shape, &raw const METRIC);
    is_metric && value.value.is_table() && table.entries().all(|(key, _)| shape.key(key).is_none())
}

fn dotted_name(table: &Table<'_>, key: &Text) -> Diagnostic {
    let message = "a metric's name holds no dots";
    let help = format!("join its words by underscores, as in `…_{}`", key.value);
    Diagnostic::new(&rule::INVALID_NAME, key.span, message)
        .related(table.span, "read as a metric")
        .help(help)
}

/// Whether a table of the user's naming is a component, and not a misspelt setting: `[alert.X]`.
fn is_component(value: Value<'_>, key: &Text, shape: &'static Shape) -> bool {
    let near = |known: &Key| strsim::damerau_levenshtein(known.name, key) == 1;
    let Some(table) = value.table(key.span) else { return false };
    let has_metric = || {
        table.entries().any(|(key, value)| {
            value.table(key.span).is_some_and(|metric| metric.get("type").is_some())
        })
    };
    !shape.keys.iter().any(near) || has_metric()
}

fn unknown_key(key: &Text, nearest: Option<&str>, shape: &'static Shape) -> Diagnostic {
    let names = shape.keys.iter().map(|key| key.name);
    let help = match nearest {
        Some(name) => question(name),
        None => format!("{} has: {}", article(shape.what), listed(names)),
    };
    let message = format!("unknown key `{}`", key.value);
    let label = format!("no key of {}", article(shape.what));
    Diagnostic::new(&rule::UNKNOWN_KEY, key.span, message).label(label).help(help)
}

/// Reports everything in a value that its type does not allow.
fn value_of(value: Value<'_>, expected: &'static Type, key: &Text, sink: &mut Sink) {
    match (expected, value.value) {
        (Type::Text | Type::Unit | Type::Lint, DeValue::String(text)) if text.trim().is_empty() => {
            let message = format!("`{}` is blank", key.value);
            sink.push(
                Diagnostic::new(&rule::BLANK_TEXT, value.span, message)
                    .help("say it, or leave the key out"),
            );
        }
        (Type::Text | Type::Unit | Type::Lint, DeValue::String(text)) => hidden(text, value, sink),
        (Type::Word(words), DeValue::String(word)) => {
            if !words.contains(&word.as_ref()) {
                sink.push(unknown_word(word, words, value.span));
            }
        }
        (Type::Duration, DeValue::String(text)) => no_duration(text, value.span, sink),
        (Type::Sample, DeValue::String(text)) => no_sample(text, value.span, sink),
        (Type::Sample, DeValue::Integer(_) | DeValue::Float(_)) => {
            no_sample(value.written(), value.span, sink)
        }
        (Type::Boolean, DeValue::Boolean(_)) => {}
        (Type::Integer, DeValue::Integer(_)) if value.integer().is_some() => {}
        (Type::Count(_) | Type::Within(..), DeValue::Integer(_)) if value.count().is_some() => {}
        (Type::Number(_), DeValue::Integer(_) | DeValue::Float(_)) if value.number().is_some() => {}
        (Type::List(items) | Type::Set(items), DeValue::Array(_)) => {
            for item in value.items() {
                // A table without a name of its own is known by its place.
                value_of(item, items, &Text::new(key.value.clone(), item.span), sink);
            }
        }
        (Type::Table(shape), DeValue::Table(_)) => {
            value.table(key.span).iter().for_each(|table| walk(table, shape, sink));
        }
        (Type::Map(_, Type::Table(shape)), DeValue::Table(_)) if is_nameless(value, shape) => {
            let message = format!("{} has no name", article(shape.what));
            let help = format!("its name stands behind a dot: `[{}.…]`", key.value);
            sink.push(Diagnostic::new(&rule::INVALID_NAME, key.span, message).help(help));
        }
        (Type::Map(_, values), DeValue::Table(_)) => {
            for (key, value) in value.table(key.span).iter().flat_map(|table| table.entries()) {
                value_of(value, values, key, sink);
            }
        }
        (Type::Either(list, _), DeValue::Array(_)) => value_of(value, list, key, sink),
        (Type::Either(_, table), DeValue::Table(_)) => value_of(value, table, key, sink),
        _ => {
            let message = format!("`{}` must be {}", key.value, expected.noun());
            let found = found(expected, value.value);
            // The commonest slip in TOML: a setting below a header belongs to that table.
            let slipped = matches!(expected, Type::Table(_)) && ROOT.key(key).is_some();
            let help = match slipped {
                true => Some(format!(
                    "a `{}` for the whole file stands above the first `[…]`",
                    key.value
                )),
                false => example(expected).map(|example| format!("write it like `{example}`")),
            };
            sink.push(
                Diagnostic::new(&rule::WRONG_TYPE, value.span, message)
                    .label(found)
                    .maybe_help(help),
            );
        }
    }
}

/// Whether a table of named tables holds what one of them should hold: `[producer]` has a `type`.
fn is_nameless(value: Value<'_>, shape: &'static Shape) -> bool {
    let entries = value.table(value.span);
    let mut entries = entries.iter().flat_map(|table| table.entries()).peekable();
    entries.peek().is_some()
        && entries.all(|(key, value)| shape.key(key).is_some() && !value.value.is_table())
}

/// What stands where something else is expected.
fn found(expected: &Type, value: &DeValue<'_>) -> String {
    match (expected, value) {
        (Type::Count(_) | Type::Within(..), DeValue::Integer(number))
            if number.as_str().starts_with('-') =>
        {
            "this is below zero".to_owned()
        }
        (
            Type::Integer | Type::Count(_) | Type::Within(..) | Type::Number(_),
            DeValue::Integer(_),
        )
        | (Type::Number(_), DeValue::Float(_)) => "this is too large".to_owned(),
        (_, other) => format!("this is {}", article(other.type_str())),
    }
}

/// Reports what an escape sequence hides; what stands in the file itself is reported already.
fn hidden(text: &str, value: Value<'_>, sink: &mut Sink) {
    let written = value.written();
    let escaped = |character: &char| is_hidden(*character) && !written.contains(*character);
    if let Some(character) = text.chars().find(escaped) {
        sink.push(hidden_character(character, value.span));
    }
}

fn unknown_word(word: &str, words: &'static [&'static str], span: Span) -> Diagnostic {
    let help = did_you_mean(word, words.iter().copied());
    Diagnostic::new(&rule::UNKNOWN_WORD, span, format!("unknown word `{word}`"))
        .label(format!("expected {}", listed(words.iter().copied())))
        .maybe_help(help)
}

fn no_duration(text: &str, span: Span, sink: &mut Sink) {
    if duration::parse(text).is_none() {
        let message = format!("`{text}` is no duration");
        let help = "write it as Prometheus does: `30s`, `5m`, `1h30m`";
        sink.push(Diagnostic::new(&rule::DURATION, span, message).help(help));
    }
}

/// Reports what is no sample; a number is none either, however it is meant.
fn no_sample(text: &str, span: Span, sink: &mut Sink) {
    if sample::parse(text).is_some() {
        return;
    }
    let help = match sample::meant(text) {
        Some(Meant::Every) => {
            "delete `sample`: without it every observation is recorded".to_owned()
        }
        Some(Meant::OneOf(number)) => {
            format!("write `\"1/{number}\"` to record one observation of {number}")
        }
        None => format!("write `\"1/N\"`, with a whole N from 2 to {}", sample::MOST),
    };
    let message = format!("`{text}` is no sample");
    sink.push(Diagnostic::new(&rule::SAMPLE, span, message).help(help));
}

impl Type {
    /// The type as a noun.
    fn noun(&self) -> &'static str {
        match self {
            Self::Text | Self::Unit | Self::Lint => "a text",
            Self::Integer => "a whole number",
            Self::Count(_) | Self::Within(..) => "a whole number, zero or above",
            Self::Number(_) => "a number",
            Self::Duration => "a duration",
            Self::Sample => "a text",
            Self::Boolean => "`true` or `false`",
            Self::Word(_) => "a word",
            Self::List(_) | Self::Set(_) => "a list",
            Self::Table(_) | Self::Map(..) => "a table",
            Self::Either(..) => "a list or a table",
        }
    }
}

/// A value to imitate.
fn example(expected: &Type) -> Option<String> {
    match expected {
        Type::Text | Type::Unit | Type::Lint => Some("\"…\"".to_owned()),
        Type::Duration => Some("\"5m\"".to_owned()),
        Type::Sample => Some("\"1/16\"".to_owned()),
        Type::Boolean => Some("true".to_owned()),
        Type::Word(words) => words.first().map(|word| format!("\"{word}\"")),
        Type::List(items) | Type::Set(items) => example(items).map(|item| format!("[{item}]")),
        Type::Integer | Type::Count(_) | Type::Within(..) | Type::Number(_) => {
            Some("10".to_owned())
        }
        Type::Table(shape) => {
            let key = shape.key(shape.one_of.first()?)?;
            Some(format!("{{ {} = {} }}", key.name, example(&key.value)?))
        }
        Type::Map(..) | Type::Either(..) => None,
    }
}

/// A noun with its article.
fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

/// Names in backticks with commas.
fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
