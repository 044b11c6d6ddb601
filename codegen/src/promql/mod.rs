//! What an expression means, told from the specification alone.
//!
//! ```text
//! text ──token──▶ words ──parse──▶ Expr ──infer──▶ Type and findings
//!                                           ▲
//!                            Catalog ──▶ Schema
//! ```
//!
//! Everything points into the expression by bytes; where that is in `metrics.toml` is known to who
//! took the expression from there.

mod canonical;
mod check;
mod function;
mod infer;
mod interval;
mod labels;
mod lint;
pub(crate) mod parse;
mod recorded;
mod schema;
mod shown;
pub(crate) mod syntax;
mod token;
pub(crate) mod types;
mod unit;
mod untested;

#[cfg(test)]
mod tests;

use streamhouse_metrics_spec::rule;

pub use check::check;
pub(crate) use check::{check_with_tests, target};
pub(crate) use function::Shape;
pub(crate) use infer::Finding;
pub(crate) use labels::{NAME, Presence};
pub(crate) use schema::Schema;
pub(crate) use shown::{Results, SeriesLabels, is_share};
pub(crate) use types::{Filled, Type};

use infer::Inference;
use syntax::Expr;

/// A version of Prometheus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32);

/// Why an expression is none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SyntaxError {
    /// The smallest piece that is wrong.
    pub(crate) span: std::ops::Range<usize>,
    /// What is wrong, in one line: lower case, no full stop, names in backticks.
    pub(crate) message: String,
    /// What to write instead.
    pub(crate) help: Option<String>,
}

/// What is asked about an expression.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<'s> {
    pub(crate) schema: &'s Schema,
    /// The Prometheus that will evaluate it.
    pub(crate) target: Version,
    /// Whether a metric that nobody has declared is unknown rather than wrong.
    pub(crate) assumes_unknown: bool,
}

/// What an expression yields, as far as it is one.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) expr: Expr,
    pub(crate) of: Type,
    /// Every metric that it reads, as written, in the order of first mention.
    pub(crate) metrics: Vec<String>,
    pub(crate) findings: Vec<Finding>,
    /// The operators that compare what is measured and always hold.
    pub(crate) holding: Vec<std::ops::Range<usize>>,
}

impl Question<'_> {
    /// Reads an expression and says what it yields, or why it is none.
    pub(crate) fn ask(self, text: &str) -> Result<Answer, SyntaxError> {
        let parse::Parsed { expr, novelties } = parse::parse(text)?;
        let mut inference = Inference::new(self.schema, self.target, self.assumes_unknown);
        let of = inference.infer(&expr);
        let Inference { mut findings, metrics, holding, .. } = inference;
        for novelty in novelties {
            let parse::Novelty { span, what, since, until } = novelty;
            let Version(major, minor) = self.target;
            let (message, help) = match until {
                Some(Version(gone_major, gone_minor))
                    if self.target >= Version(gone_major, gone_minor) =>
                {
                    let message =
                        format!("{what} is gone since Prometheus {gone_major}.{gone_minor}");
                    (message, "say what it did in another way".to_owned())
                }
                _ if self.target < since => {
                    let Version(new_major, new_minor) = since;
                    let message = format!(
                        "{what} needs Prometheus {new_major}.{new_minor}, and this is for {major}.{minor}"
                    );
                    let newer = format!("{new_major}.{new_minor}");
                    (message, format!("do without it, or say `target_prometheus = \"{newer}\"`"))
                }
                _ => continue,
            };
            findings.push(Finding { rule: &rule::QUERY_VERSION, span, message, help: Some(help) });
        }
        findings.sort_by_key(|finding| (finding.span.start, finding.span.end));
        Ok(Answer { expr, of, metrics, findings, holding })
    }
}

impl SyntaxError {
    fn new(span: std::ops::Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}
