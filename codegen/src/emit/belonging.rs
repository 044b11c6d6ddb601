//! Which component an alert belongs to: its rule group, its place in docs and dashboards.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Condition};

/// The index of the component that an alert belongs to; some are about the service as a whole.
///
/// It is the component of the first metric that the alert reads. An alert that reads none, such as
/// one about `up`, belongs to the component whose job its expression selects.
pub(crate) fn component(catalog: &Catalog, alert: &Alert) -> Option<usize> {
    let of_job = |job: String| {
        let is_its = |known: &Option<String>| known.as_ref() == Some(&job);
        catalog.components.iter().position(|component| is_its(&component.job))
    };
    let read = alert.reads.first().map(|id| id.component);
    read.or_else(|| match &alert.condition {
        Condition::Expression(expr) => selected_jobs(expr).into_iter().find_map(of_job),
        Condition::Threshold(_) | Condition::Absent(_) | Condition::Burn { .. } => None,
    })
}

/// The values of an expression's matchers `job="…"` and `job=~"…"`, in order.
fn selected_jobs(expr: &str) -> Vec<String> {
    let mut jobs = Vec::new();
    let mut rest = expr;
    while let Some(at) = rest.find(['"', '\'', '`', '#']) {
        let (before, quoted) = rest.split_at(at);
        if quoted.starts_with('#') {
            rest = quoted.split_once('\n').map_or("", |(_comment, rest)| rest);
            continue;
        }
        let Some((text, after)) = string(quoted) else { break };
        if selects_job(before) {
            jobs.push(text);
        }
        rest = after;
    }
    jobs
}

/// The string at the start of a text, and what comes after it.
fn string(quoted: &str) -> Option<(String, &str)> {
    let mut characters = quoted.chars();
    let quote = characters.next()?;
    let mut text = String::new();
    loop {
        match characters.next()? {
            character if character == quote => return Some((text, characters.as_str())),
            // A backtick string has no escapes.
            '\\' if quote != '`' => text.push(characters.next()?),
            character => text.push(character),
        }
    }
}

/// Whether what stands before a string makes it the job's value.
fn selects_job(before: &str) -> bool {
    let before = before.trim_end();
    let name = before.strip_suffix("=~").or_else(|| before.strip_suffix('='));
    let name = name.and_then(|name| name.trim_end().strip_suffix("job"));
    let in_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    name.is_some_and(|before| !before.ends_with(in_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_found_in_matchers() {
        let check = |expr, expected: &[&str]| assert_eq!(selected_jobs(expr), expected, "{expr}");
        check(r#"up{job="agents"} == 0"#, &["agents"]);
        check(r#"absent(up{env="a", job =~ 'agents'})"#, &["agents"]);
        check("up{job=`a\\b`} or up{job=\"c\\\\d\"}", &["a\\b", "c\\d"]);
        check(r#"up{job!="agents"} or up{job!~"agents"} or up{my_job="agents"}"#, &[]);
        check("# it's job=\"agents\"\nup{job=\"others\"}", &["others"]);
        check(r#"up{name="job=\"agents\""}"#, &[]);
        check(r#"up{job="unclosed"#, &[]);
    }
}
