//! What pipelines yield, and how Go writes it.

use std::collections::BTreeMap;

use super::float;

/// What a term or a function yields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'l> {
    Text(String),
    Float(f64),
    Integer(i64),
    Bool(bool),
    Labels(&'l BTreeMap<String, String>),
    /// Everything that is known of an alert: its labels, its value and who sends it.
    Alert,
}

impl Value<'_> {
    /// Whether `if` takes it for true.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Text(text) => !text.is_empty(),
            Self::Float(number) => *number != 0.0,
            Self::Integer(number) => *number != 0,
            Self::Bool(truth) => *truth,
            Self::Labels(labels) => !labels.is_empty(),
            Self::Alert => true,
        }
    }

    /// As Go's `%v` has it; none where that takes what nobody knows here.
    pub(super) fn shown(&self) -> Option<String> {
        Some(match self {
            Self::Text(text) => text.clone(),
            Self::Float(number) => float::shortest(*number),
            Self::Integer(number) => number.to_string(),
            Self::Bool(truth) => truth.to_string(),
            Self::Labels(labels) => {
                let pairs = labels.iter().map(|(name, value)| format!("{name}:{value}"));
                format!("map[{}]", pairs.collect::<Vec<_>>().join(" "))
            }
            Self::Alert => return None,
        })
    }

    /// What it is, in a message.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Float(_) => "a float",
            Self::Integer(_) => "an integer",
            Self::Bool(_) => "a boolean",
            Self::Labels(_) => "the labels",
            Self::Alert => "the alert",
        }
    }
}
