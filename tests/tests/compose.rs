//! A parser of Compose files judges them; first, that it refuses what people get wrong.

use std::fs;

use serde_json::Value;
use streamhouse_metrics_tests::{
    Verdict, accepted, compose_file, generated, generated_file, refused, scratch_folder,
};

const GOOD: &str = r#"
name: sample
services:
  prometheus:
    image: prom/prometheus:v2.55.1
    ports: ["127.0.0.1:9090:9090"]
    restart: unless-stopped
    command: ["--config.file=/etc/prometheus/prometheus.yml"]
    volumes:
      - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
      - {type: volume, source: data, target: /prometheus}
    secrets: [token]
    networks: [inner]
    depends_on: [grafana]
    extra_hosts: ["host.docker.internal:host-gateway"]
    healthcheck: {test: ["CMD", "true"], interval: 10s}
  grafana:
    image: grafana/grafana:11.6.0
    volumes: ["boards:/var/lib/grafana"]
secrets: {token: {file: ./token}}
networks: {inner: {}}
volumes:
  data:
  boards: {}
"#;

/// The verdict on a file with this text.
fn judge(text: &str) -> Verdict<Value> {
    let folder = scratch_folder();
    let file = folder.path().join("docker-compose.yml");
    fs::write(&file, text).expect("a scratch file can be written");
    compose_file(&file)
}

/// The good file must be refused with this in place of that.
#[track_caller]
fn mistake(right: &str, wrong: &str, words: &str) {
    mistake_in(GOOD, right, wrong, words);
}

/// The same of another file.
#[track_caller]
fn mistake_in(good: &str, right: &str, wrong: &str, words: &str) {
    assert!(good.contains(right), "`{right}` is not in the file");
    refused(judge(&good.replacen(right, wrong, 1)), words);
}

#[test]
fn a_good_file() {
    let read = accepted(judge(GOOD));
    assert_eq!(read["services"]["grafana"]["image"], "grafana/grafana:11.6.0");
}

#[test]
fn a_key_that_is_misspelt() {
    mistake("restart:", "restarts:", "`restarts` does not start with \"x-\"");
    mistake("interval:", "intervall:", "`intervall` does not start with");
    mistake("networks: {inner", "network: {inner", "`network` does not start with");
    mistake("boards: {}", "boards: {drivr: local}", "`drivr` does not start with");
}

#[test]
fn a_value_of_another_type() {
    mistake("[\"127.0.0.1:9090:9090\"]", "9090", "services.prometheus.ports: invalid type");
    mistake("grafana/grafana:11.6.0", "[a]", "services.grafana.image: invalid type");
    mistake("interval: 10s", "interval: ten", "healthcheck.interval");
    mistake("unless-stopped", "sometimes", "unknown variant `sometimes`");
}

#[test]
fn a_port_that_is_none() {
    mistake("1:9090:9090", "1:90900:9090", "error parsing port range");
    mistake("127.0.0.1:9090:9090", "web:9090", "error parsing port range");
}

#[test]
fn a_mount_that_is_none() {
    mistake(":/etc/prometheus/prometheus.yml:ro", ":etc/prometheus.yml:ro", "is not absolute");
    mistake(".yml:ro", ".yml:rx", "unknown volume option `rx`");
}

#[test]
fn an_image_that_is_none() {
    mistake(":11.6.0", ":11 6", "invalid image tag");
    mistake("image: grafana/grafana:11.6.0", "labels: {}", "`grafana` has neither image nor");
}

#[test]
fn what_nobody_defines() {
    mistake("source: data", "source: dada", "volume `dada`, which is not defined");
    mistake("[\"boards:", "[\"bords:", "volume `bords`, which is not defined");
    mistake("secrets: [token]", "secrets: [tokens]", "secret `tokens`");
    mistake("networks: [inner]", "networks: [outer]", "network `outer`");
    mistake("depends_on: [grafana]", "depends_on: [mimir]", "depends on `mimir`");
    mistake("depends_on: [grafana]", "depends_on: [prometheus]", "is no other service");
}

#[test]
fn no_service_at_all() {
    refused(judge("services: {}\n"), "there is no service");
}

#[test]
fn the_generated_file() {
    let read = accepted(compose_file(&generated_file("docker-compose.yml")));
    let services = read["services"].as_object().expect("services").keys();
    assert!(services.eq(["prometheus", "alertmanager", "grafana"]), "{read}");

    let good = generated("docker-compose.yml");
    let mistakes = [
        ("restart:", "restarts:", "`restarts` does not start with"),
        ("start_period: \"30s\"", "start_period: \"soon\"", "healthcheck.start_period"),
        ("  grafana-data: {}\n", "", "volume `grafana-data`, which is not defined"),
        ("      - \"slack_url\"", "      - \"slack\"", "secret `slack`"),
    ];
    for (right, wrong, words) in mistakes {
        mistake_in(&good, right, wrong, words);
    }
}
