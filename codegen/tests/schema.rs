//! The JSON Schema accepts what the checker accepts, and refuses what an editor should mark.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use serde_json::Value;

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&streamhouse_metrics_codegen::schema::text()).unwrap();
    jsonschema::draft7::meta::validate(&schema).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

/// A TOML text as JSON, which is how editors validate it.
fn json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

#[track_caller]
fn accepts(text: &str) {
    let errors: Vec<_> =
        validator().iter_errors(&json(text)).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
}

#[track_caller]
fn refuses(text: &str, place: &str) {
    let instance = json(text);
    let errors: Vec<_> = validator()
        .iter_errors(&instance)
        .map(|error| (error.instance_path().to_string(), error.to_string()))
        .collect();
    assert!(errors.iter().any(|(at, _)| at == place), "{place} is not among {errors:?}");
}

#[test]
fn real_specifications() {
    accepts(include_str!("../../metrics.toml"));
    accepts(include_str!("specs/shop.toml"));
    accepts(include_str!("specs/hostile.toml"));
    accepts(include_str!("specs/slo.toml"));
}

const METRIC: &str = "namespace = 'a'\n[b.c]\ntype = 'counter'\nunit = 'items'\nhelp = 'd'\n";

#[test]
fn a_metric() {
    accepts(METRIC);
}

#[test]
fn unknown_key() {
    refuses(&format!("{METRIC}lables = []\n"), "/b/c");
}

#[test]
fn missing_key() {
    refuses(&METRIC.replace("help = 'd'", ""), "/b/c");
}

#[test]
fn what_watches() {
    let watch = |labels: &str| {
        format!(
            "{METRIC}[deployment]\nretention = '30d'\nkubernetes = {{ labels = {{ {labels} }} }}\n"
        )
    };
    accepts(&watch("release = 'stable', 'example.com/team' = 'a'"));
    refuses(&watch("'a b' = 'a'"), "/deployment/kubernetes/labels");
    refuses(&watch("'-a' = 'a'"), "/deployment/kubernetes/labels");
    refuses(&watch("a = 1"), "/deployment/kubernetes/labels/a");
    let targets = |targets: &str| format!("{METRIC}[components.b]\ntargets = [{targets}]\n");
    accepts(&targets("'b-1:8080', 'b-2:8080'"));
    refuses(&targets("'b-1:8080', 'b-1:8080'"), "/components/b/targets");
}

/// It has no namespace and is edited with the same schema.
#[test]
fn included_file() {
    accepts(&METRIC.replace("namespace = 'a'", ""));
}

#[test]
fn units_of_ones_own() {
    accepts(&METRIC.replace("items", "tickets"));
    refuses(&METRIC.replace("'items'", "7"), "/b/c/unit");
}

#[test]
fn misspelt_lint() {
    let allow = |lint: &str| format!("{METRIC}allow = [{{ lint = '{lint}', reason = 'a' }}]\n");
    accepts(&allow("unit-in-name"));
    refuses(&allow("unit-in-names"), "/b/c/allow/0/lint");
    accepts(&format!("{METRIC}[lints]\nunused-label = 'error'\n"));
    refuses(&format!("{METRIC}[lints]\nunused-labels = 'error'\n"), "/lints");
    refuses(&format!("{METRIC}[lints]\nunused-label = 'loud'\n"), "/lints/unused-label");
}

#[test]
fn wrong_name() {
    let label = |key: &str| format!("{METRIC}[labels]\n{key} = {{ help = 'a', limit = 1 }}\n");
    accepts(&label("group_id2"));
    for wrong in ["groupId", "2nd", "group__id", "group_", "group-id"] {
        refuses(&label(wrong), "/labels");
    }
    refuses(&METRIC.replace("[b.c]", "[b.C]"), "/b");
    refuses(&METRIC.replace("[b.c]", "[b-b.c]"), "");
    refuses(&format!("{METRIC}[queries.q-q]\nexpr = 'a'\nhelp = 'a'\n"), "/queries");
    let alert = "expr = 'a'\nseverity = 'info'\nsummary = 'a'\ndescription = 'a'\n";
    accepts(&format!("{METRIC}[alerts.Http5xx]\n{alert}"));
    refuses(&format!("{METRIC}[alerts.http_5xx]\n{alert}"), "/alerts");
}

#[test]
fn open_and_closed() {
    let label = |values: &str| format!("{METRIC}[labels]\nl = {{ help = 'a'{values} }}\n");
    accepts(&label(", limit = 1"));
    accepts(&label(", values = ['x']"));
    refuses(&label(""), "/labels/l");
    refuses(&label(", limit = 1, values = ['x']"), "/labels/l");
}

#[test]
fn twice_the_same() {
    refuses(&format!("{METRIC}labels = ['x', 'x']\n"), "/b/c/labels");
    let values = "[labels]\nl = { help = 'a', values = ['x', 'x'] }\n";
    refuses(&format!("{METRIC}{values}"), "/labels/l/values");
}

#[test]
fn too_small() {
    refuses(&format!("{METRIC}[labels]\nl = {{ help = 'a', limit = 0 }}\n"), "/labels/l/limit");
    let buckets = |buckets: &str| format!("{METRIC}buckets = {{ {buckets} }}\n");
    accepts(&buckets("exponential = { start = 0.1, factor = 1.5, count = 1 }"));
    refuses(&buckets("exponential = { start = 0, factor = 2, count = 1 }"), "/b/c/buckets");
    refuses(&buckets("exponential = { start = 1, factor = 1, count = 1 }"), "/b/c/buckets");
    refuses(&buckets("linear = { start = 0, width = 1, count = 0 }"), "/b/c/buckets");
    refuses(&buckets("linear = { start = 0, width = 0, count = 1 }"), "/b/c/buckets");
    refuses(&buckets("also = [1]"), "/b/c/buckets");
}

#[test]
fn unknown_kind() {
    refuses(&METRIC.replace("counter", "summary"), "/b/c/type");
}

#[test]
fn wrong_type() {
    refuses(&format!("{METRIC}labels = 'topic'\n"), "/b/c/labels");
    refuses(
        &format!("{METRIC}buckets = {{ linear = {{ start = 1, width = 1, count = 'x' }} }}\n"),
        "/b/c/buckets",
    );
}

#[test]
fn blank_text() {
    refuses(&METRIC.replace("'d'", "' '"), "/b/c/help");
}

#[test]
fn wrong_duration() {
    let alert = |wait: &str| {
        format!(
            "{METRIC}[alerts.A]\nexpr = 'a'\nfor = '{wait}'\nseverity = 'info'\nsummary = 'a'\ndescription = 'a'\n"
        )
    };
    accepts(&alert("1h30m"));
    refuses(&alert("5 minutes"), "/alerts/A/for");
    refuses(&alert(""), "/alerts/A/for");
}

#[test]
fn what_a_recorder_is_asked_for() {
    let metric = |keys: &str| format!("{METRIC}{keys}\n");
    accepts(&metric("native = true\nexemplars = false\nsample = '1/16'\nseries_limit = 1"));
    refuses(&metric("native = 'true'"), "/b/c/native");
    refuses(&metric("exemplars = 1"), "/b/c/exemplars");
    accepts(&metric("sample = '1/1000000'"));
    for wrong in ["'1/0'", "'1/1'", "'1/02'", "'1/1000001'", "'2/3'", "'10%'", "0.1"] {
        refuses(&metric(&format!("sample = {wrong}")), "/b/c/sample");
    }
    refuses(&metric("series_limit = 0"), "/b/c/series_limit");
    let component = |keys: &str| format!("{METRIC}[components.b]\n{keys}\n");
    accepts(&component("idle_timeout = '1h'"));
    refuses(&component("idle_timeout = '1 hour'"), "/components/b/idle_timeout");
}

#[test]
fn what_dashboards_show() {
    let panel = |keys: &str| format!("{METRIC}panel = {{ {keys} }}\n");
    accepts(&panel("title = 'a', width = 24, order = -1, row = 'b'"));
    accepts(&panel("hide = true"));
    refuses(&panel("width = 0"), "/b/c/panel/width");
    refuses(&panel("width = 25"), "/b/c/panel/width");
    refuses(&panel("order = 0.5"), "/b/c/panel/order");
    refuses(&panel("title = ''"), "/b/c/panel/title");
    let own =
        |panel: &str| format!("{METRIC}[dashboards.d]\nhelp = 'a'\npanels = [{{ {panel} }}]\n");
    accepts(&own("query = 'a', kind = 'stat'"));
    accepts(&own("text = '**a**', width = 1"));
    refuses(&own("query = 'a', kind = 'heatmap'"), "/dashboards/d/panels/0/kind");
    refuses(&own("query = 'a', metric = 'b.c'"), "/dashboards/d/panels/0");
    refuses(&own("title = 'a'"), "/dashboards/d/panels/0");
    let grafana =
        |rule: &str| format!("{METRIC}[grafana]\nallow = [{{ rule = '{rule}', reason = 'a' }}]\n");
    accepts(&grafana("panel-units-rule"));
    refuses(&grafana("panel-unit-rule"), "/grafana/allow/0/rule");
    accepts(&format!("{METRIC}[grafana]\neditable = true\nrefresh = '1m'\n"));
}
