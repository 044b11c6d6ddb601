//! What the demo serves, by the word of everybody who knows the formats.
//!
//! The expectation is generated/catalog.json: every family that the
//! specification names, under that name, with that type, help and label names.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use streamhouse_metrics_tests::{
    Demo, Endpoint, Prometheus, accepted, generated, get, promtool_check_metrics, query,
    strict_openmetrics, workspace_root,
};

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0";
const TEXT: &str = "text/plain; version=0.0.4";

/// What is known about a family.
#[derive(Debug, PartialEq, Eq)]
struct Family {
    kind: String,
    help: String,
}

type Families = BTreeMap<String, Family>;

#[test]
fn the_strictest_openmetrics_parser_reads_every_family() {
    let specified = specified_families();
    let bodies = Demo::start().wait_for(OPENMETRICS, |bodies| mention(bodies, &specified));
    let mut read = Families::new();
    for body in bodies {
        let families = accepted(strict_openmetrics(&body));
        let families = families.as_object().expect("the judge answers with an object");
        let families = families.iter().map(|(name, family)| (name.clone(), Family::new(family)));
        for (name, family) in families.filter(|(name, _)| specified.contains_key(name)) {
            assert_eq!(read.insert(name.clone(), family), None, "two endpoints expose {name}");
        }
    }
    assert_eq!(read, specified);
}

#[test]
fn promtool_accepts_the_text_format() {
    let specified = specified_families();
    for body in Demo::start().wait_for(TEXT, |bodies| mention(bodies, &specified)) {
        accepted(promtool_check_metrics(&body));
    }
}

#[test]
fn a_real_prometheus_knows_every_family_and_its_labels() {
    let specified = specified_families();
    let mut demo = Demo::start();
    demo.wait_for(OPENMETRICS, |bodies| mention(bodies, &specified));
    let prometheus = scraping(&demo);

    let reported = prometheus.wait_for("targets/metadata", |metadata| {
        let families: Families = metadata
            .as_array()?
            .iter()
            .filter_map(|family| Some((family["metric"].as_str()?.to_owned(), Family::new(family))))
            .filter(|(name, _)| specified.contains_key(name))
            .collect();
        (!families.is_empty()).then_some(families)
    });
    assert_eq!(reported, specified);

    for metric in specified_metrics() {
        for sample in texts(&metric["samples"]) {
            let mut labels: BTreeSet<String> = texts(&metric["labels"]).collect();
            let fixed = list(&metric["const_labels"]).iter();
            labels.extend(fixed.flat_map(|label| texts(&label["name"])));
            labels.extend(["__name__", "instance", "job"].map(str::to_owned));
            labels.extend(sample.ends_with("_bucket").then(|| "le".to_owned()));
            let series = prometheus.api(&format!("series?match[]={sample}"));
            let series = series.as_array().expect("series are a list");
            assert!(!series.is_empty(), "Prometheus has no series of {sample}");
            for series in series {
                let series = series.as_object().expect("a series is an object");
                assert_eq!(series.keys().cloned().collect::<BTreeSet<_>>(), labels);
            }
        }
    }
}

#[test]
fn a_real_prometheus_evaluates_every_alert() {
    let catalog = catalog();
    let specified: BTreeSet<String> =
        list(&catalog["alerts"]).iter().flat_map(|alert| texts(&alert["name"])).collect();
    assert_eq!(specified.len(), 20, "the guide's 7, one of a missing metric, 12 of objectives");

    let demo = Demo::start();
    let rules = scraping(&demo).wait_for("rules?type=alert", |answer| {
        let rules: Vec<Value> = list(&answer["groups"])
            .iter()
            .flat_map(|group| list(&group["rules"]))
            .cloned()
            .collect();
        rules.iter().all(|rule| rule["health"] != "unknown").then_some(rules)
    });
    let evaluated: BTreeSet<String> = rules
        .iter()
        .filter(|rule| rule["health"] == "ok")
        .flat_map(|rule| texts(&rule["name"]))
        .collect();
    assert_eq!(evaluated, specified, "{rules:#?}");
}

#[test]
fn a_real_prometheus_answers_every_named_query() {
    let catalog = catalog();
    let queries = list(&catalog["queries"]);
    assert!(!queries.is_empty(), "the guide has common queries");

    let specified = specified_families();
    let mut demo = Demo::start();
    demo.wait_for(OPENMETRICS, |bodies| mention(bodies, &specified));
    let prometheus = scraping(&demo);
    for expression in queries.iter().flat_map(|query| texts(&query["expr"])) {
        // One that filters by a comparison may rightly have nothing to say.
        let filters = expression.contains(" > ");
        let found = |answer: &Value| filters || !list(&answer["result"]).is_empty();
        prometheus.wait_for(&query(&expression), |answer| found(answer).then_some(()));
    }
}

/// As curl makes them, though nobody needs to have it.
#[test]
fn the_requests_of_the_guide_are_answered() {
    let guide = fs::read_to_string(workspace_root().join("docs/guide.md")).expect("a guide");
    let requests: Vec<&str> = guide.lines().filter(|line| line.starts_with("curl ")).collect();
    assert!(requests.len() >= 4, "{requests:?}");
    let demo = Demo::start();
    let prometheus = scraping(&demo);
    let agents = |endpoint: &&Endpoint| endpoint.job == "streamhouse-agents";
    let agent = demo.endpoints().iter().find(agents).expect("an agent").address;
    for request in requests {
        if let Some(path) = request.strip_prefix("curl http://localhost:8080") {
            let answer = get(agent, path, "*/*").expect("an answer");
            assert_eq!(answer.status, 200, "{request}");
            continue;
        }
        let query_of = "curl -G http://localhost:9090/api/v1/query --data-urlencode 'query=";
        let expression = request.strip_prefix(query_of).and_then(|rest| rest.strip_suffix('\''));
        let expression = expression.unwrap_or_else(|| panic!("nobody tries {request}"));
        let found = |answer: &Value| (!list(&answer["result"]).is_empty()).then_some(());
        prometheus.wait_for(&query(expression), found);
    }
}

#[test]
fn chaos_makes_alerts_fire_and_resolve() {
    let mut demo = Demo::start_with(&["--agents", "3", "--chaos", "--for", "120s"]);
    // Its own Prometheus, with the rules at its pace, says so on its screen.
    for alert in ["AgentDown", "HighProducerErrorRate", "HighConsumerLag"] {
        demo.wait_until_it_says(&format!("alert fires: {alert} "));
    }
    demo.wait_until_it_says("alert resolved: AgentDown ");
}

/// A Prometheus that has scraped all of the demo, with the generated rules loaded.
fn scraping(demo: &Demo) -> Prometheus {
    let jobs = demo.endpoints().iter().map(|Endpoint { job, address }| {
        format!("{{job_name: {job}, static_configs: [{{targets: ['{address}']}}]}}")
    });
    let prometheus = Prometheus::start(&format!(
        "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\n\
         rule_files: ['{}/*.yml']\n\
         scrape_configs: [{}]\n",
        workspace_root().join("generated/prometheus/rules").display(),
        jobs.collect::<Vec<_>>().join(", "),
    ));
    let up = |answer: &Value| {
        let values = list(&answer["result"]).iter().map(|series| &series["value"][1]);
        (values.filter(|value| *value == "1").count() == demo.endpoints().len()).then_some(())
    };
    prometheus.wait_for(&query("up"), up);
    prometheus
}

impl Family {
    fn new(family: &Value) -> Self {
        let text = |key: &str| family[key].as_str().expect("a family has texts").to_owned();
        Self { kind: text("type"), help: text("help") }
    }
}

fn catalog() -> Value {
    serde_json::from_str(&generated("catalog.json")).expect("the catalogue is JSON")
}

fn specified_metrics() -> Vec<Value> {
    let catalog = catalog();
    let metrics = |component: &Value| list(&component["metrics"]).to_vec();
    list(&catalog["components"]).iter().flat_map(metrics).collect()
}

fn specified_families() -> Families {
    let families: Families = specified_metrics()
        .iter()
        .map(|metric| (texts(&metric["family"]).collect(), Family::new(metric)))
        .collect();
    assert_eq!(families.len(), 22, "the guide's metrics are 22");
    families
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A text, or each text of a list.
fn texts(value: &Value) -> impl Iterator<Item = String> {
    let list = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    list.into_iter().filter_map(|text| text.as_str().map(str::to_owned))
}

/// Whether every family is there; one appears when its first event has happened.
fn mention(bodies: &[String], families: &Families) -> bool {
    let is_there = |family: &String| {
        let line = format!("# TYPE {family}");
        bodies.iter().any(|body| body.contains(&line))
    };
    families.keys().all(is_there)
}
