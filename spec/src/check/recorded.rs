//! Recording rules: their names, and an order in which each can be evaluated.

use std::collections::HashMap;

use crate::catalog::{RecordingRule, Slo};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::source::Span;
use crate::spec::{self, Spec, Text};

use super::reads::Names;
use super::report::Report;
use super::{mention, unit};

/// A recording rule as true.
pub(super) fn rule(
    written: &spec::RecordingRule,
    names: &Names<'_>,
    report: &mut Report<'_>,
) -> RecordingRule {
    let spec::RecordingRule { name, expr, help, unit, allow } = written;
    name_of(name, names.spec, report);
    RecordingRule {
        name: name.value.clone(),
        expr: expr.value.trim().to_owned(),
        help: help.value.trim().to_owned(),
        unit: unit.as_ref().map(|word| unit::of_result(word, names.spec, report)),
        reads: names.reads(expr, allow, report),
    }
}

/// Reports a name that does not say what is recorded, or that another system has.
fn name_of(name: &Text, spec: &Spec, report: &mut Report<'_>) {
    if !is_name(name) {
        let message = format!("`{}` is no name for a recorded series", name.value);
        report.push(
            Diagnostic::new(&rule::RECORDED_NAME, name.span, message)
                .label("not `level:metric:operations`")
                .help("say which labels are kept, what is read and what is done with it: `topic:errors:rate5m`"),
        );
    }
    if let Some(external) = spec.externals.iter().find(|external| external.name.value == name.value)
    {
        let message = format!("`{}` is recorded here and declared as another system's", name.value);
        let diagnostic = Diagnostic::new(&rule::DUPLICATE_NAME, name.span, message);
        report.push(diagnostic.related(external.name.span, "declared here"));
    }
}

/// Reports what has the name of a series that is recorded of SLOs, each with its position.
pub(super) fn of_slos(slos: &[(Slo, usize)], spec: &Spec, report: &mut Report<'_>) {
    let series = slos
        .iter()
        .rev()
        .flat_map(|(slo, at)| slo.series().into_iter().map(|name| (name, spec.slos[*at].key.span)));
    let series: HashMap<String, Span> = series.collect();
    let rules = spec.recording_rules.iter().map(|rule| &rule.name);
    let externals = spec.externals.iter().map(|external| &external.name);
    for name in rules.chain(externals) {
        let Some(slo) = series.get(&name.value) else { continue };
        let message = format!("`{}` is recorded of SLOs", name.value);
        let diagnostic = Diagnostic::new(&rule::DUPLICATE_NAME, name.span, message);
        report.push(diagnostic.related(*slo, "of this one").help("name it otherwise"));
    }
}

/// Three words with colons between them, the first of which begins with no digit.
fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    name.split(':').count() == 3
        && name.split(':').all(is_word)
        && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// How far a rule's turn has come.
#[derive(Clone, Copy, PartialEq)]
enum Turn {
    Waits,
    /// The rules that it reads have their turn first.
    Reads,
    Done,
}

/// The positions of the rules, each after those that it reads; one that reads itself is reported.
pub(super) fn order(spec: &Spec, report: &mut Report<'_>) -> Vec<usize> {
    let rules = &spec.recording_rules;
    let places = rules.iter().enumerate().map(|(at, rule)| (&*rule.name.value, at));
    let places: HashMap<&str, usize> = places.collect();
    let reads = rules.iter().map(|rule| {
        let words = mention::words(&rule.expr).into_iter();
        words.filter_map(|word| places.get(&rule.expr[word]).copied()).collect()
    });
    let reads: Vec<Vec<usize>> = reads.collect();
    let mut turns = vec![Turn::Waits; rules.len()];
    let mut order = Vec::with_capacity(rules.len());
    for first in 0..rules.len() {
        // The rules that wait for one another, each with how many of its own it has waited for.
        let mut path = vec![(first, 0)];
        while let Some((at, next)) = path.last_mut() {
            if turns[*at] == Turn::Done {
                path.pop();
                continue;
            }
            turns[*at] = Turn::Reads;
            let Some(&read) = reads[*at].get(*next) else {
                turns[*at] = Turn::Done;
                order.push(*at);
                continue;
            };
            *next += 1;
            match turns[read] {
                Turn::Waits => path.push((read, 0)),
                Turn::Done => {}
                Turn::Reads => {
                    let through = path.iter().skip_while(|(at, _)| *at != read).skip(1);
                    let through = through.map(|(at, _)| &*rules[*at].name.value);
                    let circle = circle(&rules[read].name, &through.collect::<Vec<_>>());
                    report.lint(&rules[read].allow, circle);
                }
            }
        }
    }
    order
}

fn circle(name: &Text, through: &[&str]) -> Diagnostic {
    let message = match through {
        [] => format!("`{}` reads itself", name.value),
        through => format!("`{}` reads itself through `{}`", name.value, through.join("`, `")),
    };
    Diagnostic::new(&rule::RECORDING_CIRCLE, name.span, message)
        .help("read the metrics that are exposed")
}
