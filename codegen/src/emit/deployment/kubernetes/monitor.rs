//! Monitors, by which the Prometheus operator finds what is to be scraped.

use streamhouse_metrics_spec::{Catalog, duration};

use super::{name, object};
use crate::emit::deployment::job::Job;
use crate::text::document::Map;

/// What a monitor looks for. A job needs one of them; with both, each process is scraped twice.
#[derive(Clone, Copy)]
pub(super) enum Monitor {
    /// Pods, of which nothing else is asked.
    Pods,
    /// Services, and then the pods behind them.
    Services,
}

/// What to know before the second kind is applied.
const ALTERNATIVE: &str = "\
For pods behind a Service that carries these labels, in place of the PodMonitor of this name: with
both of them every process is scraped twice.";

impl Monitor {
    /// Where such monitors are.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Pods => "pod_monitors",
            Self::Services => "service_monitors",
        }
    }

    /// The monitor of a job.
    pub(super) fn of(self, catalog: &Catalog, job: &Job<'_>, name: &str) -> Map {
        let (kind, endpoints, comment) = match self {
            Self::Pods => ("PodMonitor", "podMetricsEndpoints", ""),
            Self::Services => ("ServiceMonitor", "endpoints", ALTERNATIVE),
        };
        let head = object(catalog, "monitoring.coreos.com/v1", kind, name, &[]);
        let mut spec = Map::default();
        let namespaces = &catalog.deployment.pod_namespaces;
        if !namespaces.is_empty() {
            let names = namespaces.iter().map(|namespace| &**namespace).collect::<Vec<_>>();
            spec = spec.with("namespaceSelector", Map::default().with("matchNames", names));
        }
        let spec = spec
            .with("selector", Map::default().with("matchLabels", labels(job)))
            .with(endpoints, [endpoint(catalog, job)]);
        Map::default().comment(comment).followed_by(head).with("spec", spec)
    }
}

/// How a process is scraped. Its job is said here, or alerts that ask for it would find nothing.
fn endpoint(catalog: &Catalog, job: &Job<'_>) -> Map {
    let relabeling =
        Map::default().with("targetLabel", "job").with("replacement", replacement(job));
    Map::default()
        .with("port", "metrics")
        .with("path", "/metrics")
        .with("interval", duration::written(catalog.surroundings.scrape_interval))
        .with("relabelings", [relabeling])
}

/// The job's name, in which `$1` would stand for what a regular expression found.
fn replacement(job: &Job<'_>) -> String {
    job.name.replace('$', "$$")
}

/// The labels of a job's pods.
fn labels(job: &Job<'_>) -> Map {
    let said = job.components.iter().find(|component| !component.selector.is_empty());
    match said {
        Some(component) => {
            component.selector.iter().map(|(key, value)| (&**key, &**value)).collect()
        }
        None => Map::default().with("app.kubernetes.io/name", name::value(job.name)),
    }
}
