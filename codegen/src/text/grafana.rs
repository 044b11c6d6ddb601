//! Text inside Grafana dashboards, where `$name`, `${name}` and `[[name]]` are variables.

use super::markdown;

/// Markdown for a panel's description: entities keep variables from being replaced.
pub(crate) fn description(text: &str) -> String {
    markdown::text(text)
        .replace("\\$", "&#36;")
        .replace("\\[", "&#91;")
}

/// A title, which is plain text: an invisible word joiner keeps variables from being replaced.
pub(crate) fn title(text: &str) -> String {
    text.replace(['\n', '\t'], " ")
        .replace('$', "$\u{2060}")
        .replace("[[", "[\u{2060}[")
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
    }
}
