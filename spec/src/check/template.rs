//! Placeholders in annotations: `{{ … }}` must close.
//!
//! Prometheus refuses a whole rule file for one that does not. What stands inside is the query
//! checker's business.

use std::ops::Range;

/// The first placeholder that is never closed.
pub(super) fn unclosed(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(open) = text[at..].find("{{").map(|found| at + found) {
        match length(&text[open + 2..]) {
            Some(length) => at = open + 2 + length,
            None => return Some(open..open + 2),
        }
    }
    None
}

/// How far it is to the end of a placeholder; braces in its strings do not end it.
fn length(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match quote {
            Some(end) if character == end && !escaped => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '`') => quote = Some(character),
            None if text[at..].starts_with("}}") => return Some(at + 2),
            None => {}
        }
        escaped = character == '\\' && !escaped && quote == Some('"');
    }
    None
}

#[cfg(test)]
mod tests {
    use super::unclosed;

    #[test]
    fn placeholders_close() {
        assert_eq!(unclosed("{{ $labels.x }} and }} and { {"), None);
        assert_eq!(unclosed(r#"{{ "}}" }} {{ `{{` }} {{ "\"}}" }}"#), None);
        assert_eq!(unclosed("a {{ $value"), Some(2..4));
        assert_eq!(unclosed(r#"{{ x }} {{ "}}"#), Some(8..10));
    }
}
