//! YAML documents from values, in the order in which they are given.
//!
//! Maps and lists are written as blocks, an item a line, so that a change is a line in a diff. Texts
//! are [quoted](super::yaml), whatever they look like.

use super::{PREAMBLE, yaml};

/// A value of a document.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Number(u64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list.
    List(Vec<Value>),
    /// A table.
    Map(Map),
}

/// A table whose keys stand in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    lines: Vec<Line>,
}

/// What stands on a line of a table, or begins there.
#[derive(Clone, Debug)]
enum Line {
    /// A key with its value.
    Entry(String, Value),
    /// A line for people.
    Comment(String),
}

impl Map {
    /// The table with one more key.
    pub(crate) fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.lines.push(Line::Entry(key.into(), value.into()));
        self
    }

    /// The table with one more key, if it has a value.
    pub(crate) fn with_some(self, key: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// The table with more lines for people.
    pub(crate) fn comment(mut self, text: &str) -> Self {
        self.lines.extend(text.lines().map(|line| Line::Comment(line.to_owned())));
        self
    }

    /// The table with all lines of another one.
    pub(crate) fn followed_by(mut self, other: Self) -> Self {
        self.lines.extend(other.lines);
        self
    }

    /// Whether there is nothing to read in it.
    pub(crate) fn is_empty(&self) -> bool {
        !self.lines.iter().any(|line| matches!(line, Line::Entry(..)))
    }
}

/// A generated document.
pub(crate) fn text(document: &Map) -> String {
    let mut text = format!("# {PREAMBLE}\n");
    map(document, 0, &mut text);
    text
}

/// Writes a table, its first line where the text ends, the others indented.
fn map(map: &Map, indent: usize, text: &mut String) {
    for (at, line) in map.lines.iter().enumerate() {
        if at > 0 {
            text.extend(std::iter::repeat_n(' ', indent));
        }
        match line {
            Line::Comment(comment) if comment.is_empty() => text.push('#'),
            Line::Comment(comment) => text.extend(["# ", comment]),
            Line::Entry(key, value) => {
                text.extend([&*self::key(key), ":"]);
                below(value, indent, text);
                continue;
            }
        }
        text.push('\n');
    }
}

/// Writes what follows a key, to the end of its last line.
fn below(value: &Value, indent: usize, text: &mut String) {
    let inner = indent + 2;
    match value {
        Value::Map(lines) if !lines.is_empty() => {
            text.push('\n');
            text.extend(std::iter::repeat_n(' ', inner));
            map(lines, inner, text);
        }
        Value::List(items) if !items.is_empty() => {
            text.push('\n');
            for value in items {
                text.extend(std::iter::repeat_n(' ', inner));
                text.push('-');
                item(value, inner, text);
            }
        }
        scalar => text.extend([" ", &*self::scalar(scalar, inner), "\n"]),
    }
}

/// Writes what follows the dash of a list.
fn item(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Map(lines) if !lines.is_empty() => {
            text.push(' ');
            map(lines, indent + 2, text);
        }
        other => below(other, indent, text),
    }
}

/// What fits behind a key or a dash.
fn scalar(value: &Value, indent: usize) -> String {
    match value {
        Value::Text(text) => yaml::block(text, indent),
        Value::Number(number) => number.to_string(),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::List(_) => "[]".to_owned(),
        Value::Map(_) => "{}".to_owned(),
    }
}

/// A key, quoted where a reader of some version could take it for something else.
fn key(key: &str) -> String {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let is_word = key.starts_with(|c: char| c.is_ascii_alphabetic()) && key.chars().all(is_plain);
    if is_word && !WORDS.contains(&&*key.to_ascii_lowercase()) {
        key.to_owned()
    } else {
        yaml::quoted(key)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Value {
    fn from(boolean: bool) -> Self {
        Self::Boolean(boolean)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Value {
    fn from(items: [T; N]) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        entries.into_iter().fold(Self::default(), |map, (key, value)| map.with(key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(document: Map, expected: &str) {
        let text = text(&document);
        assert_eq!(text.strip_prefix(&format!("# {PREAMBLE}\n")), Some(expected));
    }

    #[test]
    fn blocks_nest() {
        let job = Map::default().with("name", "a").with("targets", ["b:1", "c:2"]);
        let inner = Map::default().with("jobs", vec![job.clone(), job]).with("port", 80);
        let document = Map::default().with("outer", inner).with("on", true).with("rest", "x");
        check(
            document,
            r#"outer:
  jobs:
    - name: "a"
      targets:
        - "b:1"
        - "c:2"
    - name: "a"
      targets:
        - "b:1"
        - "c:2"
  port: 80
"on": true
rest: "x"
"#,
        );
    }

    #[test]
    fn lists_of_lists_and_of_nothing() {
        let lists = Value::List(vec![["a"].into(), Value::List(Vec::new()), Map::default().into()]);
        let document = Map::default().with("lists", lists).with("map", Map::default());
        check(document, "lists:\n  -\n    - \"a\"\n  - []\n  - {}\nmap: {}\n");
    }

    #[test]
    fn comments_stand_where_they_are_put() {
        let inner = Map::default().comment("first\n\nlast").with("a", 1).comment("end");
        let document = Map::default().comment("top").with("list", vec![inner]);
        check(document, "# top\nlist:\n  - # first\n    #\n    # last\n    a: 1\n    # end\n");
    }

    #[test]
    fn lines_of_a_text_are_kept() {
        let document = Map::default().with("a", Map::default().with("b", "x\n  y"));
        check(document, "a:\n  b: |-\n    x\n      y\n");
    }

    #[test]
    fn keys_stay_texts() {
        for (written, expected) in [
            ("app.kubernetes.io/name", "app.kubernetes.io/name"),
            ("No", "\"No\""),
            ("1e3", "\"1e3\""),
            ("a: b", "\"a: b\""),
            ("", "\"\""),
            ("~", "\"~\""),
        ] {
            assert_eq!(key(written), expected);
        }
    }
}
