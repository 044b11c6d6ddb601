//! Names of objects, which are parts of domains' names.

use std::collections::HashSet;

use crate::text::hash;

/// Longest name that is one wherever Kubernetes takes a name.
const LONGEST: usize = 63;

/// A name as an object's; one that loses something by it ends in a hash of the whole.
pub(super) fn object(name: &str) -> String {
    let folded = folded(name);
    let is_faithful = folded == name.replace(['_', '.'], "-") && folded.len() <= LONGEST;
    if is_faithful && !folded.is_empty() { folded } else { hashed(name) }
}

/// A name as a label's value, which may have more characters than an object's name.
pub(super) fn value(name: &str) -> String {
    let is_kept = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_value = name.len() <= LONGEST
        && name.chars().all(is_kept)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric());
    if is_value { name.to_owned() } else { object(name) }
}

/// Names as objects', no two of them the same.
pub(super) fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    let distinct = names.map(|name| {
        let object = object(name);
        if taken.insert(object.clone()) { object } else { hashed(name) }
    });
    distinct.collect()
}

/// What is left of a name.
fn folded(name: &str) -> String {
    let folded = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(folded).collect::<String>().trim_matches('-').to_owned()
}

fn hashed(name: &str) -> String {
    let hash = hash::short(name);
    let folded = folded(name);
    let most = LONGEST - hash.len() - 1;
    let kept = folded.get(..most).unwrap_or(&folded);
    [kept.trim_end_matches('-'), &hash].join("-").trim_start_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_as_they_are_where_they_can() {
        assert_eq!(object("shop-checkout"), "shop-checkout");
        assert_eq!(object("shop.alerts.gift_cards"), "shop-alerts-gift-cards");
        assert_eq!(object("Shop"), "shop-28742cc9");
        assert_eq!(object("$"), "210c8933");
        assert_eq!(value("Shop_checkout.v2"), "Shop_checkout.v2");
        assert_eq!(value("Shop/checkout"), object("Shop/checkout"));
        let long = object(&"long-".repeat(20));
        assert!(long.len() <= LONGEST && long.starts_with("long-long-"), "{long}");
    }

    #[test]
    fn no_two_names_become_one() {
        let names = distinct(["a-b", "a_b", "a.b", "A"].into_iter());
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), 4, "{names:?}");
        assert_eq!(names[0], "a-b");
    }
}
