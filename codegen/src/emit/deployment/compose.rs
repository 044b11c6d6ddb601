//! `docker-compose.yml`: Prometheus, Alertmanager and Grafana beside each other.

use streamhouse_metrics_spec::{Catalog, duration};

use super::place;
use crate::text::document::Map;

const ALERTMANAGER: &str = "prom/alertmanager:v0.28.1";
const GRAFANA: &str = "grafana/grafana:11.6.0";

/// The newest Prometheus 2, and the 3 that is supported for long.
const PROMETHEUS_2: (u32, u32, u32) = (2, 55, 1);
const PROMETHEUS_3: (u32, u32, u32) = (3, 5, 0);

/// Where secrets come from.
const SECRETS: &str = "\
Files of your own beside this folder, which the containers' users can read and no repository has.";

/// The file.
pub(super) fn file(catalog: &Catalog) -> Map {
    let services = Map::default()
        .with("prometheus", prometheus(catalog))
        .with("alertmanager", alertmanager())
        .with("grafana", grafana(&catalog.namespace));
    let volumes = ["prometheus-data", "alertmanager-data", "grafana-data"];
    let secrets = [place::PAGER_KEY, place::CHAT_URL, place::GRAFANA_PASSWORD].into_iter();
    let secrets = secrets.fold(Map::default().comment(SECRETS), |secrets, name| {
        secrets.with(name, Map::default().with("file", format!("../secrets/{name}")))
    });
    Map::default()
        .with("name", &*catalog.namespace)
        .with("services", services)
        .with("volumes", volumes.map(|name| (name, Map::default())).into_iter().collect::<Map>())
        .with("secrets", secrets)
}

fn prometheus(catalog: &Catalog) -> Map {
    let retention = duration::written(catalog.deployment.retention);
    let mut command = vec![
        "--config.file=/etc/prometheus/prometheus.yml".to_owned(),
        "--storage.tsdb.path=/prometheus".to_owned(),
        format!("--storage.tsdb.retention.time={retention}"),
    ];
    if catalog.metrics().any(|(_, metric)| metric.exemplars) {
        command.push("--enable-feature=exemplar-storage".to_owned());
    }
    service(&prometheus_image(catalog.surroundings.prometheus), 9090)
        .with("command", command)
        .with("volumes", ["./prometheus:/etc/prometheus:ro", "prometheus-data:/prometheus"])
        .with("healthcheck", healthcheck(9090, "/-/healthy"))
}

/// The Prometheus that evaluates what the rules are written for.
fn prometheus_image((major, minor): (u32, u32)) -> String {
    let newest = if major < 3 { PROMETHEUS_2 } else { PROMETHEUS_3 };
    let (major, minor, patch) = newest.max((major, minor, 0));
    format!("prom/prometheus:v{major}.{minor}.{patch}")
}

fn alertmanager() -> Map {
    let command =
        ["--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/alertmanager"];
    service(ALERTMANAGER, 9093)
        .with("command", command)
        .with("volumes", ["./alertmanager:/etc/alertmanager:ro", "alertmanager-data:/alertmanager"])
        .with("secrets", [place::PAGER_KEY, place::CHAT_URL])
        .with("healthcheck", healthcheck(9093, "/-/healthy"))
}

fn grafana(namespace: &str) -> Map {
    let provisioning = |kind: &str| {
        let folder = place::PROVISIONING;
        format!("./{folder}/{kind}:/etc/{folder}/{kind}:ro")
    };
    let volumes = [
        provisioning("datasources"),
        provisioning("dashboards"),
        format!("./grafana/dashboards:{}:ro", place::dashboards(namespace)),
        "grafana-data:/var/lib/grafana".to_owned(),
    ];
    let password = place::secret(place::GRAFANA_PASSWORD);
    service(GRAFANA, 3000)
        .with("environment", Map::default().with("GF_SECURITY_ADMIN_PASSWORD__FILE", password))
        .with("volumes", volumes)
        .with("secrets", [place::GRAFANA_PASSWORD])
        .with("healthcheck", healthcheck(3000, "/api/health"))
}

/// A server that answers on this machine alone, since some of them ask for no password.
fn service(image: &str, port: u16) -> Map {
    Map::default()
        .with("image", image)
        .with("restart", "unless-stopped")
        .with("ports", [format!("127.0.0.1:{port}:{port}")])
}

/// Whether a server is well is asked inside its container.
fn healthcheck(port: u16, path: &str) -> Map {
    let url = format!("http://127.0.0.1:{port}{path}");
    Map::default()
        .with("test", ["CMD", "wget", "-q", "--spider", &url])
        .with("interval", "10s")
        .with("timeout", "5s")
        .with("start_period", "30s")
}

#[cfg(test)]
mod tests {
    use super::prometheus_image;

    #[test]
    fn prometheus_is_new_enough_for_the_rules() {
        assert_eq!(prometheus_image((2, 42)), "prom/prometheus:v2.55.1");
        assert_eq!(prometheus_image((3, 0)), "prom/prometheus:v3.5.0");
        assert_eq!(prometheus_image((3, 8)), "prom/prometheus:v3.8.0");
    }
}
