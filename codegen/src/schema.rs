//! The JSON Schema of `metrics.toml`, for editors.
//!
//! Printed from the same lists of keys that the parser walks, so completion in an editor and the
//! checker's verdict cannot disagree. Draft 7, since that is the newest that TOML editors read.

use serde_json::{Map, Value, json};
use streamhouse_metrics_spec::language::{ROOT, Shape, Type};

/// Durations as Prometheus writes them, from years to milliseconds.
const DURATION: &str =
    "^(?=[0-9])([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";

/// The schema as a file.
pub fn text() -> String {
    let mut schema = table(&ROOT);
    schema.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    schema.insert("title".to_owned(), json!("StreamHouse metrics specification"));
    schema.insert("description".to_owned(), json!(crate::text::PREAMBLE));
    format!("{:#}\n", Value::Object(schema))
}

/// A table with known keys.
fn table(shape: &Shape) -> Map<String, Value> {
    let Shape { what: _, keys, rest } = shape;
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
    let rest = rest.map_or(Value::Bool(false), |rest| Value::Object(value(rest)));
    schema.insert("additionalProperties".to_owned(), rest);
    schema
}

/// A value of a type.
fn value(kind: &Type) -> Map<String, Value> {
    let schema = match kind {
        Type::Text => json!({ "type": "string", "pattern": "\\S" }),
        Type::AnyText => json!({ "type": "string" }),
        Type::Boolean => json!({ "type": "boolean" }),
        Type::Count => json!({ "type": "integer", "minimum": 0 }),
        Type::Number => json!({ "type": "number" }),
        Type::Duration => json!({ "type": "string", "pattern": DURATION }),
        Type::Word(words) => json!({ "enum": words }),
        Type::List(item) => json!({ "type": "array", "items": value(item) }),
        Type::Table(shape) => return table(shape),
        Type::Map(item) => json!({ "type": "object", "additionalProperties": value(item) }),
        Type::Either(one, other) => json!({ "anyOf": [value(one), value(other)] }),
    };
    match schema {
        Value::Object(schema) => schema,
        _ => unreachable!("every arm is an object"),
    }
}
