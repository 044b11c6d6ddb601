//! The far end of the line: what comes out of metrics.toml, tried on programs
//! that we did not write.
//!
//! A *judge* takes an output and answers with a [`Verdict`]: promtool for rules
//! and the text format, amtool for routes, parsers of every exposition, two YAML
//! parsers that must agree, Grafana's own types for dashboards, models of
//! Kubernetes for its objects, a parser of Compose files, Jsonnet for the mixin.
//! [`Prometheus`] and [`Alertmanager`] are the real servers, on loopback; a
//! [`Webhook`] is told what they have to say. `cargo xtask test` fetches them all.
//!
//! A judge that is missing, hangs or breaks is a panic and never a verdict, so
//! that no test that expects a refusal can pass for want of its judge.

mod alertmanager;
mod amtool;
mod demo;
mod deployed;
mod drawing;
mod grafana;
mod http;
mod kubernetes;
mod process;
mod prometheus;
mod promtool;
mod python;
mod random;
mod server;
mod trial;
mod typescript;
mod verdict;
mod webhook;
mod workspace;

pub use alertmanager::Alertmanager;
pub use amtool::{amtool_check_config, amtool_routes, amtool_verify_receivers};
pub use demo::{Demo, Endpoint};
pub use deployed::{deployed_alertmanager, deployed_prometheus, deployed_rules};
pub use drawing::{drawing_answers, drawing_unit_tests};
pub use grafana::{grafana_types, grafana_v2_types};
pub use http::{Response, get, serve};
pub use kubernetes::{kubernetes_object, kubernetes_objects};
pub use process::{Background, Finished, finish};
pub use prometheus::{Prometheus, query};
pub use promtool::{
    promtool_check_config, promtool_check_metrics, promtool_check_rules, promtool_test_rules,
};
pub use python::{
    Sample, compose_file, evaluated_jsonnet, samples, strict_openmetrics, strict_openmetrics_each,
    yaml_1_1_and_1_2_agree,
};
pub use random::Random;
pub use trial::survivors;
pub use verdict::{Verdict, accepted, refused};
pub use webhook::Webhook;
pub use workspace::{
    cargo, free_address, generated, generated_file, generated_files, scratch_folder, tool,
    workspace_root,
};

/// How long a test waits for what must come: much longer than it takes, since who has much else to
/// do is late, and only a test that fails waits for so long.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// The samples of the documents are programs that run.
#[cfg(doctest)]
mod samples {
    #[doc = include_str!("../../README.md")]
    mod readme {}
    #[doc = include_str!("../../docs/recording.md")]
    mod recording {}
    #[doc = include_str!("../../docs/guide.md")]
    mod guide {}
    #[doc = include_str!("../../docs/serving.md")]
    mod serving {}
}
