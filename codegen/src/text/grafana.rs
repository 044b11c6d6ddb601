//! Text inside Grafana dashboards, where `$name`, `${name}` and `[[name]]` are variables.

use super::markdown;

/// Markdown for a panel's description: entities keep variables from being replaced.
pub(crate) fn description(text: &str) -> String {
    markdown::text(text).replace("\\$", "&#36;").replace("\\[", "&#91;")
}

/// A string in PromQL, whose escapes keep variables from being replaced.
pub(crate) fn promql_string(text: &str) -> String {
    let mut string = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => string.extend(['\\', character]),
            '\n' => string.push_str("\\n"),
            '$' => string.push_str("\\x24"),
            '[' => string.push_str("\\x5b"),
            _ => string.push(character),
        }
    }
    string.push('"');
    string
}

/// A title, which is plain text: an invisible word joiner keeps variables from being replaced.
pub(crate) fn title(text: &str) -> String {
    text.replace(['\n', '\t'], " ").replace('$', "$\u{2060}").replace("[[", "[\u{2060}[")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_stay_text() {
        assert_eq!(
            description("costs $job or ${job} or [[job]]"),
            "costs &#36;job or &#36;{job} or &#91;&#91;job\\]\\]"
        );
        assert_eq!(title("a $job"), "a $\u{2060}job");
        assert_eq!(title("[[job]]"), "[\u{2060}[job]]");
        assert_eq!(promql_string("a\"b\\c\nd$job[[job]]"), r#""a\"b\\c\nd\x24job\x5b\x5bjob]]""#);
    }
}
