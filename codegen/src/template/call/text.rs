//! Texts out of texts.

use regex::{Regex, RegexBuilder};

use super::{Fault, Result, texts};
use crate::template::Cause;
use crate::template::value::Value;

pub(crate) fn same<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [text] = texts(arguments);
    Ok(Value::Text(text.to_owned()))
}

pub(crate) fn to_upper<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [text] = texts(arguments);
    Ok(Value::Text(mapped(text, char::to_uppercase)?))
}

pub(crate) fn to_lower<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [text] = texts(arguments);
    Ok(Value::Text(mapped(text, char::to_lowercase)?))
}

/// Each character for itself, since Go knows no others.
fn mapped<Letters: Iterator<Item = char>>(text: &str, map: fn(char) -> Letters) -> Result<String> {
    let character = |character| {
        let mut mapped = map(character);
        match (mapped.next(), mapped.next()) {
            (Some(mapped), None) => Ok(mapped),
            _ => {
                let message = format!("the other case of `{character}` is not reproduced");
                Err(Fault::new(Cause::Unsupported, message).at(0))
            }
        }
    };
    text.chars().map(character).collect()
}

/// Words with capital first letters, where all versions of Prometheus agree on what words are.
pub(crate) fn title<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [text] = texts(arguments);
    let mut titled = String::with_capacity(text.len());
    for character in text.chars() {
        let is_first = titled.chars().next_back().is_none_or(|before| matches!(before, ' ' | '-'));
        match character {
            'a'..='z' if is_first => titled.push(character.to_ascii_uppercase()),
            'a'..='z' | 'A'..='Z' | ' ' | '-' => titled.push(character),
            '0'..='9' if !is_first => titled.push(character),
            _ => {
                let message = format!("what `title` makes of `{text}` depends on the version");
                return Err(Fault::new(Cause::Unsupported, message).at(0));
            }
        }
    }
    Ok(Value::Text(titled))
}

/// Whether a regular expression finds something in a text.
pub(crate) fn matches<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [pattern, text] = texts(arguments);
    Ok(Value::Bool(regex(pattern, text)?.is_match(text)))
}

pub(crate) fn replace_all<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [pattern, replacement, text] = texts(arguments);
    Ok(Value::Text(regex(pattern, text)?.replace_all(text, replacement).into_owned()))
}

/// A regular expression that means the same to Go: beyond ASCII, their classes differ.
fn regex(pattern: &str, text: &str) -> Result<Regex> {
    if !pattern.is_ascii() || !text.is_ascii() {
        let message = "regular expressions are only reproduced for ASCII";
        return Err(Fault::new(Cause::Unsupported, message).at(0));
    }
    RegexBuilder::new(pattern).size_limit(1 << 20).nest_limit(50).build().map_err(|_| {
        let message = format!("`{pattern}` is no regular expression");
        // Go may know it nevertheless.
        Fault::new(Cause::Series, message).at(0)
    })
}

/// How many labels there are, or bytes of a text.
pub(crate) fn len<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let length = match arguments.first() {
        Some(Value::Text(text)) => text.len(),
        Some(Value::Labels(labels)) => labels.len(),
        other => {
            let what = other.map_or("nothing", Value::what);
            let message = format!("`len` takes a text or labels, and this is {what}");
            return Err(Fault::new(Cause::Misused, message).at(0));
        }
    };
    Ok(Value::Integer(length as i64))
}

/// The value of a label by its name, or a byte of a text by its place.
pub(crate) fn index<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let Some((first, steps)) = arguments.split_first() else { return Ok(Value::Bool(false)) };
    let mut value = first.clone();
    for (at, step) in steps.iter().enumerate() {
        value = match (&value, step) {
            (Value::Labels(labels), Value::Text(name)) => {
                Value::Text(labels.get(name).cloned().unwrap_or_default())
            }
            (Value::Text(text), Value::Integer(place)) => {
                let byte =
                    usize::try_from(*place).ok().and_then(|place| text.as_bytes().get(place));
                let byte = byte.ok_or_else(|| {
                    let message = format!("`{text}` has no byte {place}");
                    Fault::new(Cause::Series, message).at(at + 1)
                })?;
                Value::Integer(i64::from(*byte))
            }
            (value, step) => {
                let message =
                    format!("`index` finds nothing in {} by {}", value.what(), step.what());
                let help = "write `index $labels \"name\"`";
                return Err(Fault::new(Cause::Misused, message).at(at + 1).help(help));
            }
        };
    }
    Ok(value)
}
