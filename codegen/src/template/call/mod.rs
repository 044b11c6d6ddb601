//! What functions make of their arguments, which are as many and of the kinds that they take.

pub(super) mod compare;
pub(super) mod humanize;
pub(super) mod link;
pub(super) mod print;
pub(super) mod text;
pub(super) mod time;

use super::Cause;
use super::value::Value;

/// Why a function has no value; where that is known who has called it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) cause: Cause,
    /// The argument that is wrong, if it is one.
    pub(crate) argument: Option<usize>,
    pub(crate) message: String,
    pub(crate) help: Option<String>,
}

type Result<T> = std::result::Result<T, Fault>;

impl Fault {
    fn new(cause: Cause, message: impl Into<String>) -> Self {
        Self { cause, argument: None, message: message.into(), help: None }
    }

    fn at(self, argument: usize) -> Self {
        Self { argument: Some(argument), ..self }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// The texts among the arguments.
fn texts<'v, const COUNT: usize>(arguments: &'v [Value<'_>]) -> [&'v str; COUNT] {
    let text = |at| match arguments.get(at) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    std::array::from_fn(text)
}

/// The number of an argument, or the one that its text says.
fn number(arguments: &[Value<'_>], function: &str) -> Result<f64> {
    match arguments.first() {
        Some(Value::Float(number)) => Ok(*number),
        Some(Value::Integer(number)) => Ok(*number as f64),
        Some(Value::Text(text)) => parsed(text).ok_or_else(|| {
            let message = format!("`{function}` takes a number, and this is `{text}`");
            Fault::new(Cause::Series, message).at(0)
        }),
        other => {
            let what = other.map_or("nothing", Value::what);
            let message = format!("`{function}` takes a number, and this is {what}");
            Err(Fault::new(Cause::Misused, message).at(0))
        }
    }
}

/// Go's `ParseFloat`, which has no infinity that is not written as one.
fn parsed(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    (number.is_finite() || !text.contains(|character: char| character.is_ascii_digit()))
        .then_some(number)
}
