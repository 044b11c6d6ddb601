//! The JSON Schema of `metrics.toml`, for editors.
//!
//! Printed from the same lists of keys that the parser walks, so completion in an editor and the
//! checker's verdict cannot disagree. Draft 7, since that is the newest that TOML editors read.

use serde_json::{Map, Value, json};
use streamhouse_metrics_spec::language::{Names, ROOT, Shape, Type};
use streamhouse_metrics_spec::unit::{BASE, COUNTING};

use crate::reference::adjustable;

/// Durations as Prometheus writes them, from years to milliseconds.
const DURATION: &str =
    "^(?=[0-9])([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";

/// One of two to a million.
const SAMPLE: &str = "^1/([2-9]|[1-9][0-9]{1,5}|1000000)$";

/// Names in snake case; includes every key of the language.
const METRIC_NAME: &str = "^[a-zA-Z_:][a-zA-Z0-9_:]*$";
const SNAKE_CASE: &str = "^[a-z][a-z0-9]*(_[a-z0-9]+)*$";

/// Keys of labels in Kubernetes: a name, before it perhaps a domain.
const KUBERNETES_LABEL: &str =
    "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";

/// Names in CamelCase.
const CAMEL_CASE: &str = "^[A-Z][A-Za-z0-9]*$";

/// The schema as a file.
///
/// Included files are edited with it too. They have no namespace, so that it is missing in the main
/// file is left to the checker.
pub fn text() -> String {
    let mut schema = table(&ROOT);
    schema.remove("required");
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!("StreamHouse metrics specification"));
    schema.insert("description".to_owned(), json!(crate::text::PREAMBLE));
    format!("{:#}\n", Value::Object(schema))
}

/// A table with known keys.
fn table(shape: &Shape) -> Map<String, Value> {
    let Shape { what: _, keys, one_of, rest } = shape;
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    let properties = keys.iter().map(|key| {
        let mut property = value(&key.value);
        property.insert("description".to_owned(), json!(key.help));
        (key.name.to_owned(), Value::Object(property))
    });
    schema.insert("properties".to_owned(), properties.collect());
    let required: Vec<_> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if !one_of.is_empty() {
        let choices: Vec<_> = one_of.iter().map(|key| json!({ "required": [key] })).collect();
        schema.insert("oneOf".to_owned(), json!(choices));
    }
    if rest.is_some() {
        schema.insert("propertyNames".to_owned(), json!({ "pattern": SNAKE_CASE }));
    }
    let rest = rest.map_or(Value::Bool(false), |rest| Value::Object(value(rest)));
    schema.insert("additionalProperties".to_owned(), rest);
    schema
}

/// A value of a type.
fn value(kind: &Type) -> Map<String, Value> {
    let schema = match kind {
        Type::Text => json!({ "type": "string", "pattern": "\\S" }),
        // Completed from the vocabulary, and open for the user's own.
        Type::Unit => json!({ "anyOf": [{ "enum": units() }, value(&Type::Text)] }),
        Type::Lint => json!({ "enum": adjustable().map(|lint| lint.id).collect::<Vec<_>>() }),
        Type::Integer => json!({ "type": "integer" }),
        Type::Within(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Type::Count(least) => json!({ "type": "integer", "minimum": least }),
        Type::Number(None) => json!({ "type": "number" }),
        Type::Number(Some(limit)) => json!({ "type": "number", "exclusiveMinimum": limit }),
        Type::Duration => json!({ "type": "string", "pattern": DURATION }),
        Type::Sample => json!({ "type": "string", "pattern": SAMPLE }),
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Word(words) => json!({ "enum": words }),
        Type::List(item) => json!({ "type": "array", "items": value(item) }),
        Type::Set(item) => {
            json!({ "type": "array", "items": value(item), "uniqueItems": true })
        }
        Type::Table(shape) => return table(shape),
        Type::Map(Names::Snake, item) => map(SNAKE_CASE, item),
        Type::Map(Names::Camel, item) => map(CAMEL_CASE, item),
        Type::Map(Names::Metrics, item) => map(METRIC_NAME, item),
        Type::Map(Names::Kubernetes, item) => map(KUBERNETES_LABEL, item),
        Type::Map(Names::Series, item) => {
            json!({ "type": "object", "additionalProperties": value(item) })
        }
        Type::Map(Names::Lints, item) => by_lint(item),
        Type::Either(one, other) => json!({ "anyOf": [value(one), value(other)] }),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => unreachable!("every arm is an object"),
    }
}

/// A table whose keys match a pattern.
fn map(names: &str, item: &Type) -> Value {
    json!({
        "type": "object",
        "propertyNames": { "pattern": names },
        "additionalProperties": value(item),
    })
}

/// A table whose keys are ids of lints.
fn by_lint(item: &Type) -> Value {
    let properties = adjustable().map(|lint| {
        let mut property = value(item);
        property.insert("description".to_owned(), json!(lint.summary));
        (lint.id.to_owned(), Value::Object(property))
    });
    let properties: Map<_, _> = properties.collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// The built-in units.
fn units() -> Vec<&'static str> {
    BASE.iter().chain(COUNTING).copied().collect()
}
