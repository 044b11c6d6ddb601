//! What is on dashboards: every metric, every bound, and not too much at once.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;
use streamhouse_metrics_codegen::emit::artifacts;
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Condition, Threshold};

/// Most queries that a dashboard asks before somebody opens a row.
const MOST_TARGETS: usize = 20;

fn streamhouse() -> Catalog {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metrics.toml");
    catalog(&fs::read_to_string(path).unwrap())
}

fn catalog(text: &str) -> Catalog {
    streamhouse_metrics_spec::check_text(text).unwrap().catalog
}

/// Every dashboard of a specification, by the name of its file.
fn dashboards(catalog: &Catalog) -> Vec<(String, Value)> {
    let made = artifacts(catalog, &Default::default(), |name| name == "dashboards");
    let read = made.into_iter().map(|(_, artifact)| {
        let name = artifact.path.rsplit('/').next().unwrap().to_owned();
        (name, serde_json::from_str(&artifact.text).unwrap())
    });
    read.collect()
}

/// The panels that are there when a dashboard is opened.
fn open(dashboard: &Value) -> Vec<&Value> {
    dashboard["panels"].as_array().unwrap().iter().collect()
}

/// The same with those in closed rows.
fn all(dashboard: &Value) -> Vec<&Value> {
    let panels = open(dashboard).into_iter();
    let panels = panels.flat_map(|panel| {
        std::iter::once(panel).chain(panel["panels"].as_array().into_iter().flatten())
    });
    panels.collect()
}

fn exprs(panel: &Value) -> Vec<&str> {
    let targets = panel["targets"].as_array().into_iter().flatten();
    targets.map(|target| target["expr"].as_str().unwrap()).collect()
}

#[test]
fn every_metric_is_on_its_components_page() {
    let catalog = streamhouse();
    let dashboards = dashboards(&catalog);
    for (component, metric) in catalog.metrics() {
        let page = format!("streamhouse-{}.json", component.key);
        let (_, page) = dashboards.iter().find(|(name, _)| *name == page).unwrap();
        let is_there =
            |panel: &&Value| exprs(panel).iter().any(|expr| expr.contains(&metric.family));
        assert!(all(page).iter().any(is_there), "{} is nowhere", metric.family);
    }
}

#[test]
fn every_bound_is_on_a_panel_that_reaches_it() {
    let catalog = streamhouse();
    let dashboards = dashboards(&catalog);
    let panels: Vec<_> = dashboards.iter().flat_map(|(_, dashboard)| open(dashboard)).collect();
    let mut bounds = 0;
    for alert in &catalog.alerts {
        let Condition::Threshold(Threshold { metric, bound, .. }) = &alert.condition else {
            continue;
        };
        bounds += 1;
        let family = &catalog.metric(*metric).family;
        let shows = |panel: &&&Value| {
            let defaults = &panel["fieldConfig"]["defaults"];
            let steps = defaults["thresholds"]["steps"].as_array().into_iter().flatten();
            let mut steps = steps.filter_map(|step| step["value"].as_f64());
            panel["type"] == "timeseries"
                && exprs(panel).iter().any(|expr| expr.contains(family))
                && steps.any(|step| step == *bound)
                && defaults["custom"]["axisSoftMax"].as_f64() > Some(*bound)
        };
        let shown = panels.iter().filter(shows).count();
        assert_eq!(shown, 1, "{}: its own panel, and no other, has its bound", alert.name);
        let stats = panels.iter().filter(|panel| panel["type"] == "stat");
        let coloured = |panel: &&Value| panel["links"].to_string().contains(&alert.name);
        assert!(stats.copied().any(|panel| coloured(&panel)), "{} colours nothing", alert.name);
    }
    assert_eq!(bounds, 4);
}

/// A component of so many metrics, of every kind.
fn large(metrics: usize) -> String {
    let mut text =
        "namespace = \"shop\"\n\n[labels]\nkind = { help = \"a\", limit = 9 }\n".to_owned();
    for at in 0..metrics {
        let kind = match at % 4 {
            0 => "counter\"\nunit = \"items\"",
            1 => "gauge\"\nunit = \"items\"",
            2 => "histogram\"\nunit = \"items\"\nbuckets = [1, 2]",
            _ => "counter\"\nunit = \"errors\"",
        };
        let errors = if at % 4 == 3 { "_errors" } else { "" };
        writeln!(
            text,
            "[cart.metric{at}{errors}]\nlabels = [\"kind\"]\nhelp = \"a\"\ntype = \"{kind}"
        )
        .unwrap();
    }
    for at in 0..metrics / 4 {
        writeln!(
            text,
            "[alerts.A{at}]\nmetric = \"cart.metric{}\"\nabove = {at}\nfor = \"5m\"\nseverity = \"warning\"\nsummary = \"a\"",
            at * 4 + 1
        )
        .unwrap();
    }
    text
}

#[test]
fn a_page_of_sixty_metrics_is_opened_as_fast_as_one_of_six() {
    for metrics in [4, 24, 60, 200] {
        for (name, dashboard) in dashboards(&catalog(&large(metrics))) {
            let targets: usize = open(&dashboard).into_iter().map(|panel| exprs(panel).len()).sum();
            assert!((1..=MOST_TARGETS).contains(&targets), "{name} of {metrics}: {targets}");
            let shown: Vec<_> = all(&dashboard).into_iter().map(|panel| &panel["id"]).collect();
            let mut distinct: Vec<_> = shown.iter().map(|id| id.as_u64().unwrap()).collect();
            distinct.sort_unstable();
            distinct.dedup();
            assert_eq!(distinct.len(), shown.len(), "{name}: two panels have one id");
        }
    }
}

#[test]
fn ids_stay_when_metrics_are_added() {
    let ids = |metrics: usize| {
        let dashboards = dashboards(&catalog(&large(metrics)));
        let (_, page) = dashboards.iter().find(|(name, _)| name == "shop-cart.json").unwrap();
        let panels = all(page).into_iter().filter(|panel| panel["type"] != "row");
        let ids = panels.map(|panel| (panel["id"].as_u64().unwrap(), panel["title"].to_string()));
        ids.collect::<Vec<_>>()
    };
    let (few, many) = (ids(24), ids(60));
    assert!(!few.is_empty());
    let lost: Vec<_> = few.iter().filter(|panel| !many.contains(panel)).collect();
    assert_eq!(lost, Vec::<&(u64, String)>::new());
}

#[test]
fn dashboards_can_be_changed_where_that_is_said() {
    let editable = "\n[grafana]\neditable = true\nrefresh = \"1m\"\n";
    for (text, is_editable, refresh) in [("", false, "30s"), (editable, true, "1m")] {
        for (_, dashboard) in dashboards(&catalog(&format!("{}{text}", large(4)))) {
            assert_eq!(dashboard["editable"], is_editable);
            assert_eq!(dashboard["refresh"], refresh);
        }
    }
}
