//! An expression as written: every part with its place.
//!
//! Chains of operators of the same precedence are flat, so that a sum of a hundred thousand terms is
//! no tower of nodes.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::function::Function;

/// What is longer is not looked into.
const LONGEST_REGEX: usize = 4096;

/// A place in an expression, in bytes.
pub(crate) type Span = Range<usize>;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Expr {
    pub(crate) span: Span,
    pub(crate) node: Node,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Number(f64),
    Text(String),
    /// A dashboard's variable: anything.
    Variable,
    Selector(Box<Selector>),
    MatrixSelector(Box<MatrixSelector>),
    Subquery(Box<Subquery>),
    Call(Box<Call>),
    Aggregation(Box<Aggregation>),
    Unary {
        is_negative: bool,
        of: Box<Expr>,
    },
    Chain(Box<Chain>),
    Parentheses(Box<Expr>),
}

/// A selector's samples of some time: `a[5m]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MatrixSelector {
    pub(crate) of: Expr,
    pub(crate) range: Time,
    pub(crate) modifiers: Modifiers,
}

/// An expression evaluated at many times: `(a)[5m:1m]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subquery {
    pub(crate) of: Expr,
    pub(crate) range: Time,
    pub(crate) step: Option<Time>,
    pub(crate) modifiers: Modifiers,
}

/// A function and what it is given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) name: Word,
    /// None where a variable decides.
    pub(crate) function: Option<&'static Function>,
    pub(crate) arguments: Vec<Expr>,
}

/// Operators of one precedence one after the other, from the left; of `^` there is only one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chain {
    pub(crate) first: Expr,
    pub(crate) rest: Vec<Link>,
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
    /// Whether a dashboard's variable is in it, so that nobody knows what it is.
    pub(crate) is_templated: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Selector {
    /// The metric's name, before the braces or within.
    pub(crate) name: Option<Word>,
    /// The braces, with all that stands within.
    pub(crate) braces: Option<Span>,
    pub(crate) matchers: Vec<Matcher>,
    pub(crate) modifiers: Modifiers,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matcher {
    pub(crate) label: Word,
    pub(crate) operator: Match,
    /// What it says, without its quotes; the place is with them.
    pub(crate) value: Word,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}

/// A length of time as written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Time {
    pub(crate) span: Span,
    /// None where a variable or a calculation stands.
    pub(crate) milliseconds: Option<u64>,
}

/// Which other time is asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Modifiers {
    pub(crate) offset: Option<Time>,
    pub(crate) at: Option<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Aggregation {
    /// Its word in lower case.
    pub(crate) operator: Word,
    pub(crate) grouping: Option<Grouping>,
    pub(crate) parameter: Option<Expr>,
    pub(crate) of: Expr,
}

/// `by (…)` or `without (…)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Grouping {
    pub(crate) is_without: bool,
    pub(crate) labels: Vec<Word>,
    pub(crate) span: Span,
}

/// An operator and what stands behind it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    pub(crate) operator: Operator,
    pub(crate) operator_span: Span,
    pub(crate) is_bool: bool,
    pub(crate) matching: Option<Matching>,
    /// Whether a number stands in for series that are missing on a side.
    pub(crate) fills: bool,
    pub(crate) right: Expr,
}

/// An enum of operators, each with how it is written.
macro_rules! operators {
    ($($name:ident $written:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Operator { $($name,)* }

        impl Operator {
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$name => $written,)* }
            }

            /// The operator that is written so; words in any case.
            pub(crate) fn from_str(text: &str) -> Option<Self> {
                let all = [$(Self::$name),*];
                all.into_iter().find(|operator| text.eq_ignore_ascii_case(operator.as_str()))
            }
        }
    };
}

operators! {
    Or "or",
    And "and",
    Unless "unless",
    Equal "==",
    NotEqual "!=",
    Less "<",
    LessOrEqual "<=",
    Greater ">",
    GreaterOrEqual ">=",
    Add "+",
    Subtract "-",
    Multiply "*",
    Divide "/",
    Modulo "%",
    Arctangent "atan2",
    Power "^",
    TrimUpper "</",
    TrimLower ">/",
}

/// How the series of two sides find each other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Matching {
    /// Whether the labels are those that are compared, or those that are not.
    pub(crate) is_on: bool,
    pub(crate) labels: Vec<Word>,
    pub(crate) span: Span,
    pub(crate) group: Option<Group>,
}

/// `group_left (…)` or `group_right (…)`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    pub(crate) is_left: bool,
    pub(crate) labels: Vec<Word>,
    pub(crate) span: Span,
}

impl Expr {
    /// The expressions right within this one, in the order in which they stand.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match &self.node {
            Node::Number(_) | Node::Text(_) | Node::Variable | Node::Selector(_) => Vec::new(),
            Node::Parentheses(of) | Node::Unary { of, .. } => vec![of],
            Node::MatrixSelector(samples) => vec![&samples.of],
            Node::Subquery(subquery) => vec![&subquery.of],
            Node::Call(call) => call.arguments.iter().collect(),
            Node::Aggregation(aggregation) => {
                aggregation.parameter.iter().chain([&aggregation.of]).collect()
            }
            Node::Chain(chain) => std::iter::once(&chain.first)
                .chain(chain.rest.iter().map(|link| &link.right))
                .collect(),
        }
    }

    /// What stands within any parentheses.
    pub(crate) fn bare(&self) -> &Self {
        let mut expr = self;
        while let Node::Parentheses(inner) = &expr.node {
            expr = inner;
        }
        expr
    }
}

impl Matcher {
    /// Which values pass, the empty one being none.
    pub(crate) fn test(&self) -> Test<'_> {
        let Word { text, is_templated, .. } = &self.value;
        let of = match self.operator {
            _ if *is_templated => Values::Unknown,
            Match::Equal | Match::NotEqual => Values::One(text),
            Match::Regex | Match::NotRegex => Values::of_regex(text),
        };
        Test { of, is_negated: matches!(self.operator, Match::NotEqual | Match::NotRegex) }
    }
}

/// Which values of a label pass a matcher.
pub(crate) struct Test<'m> {
    of: Values<'m>,
    is_negated: bool,
}

/// Values as a matcher names them.
enum Values<'m> {
    One(&'m str),
    /// Most regular expressions are lists of values.
    List(&'m str),
    All,
    AllButNone,
    Regex(Regex),
    /// Nobody here knows which they are.
    Unknown,
}

impl Test<'_> {
    /// Whether a value passes; none where nobody here knows.
    pub(crate) fn passes(&self, value: &str) -> Option<bool> {
        let is_one = match &self.of {
            Values::One(text) => value == *text,
            Values::List(list) => list.split('|').any(|text| text == value),
            Values::All => true,
            Values::AllButNone => !value.is_empty(),
            Values::Regex(regex) => regex.is_match(value),
            Values::Unknown => return None,
        };
        Some(is_one != self.is_negated)
    }
}

impl<'m> Values<'m> {
    /// Those that a regular expression matches whole, as Prometheus has it.
    fn of_regex(regex: &'m str) -> Self {
        match regex {
            ".*" => Self::All,
            ".+" => Self::AllButNone,
            list if !list.contains(|c: char| r"\.+*?()[]{}^$".contains(c)) => Self::List(list),
            _ if regex.len() > LONGEST_REGEX || differs_by_dialect(regex) => Self::Unknown,
            _ => {
                let whole = format!("^(?s:{regex})$");
                let regex = RegexBuilder::new(&whole).size_limit(1 << 20).nest_limit(50).build();
                regex.map_or(Self::Unknown, Self::Regex)
            }
        }
    }
}

/// Whether Prometheus, which has RE2's syntax, may read a regular expression in another way.
fn differs_by_dialect(regex: &str) -> bool {
    let marks = [r"\<", r"\>", r"\Q", "&&", "--", "~~"];
    let mut classes = regex.split('[').skip(1);
    // Within brackets another one stands for itself there, and begins something here.
    let nests = classes.any(|class| !class.contains(']') && !class.starts_with(':'));
    nests || marks.iter().any(|mark| regex.contains(mark))
}

impl Operator {
    pub(crate) fn is_comparison(self) -> bool {
        use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
        matches!(self, Equal | NotEqual | Less | LessOrEqual | Greater | GreaterOrEqual)
    }

    /// The comparison that says the same of its sides in the other order.
    pub(crate) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            other => other,
        }
    }

    pub(crate) fn is_set(self) -> bool {
        matches!(self, Self::Or | Self::And | Self::Unless)
    }

    /// How strongly it binds; the stronger ones first come together.
    pub(crate) fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And | Self::Unless => 2,
            _ if self.is_comparison() => 3,
            Self::TrimUpper | Self::TrimLower => 3,
            Self::Add | Self::Subtract => 4,
            Self::Power => 6,
            _ => 5,
        }
    }
}
