//! Which metrics an expression names.
//!
//! No PromQL is parsed here: words outside of strings, braces, comments and label lists are enough
//! to tell the derive and the docs which alerts watch a metric, and to catch a name that nothing
//! exposes. What an expression means is the query checker's business.

use std::ops::Range;

/// Words before a list of labels.
const BEFORE_LABELS: &[&str] = &["by", "without", "on", "ignoring", "group_left", "group_right"];

/// Every word of an expression that could name a metric, with its place.
pub(super) fn words(expr: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = expr[at..].chars().next() {
        let rest = &expr[at..];
        at += match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' | '`' => string(rest, first),
            '{' => {
                let length = braces(rest);
                words.extend(names(&rest[..length]).map(|name| at + name.start..at + name.end));
                length
            }
            _ if is_word(first) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                let keyword = rest[..length].to_ascii_lowercase();
                let after = length + gap(&rest[length..]);
                if BEFORE_LABELS.contains(&&*keyword) && rest[after..].starts_with('(') {
                    after + labels(&rest[after..])
                } else {
                    words.push(at..at + length);
                    length
                }
            }
            other => other.len_utf8(),
        };
    }
    words
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | ':')
}

/// The length of white space and comments.
fn gap(text: &str) -> usize {
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        at += match first {
            '#' => text[at..].find('\n').unwrap_or(text.len() - at),
            other if other.is_whitespace() => other.len_utf8(),
            _ => break,
        };
    }
    at
}

/// The length of a list of labels with its parentheses, in which comments may stand.
fn labels(text: &str) -> usize {
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        at += match first {
            '#' => text[at..].find('\n').unwrap_or(text.len() - at),
            ')' => return at + 1,
            other => other.len_utf8(),
        };
    }
    text.len()
}

/// The length of a string with its quotes; only backticks know no escapes.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if character == quote && !escaped {
            return at + 1;
        }
        escaped = character == '\\' && !escaped && quote != '`';
    }
    text.len()
}

/// The metric that a selector's braces name: `{__name__="up"}`, `{"up"}`.
fn names(braces: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let (mut at, mut before) = (0, 0);
    std::iter::from_fn(move || {
        while let Some(quote) = braces[at..].find(['"', '\'', '`']).map(|found| at + found) {
            let length = string(&braces[quote..], braces[quote..].chars().next()?);
            let (said, text) =
                (&braces[before..quote], quote + 1..(quote + length).max(quote + 2) - 1);
            (at, before) = (quote + length, quote + length);
            let said: String = said.chars().filter(|c| !c.is_whitespace()).collect();
            let is_bare =
                matches!(&*said, "{" | ",") && braces[at..].trim_start().starts_with([',', '}']);
            let is_name = braces.get(text.clone()).is_some_and(|text| text.chars().all(is_word));
            if is_name && (is_bare || said.ends_with("__name__=")) {
                return Some(text);
            }
        }
        None
    })
}

/// The length of a selector's braces, in whose strings further braces may stand.
fn braces(text: &str) -> usize {
    let mut at = 1;
    while let Some(character) = text[at..].chars().next() {
        at += match character {
            '"' | '\'' | '`' => string(&text[at..], character),
            '}' => return at + 1,
            other => other.len_utf8(),
        };
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::words;

    fn check(expr: &str, expected: &[&str]) {
        let found: Vec<_> = words(expr).into_iter().map(|range| &expr[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn strings_and_braces_hold_no_metrics() {
        check(
            r#"sum(rate(a_b_total{x="c_d \" } e", y=~'f'}[5m])) > 0.1 unless g:h"#,
            &["sum", "rate", "a_b_total", "5m", "0", "1", "unless", "g:h"],
        );
        check("a{b=\"c\" unclosed", &["a"]);
        check("a{b=\"", &["a"]);
    }

    #[test]
    fn braces_may_name_a_metric() {
        check(r#"{__name__="s_a", b="c"} + { b='c', __name__ = `s:b` }"#, &["s_a", "s:b"]);
        check(r#"{"s_a", b="c"} / {b="c", 's:b'}"#, &["s_a", "s:b"]);
        check(r#"{__name__=~"s_a|s_b", "b"="c", b__name__!="s_d", e="f \" g"}"#, &[]);
    }

    #[test]
    fn comments_and_label_lists_hold_no_metrics() {
        check("sum by (s_region, s_x) (s_a) # don't s_b\n + s_c", &["sum", "s_a", "s_c"]);
        check("a * on(b) group_left (c) d", &["a", "d"]);
        check("by + é", &["by"]);
        check(
            "sum BY (s_a) (s_b) + sum by # s_c\n (s_d, # :) s_e\n s_f) (s_g)",
            &["sum", "s_b", "sum", "s_g"],
        );
    }
}
