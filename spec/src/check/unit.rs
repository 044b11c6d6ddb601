//! Units, and whether the metric's name says the same.

use crate::catalog::Kind;
use crate::diagnostic::Diagnostic;
use crate::name::is_snake_case;
use crate::rule;
use crate::source::Span;
use crate::spec::{Metric, Spec, Text};
use crate::suggest::did_you_mean;
use crate::unit::{BASE, COUNTING, SCALED, Unit};

use super::name::{self, end_of};
use super::report::Report;

/// The unit of a metric, held against the vocabulary and the metric's name.
pub(super) fn check(metric: &Metric, kind: Kind, spec: &Spec, report: &mut Report<'_>) -> Unit {
    let unit = metric.unit.as_ref().map_or_else(Unit::none, |unit| resolve(unit, spec, report));
    let key = &metric.key;
    let stem = if kind == Kind::Counter { key.strip_suffix("_total").unwrap_or(key) } else { key };
    let last = stem.rsplit('_').next().unwrap_or(stem);
    // Where the key ends in `_total`, the last word does not end where the key does.
    let place = || match stem.len() == key.len() {
        true => end_of(key, last.len()),
        false => key.span,
    };
    let finding = if let Some((_, base, how)) = SCALED.iter().find(|(word, ..)| *word == last) {
        let message = format!("`{last}` is not a base unit");
        let help = format!(
            "expose {base} ({how}): name it `{}{base}`",
            stem.strip_suffix(last).unwrap_or_default()
        );
        Some(Diagnostic::new(&rule::UNIT_IN_NAME, place(), message).help(help))
    } else if BASE.contains(&last) && last != unit.as_str() && !unit.is_none() {
        let message = format!("the name says {last}, the unit says {unit}");
        Some(Diagnostic::new(&rule::UNIT_IN_NAME, place(), message).help("let name and unit agree"))
    } else if unit.is_base() && !stem.split('_').any(|word| word == unit.as_str()) {
        let message = format!("the name of a metric in {unit} says so");
        Some(
            Diagnostic::new(&rule::UNIT_IN_NAME, key.span, message)
                .help(format!("name it `{stem}_{unit}`")),
        )
    } else if ["seconds", "ratio"].contains(&unit.as_str()) && last != unit.as_str() {
        let message = format!("`{unit}` belongs at the end of the name");
        Some(
            Diagnostic::new(&rule::UNIT_IN_NAME, key.span, message)
                .help(moved(stem, unit.as_str())),
        )
    } else {
        None
    };
    if let Some(finding) = finding {
        report.lint(&metric.allow, finding);
    }
    unit
}

/// A unit by its word.
pub(super) fn resolve(word: &Text, spec: &Spec, report: &mut Report<'_>) -> Unit {
    let own = || spec.units.iter().map(|unit| &*unit.value);
    let all = || BASE.iter().chain(COUNTING).copied().chain(own());
    if !all().any(|known| known == word.value) {
        let scaled = SCALED.iter().find(|(scaled, ..)| *scaled == word.value);
        let help = match scaled {
            Some((_, base, how)) => format!("expose {base} instead: {how}"),
            None => unknown(word, all()),
        };
        let message = format!("unknown unit `{}`", word.value);
        report.push(Diagnostic::new(&rule::UNKNOWN_UNIT, word.span, message).help(help));
    }
    Unit::new(&*word.value)
}

/// What to write instead of a word that is no unit.
fn unknown<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let meant = did_you_mean(word, known);
    if !is_snake_case(word) {
        return meant.unwrap_or_else(|| {
            "a unit is a lower-case word in the plural, such as `records`".to_owned()
        });
    }
    let declare = format!("declare it if it counts something: `units = [\"{word}\"]` at the top");
    meant.map_or_else(|| declare.clone(), |meant| format!("{meant} or {declare}"))
}

/// The unit of a query's result, which may be a rate: `records/s`.
pub(super) fn of_result(word: &Text, spec: &Spec, report: &mut Report<'_>) -> Unit {
    let Some(counted) = word.strip_suffix("/s") else { return resolve(word, spec, report) };
    let end = word.span.end.saturating_sub(2);
    let counted = Text::new(counted.to_owned(), Span { end, ..word.span });
    resolve(&counted, spec, report).per_second()
}

/// Reports declared units that are no words.
pub(super) fn declared(spec: &Spec, report: &mut Report<'_>) {
    for unit in &spec.units {
        name::check("unit", unit, report);
    }
}

/// The name with its unit moved to the end.
fn moved(stem: &str, unit: &str) -> String {
    let words: Vec<_> = stem.split('_').filter(|word| *word != unit).collect();
    format!("name it `{}_{unit}`", words.join("_"))
}
