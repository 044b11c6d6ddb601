//! Names: what they may look like, and what they become in Rust.

use crate::catalog::Catalog;

/// Whether a name is lower-case ASCII words joined by single underscores.
pub fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.contains("__")
        && !name.ends_with('_')
}

/// The nearest valid name, if no letter of the name is lost by it.
pub fn to_snake_case(name: &str) -> Option<String> {
    if name.chars().any(|c| c.is_alphanumeric() && !c.is_ascii()) {
        return None;
    }
    let mut words = String::new();
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && after_lower {
                words.push('_');
            }
            words.push(c.to_ascii_lowercase());
        } else if !words.ends_with('_') {
            words.push('_');
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    let words = words.trim_matches('_');
    is_snake_case(words).then(|| words.to_owned())
}

/// Whether a name is a CamelCase word, as alerts have.
pub fn is_camel_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// A name or label value as a Rust type or variant name: `error_type` becomes `ErrorType`.
///
/// Characters that Rust names cannot have separate words; a leading digit gets an underscore.
pub fn to_camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut start_of_word = true;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            start_of_word = true;
        } else if start_of_word {
            camel.push(c.to_ascii_uppercase());
            start_of_word = false;
        } else {
            camel.push(c);
        }
    }
    if camel.starts_with(|c: char| c.is_ascii_digit()) {
        camel.insert(0, '_');
    }
    camel
}

/// The Rust type of a label set: its labels' keys in order, `TopicErrorType`.
pub fn label_set_type(catalog: &Catalog, labels: &[usize]) -> String {
    labels.iter().map(|&label| to_camel_case(&catalog.labels[label].key)).collect()
}

/// Words that people write in their own way.
const SPELT: &[(&str, &str)] = &[
    ("api", "API"),
    ("cpu", "CPU"),
    ("db", "DB"),
    ("dns", "DNS"),
    ("gpu", "GPU"),
    ("grpc", "gRPC"),
    ("http", "HTTP"),
    ("https", "HTTPS"),
    ("id", "ID"),
    ("io", "I/O"),
    ("ip", "IP"),
    ("rpc", "RPC"),
    ("slo", "SLO"),
    ("sql", "SQL"),
    ("tcp", "TCP"),
    ("tls", "TLS"),
    ("udp", "UDP"),
    ("url", "URL"),
];

/// A key as a title for people: `grpc_requests` becomes `gRPC requests`, and `active_partitions`
/// `Active partitions`.
pub fn to_title(key: &str) -> String {
    let spelt = |word| SPELT.iter().find(|(known, _)| *known == word).map(|(_, spelt)| *spelt);
    let mut words = key.split('_');
    let first = words.next().unwrap_or_default();
    let first = spelt(first).map_or_else(
        || {
            let mut characters = first.chars();
            let capital = characters.next().map(|first| first.to_ascii_uppercase());
            capital.into_iter().chain(characters).collect()
        },
        str::to_owned,
    );
    words.fold(first, |title, word| title + " " + spelt(word).unwrap_or(word))
}

/// Whether Rust 2024 has the word for itself.
pub fn is_keyword(name: &str) -> bool {
    const KEYWORDS: &[&str] = &[
        "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
        "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
        "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
        "ref", "return", "self", "Self", "static", "struct", "super", "trait", "true", "try",
        "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
    ];
    KEYWORDS.contains(&name)
}

/// Whether every recorder has a method of this name already.
pub fn is_recorder_method(name: &str) -> bool {
    ["new", "try_new", "bind", "remove", "clone", "from", "into"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mends_names() {
        let mended = |name| to_snake_case(name).unwrap_or_default();
        assert_eq!(mended("records-sent"), "records_sent");
        assert_eq!(mended("recordsSent"), "records_sent");
        assert_eq!(mended("a__b."), "a_b");
        assert_eq!(to_snake_case("réc"), None);
        assert_eq!(to_snake_case("2fast"), None);
        assert_eq!(to_snake_case("—"), None);
    }

    #[test]
    fn makes_rust_names() {
        assert_eq!(to_camel_case("error_type"), "ErrorType");
        assert_eq!(to_camel_case("not-leader"), "NotLeader");
        assert_eq!(to_camel_case("404"), "_404");
        assert_eq!(to_title("active_partitions"), "Active partitions");
    }
}
