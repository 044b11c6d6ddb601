//! Texts of alerts: Prometheus fills in what stands in their braces, by Go's templates.
//!
//! ```text
//! text ──token──▶ words ──parse──▶ Template ──evaluate──▶ text of one series
//! ```
//!
//! Everything is as Prometheus 2.42 has it; where newer versions write something else, and where it
//! takes a server or a clock, that is [`Cause::Unsupported`] and never a guess.

mod call;
mod evaluate;
mod float;
mod function;
mod mention;
mod parse;
mod syntax;
mod token;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

pub(crate) use mention::{Mentions, Written, mentions};
pub(crate) use parse::parse;
pub(crate) use syntax::{Novelty, Template};

/// What Prometheus writes for a text of an alert, given the labels of a series and its value.
///
/// ```
/// use std::collections::BTreeMap;
/// use streamhouse_metrics_codegen::template::{Cause, render};
///
/// let labels = BTreeMap::from([("topic".to_owned(), "orders".to_owned())]);
/// let text = "{{ $labels.topic }} is {{ $value | humanize }} records behind";
/// assert_eq!(render(text, &labels, 12345.0).as_deref(), Ok("orders is 12.35k records behind"));
///
/// let failure = render("{{ $value | humanise }}", &labels, 0.0).expect_err("no such function");
/// assert_eq!(failure.cause, Cause::Refused);
/// assert_eq!(failure.place, 12..20);
/// assert_eq!(failure.help.as_deref(), Some("did you mean `humanize`?"));
/// ```
///
/// # Errors
///
/// Says where the text is wrong, or what of it cannot be known here.
pub fn render(
    text: &str,
    labels: &BTreeMap<String, String>,
    value: f64,
) -> Result<String, Failure> {
    parse(text)?.render(labels, value)
}

impl Template {
    /// The text for a series with these labels and this value.
    pub(crate) fn render(
        &self,
        labels: &BTreeMap<String, String>,
        value: f64,
    ) -> Result<String, Failure> {
        evaluate::evaluate(self, labels, value)
    }
}

/// Finds what never works, whatever the series.
///
/// That is tried with a series that has all labels and with one that has none, so that both ways of
/// most decisions are gone.
pub(crate) fn misuse(template: &Template) -> Option<Failure> {
    let named = mentions(template).labels.into_iter();
    let all = named.map(|(name, _)| (name, "a".to_owned())).collect();
    [(all, 1.5), (BTreeMap::new(), 0.0)].into_iter().find_map(|(labels, value)| {
        let failure = template.render(&labels, value).err()?;
        (failure.cause == Cause::Misused).then_some(failure)
    })
}

/// Constant text, which the template engine gives back unchanged.
pub(crate) fn constant(text: &str) -> String {
    text.replace("{{", r#"{{ "{{" }}"#)
}

/// Why there is no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure it is.
    pub cause: Cause,
    /// The smallest piece that is wrong, in bytes of the text.
    pub place: Range<usize>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// What kind of failure it is that there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// This is no template: Prometheus refuses the whole rule file.
    Refused,
    /// Something is used as what it never is: Prometheus writes an error where the text should be.
    Misused,
    /// Something does not fit this series: Prometheus writes an error, for others maybe a text.
    Series,
    /// Prometheus writes a text that depends on more than the series, or on the version.
    Unsupported,
}

impl Failure {
    pub(crate) fn new(cause: Cause, place: Range<usize>, message: impl Into<String>) -> Self {
        Self { cause, place, message: message.into(), help: None }
    }

    pub(crate) fn refused(place: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Cause::Refused, place, message)
    }

    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(formatter, ": {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}
