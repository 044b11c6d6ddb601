//! Units, and whether the metric's name says the same.

use crate::catalog::Kind;
use crate::diagnostic::Diagnostic;
use crate::name::is_snake_case;
use crate::rule;
use crate::source::Span;
use crate::spec::{Metric, Spec, Text};
use crate::suggest::question;
use crate::unit::{BASE, COUNTING, Unit, base_of};

use super::name;
use super::report::Report;

/// The unit of a metric, held against the vocabulary and the metric's name.
pub(super) fn check(metric: &Metric, kind: Kind, spec: &Spec, report: &mut Report<'_>) -> Unit {
    // An info metric's unit has been refused already.
    let written = metric.unit.as_ref().filter(|_| kind != Kind::Info);
    let unit = written.map_or_else(Unit::none, |unit| resolve(unit, spec, report));
    let key = &metric.key;
    let stem = key.strip_suffix("_total").filter(|_| kind == Kind::Counter).unwrap_or(key);
    if let Some(finding) = scaled_word(key, stem).or_else(|| disagreement(key, stem, &unit)) {
        report.lint(&metric.allow, finding);
    }
    unit
}

/// A word of a name that is a scaled unit, such as `milliseconds`; the last one, if there are more.
fn scaled_word(key: &Text, stem: &str) -> Option<Diagnostic> {
    let (before, last) = stem.rsplit_once('_').unwrap_or(("", stem));
    let at_end = (!before.is_empty() || !is_abbreviation(last)).then_some(last);
    let inside = before.rsplit('_').filter(|word| !is_abbreviation(word));
    let mut words = at_end.into_iter().chain(inside);
    let (word, (base, how)) = words.find_map(|word| Some((word, base_of(word)?)))?;
    let others = stem.split('_').filter(|other| *other != word && *other != base);
    let words: Vec<_> = others.chain([base]).collect();
    let help = format!("expose {base} ({how}): name it `{}`", words.join("_"));
    let message = format!("`{word}` is not a base unit");
    Some(Diagnostic::new(&rule::UNIT_IN_NAME, word_of(key, word), message).help(help))
}

/// Whether a word is short enough to mean something else than a unit, unless it ends a name.
fn is_abbreviation(word: &str) -> bool {
    word.len() <= 3
}

/// What a name says otherwise than the unit.
fn disagreement(key: &Text, stem: &str, unit: &Unit) -> Option<Diagnostic> {
    let last = stem.rsplit('_').next().unwrap_or(stem);
    let finding = |span, message: String| Diagnostic::new(&rule::UNIT_IN_NAME, span, message);
    if BASE.contains(&last) && last != unit.as_str() && !unit.is_none() {
        let message = format!("the name says {last}, the unit says {unit}");
        Some(finding(word_of(key, last), message).help("let name and unit agree"))
    } else if unit.is_base() && !stem.split('_').any(|word| word == unit.as_str()) {
        let message = format!("the name of a metric in {unit} says so");
        Some(finding(key.span, message).help(format!("name it `{stem}_{unit}`")))
    } else if ["seconds", "ratio"].contains(&unit.as_str()) && last != unit.as_str() {
        let message = format!("`{unit}` belongs at the end of the name");
        let words: Vec<_> = stem.split('_').filter(|word| *word != unit.as_str()).collect();
        let help = format!("name it `{}_{unit}`", words.join("_"));
        Some(finding(word_of(key, unit.as_str()), message).help(help))
    } else {
        None
    }
}

/// Where a word of a name stands.
fn word_of(name: &Text, word: &str) -> Span {
    let mut at = 0;
    for part in name.split('_') {
        if part == word {
            let start = name.span.start as usize + at;
            return Span::new(name.span.file, start..start + word.len());
        }
        at += part.len() + 1;
    }
    name.span
}

/// Reports words of a namespace or component that read as scaled units in every name.
pub(super) fn in_prefix(prefix: &Text, report: &mut Report<'_>) {
    let spelt_out = |word: &&str| base_of(word).is_some() && !is_abbreviation(word);
    if let Some(word) = prefix.split('_').find(spelt_out) {
        let message = format!("`{word}` reads as a unit in every metric's name");
        let diagnostic = Diagnostic::new(&rule::UNIT_IN_NAME, word_of(prefix, word), message);
        report.lint(&[], diagnostic.help("choose a longer word"));
    }
}

/// A unit by its word; of a wrong word, the unit that was probably meant.
pub(super) fn resolve(word: &Text, spec: &Spec, report: &mut Report<'_>) -> Unit {
    let own = || spec.units.iter().map(|unit| &*unit.value);
    let all = || BASE.iter().chain(COUNTING).copied().chain(own());
    if all().any(|known| known == word.value) {
        return Unit::new(&*word.value);
    }
    let (meant, help) = match base_of(word) {
        Some((base, how)) => (Some(base), format!("expose {base} instead: {how}")),
        None => {
            let nearest = report.nearest(word, all());
            (nearest, unknown(word, nearest))
        }
    };
    let message = format!("unknown unit `{}`", word.value);
    report.push(Diagnostic::new(&rule::UNKNOWN_UNIT, word.span, message).help(help));
    meant.map_or_else(Unit::none, Unit::new)
}

/// What to write instead of a word that is no unit.
fn unknown(word: &str, nearest: Option<&str>) -> String {
    let meant = nearest.map(question);
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

/// Reports declared units that are no words, or no base units.
pub(super) fn declared(spec: &Spec, report: &mut Report<'_>) {
    for unit in &spec.units {
        if name::check("unit", unit, report)
            && let Some((base, how)) = base_of(unit)
        {
            let message = format!("`{}` is not a base unit", unit.value);
            let help = format!("expose {base} instead: {how}");
            report.push(Diagnostic::new(&rule::UNKNOWN_UNIT, unit.span, message).help(help));
        }
    }
}
