//! Models of Kubernetes judge its objects; first, that they refuse what people get wrong.

use streamhouse_metrics_tests::{
    accepted, generated_files, kubernetes_object, kubernetes_objects, refused, workspace_root,
};

const POD_MONITOR: &str = "
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: sample, labels: {release: prometheus}}
spec:
  selector: {matchLabels: {app: sample}}
  namespaceSelector: {matchNames: [sample]}
  jobLabel: job
  podMetricsEndpoints:
  - {port: metrics, interval: 15s, relabelings: [{action: labeldrop, regex: pod}]}
";

const SERVICE_MONITOR: &str = "
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: sample}
spec:
  selector: {matchLabels: {app: sample}}
  endpoints: [{port: metrics, path: /metrics, interval: 15s, scrapeTimeout: 10s}]
";

const PROMETHEUS_RULE: &str = "
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: sample}
spec:
  groups:
  - name: sample
    interval: 30s
    rules:
    - alert: Down
      expr: up == 0
      for: 5m
      keep_firing_for: 1m
      labels: {severity: critical}
      annotations: {summary: Down}
    - {record: 'job:up:sum', expr: sum by (job) (up)}
";

const CONFIG_MAP: &str = "
apiVersion: v1
kind: ConfigMap
metadata: {name: sample, labels: {grafana_dashboard: '1'}}
data: {sample.json: '{}'}
";

#[test]
fn a_good_object_of_each_kind() {
    let objects = accepted(kubernetes_objects([
        ("pod_monitor", POD_MONITOR),
        ("service_monitor", SERVICE_MONITOR),
        ("prometheus_rule", PROMETHEUS_RULE),
        ("config_map", CONFIG_MAP),
    ]));
    assert_eq!(objects["prometheus_rule"]["spec"]["groups"][0]["rules"][0]["for"], "5m");
    assert_eq!(accepted(kubernetes_object(CONFIG_MAP)), objects["config_map"]);
}

#[test]
fn mistakes_that_the_models_name() {
    let mistakes = [
        ("words_for_a_duration", PROMETHEUS_RULE, "for: 5m", "for: 5 minutes", "/rules/0/for must"),
        ("no_expression", PROMETHEUS_RULE, "      expr: up == 0\n", "", "property expr"),
        ("a_list_for_groups", PROMETHEUS_RULE, "  - name: s", "    name: s", "/groups must be"),
        ("a_bare_number", PROMETHEUS_RULE, "critical", "1", "/labels/severity must be string"),
        ("fifteen", POD_MONITOR, "15s", "fifteen", "/podMetricsEndpoints/0/interval must"),
        ("no_such_action", POD_MONITOR, "labeldrop", "drop-label", "/relabelings/0/action must"),
        (
            "no_selector",
            SERVICE_MONITOR,
            "  selector: {matchLabels: {app: sample}}\n",
            "",
            "selector",
        ),
        ("an_object_as_data", CONFIG_MAP, "'{}'", "{}", "/data/sample.json must be string"),
        ("another_version", CONFIG_MAP, ": v1", ": v2", "/apiVersion must be equal"),
        ("another_kind", CONFIG_MAP, "ConfigMap", "Configmap", "no judge knows the kind"),
        ("a_name_with_capitals", CONFIG_MAP, "name: sample", "name: Sample", "is no name"),
        ("no_name", CONFIG_MAP, "name: sample, ", "", "is no name"),
        ("a_label_with_a_space", POD_MONITOR, "release: p", "release: a p", "is no value"),
        ("a_key_with_a_slash", CONFIG_MAP, "sample.json", "a/sample.json", "is no key"),
    ];
    complaints(&mistakes);
}

#[test]
fn keys_that_no_type_has() {
    let mistakes = [
        ("top", POD_MONITOR, "spec:", "status2: {}\nspec:", "'\"status2\"' does not exist"),
        ("metadata", POD_MONITOR, "labels:", "lables:", "'\"lables\"' does not exist"),
        ("selector", POD_MONITOR, "{matchLabels:", "{matchLabel:", "'\"matchLabel\"' does not"),
        ("endpoint", SERVICE_MONITOR, "scrapeTimeout", "timeout", "'\"timeout\"' does not exist"),
        ("relabeling", POD_MONITOR, "regex: pod", "regexp: pod", "'\"regexp\"' does not exist"),
        ("rule", PROMETHEUS_RULE, "annotations", "annotation", "'\"annotation\"' does not exist"),
        ("group", PROMETHEUS_RULE, "interval:", "intervall:", "'\"intervall\"' does not exist"),
        ("data", CONFIG_MAP, "\ndata:", "\ndada:", "'\"dada\"' does not exist"),
    ];
    complaints(&mistakes);
}

/// Each mistake, made in an object that is good otherwise, is named in one run of all.
#[track_caller]
fn complaints(mistakes: &[(&str, &str, &str, &str, &str)]) {
    let texts = mistakes.iter().map(|(name, good, right, wrong, _)| {
        assert!(good.contains(right), "`{right}` is not in the object of {name}");
        (*name, good.replacen(right, wrong, 1))
    });
    let texts: Vec<_> = texts.collect();
    let named = texts.iter().map(|(name, text)| (*name, text.as_str()));
    let complaint = kubernetes_objects(named).expect_err("each of these should be refused");
    for (name, .., words) in mistakes {
        let is_named = |line: &str| line.starts_with(name) && line.contains(words);
        assert!(complaint.lines().any(is_named), "{name}: `{words}` is not in:\n{complaint}");
    }
}

#[test]
fn a_config_map_that_is_too_large() {
    let large = CONFIG_MAP.replace("'{}'", &format!("'{}'", "a".repeat(1024 * 1024)));
    refused(kubernetes_object(&large), "more than a MiB");
}

#[test]
fn what_is_no_yaml() {
    refused(kubernetes_object("kind: [ConfigMap"), "object: ");
}

/// Every generated object, by its folder and its name.
fn deployed() -> Vec<(String, String)> {
    let folder = workspace_root().join("generated/kubernetes");
    let files = generated_files(".yml").into_iter().filter_map(|(file, text)| {
        let path = file.strip_prefix(&folder).ok()?.with_extension("");
        Some((path.display().to_string().replace('/', "_"), text))
    });
    files.collect()
}

#[test]
fn every_generated_object() {
    let deployed = deployed();
    let texts = deployed.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let objects = accepted(kubernetes_objects(texts));
    assert_eq!(objects.as_object().map(|objects| objects.len()), Some(deployed.len()));
}

#[test]
fn a_generated_object_of_each_kind_with_a_mistake() {
    let deployed = deployed();
    let mistakes = [
        ("pod_monitors", "interval: \"15s\"", "interval: \"15 s\"", "interval must"),
        ("service_monitors", "targetLabel:", "target_label:", "'\"target_label\"' does not exist"),
        ("rules", "groups:", "group:", "'\"group\"' does not exist"),
        ("dashboards", "name: \"", "name: \"No ", "is no name"),
    ];
    let mistakes = mistakes.map(|(folder, right, wrong, words)| {
        let (name, good) =
            deployed.iter().find(|(name, _)| name.starts_with(folder)).expect("an object");
        (name.as_str(), good.as_str(), right, wrong, words)
    });
    complaints(&mistakes);
}
