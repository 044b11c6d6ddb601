//! Histogram bounds: which are given, and whether they can be.

use crate::bucket::{Bound, exponential, linear};
use crate::catalog::{Kind, ValueType};
use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::source::{Span, Spanned};
use crate::spec::{Buckets, Steps, Text};

use super::report::Report;

/// More bounds than this are a slip of the keyboard.
const MOST: u64 = 500;

/// The finite bounds of a metric, ascending.
pub(super) fn bounds(
    key: &Text,
    kind: Kind,
    value: ValueType,
    written: Option<&Spanned<Buckets>>,
    report: &mut Report<'_>,
) -> Vec<Bound> {
    match (kind, written) {
        (Kind::Histogram, Some(written)) => histogram(value, written, report),
        (Kind::Histogram, None) => {
            let message = format!("histogram `{}` has no buckets", key.value);
            let help =
                "add `buckets = { exponential = { start = 0.001, factor = 2, count = 15 } }`";
            report.push(Diagnostic::new(&rule::MISSING_KEY, key.span, message).help(help));
            Vec::new()
        }
        (_, Some(written)) => {
            let message =
                format!("only histograms have buckets; `{}` is a {}", key.value, kind.as_str());
            report.push(
                Diagnostic::new(&rule::WRONG_KEY_FOR_TYPE, written.span, message)
                    .help("delete `buckets`"),
            );
            Vec::new()
        }
        (_, None) => Vec::new(),
    }
}

fn histogram(value: ValueType, written: &Spanned<Buckets>, report: &mut Report<'_>) -> Vec<Bound> {
    let Buckets { exponential: by_factor, linear: by_width, explicit, also } = &written.value;
    let given = [by_factor.is_some(), by_width.is_some(), explicit.is_some()];
    if given.into_iter().filter(|given| *given).count() != 1 {
        let help = "give one of `exponential`, `linear`, `explicit`; `also` adds single bounds";
        let message = "bounds come from exactly one place";
        report.push(Diagnostic::new(&rule::BUCKETS, written.span, message).help(help));
        return Vec::new();
    }
    let listed = explicit.as_ref().map_or(0, |explicit| explicit.len()) + also.len();
    if listed as u64 > MOST {
        let message = format!("{listed} bounds");
        report.push(
            Diagnostic::new(&rule::BUCKETS, written.span, message).help(format!("use 1 to {MOST}")),
        );
        return Vec::new();
    }
    let before = report.sink.len();
    let mut bounds = Vec::new();
    if let Some(steps) = by_factor {
        bounds = computed(steps, exponential, report, |steps| {
            above("start", &steps.start, 0.0).or_else(|| above("factor", &steps.step, 1.0))
        });
    }
    if let Some(steps) = by_width {
        bounds = computed(steps, linear, report, |steps| {
            above("start", &steps.start, f64::NEG_INFINITY)
                .or_else(|| above("width", &steps.step, 0.0))
        });
    }
    if let Some(explicit) = explicit {
        bounds = ascending(explicit, report);
    }
    for bound in also.iter().filter(|bound| bound.value != f64::INFINITY) {
        if bounds.contains(&bound.value) {
            let message = format!("bound {} is there already", bound.value);
            report.push(Diagnostic::new(&rule::BUCKETS, bound.span, message).help("delete it"));
        } else if finite(bound, report) {
            bounds.push(bound.value);
        }
    }
    bounds.sort_by(f64::total_cmp);
    if report.sink.len() == before {
        sensible_for(value, &bounds, written.span, report);
    }
    bounds.into_iter().map(Bound::new).collect()
}

fn computed(
    steps: &Steps,
    compute: fn(f64, f64, usize) -> Vec<f64>,
    report: &mut Report<'_>,
    wrong: fn(&Steps) -> Option<Diagnostic>,
) -> Vec<f64> {
    let Steps { key, start, step, count } = steps;
    if !(1..=MOST).contains(&count.value) {
        let message = format!("{} bounds", count.value);
        report.push(
            Diagnostic::new(&rule::BUCKETS, count.span, message).help(format!("use 1 to {MOST}")),
        );
        return Vec::new();
    }
    if let Some(wrong) = wrong(steps) {
        report.push(wrong);
        return Vec::new();
    }
    let bounds = compute(start.value, step.value, count.value as usize);
    if bounds.iter().any(|bound| !bound.is_finite())
        || bounds.windows(2).any(|pair| pair[0] >= pair[1])
    {
        let message = "these bounds leave the range of numbers";
        report.push(Diagnostic::new(&rule::BUCKETS, *key, message).help("use a smaller `count`"));
        return Vec::new();
    }
    bounds
}

/// What is wrong with a number that must be finite and above another.
fn above(name: &str, number: &Spanned<f64>, least: f64) -> Option<Diagnostic> {
    if number.value > least && number.value.is_finite() {
        return None;
    }
    let message = format!("`{name}` is {}", number.value);
    let help = match least.is_finite() {
        true => format!("it must be above {least}, so that the bounds ascend"),
        false => "it must be a number".to_owned(),
    };
    Some(Diagnostic::new(&rule::BUCKETS, number.span, message).help(help))
}

/// Bounds from a list, which a reader must find sorted; `+Inf` is implied and may be written.
fn ascending(written: &Spanned<Vec<Spanned<f64>>>, report: &mut Report<'_>) -> Vec<f64> {
    let mut bounds: Vec<f64> = Vec::new();
    for (at, bound) in written.iter().enumerate() {
        let last = at + 1 == written.len();
        if bound.value == f64::INFINITY && last || !finite(bound, report) {
            continue;
        }
        match bounds.last() {
            Some(&before) if before == bound.value => {
                let message = format!("bound {} is repeated", bound.value);
                report.push(Diagnostic::new(&rule::BUCKETS, bound.span, message).help("delete it"));
            }
            Some(&before) if before > bound.value => {
                let message = format!("bound {} stands after {before}", bound.value);
                report.push(
                    Diagnostic::new(&rule::BUCKETS, bound.span, message).help("sort the bounds"),
                );
            }
            _ => bounds.push(bound.value),
        }
    }
    if bounds.is_empty() {
        let message = "a histogram needs at least one finite bound";
        report.push(
            Diagnostic::new(&rule::BUCKETS, written.span, message)
                .help("list some, such as `[0.1, 1, 10]`"),
        );
    }
    bounds
}

fn finite(bound: &Spanned<f64>, report: &mut Report<'_>) -> bool {
    if bound.value.is_finite() {
        return true;
    }
    let message = format!("{} is no bound", bound.value);
    if bound.value.is_nan() {
        report.push(Diagnostic::new(&rule::BUCKETS, bound.span, message).help("delete it"));
        return false;
    }
    report.push(
        Diagnostic::new(&rule::BUCKETS, bound.span, message)
            .help("`+Inf` is added for you, at the end"),
    );
    false
}

/// Reports bounds that no value of this type tells apart.
fn sensible_for(value: ValueType, bounds: &[f64], span: Span, report: &mut Report<'_>) {
    let wrong = match value {
        ValueType::Duration => bounds
            .iter()
            .find(|bound| **bound <= 0.0)
            .map(|bound| format!("no duration is at most {bound}")),
        ValueType::Integer => {
            let fraction = bounds.iter().find(|bound| bound.fract() != 0.0 || **bound < 0.0);
            fraction.map(|bound| {
                format!("no whole number above zero tells {bound} from its neighbours")
            })
        }
        // OpenMetrics allows no sum beside negative bounds, and readers want the sum.
        ValueType::Float => bounds
            .iter()
            .find(|bound| **bound < 0.0)
            .map(|bound| format!("bound {bound} is below zero")),
    };
    if let Some(message) = wrong {
        let help = match value {
            ValueType::Duration => "start above zero",
            ValueType::Float => "record values below zero in a gauge, or shifted",
            ValueType::Integer => "use whole bounds, or `value = \"float\"`",
        };
        report.push(Diagnostic::new(&rule::BUCKETS, span, message).help(help));
    }
}
