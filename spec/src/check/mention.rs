//! Which metrics an expression names.
//!
//! No PromQL is parsed here: words outside of strings and braces are enough to tell the derive
//! and the docs which alerts watch a metric, and to catch a name that nothing exposes. What an
//! expression means is the query checker's business.

use std::ops::Range;

/// Every word of an expression that could name a metric, with its place.
pub(super) fn words(expr: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut escaped = false;
    let mut braces = 0usize;
    // A sentinel ends the last word.
    for (at, character) in expr.char_indices().chain([(expr.len(), '\n')]) {
        if let Some(end) = quote {
            // A backtick string has no escapes.
            if character == end && !escaped {
                quote = None;
            }
            escaped = character == '\\' && !escaped && end != '`';
            continue;
        }
        let word = character.is_ascii_alphanumeric() || matches!(character, '_' | ':');
        match (word, start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                start = None;
                if braces == 0 {
                    words.push(begin..at);
                }
            }
            _ => {}
        }
        match character {
            '"' | '\'' | '`' => quote = Some(character),
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn strings_and_braces_hold_no_metrics() {
        let expr = r#"sum by (topic) (rate(a_b_total{x="c_d \" e", y=~'f'}[5m])) > 0.1 unless g:h"#;
        let found: Vec<_> = words(expr).into_iter().map(|range| &expr[range]).collect();
        assert_eq!(
            found,
            ["sum", "by", "topic", "rate", "a_b_total", "5m", "0", "1", "unless", "g:h"]
        );
    }
}
