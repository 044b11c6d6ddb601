//! `docs/operations.md`: how the generated configurations are used, what they take, what is left to
//! do.

mod checklist;
mod sizing;

use streamhouse_metrics_spec::{Catalog, duration};

use super::{kubernetes, place};
use crate::emit::{Artifact, docs};
use crate::text::markdown::{Align, code, table};

/// Makes the page.
pub(super) fn page(catalog: &Catalog, dashboards: &[Artifact]) -> Artifact {
    let mut sections = vec![files(catalog)];
    sections.extend(["## Docker Compose".to_owned(), COMPOSE.to_owned(), secrets()]);
    sections.extend(["## Kubernetes".to_owned(), KUBERNETES.to_owned(), objects(catalog)]);
    sections.extend(too_large(dashboards));
    sections.extend(["## Clusters".to_owned(), CLUSTERS.to_owned()]);
    sections.extend(["## Retention".to_owned(), retention(catalog)]);
    sections.extend(sizing::sections(catalog));
    sections.extend(checklist::sections(catalog));
    docs::page("docs/operations.md", &catalog.title, "operations", &sections)
}

const COMPOSE: &str = "\
`docker compose up -d` beside [docker-compose.yml](../docker-compose.yml) starts Prometheus, Alertmanager \
and Grafana with everything that is generated. They answer on this machine alone, on ports 9090, 9093 \
and 3000: what others are to reach goes behind a proxy that asks who they are. Files under `secrets/` \
beside the output folder are read by the servers inside their containers, whose users must be allowed to:";

const KUBERNETES: &str = "\
The objects are for a cluster with the Prometheus operator and Grafana's sidecar. The pods name the port \
of their endpoint `metrics`. Of the two kinds of monitors one is applied: pod monitors ask for nothing but \
the pods; service monitors are for pods behind a Service that carries the same labels. Both say which \
job it is, since alerts ask for jobs by name. `kubectl apply --server-side` takes dashboards of any size \
that an object may have; without the flag it takes 256 KiB.";

const CLUSTERS: &str = "\
Mimir and Thanos evaluate the same rules as one Prometheus: their files are those for Prometheus with \
lines of their own, for Mimir a `namespace` each, for Thanos a `partial_response_strategy` in each group. \
With `abort` an alert is not evaluated on half of the data.";

/// What there is for whom.
fn files(catalog: &Catalog) -> String {
    let namespace = &catalog.namespace;
    let provisioning = place::PROVISIONING;
    let rows = [
        (
            "prometheus/prometheus.yml".to_owned(),
            "Prometheus: jobs with their targets, rules, Alertmanager",
        ),
        (
            "alertmanager/alertmanager.yml".to_owned(),
            "Alertmanager: who is told, and when it is silent",
        ),
        (format!("{provisioning}/datasources/{namespace}.yml"), "Grafana: where Prometheus is"),
        (format!("{provisioning}/dashboards/{namespace}.yml"), "Grafana: where the dashboards are"),
        ("docker-compose.yml".to_owned(), "all three of them, with what they mount"),
        (
            "kubernetes/".to_owned(),
            "objects for the Prometheus operator, dashboards for Grafana's sidecar",
        ),
        ("mimir/rules/".to_owned(), "the rules for Mimir"),
        ("thanos/rules/".to_owned(), "the rules for Thanos"),
    ];
    let rows = rows
        .into_iter()
        .map(|(path, whose)| vec![format!("[{}](../{path})", code(&path)), whose.to_owned()]);
    table(&[("File", Align::Left), ("For", Align::Left)], rows)
}

fn secrets() -> String {
    let rows = [
        (place::PAGER_KEY, "Alertmanager", "the integration key of PagerDuty's Events API v2"),
        (place::CHAT_URL, "Alertmanager", "the address of Slack's incoming webhook"),
        (place::GRAFANA_PASSWORD, "Grafana", "the password of `admin`"),
    ];
    let rows = rows.map(|(name, reader, what)| {
        vec![code(&format!("secrets/{name}")), reader.to_owned(), what.to_owned()]
    });
    table(&[("File", Align::Left), ("Read by", Align::Left), ("Holds", Align::Left)], rows)
}

/// What all objects have in common.
fn objects(catalog: &Catalog) -> String {
    let deployment = &catalog.deployment;
    let namespace = match &deployment.namespace {
        Some(namespace) => format!("They are made in namespace {}", code(namespace)),
        None => "They are made in the namespace in which they are applied".to_owned(),
    };
    let labels = deployment.labels.iter().map(|(key, value)| code(&format!("{key}={value}")));
    let labels = labels.collect::<Vec<_>>().join(", ");
    let labels = match labels.is_empty() {
        true => "without labels; an operator that looks for some is told by `labels`".to_owned(),
        false => format!("with {labels}"),
    };
    format!("{namespace}, {labels}.")
}

/// The dashboards that no object can hold.
fn too_large(dashboards: &[Artifact]) -> Option<String> {
    let large = dashboards.iter().filter(|dashboard| !kubernetes::fits(dashboard));
    let large: Vec<_> = large.map(|dashboard| code(&dashboard.path)).collect();
    let what = "Too large for an object, and to be provisioned from a volume";
    (!large.is_empty()).then(|| format!("{what}: {}.", large.join(", ")))
}

fn retention(catalog: &Catalog) -> String {
    let retention = duration::written(catalog.deployment.retention);
    let flag = code(&format!("--storage.tsdb.retention.time={retention}"));
    format!(
        "Prometheus keeps {retention}, as `retention` under `[deployment]` says: in Compose by the flag \
         {flag}, elsewhere whoever starts Prometheus sets it. What is to be kept for longer is sent to \
         another store, for which \
         [`prometheus/prometheus.yml`](../prometheus/prometheus.yml) has `remote_write` ready."
    )
}
