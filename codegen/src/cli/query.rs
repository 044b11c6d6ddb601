//! `query`: what does an expression yield, and what is wrong with it?

use std::io::{self, BufRead};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};
use streamhouse_metrics_spec::rule::{Level, Rule};
use streamhouse_metrics_spec::source::Span;
use streamhouse_metrics_spec::{Diagnostic, Sources, render};

use super::load::{self, Specification};
use super::report;
use super::terminal::{self, Outcome};
use crate::output::Failure;
use crate::promql::{
    Answer, Filled, Finding, Presence, Question, Schema, Shape, SyntaxError, target,
};

/// Which expression, and how to show what it yields.
#[derive(Args, Debug)]
pub struct Query {
    /// The expression, or `-` for JSON objects `{"expr": "…"}` on stdin, one a line
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    expr: String,
    /// The specification [default: the nearest metrics.toml here or above]
    #[arg(long, value_name = "PATH")]
    spec: Option<PathBuf>,
    /// How to show the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Take metrics that nobody has declared for unknown instead of reporting them
    #[arg(long)]
    assume_unknown: bool,
}

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Human,
    /// One JSON object a line
    Json,
}

#[derive(Deserialize)]
struct Asked {
    expr: String,
}

impl Query {
    /// Answers; fails when an expression is none, or has an error.
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let specification = Specification::load_without_expressions(self.spec.as_deref())?;
        let checked = match specification.loaded {
            Ok(checked) => checked,
            Err(rejected) => {
                report::show(report::Format::Human, &rejected.diagnostics, &rejected.sources)?;
                return Ok(load::outcome(&rejected));
            }
        };
        let schema = Schema::new(&checked.catalog);
        let (target, assumes_unknown) = (target(&checked.catalog), self.assume_unknown);
        let question = Question { schema: &schema, target, assumes_unknown };
        let mut is_fine = true;
        let mut answer = |expr: &str| {
            let level = |rule| checked.expressions.level(rule);
            let mut answer = question.ask(expr);
            if let Ok(answer) = &mut answer {
                answer.findings.retain(|finding| level(finding.rule) > Level::Allow);
                is_fine &=
                    answer.findings.iter().all(|finding| level(finding.rule) != Level::Error);
            }
            is_fine &= answer.is_ok();
            match self.format {
                Format::Human => human(expr, &answer, level),
                Format::Json => json(expr, &answer, level),
            }
        };
        if self.expr == "-" {
            for line in io::stdin().lock().lines() {
                let line = line
                    .map_err(|error| Failure::in_the_way(format!("cannot read stdin: {error}")))?;
                if line.trim().is_empty() {
                    continue;
                }
                let Asked { expr } = serde_json::from_str(&line).map_err(|error| {
                    Failure::in_the_way(format!("a line of stdin is no query: {error}"))
                })?;
                terminal::print(&answer(&expr))?;
            }
        } else {
            terminal::print(&answer(&self.expr))?;
        }
        Ok(if is_fine { Outcome::Fine } else { Outcome::Findings })
    }
}

/// An answer for programs.
#[derive(Serialize)]
struct Answered<'a> {
    expr: &'a str,
    error: Option<String>,
    shape: Option<&'static str>,
    labels: Option<Labels>,
    kind: Option<&'static str>,
    unit: Option<String>,
    metrics: &'a [String],
    empty: Option<&'static str>,
    fires: Option<&'static str>,
    findings: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Labels {
    always: Vec<String>,
    maybe: Vec<String>,
    never: Vec<String>,
    open: bool,
}

#[derive(Serialize)]
struct Found<'a> {
    id: &'static str,
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    start: usize,
    end: usize,
}

fn json(
    expr: &str,
    answer: &Result<Answer, SyntaxError>,
    level: impl Fn(&'static Rule) -> Level,
) -> String {
    let answered = match answer {
        Err(mistake) => Answered {
            expr,
            error: Some(mistake.message.clone()),
            shape: None,
            labels: None,
            kind: None,
            unit: None,
            metrics: &[],
            empty: None,
            fires: None,
            findings: vec![Found {
                id: streamhouse_metrics_spec::rule::QUERY_SYNTAX.id,
                level: "error",
                message: &mistake.message,
                help: mistake.help.as_deref(),
                start: mistake.span.start,
                end: mistake.span.end,
            }],
        },
        Ok(Answer { of, metrics, findings, .. }) => Answered {
            expr,
            error: None,
            shape: of.shape.map(shape),
            labels: Some(labels(of)),
            kind: Some(of.kind.as_str()),
            unit: of.unit.as_ref().and_then(|unit| unit.name()),
            metrics,
            empty: Some(if of.filled == Filled::Never { "always" } else { "maybe" }),
            fires: Some(fires(of.filled)),
            findings: findings.iter().map(|finding| found(finding, level(finding.rule))).collect(),
        },
    };
    // Strings and numbers: nothing in here can fail to serialise.
    serde_json::to_string(&answered).expect("plain data serialises") + "\n"
}

fn shape(shape: Shape) -> &'static str {
    match shape {
        Shape::Scalar => "scalar",
        Shape::Instant => "instant",
        Shape::Range => "range",
        Shape::Text => "string",
    }
}

fn fires(filled: Filled) -> &'static str {
    match filled {
        Filled::Never => "never",
        Filled::Maybe => "maybe",
        Filled::Always => "always",
    }
}

fn labels(of: &crate::promql::Type) -> Labels {
    let with = |presence: Presence| {
        let labels = of.labels.iter().filter(move |(_, label)| label.presence == presence);
        labels.map(|(name, _)| name.to_owned()).collect()
    };
    Labels {
        always: with(Presence::Always),
        maybe: with(Presence::Maybe),
        never: with(Presence::Never),
        open: of.labels.is_open,
    }
}

fn found(finding: &Finding, level: Level) -> Found<'_> {
    Found {
        id: finding.rule.id,
        level: report::word(level),
        message: &finding.message,
        help: finding.help.as_deref(),
        start: finding.span.start,
        end: finding.span.end,
    }
}

/// An answer for people: what it yields, then what is wrong, each under the words that it is about.
fn human(
    expr: &str,
    answer: &Result<Answer, SyntaxError>,
    level: impl Fn(&'static Rule) -> Level,
) -> String {
    let mut sources = Sources::default();
    let file = sources.add("query".to_owned(), PathBuf::new(), expr);
    let drawn = |finding: &Finding| drawn(&sources, file, finding, level(finding.rule));
    let mut text = String::new();
    match answer {
        Err(mistake) => {
            let (rule, help) =
                (&streamhouse_metrics_spec::rule::QUERY_SYNTAX, mistake.help.clone());
            let (span, message) = (mistake.span.clone(), mistake.message.clone());
            text += &drawn(&Finding { rule, span, message, help });
        }
        Ok(Answer { of, metrics, findings, .. }) => {
            let Labels { always, maybe, never, open } = labels(of);
            let list = |names: Vec<String>| match names.is_empty() {
                true => "none".to_owned(),
                false => names.join(", "),
            };
            let mut maybe = maybe;
            if open {
                maybe.push("any other".to_owned());
            }
            let rows = [
                ("yields", of.shape.map_or("unknown", shape).to_owned()),
                ("kind", of.kind.as_str().to_owned()),
                (
                    "unit",
                    of.unit.as_ref().and_then(|unit| unit.name()).unwrap_or("unknown".to_owned()),
                ),
                ("labels", list(always)),
                ("maybe", list(maybe)),
                ("never", list(never)),
                ("reads", list(metrics.clone())),
                ("fires", fires(of.filled).to_owned()),
            ];
            for (name, value) in rows {
                text += &format!("{name:<7} {value}\n");
            }
            for finding in findings {
                text += "\n";
                text += &drawn(finding);
            }
        }
    }
    text
}

fn drawn(sources: &Sources, file: u32, finding: &Finding, level: Level) -> String {
    let Finding { rule, span, message, help } = finding;
    let diagnostic = Diagnostic::new(rule, Span::new(file, span.clone()), message);
    let diagnostic = Diagnostic { level, ..diagnostic.maybe_help(help.clone()) };
    render::render(&diagnostic, sources, render::Style::Plain) + "\n"
}
