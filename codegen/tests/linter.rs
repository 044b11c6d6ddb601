//! Dashboards keep the linter's rules: the generated ones, and one that breaks each rule in turn.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic like tests")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};
use streamhouse_metrics_codegen::emit::artifacts;
use streamhouse_metrics_codegen::linter::{
    Finding, Known, RULES, UNUSED_EXCEPTION, except, except_all, lint,
};
use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::Exception;
use streamhouse_metrics_spec::dashboard::LINTER_RULES;

/// The shop, which the samples below are dashboards of.
static SHOP: LazyLock<Known> = LazyLock::new(|| Known::new(&catalog("tests/specs/shop.toml")));

fn catalog(specification: &str) -> Catalog {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(specification);
    streamhouse_metrics_spec::check_text(&fs::read_to_string(path).unwrap()).unwrap().catalog
}

/// What is found in what a specification generates, but for what it excepts.
fn found_in_generated(catalog: &Catalog) -> Vec<Finding> {
    let known = Known::new(catalog);
    let made = artifacts(catalog, &Default::default(), |name| name == "dashboards");
    assert!(made.len() > 1, "there are no dashboards");
    let dashboards = made.iter().map(|(_, artifact)| serde_json::from_str(&artifact.text).unwrap());
    let findings = dashboards.flat_map(|dashboard: Value| lint(&dashboard, &known)).collect();
    except_all(findings, catalog)
}

#[test]
fn generated_dashboards() {
    for specification in [
        "../metrics.toml",
        "tests/specs/shop.toml",
        "tests/specs/hostile.toml",
        "tests/specs/slo.toml",
    ] {
        assert_eq!(found_in_generated(&catalog(specification)), [], "{specification}");
    }
}

/// A dashboard that breaks no rule, with a panel on it and one in a collapsed row.
fn good() -> Value {
    let source = json!({ "type": "prometheus", "uid": "${datasource}" });
    let choice = |name: &str, label: &str| {
        json!({
            "type": "query", "name": name, "label": label, "datasource": source, "refresh": 2,
            "query": { "query": format!("label_values(up{{a=\"b,c\"}}, {name})"), "refId": name },
            "multi": true, "includeAll": true, "allValue": ".+",
        })
    };
    let panel = |id: u32, expr: &str| {
        json!({
            "id": id, "type": "timeseries", "title": format!("Panel {id}"), "description": "Says it",
            "datasource": source, "fieldConfig": { "defaults": { "unit": "recps" }, "overrides": [] },
            "targets": [{ "refId": "A", "datasource": source, "expr": expr }],
        })
    };
    let chosen = "job=~\"$job\", instance=~\"$instance\"";
    let orders = format!("rate(shop_checkout_orders_total{{{chosen}}}[$__rate_interval])");
    let items = format!("shop_storage_shelf_items{{{chosen}}}");
    json!({
        "uid": "sample", "title": "Sample", "editable": false,
        "templating": { "list": [
            { "type": "datasource", "name": "datasource", "label": "Data source", "query": "prometheus" },
            choice("job", "Job"),
            choice("instance", "Instance"),
        ] },
        "panels": [
            panel(1, &orders),
            { "id": 2, "type": "row", "collapsed": true, "panels": [panel(3, &items)] },
        ],
    })
}

/// Changes what a pointer leads to in the good dashboard, and gives what is found then.
#[track_caller]
fn found_with(pointer: &str, value: Value) -> Vec<Finding> {
    let mut dashboard = good();
    *dashboard.pointer_mut(pointer).unwrap() = value;
    lint(&dashboard, &SHOP)
}

/// Compares what is found after a change with the id of a rule and what it says.
#[track_caller]
fn check(pointer: &str, value: Value, rule: &str, expected: &[&str]) {
    assert!(RULES.iter().any(|known| known.id == rule), "{rule}");
    let found = found_with(pointer, value);
    let found: Vec<_> = found.iter().map(|finding| (finding.rule, &*finding.message)).collect();
    let expected: Vec<_> = expected.iter().map(|message| (rule, *message)).collect();
    assert_eq!(found, expected);
}

/// The same of the query of the first panel.
#[track_caller]
fn check_expr(expr: &str, rule: &str, expected: &[&str]) {
    check("/panels/0/targets/0/expr", json!(expr), rule, expected);
}

#[test]
fn a_good_dashboard_has_no_findings() {
    assert_eq!(found_with("/uid", json!("sample")), []);
}

#[test]
fn template_datasource_rule() {
    let rule = "template-datasource-rule";
    let first = "/templating/list/0";
    let named = |name: &str, label: &str| json!({ "type": "datasource", "name": name, "label": label, "query": "prometheus" });
    let change = |name, label| found_with(first, named(name, label));
    let of_rule = |findings: Vec<Finding>| {
        let of_rule = findings.into_iter().filter(|finding| finding.rule == rule);
        of_rule.map(|finding| finding.message).collect::<Vec<_>>()
    };
    assert_eq!(
        of_rule(change("ds", "DS")),
        [
            "the data source's variable is called `ds`, not `datasource` or `prometheus_datasource`",
            "the label of `ds` is `DS`, not `Data source` or `Prometheus data source`",
        ]
    );
    assert_eq!(of_rule(change("prometheus_datasource", "Prometheus data source")), [""; 0]);
    let none = found_with(first, json!({ "type": "textbox", "name": "datasource" }));
    assert_eq!(of_rule(none), ["there is no variable of the type `datasource`"]);
}

#[test]
fn template_job_rule() {
    let of = |name: &str| format!("/templating/list/1/{name}");
    let rule = "template-job-rule";
    check(&of("name"), json!("jobs"), rule, &["there is no variable `job`"]);
    let wrong_type = "`job` is of the type `custom`, not `query`";
    check(&of("type"), json!("custom"), rule, &[wrong_type]);
    check(&of("label"), json!("job"), rule, &["the label of `job` is `job`, not `Job`"]);
    let single = "only one `job` can be chosen: set `multi` to `true`";
    check(&of("multi"), json!(false), rule, &[single]);
    let no_all = "the `allValue` of `job` is ``, not `.+`";
    check(&of("allValue"), Value::Null, rule, &[no_all]);
    let fixed = "`job` asks the data source `abc`, not `${datasource}`";
    check(&of("datasource"), json!({ "type": "prometheus", "uid": "abc" }), rule, &[fixed]);
}

#[test]
fn template_instance_rule() {
    let rule = "template-instance-rule";
    let name = "/templating/list/2/name";
    check(name, json!("host"), rule, &["there is no variable `instance`"]);
    let all = "/templating/list/2/allValue";
    let matches_none = "the `allValue` of `instance` is `.*`, not `.+`";
    check(all, json!(".*"), rule, &[matches_none]);
}

#[test]
fn template_label_promql_rule() {
    let rule = "template-label-promql-rule";
    let query = "/templating/list/1/query";
    for right in ["label_values(job)", "label_values({a=\"b\"}, job)", "metrics(shop_.+)"] {
        check(query, json!(right), rule, &[]);
    }
    check(query, json!("label_names()"), rule, &[]);
    check(query, json!("query_result(sum by (job) (up))"), rule, &[]);
    for (wrong, why) in [
        ("up", "this is no call of a function"),
        (
            "label_value(up, job)",
            "`label_value` is none of `label_values`, `label_names`, `metrics` or `query_result`",
        ),
        ("label_values(up{a=\"b\"})", "`up{a=\"b\"}` is no label"),
        ("label_values(sum(up), job)", "`sum(up)` is no selector"),
        ("label_values(up{a=}, job)", "expected a value in quotes, found `}`"),
        ("query_result(sum up)", "expected an operator or the end, found `up`"),
    ] {
        let message = format!("`job` asks for `{wrong}`: {why}");
        check(query, json!(wrong), rule, &[&message]);
    }
}

#[test]
fn template_on_time_change_reload_rule() {
    let rule = "template-on-time-change-reload-rule";
    let refresh = "/templating/list/1/refresh";
    check(refresh, json!(1), rule, &["the `refresh` of `job` is `1`, not `2`"]);
    check(refresh, Value::Null, rule, &["the `refresh` of `job` is `null`, not `2`"]);
}

#[test]
fn panel_datasource_rule() {
    let rule = "panel-datasource-rule";
    let source = "/panels/0/datasource";
    let fixed = json!({ "type": "prometheus", "uid": "abc" });
    check(source, fixed.clone(), rule, &["it asks the data source `abc`, which is no variable"]);
    check(source, Value::Null, rule, &["it names no data source"]);
    let unknown = "it asks the data source `$ds`, which is no variable";
    check(source, json!("$ds"), rule, &[unknown]);
    check(source, json!("$datasource"), rule, &[]);
    check(source, json!({ "type": "datasource", "uid": "-- Mixed --" }), rule, &[]);
    let query = "query `A` asks the data source `abc`, which is no variable";
    check("/panels/0/targets/0/datasource", fixed, rule, &[query]);
}

#[test]
fn panel_title_description_rule() {
    let rule = "panel-title-description-rule";
    check("/panels/0/title", json!(""), rule, &["it has no title"]);
    check("/panels/0/description", json!(" "), rule, &["it has no description"]);
    let untitled = &found_with("/panels/0/title", json!(""))[0];
    assert_eq!(untitled.panel.as_deref(), Some("#1"));
}

#[test]
fn panel_units_rule() {
    let rule = "panel-units-rule";
    let config = "/panels/0/fieldConfig";
    check(config, json!({}), rule, &["it has no unit"]);
    let unknown = json!({ "defaults": { "unit": "records/s" } });
    check(config, unknown, rule, &["Grafana knows no unit `records/s`"]);
    let property = |id: &str, value: Value| json!({ "overrides": [{ "matcher": {}, "properties": [{ "id": id, "value": value }] }] });
    check(config, property("unit", json!("bytes")), rule, &[]);
    check(config, property("unit", json!("byte")), rule, &["Grafana knows no unit `byte`"]);
    check(config, property("mappings", json!([{ "type": "value" }])), rule, &[]);
    check(config, json!({ "defaults": { "mappings": [{ "type": "value" }] } }), rule, &[]);
    check(config, json!({ "defaults": { "mappings": [] } }), rule, &["it has no unit"]);
}

#[test]
fn panel_no_targets_rule() {
    let rule = "panel-no-targets-rule";
    check("/panels/0/targets", json!([]), rule, &["it has no query"]);
    check("/panels/0/targets", Value::Null, rule, &["it has no query"]);
    check("/panels/0", json!({ "id": 1, "type": "text", "title": "" }), rule, &[]);
}

#[test]
fn target_promql_rule() {
    let rule = "target-promql-rule";
    check_expr("sum(", rule, &["expected an expression, found the end of the expression"]);
    check_expr("", rule, &["there is no expression"]);
    let target = "/panels/0/targets/0";
    check(target, json!({ "refId": "A", "panelId": 3 }), rule, &[]);
    let gone = "it shows what panel `9` asked, which is not there";
    check(target, json!({ "refId": "A", "panelId": 9 }), rule, &[gone]);
    let dashboard = json!({ "type": "datasource", "uid": "-- Dashboard --" });
    let shows = |id: u32| json!({ "refId": "A", "datasource": dashboard, "panelId": id });
    check(target, shows(3), rule, &[]);
    check(target, shows(9), rule, &[gone]);
    let elsewhere = json!({ "type": "loki", "uid": "${datasource}" });
    check(target, json!({ "refId": "A", "datasource": elsewhere, "expr": "{" }), rule, &[]);
}

#[test]
fn target_rate_interval_rule() {
    let rule = "target-rate-interval-rule";
    let orders = "shop_checkout_orders_total{job=~\"$job\", instance=~\"$instance\"}";
    for (function, range, of) in
        [("rate", "5m", "[5m]"), ("increase", "$__range", "[$__range]"), ("irate", "1h", "[1h:5m]")]
    {
        let message = format!("`{function}` is over `{range}`, not `$__rate_interval`");
        check_expr(&format!("sum({function}({orders}{of}))"), rule, &[&message]);
    }
    check_expr(&format!("rate({orders}[${{__rate_interval}}])"), rule, &[]);
    let other =
        "max_over_time(shop_storage_shelf_items{job=~\"$job\", instance=~\"$instance\"}[1d])";
    check_expr(other, rule, &[]);
}

#[test]
fn target_job_rule() {
    let rule = "target-job-rule";
    let items =
        |matcher: &str| format!("shop_storage_shelf_items{{{matcher}instance=~\"$instance\"}}");
    let none = items("");
    let message = format!("`{none}` has no matcher `job=~\"$job\"`");
    check_expr(&none, rule, &[&message]);
    check_expr(&format!("{none} / {}", items("job=~\"${job}\", ")), rule, &[&message]);
    for wrong in ["job=\"$job\"", "job=~\"shop\"", "job!~\"$job\"", "job=~\"$jobs\""] {
        let message = format!("`{wrong}` is not `job=~\"$job\"`");
        check_expr(&items(&format!("{wrong}, ")), rule, &[&message]);
    }
    let both = items("job!=\"\", job=~\"$job\", ");
    check_expr(&both, rule, &[]);
    // Nobody says whose it is.
    let unknown = "go_goroutines{instance=~\"$instance\"}";
    check_expr(unknown, rule, &[&format!("`{unknown}` has no matcher `job=~\"$job\"`")]);
}

#[test]
fn target_instance_rule() {
    let rule = "target-instance-rule";
    let items = "shop_storage_shelf_items{job=~\"$job\"}";
    let message = format!("`{items}` has no matcher `instance=~\"$instance\"`");
    check_expr(items, rule, &[&message]);
    let nameless = "{shelf=\"1\", job=~\"$job\"}";
    let message = format!("`{nameless}` has no matcher `instance=~\"$instance\"`");
    check_expr(nameless, rule, &[&message]);
}

/// What is recorded, what is said of alerts, and what is of other systems is not chosen by target.
#[test]
fn what_is_elsewhere_is_of_no_job_and_no_instance() {
    for elsewhere in [
        "up",
        "ALERTS{alertstate=\"firing\"}",
        "time() - ALERTS_FOR_STATE",
        "shop:availability:ratio_rate5m",
        "sum by (mount) (disk_free_bytes)",
    ] {
        let text = "namespace = \"shop\"\n[external.disk_free_bytes]\ntype = \"gauge\"\n";
        let checked = streamhouse_metrics_spec::check_text(text).unwrap();
        let mut dashboard = good();
        dashboard["panels"] = json!([dashboard["panels"][0]]);
        dashboard["panels"][0]["targets"][0]["expr"] = json!(elsewhere);
        assert_eq!(lint(&dashboard, &Known::new(&checked.catalog)), [], "{elsewhere}");
    }
}

#[test]
fn target_counter_agg_rule() {
    let rule = "target-counter-agg-rule";
    let chosen = "job=~\"$job\", instance=~\"$instance\"";
    let bare =
        |name: &str| format!("`{name}` is a counter, and in none of `rate`, `irate`, `increase`");
    for name in [
        "shop_checkout_orders_total",
        "shop_checkout_payment_duration_seconds_sum",
        "shop_checkout_payment_duration_seconds_bucket",
        "other_total",
    ] {
        check_expr(&format!("sum({name}{{{chosen}}})"), rule, &[&bare(name)]);
        check_expr(&format!("sum(rate({name}{{{chosen}}}[$__rate_interval]))"), rule, &[]);
        check_expr(&format!("count({name}{{{chosen}}})"), rule, &[]);
        check_expr(&format!("resets({name}{{{chosen}}}[1h])"), rule, &[]);
        let largest = format!("max_over_time({name}{{{chosen}}}[1h])");
        check_expr(&largest, rule, &[&bare(name)]);
    }
    // Its name says so, and the specification knows better.
    check_expr(&format!("other_count{{{chosen}}}"), rule, &[]);
}

#[test]
fn uneditable_dashboard() {
    let rule = "uneditable-dashboard";
    let message = "it can be edited in the browser: set `editable` to `false`";
    check("/editable", json!(true), rule, &[message]);
    check("/editable", Value::Null, rule, &[message]);
}

#[test]
fn panels_in_rows_of_both_kinds_are_looked_at() {
    let found = found_with("/panels/1/panels/0/description", json!(""));
    assert_eq!(found[0].panel.as_deref(), Some("Panel 3"));
    let mut old = good();
    old["rows"] = json!([{ "panels": old["panels"].take() }]);
    old["rows"][0]["panels"][0]["description"] = Value::Null;
    let found = lint(&old, &SHOP);
    assert_eq!(found.len(), 1);
}

#[test]
fn who_asks_no_prometheus_breaks_no_rule_about_it() {
    let dashboard = json!({
        "editable": false,
        "templating": { "list": [
            { "type": "datasource", "name": "datasource", "label": "Data source", "query": "loki" },
            { "type": "query", "name": "app", "query": "anything", "refresh": 2 },
        ] },
        "panels": [{
            "type": "timeseries", "title": "Lines", "description": "All", "datasource": "$datasource",
            "fieldConfig": { "defaults": { "unit": "short" } },
            "targets": [{ "refId": "A", "expr": "count_over_time({app=`$app`} [1m])" }],
        }],
    });
    assert_eq!(lint(&dashboard, &SHOP), []);
}

/// A shop that excepts a rule in places.
fn excepting(rule: &str, dashboard: Option<&str>, panel: Option<&str>) -> Catalog {
    let mut catalog = catalog("tests/specs/shop.toml");
    catalog.grafana.exceptions = vec![Exception {
        rule: rule.to_owned(),
        dashboard: dashboard.map(str::to_owned),
        panel: panel.map(str::to_owned),
        reason: "it is meant".to_owned(),
    }];
    catalog
}

/// One finding on the page of the check-out.
fn one_finding() -> Vec<Finding> {
    let mut dashboard = good();
    dashboard["uid"] = json!("shop-checkout");
    dashboard["panels"][0]["description"] = json!("");
    lint(&dashboard, &SHOP)
}

#[test]
fn what_is_excepted_is_left_out() {
    let rule = "panel-title-description-rule";
    assert_eq!(one_finding().len(), 1);
    for (dashboard, panel) in [
        (None, None),
        (Some("checkout"), None),
        (None, Some("Panel 1")),
        (Some("checkout"), Some("Panel 1")),
    ] {
        let catalog = excepting(rule, dashboard, panel);
        assert_eq!(except(one_finding(), &catalog), []);
        assert_eq!(except_all(one_finding(), &catalog), []);
    }
}

#[test]
fn an_exception_that_excepts_nothing_is_found() {
    let title = "panel-title-description-rule";
    for (rule, dashboard, panel) in [
        ("panel-units-rule", None, None),
        (title, Some("overview"), None),
        (title, None, Some("Panel 3")),
    ] {
        let catalog = excepting(rule, dashboard, panel);
        assert_eq!(except(one_finding(), &catalog), one_finding());
        let left = except_all(one_finding(), &catalog);
        let message =
            format!("nothing breaks `{rule}` there: delete the exception \"it is meant\"");
        assert_eq!(left.len(), 2);
        assert_eq!((left[1].rule, &*left[1].message), (UNUSED_EXCEPTION, &*message));
    }
}

#[test]
fn rules_are_those_that_the_specification_knows() {
    let rules: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(rules, LINTER_RULES);
}

#[test]
fn the_list_of_rules_is_whole_and_true() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/dashboards.md");
    let page = fs::read_to_string(path).unwrap();
    let rows: String =
        RULES.iter().map(|rule| format!("| `{}` | {} |\n", rule.id, rule.summary)).collect();
    assert!(
        page.contains(&format!("| rule | what it asks for |\n| --- | --- |\n{rows}\n")),
        "{rows}"
    );
}
