//! A template as written: text, and actions with their places.

use std::ops::Range;

use super::function::Function;
use crate::promql::Version;

/// A text with everything that stands in its braces.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) nodes: Vec<Node>,
    /// What not every version knows.
    pub(crate) novelties: Vec<Novelty>,
}

/// Something that is only known since some version.
#[derive(Debug)]
pub(crate) struct Novelty {
    pub(crate) place: Range<usize>,
    pub(crate) since: Version,
}

/// A piece of a template.
#[derive(Debug)]
pub(crate) enum Node {
    /// What is written as it is.
    Text(String),
    /// A pipeline whose value is written, unless it only declares a variable.
    Action(Pipeline),
    Control(Control),
}

/// What decides which pieces are written, and how often.
#[derive(Debug)]
pub(crate) struct Control {
    pub(crate) keyword: Keyword,
    /// Where the keyword stands.
    pub(crate) place: Range<usize>,
    pub(crate) pipeline: Option<Pipeline>,
    pub(crate) body: Vec<Node>,
    /// What stands behind `else`.
    pub(crate) otherwise: Vec<Node>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Block,
    Break,
    Continue,
    Define,
    If,
    Range,
    Template,
    With,
}

/// Commands, each of which takes the value of the one before as its last argument.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) place: Range<usize>,
    /// The variables that get its value; only `range` has two.
    pub(crate) variables: Vec<String>,
    /// Whether they were there before.
    pub(crate) assigns: bool,
    pub(crate) commands: Vec<Command>,
}

/// A value, or a function with its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    /// There is at least one.
    pub(crate) operands: Vec<Operand>,
}

/// A term, and the fields that are read of it.
#[derive(Debug)]
pub(crate) struct Operand {
    pub(crate) place: Range<usize>,
    pub(crate) term: Term,
    pub(crate) fields: Vec<Field>,
}

/// A name behind a point.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) place: Range<usize>,
}

/// A value that has no parts, or a pipeline between parentheses.
#[derive(Debug)]
pub(crate) enum Term {
    /// What everything is about: the alert, unless `with` or `range` say otherwise.
    Dot,
    Nil,
    /// With its dollar.
    Variable(String),
    Function(&'static Function),
    Bool(bool),
    Text(String),
    Integer(i64),
    Float(f64),
    /// A number that is none of a series: complex, hexadecimal with a fraction, or too large.
    Odd,
    Group(Pipeline),
}

impl Keyword {
    /// The keyword of a word; `else` and `end` only end others.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "block" => Self::Block,
            "break" => Self::Break,
            "continue" => Self::Continue,
            "define" => Self::Define,
            "if" => Self::If,
            "range" => Self::Range,
            "template" => Self::Template,
            "with" => Self::With,
            _ => return None,
        })
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Break => "break",
            Self::Continue => "continue",
            Self::Define => "define",
            Self::If => "if",
            Self::Range => "range",
            Self::Template => "template",
            Self::With => "with",
        }
    }
}
