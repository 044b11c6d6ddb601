//! Go's comparisons, which never compare whole numbers with fractions.

use std::cmp::Ordering;

use super::{Fault, Result};
use crate::template::Cause;
use crate::template::value::Value;

/// Whether the first argument equals one of the others.
pub(crate) fn eq<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [first, others @ ..] = arguments else { return Ok(Value::Bool(false)) };
    if others.is_empty() {
        let message = "`eq` compares with nothing";
        return Err(Fault::new(Cause::Misused, message).help("give it another value"));
    }
    for (at, other) in others.iter().enumerate() {
        if equals(first, other, "eq", at + 1)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

pub(crate) fn ne<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let [left, right] = arguments else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(!equals(left, right, "ne", 1)?))
}

pub(crate) fn lt<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    Ok(Value::Bool(order(arguments, "lt")? == Some(Ordering::Less)))
}

pub(crate) fn le<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let order = order(arguments, "le")?;
    Ok(Value::Bool(matches!(order, Some(Ordering::Less | Ordering::Equal))))
}

/// The opposite of `le`, also of what is no number.
pub(crate) fn gt<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    let order = order(arguments, "gt")?;
    Ok(Value::Bool(!matches!(order, Some(Ordering::Less | Ordering::Equal))))
}

/// The opposite of `lt`, also of what is no number.
pub(crate) fn ge<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    Ok(Value::Bool(order(arguments, "ge")? != Some(Ordering::Less)))
}

pub(crate) fn not<'l>(arguments: &[Value<'l>]) -> Result<Value<'l>> {
    Ok(Value::Bool(!arguments.first().is_some_and(Value::is_true)))
}

fn equals(left: &Value<'_>, right: &Value<'_>, function: &str, at: usize) -> Result<bool> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Ok(left == right),
        (Value::Float(left), Value::Float(right)) => Ok(left == right),
        (Value::Integer(left), Value::Integer(right)) => Ok(left == right),
        (Value::Bool(left), Value::Bool(right)) => Ok(left == right),
        _ => Err(incomparable(left, right, function, at)),
    }
}

fn order(arguments: &[Value<'_>], function: &str) -> Result<Option<Ordering>> {
    let [left, right] = arguments else { return Ok(None) };
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Ok(Some(left.cmp(right))),
        (Value::Float(left), Value::Float(right)) => Ok(left.partial_cmp(right)),
        (Value::Integer(left), Value::Integer(right)) => Ok(Some(left.cmp(right))),
        _ => Err(incomparable(left, right, function, 1)),
    }
}

fn incomparable(left: &Value<'_>, right: &Value<'_>, function: &str, at: usize) -> Fault {
    let message = match (left.what(), right.what()) {
        (left, right) if left == right => format!("`{function}` cannot compare {left} like this"),
        (left, right) => format!("`{function}` cannot compare {left} with {right}"),
    };
    let (whole, argument) = match (left, right) {
        (Value::Integer(whole), Value::Float(_)) => (whole, 0),
        (Value::Float(_), Value::Integer(whole)) => (whole, at),
        _ => return Fault::new(Cause::Misused, message).at(at),
    };
    Fault::new(Cause::Misused, message).at(argument).help(format!("write `{whole}.0`"))
}
