//! Names of Kubernetes, which refuses an object for a single one that is wrong.

use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::spec::Text;

use super::report::Report;

/// Longest name of a label or a namespace, and longest value of a label.
const LONGEST: usize = 63;

/// Longest domain before a label's name.
const LONGEST_DOMAIN: usize = 253;

/// What to write instead of a label's name or value that is none.
const WORD: &str =
    "use letters, digits, `-`, `_` and `.`, at most 63, with a letter or a digit at both ends";

/// Labels as true; reports those that Kubernetes does not take.
pub(super) fn labels(written: &[(Text, Text)], report: &mut Report<'_>) -> Vec<(String, String)> {
    for (key, value) in written {
        if !is_key(key) {
            let message = format!("`{}` is no label of Kubernetes", key.value);
            report.push(Diagnostic::new(&rule::KUBERNETES, key.span, message).help(WORD));
        }
        if !is_word(value) {
            let message = format!("`{}` is no value of a label of Kubernetes", value.value);
            report.push(Diagnostic::new(&rule::KUBERNETES, value.span, message).help(WORD));
        }
    }
    written.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect()
}

/// Reports a namespace that Kubernetes does not take.
pub(super) fn namespace(name: &Text, report: &mut Report<'_>) {
    if !is_domain_word(name) {
        let message = format!("`{}` is no namespace of Kubernetes", name.value);
        let help = "use lower-case letters, digits and `-`, at most 63, with a letter or a digit at both ends";
        report.push(Diagnostic::new(&rule::KUBERNETES, name.span, message).help(help));
    }
}

/// Whether a label may have a name, before which a domain may stand.
fn is_key(key: &str) -> bool {
    match key.split_once('/') {
        Some((domain, name)) => {
            let is_domain = domain.split('.').all(is_domain_word);
            is_domain && domain.len() <= LONGEST_DOMAIN && is_word(name)
        }
        None => is_word(key),
    }
}

/// Whether a text is a label's name or value.
fn is_word(word: &str) -> bool {
    let ends = |end: Option<char>| end.is_some_and(|c| c.is_ascii_alphanumeric());
    word.len() <= LONGEST
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && ends(word.chars().next())
        && ends(word.chars().next_back())
}

/// Whether a text is a part of a domain's name.
fn is_domain_word(word: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    is_word(word) && word.chars().all(is_plain)
}
