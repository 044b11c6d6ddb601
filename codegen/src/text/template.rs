//! Text inside Prometheus's annotation templates, which are Go templates.

/// Constant text, which the template engine gives back unchanged.
pub(crate) fn constant(text: &str) -> String {
    text.replace("{{", r#"{{ "{{" }}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_stay_braces() {
        assert_eq!(constant("plain { } text"), "plain { } text");
        assert_eq!(constant("a {{ $x }} b"), r#"a {{ "{{" }} $x }} b"#);
        assert_eq!(constant("{{{"), r#"{{ "{{" }}{"#);
    }
}
