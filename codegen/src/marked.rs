//! Generated parts of hand-written Markdown.
//!
//! A README has its own words and a few tables that the specification knows better:
//!
//! ```text
//! <!-- streamhouse-metrics:metrics producer -->
//! …
//! <!-- /streamhouse-metrics -->
//! ```
//!
//! Whatever stands between the two markers is replaced. What can be asked for is `metrics`, of all
//! components or of one, `alerts` and `queries`, and of the specification language itself
//! `language`, `lints` and `units`. Markers inside code fences are examples.

use streamhouse_metrics_spec::catalog::{Component, Query};
use streamhouse_metrics_spec::{Catalog, suggest};

use crate::emit::tables;
use crate::fence::Fences;
use crate::reference;
use crate::text::markdown;

const OPEN: &str = "<!-- streamhouse-metrics:";
const CLOSE: &str = "<!-- /streamhouse-metrics -->";
const PARTS: [&str; 6] = ["metrics", "alerts", "queries", "language", "lints", "units"];

/// The file with every marked part made anew; a wrong marker is an error that names its line.
///
/// A file without any is an error, too: somebody listed it and waits for something.
pub fn renew(shown: &str, file: &str, catalog: &Catalog) -> Result<String, String> {
    let mut renewed = String::with_capacity(file.len());
    let mut fences = Fences::default();
    let mut in_fences = Vec::new();
    let mut is_marked = false;
    let mut lines = file.split_inclusive('\n').enumerate();
    while let Some((at, line)) = lines.next() {
        renewed.push_str(line);
        let marker = line.trim();
        if fences.hold(at, line) {
            in_fences.extend(is_marker(line).then_some(at));
            continue;
        }
        let mut renew_part = || -> Result<(), String> {
            let Some(part) = wanted(marker, catalog)? else { return Ok(()) };
            is_marked = true;
            let next = lines.find(|(_, line)| is_marker(line)).map(|(_, line)| line);
            let close = next.filter(|line| line.trim() == CLOSE).ok_or_else(|| {
                format!("the marked part is never closed; write `{CLOSE}` where it ends")
            })?;
            let end = if line.ends_with("\r\n") { "\r\n" } else { "\n" };
            renewed.push_str(&format!("\n{}\n\n", part.trim_end()).replace('\n', end));
            renewed.push_str(close);
            Ok(())
        };
        renew_part().map_err(|wrong| format!("{shown}:{}: {wrong}", at + 1))?;
    }
    // A fence without an end reaches to the end of the file: what was meant as a marker is code.
    if let Some(opened) = fences.opened()
        && let Some(hidden) = in_fences.into_iter().find(|at| *at > opened)
    {
        let wrong = "the code fence is never closed and hides the marker";
        return Err(format!("{shown}:{}: {wrong} in line {}", opened + 1, hidden + 1));
    }
    if is_marked { Ok(renewed) } else { Err(unmarked(shown)) }
}

fn is_marker(line: &str) -> bool {
    line.trim() == CLOSE || line.trim().starts_with(OPEN)
}

fn unmarked(shown: &str) -> String {
    format!("no marker in {shown}; write `{OPEN}metrics -->` and `{CLOSE}` where a table belongs")
}

/// The part that a line asks for, if it is an opening marker.
fn wanted(line: &str, catalog: &Catalog) -> Result<Option<String>, String> {
    if line == CLOSE {
        return Err(format!("`{CLOSE}` closes nothing; write `{OPEN}metrics -->` before it"));
    }
    let Some(rest) = line.strip_prefix(OPEN) else { return Ok(None) };
    let wanted = rest.strip_suffix("-->").ok_or("the marker does not end in `-->`")?;
    part(wanted.trim(), catalog).map(Some)
}

/// What a marker asks for.
fn part(wanted: &str, catalog: &Catalog) -> Result<String, String> {
    let (part, component) = wanted.split_once(' ').unwrap_or((wanted, ""));
    match (part, component.trim()) {
        ("metrics", "") => Ok(all_metrics(catalog)),
        ("metrics", key) => {
            match catalog.components.iter().find(|component| component.key == key) {
                Some(component) => Ok(tables::metrics(catalog, component)),
                None => {
                    let known = catalog.components.iter().map(|component| &*component.key);
                    Err(unknown("component", key, known))
                }
            }
        }
        ("alerts", "") => Ok(tables::alerts(&catalog.alerts)),
        ("queries", "") => Ok(queries(catalog)),
        ("language", "") => Ok(reference::language()),
        ("lints", "") => Ok(reference::lints()),
        ("units", "") => Ok(reference::units()),
        ("alerts" | "queries" | "language" | "lints" | "units", _) => {
            Err(format!("`{part}` takes no component"))
        }
        _ => Err(unknown("part", part, PARTS)),
    }
}

fn unknown<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let help = suggest::did_you_mean(word, known.clone()).unwrap_or_else(|| {
        format!("there are `{}`", known.into_iter().collect::<Vec<_>>().join("`, `"))
    });
    format!("unknown {what} `{word}`; {help}")
}

/// A titled table for each component.
fn all_metrics(catalog: &Catalog) -> String {
    let section = |component: &Component| {
        let title = markdown::text(&component.title);
        format!("**{title}**\n\n{}", tables::metrics(catalog, component))
    };
    catalog.components.iter().map(section).collect::<Vec<_>>().join("\n")
}

fn queries(catalog: &Catalog) -> String {
    let section =
        |query: &Query| format!("**{}**: {}", markdown::code(&query.key), tables::query(query));
    catalog.queries.iter().map(section).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str) -> Result<String, String> {
        let text = r#"
            namespace = "shop"
            [cart.items]
            type = "gauge"
            unit = "items"
            help = "Items in carts"
        "#;
        let checked = streamhouse_metrics_spec::check_text(text).expect("a valid specification");
        renew("README.md", file, &checked.catalog)
    }

    const TABLE: &str = "| Metric | Type | Labels | Meaning |\n| --- | --- | --- | --- |\n| `shop_cart_items` | gauge | none | Items in carts |\n";

    #[test]
    fn marked_parts_are_renewed() {
        let file = "# Shop\n<!-- streamhouse-metrics:metrics cart -->\nold\n<!-- /streamhouse-metrics -->\nEnd";
        let renewed = check(file).unwrap();
        assert_eq!(
            renewed,
            format!(
                "# Shop\n<!-- streamhouse-metrics:metrics cart -->\n\n{TABLE}\n<!-- /streamhouse-metrics -->\nEnd"
            )
        );
        assert_eq!(check(&renewed).unwrap(), renewed);
    }

    #[test]
    fn line_ends_stay() {
        let file = "<!-- streamhouse-metrics:metrics -->\r\n<!-- /streamhouse-metrics -->\r\n";
        let renewed = check(file).unwrap();
        assert_eq!(renewed.matches('\n').count(), renewed.matches("\r\n").count());
    }

    #[test]
    fn examples_in_fences_stay() {
        let example = "````\n```\n<!-- streamhouse-metrics:nonsense -->\n````\n";
        let file =
            "<!-- streamhouse-metrics:metrics -->\n<!-- /streamhouse-metrics -->\n".to_owned();
        assert!(check(&(file + example)).unwrap().ends_with(example));
        assert!(check(example).unwrap_err().starts_with("no marker"));
    }

    #[test]
    fn a_file_without_markers() {
        assert_eq!(
            check("# Shop\n").unwrap_err(),
            "no marker in README.md; write `<!-- streamhouse-metrics:metrics -->` and `<!-- /streamhouse-metrics -->` where a table belongs"
        );
    }

    #[test]
    fn code_within_a_line_hides_nothing() {
        let marked = "<!-- streamhouse-metrics:metrics -->\n<!-- /streamhouse-metrics -->\n";
        let renewed = check(&format!("```cargo``` is the tool.\n{marked}")).unwrap();
        assert!(renewed.contains(TABLE), "{renewed}");
    }

    #[test]
    fn a_fence_without_an_end() {
        let marked = "<!-- streamhouse-metrics:metrics -->\n<!-- /streamhouse-metrics -->\n";
        assert_eq!(
            check(&format!("{marked}\n```sh\ncargo test\n\n{marked}{marked}")).unwrap_err(),
            "README.md:4: the code fence is never closed and hides the marker in line 7"
        );
        assert!(check(&format!("{marked}\n```sh\ncargo test\n")).is_ok());
    }

    #[test]
    fn wrong_markers_name_their_line() {
        let check = |file, expected| assert_eq!(check(file).unwrap_err(), expected);
        check(
            "a\n<!-- streamhouse-metrics:metric -->\n<!-- /streamhouse-metrics -->",
            "README.md:2: unknown part `metric`; did you mean `metrics`?",
        );
        check(
            "<!-- streamhouse-metrics:metrics chart -->\n<!-- /streamhouse-metrics -->",
            "README.md:1: unknown component `chart`; did you mean `cart`?",
        );
        check(
            "<!-- streamhouse-metrics:alerts cart -->\n<!-- /streamhouse-metrics -->",
            "README.md:1: `alerts` takes no component",
        );
        check(
            "<!-- streamhouse-metrics:alerts -->\ntext",
            "README.md:1: the marked part is never closed; write `<!-- /streamhouse-metrics -->` where it ends",
        );
        check(
            "<!-- streamhouse-metrics:alerts -->\n<!-- streamhouse-metrics:metrics -->\n<!-- /streamhouse-metrics -->",
            "README.md:1: the marked part is never closed; write `<!-- /streamhouse-metrics -->` where it ends",
        );
        check(
            "\n<!-- /streamhouse-metrics -->",
            "README.md:2: `<!-- /streamhouse-metrics -->` closes nothing; write `<!-- streamhouse-metrics:metrics -->` before it",
        );
    }
}
