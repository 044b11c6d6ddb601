//! What may not stand in a line as it is.

/// Whether quotes are escaped: in label values, and in the help of OpenMetrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quotes {
    Escaped,
    Plain,
}

/// Appends a text in one line.
pub(crate) fn escape(line: &mut String, text: &str, quotes: Quotes) {
    for character in text.chars() {
        match character {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '"' if quotes == Quotes::Escaped => line.push_str("\\\""),
            other => line.push(other),
        }
    }
}
