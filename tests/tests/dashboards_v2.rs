//! Grafana's own types judge dashboards of schema v2; first, that they refuse what people get wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use streamhouse_metrics_tests::{
    accepted, cargo, finish, grafana_v2_types, scratch_folder, workspace_root,
};

const GOOD: &str = r#"{
    "apiVersion": "dashboard.grafana.app/v2", "kind": "Dashboard", "metadata": {"name": "sample"},
    "spec": {
        "title": "Sample", "tags": [], "preload": false, "cursorSync": "Crosshair", "links": [],
        "annotations": [], "variables": [{
            "kind": "DatasourceVariable",
            "spec": {
                "name": "datasource", "pluginId": "prometheus", "refresh": "onDashboardLoad",
                "regex": "", "current": {"text": "", "value": ""}, "options": [], "multi": false,
                "includeAll": false, "hide": "dontHide", "skipUrlSync": false,
                "allowCustomValue": true
            }
        }],
        "timeSettings": {
            "from": "now-1h", "to": "now", "autoRefresh": "", "autoRefreshIntervals": [],
            "hideTimepicker": false, "fiscalYearStartMonth": 0
        },
        "layout": {"kind": "GridLayout", "spec": {"items": [{
            "kind": "GridLayoutItem",
            "spec": {
                "x": 0, "y": 0, "width": 12, "height": 8,
                "element": {"kind": "ElementReference", "name": "panel-1"}
            }
        }]}},
        "elements": {"panel-1": {"kind": "Panel", "spec": {
            "id": 1, "title": "Lag", "links": [],
            "data": {"kind": "QueryGroup", "spec": {
                "queries": [], "transformations": [], "queryOptions": {}
            }},
            "vizConfig": {"kind": "VizConfig", "group": "timeseries", "version": "", "spec": {
                "options": {},
                "fieldConfig": {"overrides": [], "defaults": {"thresholds": {
                    "mode": "absolute", "steps": [{"color": "green", "value": null}]
                }}}
            }}
        }}}
    }
}"#;

#[test]
fn a_good_resource() {
    accepted(grafana_v2_types([("good", GOOD)]));
}

#[test]
fn each_mistake_is_named() {
    let mistakes = [
        ("another_cursor", "\"Crosshair\"", "\"Cross\""),
        ("another_version", "app/v2\"", "app/v2beta1\""),
        ("misspelt_layout", "\"GridLayout\"", "\"GridLayouts\""),
        ("misspelt_variable", "\"DatasourceVariable\"", "\"DataSourceVariable\""),
        ("misspelt_refresh", "onDashboardLoad", "onLoad"),
        ("misspelt_mode", "absolute", "absolut"),
        ("misspelt_width", "\"width\"", "\"w\""),
        ("no_group", "\"group\": \"timeseries\", ", ""),
        ("no_element", "\"element\": {\"kind\"", "\"panel\": {\"kind\""),
        ("a_list_of_panels", "\"elements\": {", "\"panels\": [], \"elements\": {"),
        ("wrapped", "\"spec\": {\n        \"title\"", "\"dashboard\": {\n        \"title\""),
    ];
    let texts = mistakes.map(|(name, right, wrong)| {
        assert!(GOOD.contains(right), "`{right}` is not in the sample");
        (name, GOOD.replacen(right, wrong, 1))
    });
    let texts = texts.iter().map(|(name, text)| (*name, text.as_str()));
    let complaint = grafana_v2_types(texts.chain([("good", GOOD)])).expect_err("mistakes");
    let of = |name: &str| complaint.lines().any(|line| line.starts_with(&format!("{name}.ts(")));
    for (name, ..) in mistakes {
        assert!(of(name), "{name} passes:\n{complaint}");
    }
    assert!(!of("good"), "{complaint}");
}

/// The dashboards of a specification by their names, in the classic model and of schema v2.
#[track_caller]
fn dashboards(specification: &Path) -> BTreeMap<String, [String; 2]> {
    let scratch = scratch_folder();
    let mut generate = cargo();
    generate.args(["xtask", "gen-dashboards", "--grafana-schema", "v2", "--spec"]);
    generate.arg(specification).arg("--out").arg(scratch.path());
    let finished = finish(generate, b"", Duration::from_secs(600));
    assert_eq!(finished.code, Some(0), "{}", finished.stderr);
    let read = |folder: &str| {
        let folder = fs::read_dir(scratch.path().join("grafana").join(folder)).expect("a folder");
        folder.map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a text"))
        })
    };
    let mut resources: BTreeMap<_, _> = read("v2").collect();
    let both = read("dashboards").map(|(name, classic)| {
        let resource = resources.remove(&name).expect("a resource of the same name");
        (name, [classic, resource])
    });
    let both = both.collect();
    assert!(resources.is_empty(), "{resources:?}");
    both
}

/// A panel as both models know it: what it shows, and whether it is there at first.
#[derive(Debug, PartialEq)]
struct Panel {
    title: String,
    kind: String,
    queries: Vec<String>,
    size: [u64; 2],
    row: String,
    is_collapsed: bool,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

/// The panels of a classic dashboard, by their ids.
fn of_classic(dashboard: &Value) -> BTreeMap<u64, Panel> {
    let mut panels = BTreeMap::new();
    let mut row = String::new();
    for panel in list(&dashboard["panels"]) {
        let is_row = panel["type"] == "row";
        if is_row {
            row = text(&panel["title"]);
        }
        let shown = if is_row { list(&panel["panels"]) } else { std::slice::from_ref(panel) };
        for panel in shown {
            let targets = list(&panel["targets"]).iter();
            let known = Panel {
                title: text(&panel["title"]),
                kind: text(&panel["type"]),
                queries: targets.map(|target| text(&target["expr"])).collect(),
                size: [number(&panel["gridPos"]["w"]), number(&panel["gridPos"]["h"])],
                row: row.clone(),
                is_collapsed: is_row,
            };
            assert_eq!(panels.insert(number(&panel["id"]), known), None);
        }
    }
    panels
}

/// The panels of a resource, by their ids.
fn of_resource(resource: &Value) -> BTreeMap<u64, Panel> {
    let spec = &resource["spec"];
    let mut elements = spec["elements"].as_object().expect("elements").clone();
    let mut panels = BTreeMap::new();
    for row in list(&spec["layout"]["spec"]["rows"]) {
        let mut below = 0;
        for item in list(&row["spec"]["layout"]["spec"]["items"]) {
            let item = &item["spec"];
            let name = text(&item["element"]["name"]);
            let panel = &elements.remove(&name).expect("an element that stands once")["spec"];
            assert_eq!(name, format!("panel-{}", panel["id"]), "links call it so");
            let [x, y, width, height] = ["x", "y", "width", "height"].map(|key| number(&item[key]));
            // From its row's top on, without a gap.
            assert!(x + width <= 24 && y <= below, "{item}");
            below = below.max(y + height);
            let queries = list(&panel["data"]["spec"]["queries"]).iter();
            let known = Panel {
                title: text(&panel["title"]),
                kind: text(&panel["vizConfig"]["group"]),
                queries: queries
                    .map(|asked| text(&asked["spec"]["query"]["spec"]["expr"]))
                    .collect(),
                size: [width, height],
                row: text(&row["spec"]["title"]),
                is_collapsed: row["spec"]["collapse"] == true,
            };
            panels.insert(number(&panel["id"]), known);
        }
    }
    assert!(elements.is_empty(), "these stand nowhere: {elements:?}");
    panels
}

#[test]
fn every_dashboard_of_every_specification() {
    let specifications = ["metrics.toml"].into_iter().map(str::to_owned);
    let samples = ["shop", "slo", "hostile"].map(|name| format!("codegen/tests/specs/{name}.toml"));
    for specification in specifications.chain(samples) {
        let dashboards = dashboards(&workspace_root().join(&specification));
        let resources = dashboards.iter().map(|(name, [_, resource])| (&**name, &**resource));
        accepted(grafana_v2_types(resources));
        for (name, both) in &dashboards {
            let [classic, resource] = both
                .each_ref()
                .map(|text| serde_json::from_str::<Value>(text).expect("a dashboard is JSON"));
            assert_eq!(resource["metadata"]["name"], classic["uid"]);
            let (classic, resource) = (of_classic(&classic), of_resource(&resource));
            assert!(!classic.is_empty(), "{specification}: {name} shows nothing");
            assert_eq!(resource, classic, "{specification}: {name}");
        }
    }
}
