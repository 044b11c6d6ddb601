//! Markdown as GitHub reads it.
//!
//! Every inline piece is a single line that is valid in a table cell and in a paragraph alike.

/// How a table's column is aligned.
#[derive(Clone, Copy)]
pub(crate) enum Align {
    /// For words.
    Left,
    /// For numbers.
    Right,
}

/// A table; every cell is inline Markdown already.
pub(crate) fn table(
    columns: &[(&str, Align)],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let titles = columns.iter().map(|(title, _)| (*title).to_owned()).collect();
    let rules = columns.iter().map(|(_, align)| match align {
        Align::Left => "---".to_owned(),
        Align::Right => "---:".to_owned(),
    });
    let head = [titles, rules.collect()];
    head.into_iter()
        .chain(rows)
        .map(|cells: Vec<String>| format!("| {} |\n", cells.join(" | ")))
        .collect()
}

/// Text as it was written, with nothing in it taken for Markdown or HTML.
pub(crate) fn text(text: &str) -> String {
    let text = text.trim();
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' if after == '#' || after.is_alphanumeric() => escaped.push_str("&amp;"),
            '\r' => {}
            '\n' => escaped.push_str("<br>"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => escaped.extend(['\\', character]),
            // Inside a word an underscore means nothing.
            '_' if !(before.is_alphanumeric() && after.is_alphanumeric()) => {
                escaped.push_str("\\_")
            }
            '#' | '+' | '-' | '=' if escaped.is_empty() => escaped.extend(['\\', character]),
            '.' | ')' if escaped.bytes().all(|byte| byte.is_ascii_digit()) => {
                escaped.extend(['\\', character])
            }
            _ => escaped.push(character),
        }
        before = character;
    }
    escaped
}

/// Text in code type.
pub(crate) fn code(text: &str) -> String {
    let special = |character: char| character.is_control() || "`|<>&\\".contains(character);
    if text.is_empty() || text.contains(special) || text.trim() != text {
        format!("<code>{}</code>", entities(text))
    } else {
        format!("`{text}`")
    }
}

/// A fenced block of code, whose fence is longer than any run of backticks inside.
pub(crate) fn block(language: &str, text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// A link to a URL that may hold anything.
pub(crate) fn link(label: &str, url: &str) -> String {
    let mut target = String::with_capacity(url.len());
    for character in url.chars() {
        match character {
            '<' => target.push_str("%3C"),
            '>' => target.push_str("%3E"),
            '|' => target.push_str("%7C"),
            '\\' => target.push_str("%5C"),
            space if space.is_whitespace() || space.is_control() => target.push_str("%20"),
            _ => target.push(character),
        }
    }
    format!("[{label}](<{target}>)")
}

/// An invisible place to link to; ids are made of names, which need no escaping.
pub(crate) fn anchor(id: &str) -> String {
    debug_assert!(
        id.chars().all(|character| character.is_ascii_alphanumeric() || "-_".contains(character))
    );
    format!("<a id=\"{id}\"></a>")
}

/// Text for the inside of an HTML element, where Markdown is still read.
fn entities(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            plain if plain.is_alphanumeric() || " -./,=()".contains(plain) => escaped.push(plain),
            // As a character reference, a line feed would be read as one more space.
            '\n' => escaped.push_str("<br>"),
            other => escaped.push_str(&format!("&#{};", other as u32)),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_only_text() {
        let check = |input, expected| assert_eq!(text(input), expected);
        check("Latency of send() calls", "Latency of send() calls");
        check("a | b\nc", "a \\| b<br>c");
        check(
            "<script>alert(1)</script> & &lt; AT&T",
            "&lt;script&gt;alert(1)&lt;/script&gt; & &amp;lt; AT&amp;T",
        );
        check(
            "`code` *bold* _it_ error_type [x](y)",
            "\\`code\\` \\*bold\\* \\_it\\_ error_type \\[x\\](y)",
        );
        check("# no heading", "\\# no heading");
        check("- no list", "\\- no list");
        check("12. no list", "12\\. no list");
        check("{{ $labels.topic }} ${x}", "{{ \\$labels.topic }} \\${x}");
    }

    #[test]
    fn code_survives_cells() {
        assert_eq!(code("topic"), "`topic`");
        assert_eq!(code("a|b`c"), "<code>a&#124;b&#96;c</code>");
        assert_eq!(code(""), "<code></code>");
    }

    #[test]
    fn fences_are_long_enough() {
        assert_eq!(block("promql", "up == 0\n"), "```promql\nup == 0\n```\n");
        assert_eq!(block("", "a ```` b"), "`````\na ```` b\n`````\n");
    }

    #[test]
    fn links_stay_links() {
        assert_eq!(
            link("Runbook", "https://a/b?c=(d)|e f"),
            "[Runbook](<https://a/b?c=(d)%7Ce%20f>)"
        );
    }

    #[test]
    fn tables_have_a_rule() {
        let rows = [vec!["`a`".to_owned(), "1".to_owned()]];
        assert_eq!(
            table(&[("Name", Align::Left), ("Series", Align::Right)], rows),
            "| Name | Series |\n| --- | ---: |\n| `a` | 1 |\n"
        );
    }
}
