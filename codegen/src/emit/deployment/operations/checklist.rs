//! What production needs: what the generated files do already, and what they cannot.

use streamhouse_metrics_spec::catalog::Severity;
use streamhouse_metrics_spec::{Catalog, duration};

use super::place;
use crate::emit::deployment::job::jobs;
use crate::text::markdown::code;
use crate::text::number::counted;

/// The section, with its two lists.
pub(super) fn sections(catalog: &Catalog) -> Vec<String> {
    vec![
        "## Checklist for production".to_owned(),
        "Done by the generated files:".to_owned(),
        list("[x]", done(catalog)),
        "Left to do:".to_owned(),
        list("[ ]", left(catalog)),
    ]
}

fn list(mark: &str, items: Vec<String>) -> String {
    items.into_iter().map(|item| format!("- {mark} {item}\n")).collect()
}

fn done(catalog: &Catalog) -> Vec<String> {
    let retention = duration::written(catalog.deployment.retention);
    let mut done = Vec::new();
    let scraped: Vec<_> = jobs(catalog)
        .iter()
        .filter(|job| !job.targets().is_empty())
        .map(|job| code(job.name))
        .collect();
    if !scraped.is_empty() {
        done.push(format!("Prometheus scrapes {}.", scraped.join(", ")));
    }
    if let Some(alerts) = alerts(catalog) {
        done.push(format!("Rules are loaded: {alerts}."));
    }
    let routes =
        "Critical alerts page, warnings are written to the chat, others are there to be looked up.";
    done.extend([
        routes.to_owned(),
        "Dashboards and their data source are provisioned; nobody edits them in the browser."
            .to_owned(),
        format!("Samples are kept for {retention}."),
        "Grafana asks for a password, which is in no file of the repository.".to_owned(),
    ]);
    done
}

/// How many alerts there are, by severity.
fn alerts(catalog: &Catalog) -> Option<String> {
    let of = |severity: Severity| {
        let number = catalog.alerts.iter().filter(|alert| alert.severity == severity).count();
        (number > 0).then(|| format!("{number} {}", severity.as_str()))
    };
    let by_severity: Vec<_> = Severity::ALL.into_iter().filter_map(of).collect();
    let all = counted(catalog.alerts.len(), "alert", "alerts");
    (!by_severity.is_empty()).then(|| format!("{all} ({})", by_severity.join(", ")))
}

fn left(catalog: &Catalog) -> Vec<String> {
    let mut left =
        vec!["The build that is shipped records: the feature for metrics is on.".to_owned()];
    for job in jobs(catalog).iter().filter(|job| job.targets().is_empty()) {
        let component = code(&format!("[components.{}]", job.components[0].key));
        left.push(format!(
            "Targets of {} are listed, by `targets` under {component}.",
            code(job.name)
        ));
    }
    let secrets = [place::PAGER_KEY, place::CHAT_URL, place::GRAFANA_PASSWORD];
    let secrets = secrets.map(|name| code(&format!("secrets/{name}"))).join(", ");
    left.extend([
        format!("{secrets} are in place, and a critical alert has reached somebody who was awake."),
        "Somebody notices when Prometheus or Alertmanager themselves are gone.".to_owned(),
        "What Prometheus and Grafana hold is backed up, or may be lost.".to_owned(),
        "Grafana knows its users, and who may see which folder.".to_owned(),
        "Disk and memory are those of the sizing above, for as many series as there will be."
            .to_owned(),
    ]);
    if catalog.generate.published.is_none() {
        let runbooks =
            "Runbooks are where they can be read, and `published` under `[generate]` says where.";
        left.push(runbooks.to_owned());
    }
    left
}
