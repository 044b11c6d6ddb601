//! Targets: where the processes of a component are scraped.

use std::collections::{BTreeMap, HashMap};
use std::net::Ipv6Addr;

use crate::diagnostic::Diagnostic;
use crate::rule;
use crate::spec::{Component, Spec, Text};

use super::report::Report;

/// Reports targets that are none, and what would be scraped by two jobs or found in two ways.
pub(super) fn check(spec: &Spec, report: &mut Report<'_>) {
    let service = spec.namespace.as_ref().map_or("", |namespace| &namespace.value);
    let mut scraped = HashMap::new();
    let mut selected = HashMap::new();
    for component in &spec.components {
        let job = component.job.as_ref().map_or(service, |job| &job.value);
        for (at, target) in component.targets.iter().enumerate() {
            let finding = if is_target(target) {
                repeated(target, &component.targets[..at])
                    .or_else(|| scraped_twice(target, job, &mut scraped))
            } else {
                Some(no_target(target))
            };
            finding.into_iter().for_each(|finding| report.push(finding));
        }
        let finding = selected_otherwise(component, job, &mut selected);
        finding.into_iter().for_each(|finding| report.push(finding));
    }
}

/// A target that its component lists already.
fn repeated(target: &Text, listed: &[Text]) -> Option<Diagnostic> {
    let first = listed.iter().find(|other| other.value == target.value)?;
    let message = format!("`{}` is listed twice", target.value);
    let diagnostic = Diagnostic::new(&rule::TARGET, target.span, message);
    Some(diagnostic.related(first.span, "first here").help("delete it"))
}

/// A target that another job scrapes already.
fn scraped_twice<'s>(
    target: &'s Text,
    job: &'s str,
    scraped: &mut HashMap<&'s str, (&'s str, &'s Text)>,
) -> Option<Diagnostic> {
    let (first_job, first) = *scraped.entry(target).or_insert((job, target));
    if first_job == job {
        return None;
    }
    let message = format!("`{}` is scraped by two jobs", target.value);
    let diagnostic = Diagnostic::new(&rule::TARGET, target.span, message)
        .label("every series would be there twice")
        .related(first.span, format!("by job `{first_job}` here"));
    Some(diagnostic.help("give both components the same `job`"))
}

/// A component whose pods another one of its job selects by other labels.
fn selected_otherwise<'s>(
    component: &'s Component,
    job: &'s str,
    selected: &mut HashMap<&'s str, &'s Component>,
) -> Option<Diagnostic> {
    let (key, _) = component.selector.first()?;
    let first = *selected.entry(job).or_insert(component);
    let (first_key, _) = first.selector.first()?;
    if values(first) == values(component) {
        return None;
    }
    let message = format!("pods of job `{job}` are selected in two ways");
    let diagnostic =
        Diagnostic::new(&rule::TARGET, key.span, message).related(first_key.span, "otherwise here");
    Some(diagnostic.help("give both components the same `selector`"))
}

/// The labels that a component's pods have, in whichever order they are written.
fn values(component: &Component) -> BTreeMap<&str, &str> {
    component.selector.iter().map(|(key, value)| (&*key.value, &*value.value)).collect()
}

fn no_target(target: &Text) -> Diagnostic {
    let message = format!("`{}` is no target", target.value);
    let bare = target.split_once("://").map_or(&*target.value, |(_scheme, rest)| rest);
    let bare = bare.split_once('/').map_or(bare, |(host, _path)| host);
    let help = if is_target(bare) {
        format!("write `{bare}`")
    } else if is_host(bare) {
        format!("write `{bare}:8080`, with its port")
    } else {
        "write a host and its port: `host:8080`".to_owned()
    };
    Diagnostic::new(&rule::TARGET, target.span, message).help(help)
}

/// Whether a text is a host with a port.
fn is_target(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let is_number = port.bytes().all(|byte| byte.is_ascii_digit());
    is_host(host) && is_number && port.parse::<u16>().is_ok_and(|port| port > 0)
}

/// Whether a text is the name or the address of a host; of IPv6 one in brackets.
fn is_host(text: &str) -> bool {
    let address = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_plain),
    }
}

#[cfg(test)]
mod tests {
    use super::is_target;

    #[test]
    fn targets_are_hosts_with_ports() {
        for target in ["agent-1.example.com:8080", "localhost:1", "10.0.0.1:65535", "[::1]:8080"] {
            assert!(is_target(target), "{target}");
        }
        for wrong in [
            "",
            ":",
            "agent-1",
            ":8080",
            "agent-1:",
            "agent-1:0",
            "agent-1:65536",
            "agent-1:+80",
            "http://agent-1:8080",
            "agent-1:8080/metrics",
            "::1:8080",
            "[::1]",
            "[agent]:8080",
            "a b:8080",
            "$HOST:8080",
        ] {
            assert!(!is_target(wrong), "{wrong}");
        }
    }
}
