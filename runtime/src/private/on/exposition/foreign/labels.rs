//! The labels of a sample, as text that has been looked through once.

use std::borrow::Cow;

/// What stands between the braces: well-formed, with names that are valid and distinct.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Labels<'a>(&'a str);

/// A label; its value is escaped as OpenMetrics and Prometheus text both do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Label<'a> {
    pub(super) name: &'a str,
    pub(super) escaped: &'a str,
}

impl<'a> Labels<'a> {
    /// Takes labels up to the closing brace off a text that begins behind the opening one.
    pub(super) fn take(text: &'a str) -> Option<(Self, &'a str)> {
        let mut rest = text;
        loop {
            let before = &text[..text.len() - rest.len()];
            // `prometheus_client` puts a comma beside an empty set of labels.
            rest = rest.trim_start_matches(',');
            if let Some(after) = rest.strip_prefix('}') {
                return Some((Labels(before), after));
            }
            let (label, after) = take_label(rest)?;
            if !is_name(label.name, b"_")
                || label.name == "__name__"
                || Labels(before).has(label.name)
            {
                return None;
            }
            rest = after;
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Label<'a>> + Clone {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (label, after) = take_label(rest.trim_start_matches(','))?;
            rest = after;
            Some(label)
        })
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.iter().any(|label| label.name == name)
    }
}

impl<'a> Label<'a> {
    pub(super) fn value(self) -> Cow<'a, str> {
        unescape(self.escaped)
    }
}

/// Undoes OpenMetrics' escapes. Any other backslash stands for itself.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('\\') else { return Cow::Borrowed(text) };
    let (plain, mut rest) = text.split_at(first);
    let mut unescaped = plain.to_owned();
    while let Some(at) = rest.find('\\') {
        unescaped.push_str(&rest[..at]);
        let escaped = &rest[at + 1..];
        let (character, length) = match escaped.as_bytes().first() {
            Some(b'n') => ('\n', 1),
            Some(b'"') => ('"', 1),
            Some(b'\\') => ('\\', 1),
            _ => ('\\', 0),
        };
        unescaped.push(character);
        rest = &escaped[length..];
    }
    unescaped.push_str(rest);
    Cow::Owned(unescaped)
}

/// Takes `name="value"` off a text.
fn take_label(text: &str) -> Option<(Label<'_>, &str)> {
    let (name, rest) = text.split_once("=\"")?;
    let end = closing_quote(rest)?;
    Some((Label { name, escaped: &rest[..end] }, &rest[end + 1..]))
}

/// The place of the first quote that is not escaped, if all escapes before it are known ones.
fn closing_quote(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    loop {
        match bytes.next()? {
            (at, b'"') => return Some(at),
            (_, b'\\') if !matches!(bytes.next()?.1, b'\\' | b'"' | b'n') => return None,
            _ => {}
        }
    }
}

/// Whether something may be called so: in ASCII letters, digits and some other bytes.
pub(super) fn is_name(name: &str, others: &[u8]) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, drawn: &[(&str, &str)], after: &str) {
        let (labels, rest) = Labels::take(text).expect("well-formed");
        let read: Vec<_> = labels.iter().map(|label| (label.name, label.value())).collect();
        assert_eq!(read, drawn.iter().map(|&(k, v)| (k, Cow::from(v))).collect::<Vec<_>>());
        assert_eq!(rest, after);
    }

    #[test]
    fn labels_are_read() {
        check("} 1", &[], " 1");
        check(r#"a="1"} 1"#, &[("a", "1")], " 1");
        check(r#"a="1",b_2=""} 1"#, &[("a", "1"), ("b_2", "")], " 1");
        check(r#"a="x\"}\\",b="\n{é"}"#, &[("a", "x\"}\\"), ("b", "\n{é")], "");
    }

    #[test]
    fn commas_beside_nothing_are_skipped() {
        check(r#"a="1",}"#, &[("a", "1")], "");
        check(r#",a="1"}"#, &[("a", "1")], "");
        check(",}", &[], "");
    }

    #[test]
    fn labels_that_a_reader_would_refuse() {
        for text in [
            "",
            r#"a="1""#,
            r#"a="1"#,
            r#"a="\x"}"#,
            r#"a="\"#,
            r#"a=1}"#,
            r#"1a="1"}"#,
            r#"="1"}"#,
            r#"a b="1"}"#,
            r#"__name__="1"}"#,
            r#"a="1",a="2"}"#,
        ] {
            assert!(Labels::take(text).is_none(), "{text}");
        }
    }

    #[test]
    fn unknown_escapes_stay() {
        assert_eq!(unescape(r"\d+ \\d \n\"), "\\d+ \\d \n\\");
    }
}
