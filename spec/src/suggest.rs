//! The nearest known name for a misspelt one.

/// The known name that is most like `word`, if any is near enough to have been meant.
///
/// Near means Damerau-Levenshtein distance of at most a third of the length, as rustc has it, or
/// that the name was not written to its end.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Long words cannot be misspellings of names, and comparing them would take quadratic time.
    if word.len() > 200 {
        return None;
    }
    let folded = fold(word);
    // Of one or two letters nothing is left when one of them is wrong.
    let near = if word.len() < 3 { 0 } else { (word.chars().count() / 3).max(1) };
    let distance = |name: &str| match fold(name) == folded {
        true => 0,
        false => strsim::damerau_levenshtein(word, name),
    };
    let candidates = known.into_iter().filter_map(|name| {
        let unfinished = word.len() >= 3 && name.starts_with(word);
        let comparable = name.len().abs_diff(word.len()) <= near.max(2);
        let distance = if comparable { distance(name) } else { usize::MAX };
        (distance <= near || unfinished).then_some((distance, name))
    });
    candidates.min().map(|(_, name)| name)
}

/// ``did you mean `name`?`` for the nearest known name.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, known).map(question)
}

/// ``did you mean `name`?`` for a name that was found already.
pub fn question(name: &str) -> String {
    format!("did you mean `{name}`?")
}

/// Case, dashes and underscores are what people mix up most.
fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// Whether a word was surely meant for another: it is a slip of the pen, and no word of its own.
pub fn is_slip(written: &str, meant: &str) -> bool {
    let (written, meant) = (fold(written), fold(meant));
    let is_plural = |one: &str, more: &str| more.strip_suffix('s') == Some(one);
    // Of short words many are no slip of another one.
    let is_long = (5..200).contains(&written.len()) && meant.len() >= 5;
    written == meant
        || is_plural(&written, &meant)
        || is_plural(&meant, &written)
        || is_long && strsim::damerau_levenshtein(&written, &meant) == 1
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
        assert_eq!(nearest("part", known), Some("partition"));
        assert_eq!(nearest("shard", known), None);
        assert_eq!(nearest(&"x".repeat(10_000), known), None);
    }
}
