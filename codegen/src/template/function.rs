//! Every function of Prometheus's templates: Go's own, and what Prometheus adds for texts of rules.

use super::call::{Fault, compare, humanize, link, print, text, time};
use super::value::Value;
use crate::promql::Version;

/// A function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    /// The arguments that it has to have.
    pub(crate) takes: &'static [Parameter],
    /// What may follow them, as often as one likes.
    pub(crate) more: Option<Parameter>,
    /// The first version that knows it.
    pub(crate) since: Version,
    pub(crate) body: Body,
}

/// What an argument has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    Any,
    Text,
    /// Something that `query` has found.
    Found,
}

/// How a function comes to its value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    /// From its arguments alone.
    Made(Made),
    /// It is its first argument of this truth, or its last one; what follows is not looked at.
    First(bool),
    /// From something that nobody knows here.
    Elsewhere(&'static str),
}

type Made = for<'l> fn(&[Value<'l>]) -> Result<Value<'l>, Fault>;

/// The function of a name.
pub(crate) fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// The names of all functions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

const OLD: Version = Version(2, 0);
const A: Parameter = Parameter::Any;
const T: Parameter = Parameter::Text;
const F: Parameter = Parameter::Found;

const SERVER: Body = Body::Elsewhere("asks a server");
const CLOCK: Body = Body::Elsewhere("yields a time");
const ADDRESS: Body = Body::Elsewhere("depends on where Prometheus is reached");
const RARE: Body = Body::Elsewhere("is not reproduced");

/// Sorted by name.
static FUNCTIONS: &[Function] = &[
    new("and", &[A], Some(A), OLD, Body::First(false)),
    new("args", &[], Some(A), OLD, RARE),
    new("call", &[A], Some(A), OLD, RARE),
    new("eq", &[A], Some(A), OLD, Body::Made(compare::eq)),
    new("externalURL", &[], None, OLD, ADDRESS),
    new("first", &[F], None, OLD, SERVER),
    new("ge", &[A, A], None, OLD, Body::Made(compare::ge)),
    new("graphLink", &[T], None, OLD, Body::Made(link::graph)),
    new("gt", &[A, A], None, OLD, Body::Made(compare::gt)),
    new("html", &[], Some(A), OLD, RARE),
    new("humanize", &[A], None, OLD, Body::Made(humanize::humanize)),
    new("humanize1024", &[A], None, OLD, Body::Made(humanize::humanize1024)),
    new("humanizeDuration", &[A], None, OLD, Body::Made(humanize::humanize_duration)),
    new("humanizePercentage", &[A], None, OLD, Body::Made(humanize::humanize_percentage)),
    new("humanizeTimestamp", &[A], None, OLD, Body::Made(time::humanize_timestamp)),
    new("index", &[A], Some(A), OLD, Body::Made(text::index)),
    new("js", &[], Some(A), OLD, RARE),
    new("label", &[T, F], None, OLD, SERVER),
    new("le", &[A, A], None, OLD, Body::Made(compare::le)),
    new("len", &[A], None, OLD, Body::Made(text::len)),
    new("lt", &[A, A], None, OLD, Body::Made(compare::lt)),
    new("match", &[T, T], None, OLD, Body::Made(text::matches)),
    new("ne", &[A, A], None, OLD, Body::Made(compare::ne)),
    new("not", &[A], None, OLD, Body::Made(compare::not)),
    new("now", &[], None, Version(3, 6), CLOCK),
    new("or", &[A], Some(A), OLD, Body::First(true)),
    new("parseDuration", &[T], None, Version(2, 32), Body::Made(time::parse_duration)),
    new("pathPrefix", &[], None, OLD, ADDRESS),
    new("print", &[], Some(A), OLD, Body::Made(print::print)),
    new("printf", &[T], Some(A), OLD, Body::Made(print::printf)),
    new("println", &[], Some(A), OLD, Body::Made(print::println)),
    new("query", &[T], None, OLD, SERVER),
    new("reReplaceAll", &[T, T, T], None, OLD, Body::Made(text::replace_all)),
    new("safeHtml", &[T], None, OLD, Body::Made(text::same)),
    new("slice", &[A], Some(A), OLD, RARE),
    new("sortByLabel", &[T, F], None, OLD, SERVER),
    new("stripDomain", &[T], None, Version(2, 36), Body::Made(link::strip_domain)),
    new("stripPort", &[T], None, OLD, Body::Made(link::strip_port)),
    new("strvalue", &[F], None, OLD, SERVER),
    new("tableLink", &[T], None, OLD, Body::Made(link::table)),
    new("title", &[T], None, OLD, Body::Made(text::title)),
    new("toDuration", &[A], None, Version(3, 6), CLOCK),
    new("toLower", &[T], None, OLD, Body::Made(text::to_lower)),
    new("toTime", &[A], None, Version(2, 38), CLOCK),
    new("toUpper", &[T], None, OLD, Body::Made(text::to_upper)),
    new("urlQueryEscape", &[T], None, Version(3, 8), Body::Made(link::query_escape)),
    new("urlquery", &[], Some(A), OLD, RARE),
    new("value", &[F], None, OLD, SERVER),
];

const fn new(
    name: &'static str,
    takes: &'static [Parameter],
    more: Option<Parameter>,
    since: Version,
    body: Body,
) -> Function {
    Function { name, takes, more, since, body }
}

impl Parameter {
    pub(crate) fn what(self) -> &'static str {
        match self {
            Self::Any => "anything",
            Self::Text => "a text",
            Self::Found => "what `query` has found",
        }
    }
}
