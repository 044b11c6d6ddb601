//! Dashboards as ConfigMaps, which Grafana's sidecar finds by their label.

use streamhouse_metrics_spec::Catalog;

use super::object;
use crate::emit::Artifact;
use crate::text::document::{self, Map};

/// Most bytes of an object.
const LARGEST: usize = 1024 * 1024;

/// What an object holds beside its dashboard.
const HEAD: usize = 4096;

/// By which the sidecar finds dashboards.
const LABEL: (&str, &str) = ("grafana_dashboard", "1");

/// A dashboard as an object of a name, if it is not too large for one.
pub(super) fn config_map(catalog: &Catalog, dashboard: &Artifact, name: &str) -> Option<Artifact> {
    if !fits(dashboard) {
        return None;
    }
    let file = format!("{}.json", stem(dashboard));
    let object = object(catalog, "v1", "ConfigMap", name, &[LABEL])
        .with("data", Map::default().with(file, dashboard.text.trim_end()));
    Some(Artifact {
        path: format!("kubernetes/dashboards/{name}.yml"),
        text: document::text(&object),
    })
}

/// The name of a dashboard's file, without `.json`.
pub(super) fn stem(dashboard: &Artifact) -> &str {
    let path = dashboard.path.trim_end_matches(".json");
    path.rsplit_once('/').map_or(path, |(_folder, stem)| stem)
}

/// Whether an object can hold a dashboard.
pub(in crate::emit::deployment) fn fits(dashboard: &Artifact) -> bool {
    dashboard.text.len() + HEAD <= LARGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_no_object() {
        let checked = streamhouse_metrics_spec::check_text(
            "namespace = 'shop'\n[cart.items]\ntype = 'gauge'\nunit = 'items'\nhelp = 'a'\n",
        );
        let catalog = checked.expect("is valid").catalog;
        let object = |text: String| {
            let path = "grafana/dashboards/shop-cart.json".to_owned();
            config_map(&catalog, &Artifact { path, text }, "shop-cart")
        };
        let small = object("{\n  \"uid\": \"a\"\n}\n".to_owned()).expect("fits");
        assert_eq!(small.path, "kubernetes/dashboards/shop-cart.yml");
        let expected = r#"
metadata:
  name: "shop-cart"
  labels:
    grafana_dashboard: "1"
data:
  shop-cart.json: |-
    {
      "uid": "a"
    }
"#;
        assert!(small.text.ends_with(expected), "{}", small.text);
        assert!(object("x".repeat(LARGEST - HEAD)).is_some());
        assert_eq!(object("x".repeat(LARGEST - HEAD + 1)), None);
    }
}
