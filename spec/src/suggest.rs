//! The nearest known name for a misspelt one.

/// The known name that is most like `word`, if any is near enough to have been meant.
///
/// Near means Damerau-Levenshtein distance of at most a third of the length, as rustc has it.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Long words cannot be misspellings of names, and comparing them would take quadratic time.
    if word.len() > 200 {
        return None;
    }
    let folded = fold(word);
    let near = (word.chars().count() / 3).max(1);
    let distance = |name: &str| match fold(name) == folded {
        true => 0,
        false => strsim::damerau_levenshtein(word, name),
    };
    let names = known
        .into_iter()
        .filter(|name| name.len().abs_diff(word.len()) <= near.max(2));
    names
        .map(|name| (distance(name), name))
        .filter(|&(distance, _)| distance <= near)
        .min()
        .map(|(_, name)| name)
}

/// ``did you mean `name`?`` for the nearest known name.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(|name| format!("did you mean `{name}`?"))
}

/// Case, dashes and underscores are what people mix up most.
fn fold(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["topic", "partition", "error_type"];
        assert_eq!(nearest("topci", known), Some("topic"));
        assert_eq!(nearest("errortype", known), Some("error_type"));
        assert_eq!(nearest("Error-Type", known), Some("error_type"));
        assert_eq!(nearest("shard", known), None);
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
    }
}
