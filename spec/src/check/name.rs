//! Names: of the namespace, components, metrics, labels and queries.

use crate::diagnostic::Diagnostic;
use crate::name::{is_keyword, is_snake_case, to_snake_case};
use crate::rule;
use crate::source::Span;
use crate::spec::Text;

use super::report::Report;

/// Longest name, in bytes.
const LONGEST: usize = 100;

/// Reports a name that is not snake case; says whether it is.
pub(super) fn check(what: &str, name: &Text, report: &mut Report<'_>) -> bool {
    if name.len() > LONGEST {
        let message = format!("a name of {} characters", name.chars().count());
        let help = format!("use at most {LONGEST}; files and panels are named after it");
        report.push(Diagnostic::new(&rule::INVALID_NAME, name.span, message).help(help));
        return false;
    }
    if is_snake_case(name) {
        return true;
    }
    let message = match name.is_empty() {
        true => format!("this {what} has no name"),
        false => format!("`{}` is no name for a {what}", name.value),
    };
    let label = match name.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '_')) {
        Some(character) if !character.is_ascii() => {
            format!("`{character}` is U+{:04X}, not ASCII", character as u32)
        }
        Some(character) => format!("`{character}` does not belong in it"),
        None => "words are joined by single underscores and start with a letter".to_owned(),
    };
    let help = to_snake_case(name).map(|name| format!("write `{name}`"));
    report.push(
        Diagnostic::new(&rule::INVALID_NAME, name.span, message).label(label).maybe_help(help),
    );
    false
}

/// Reports a name that cannot be a Rust identifier.
pub(super) fn keyword(what: &str, name: &Text, report: &mut Report<'_>) {
    if is_keyword(name) {
        let message = format!("`{}` is a Rust keyword and cannot name a {what}", name.value);
        report
            .push(Diagnostic::new(&rule::KEYWORD, name.span, message).help("choose a longer name"));
    }
}

/// The last bytes of a name's place: a suffix is the smallest piece that is wrong.
pub(super) fn end_of(name: &Text, bytes: usize) -> Span {
    let start = name.span.end.saturating_sub(bytes as u32).max(name.span.start);
    Span { start, ..name.span }
}
