//! Tests as YAML.

use streamhouse_metrics_spec::duration;

use super::{Check, Firing, Scenario, TestFile};
use crate::text::PREAMBLE;
use crate::text::yaml::quoted;

/// A test file.
pub(super) fn text(file: &TestFile) -> String {
    let TestFile { name, interval, scenarios } = file;
    let mut lines = vec![
        format!("# {PREAMBLE}"),
        "rule_files:".to_owned(),
        format!("  - {}", quoted(&format!("../rules/{name}.yml"))),
        format!("evaluation_interval: {}", quoted(&duration::written(*interval))),
        "tests:".to_owned(),
    ];
    for (alert, scenario) in scenarios {
        test(alert, scenario, &mut lines);
    }
    lines.join("\n") + "\n"
}

fn test(alert: &str, scenario: &Scenario, lines: &mut Vec<String>) {
    let Scenario { name, interval, series, checks } = scenario;
    lines.push(format!("  - name: {}", quoted(&format!("{alert}: {name}"))));
    lines.push(format!("    interval: {}", quoted(&duration::written(*interval))));
    lines.push("    input_series:".to_owned());
    for (series, values) in series {
        lines.push(format!("      - series: {}", quoted(series)));
        lines.push(format!("        values: {}", quoted(values)));
    }
    lines.push("    alert_rule_test:".to_owned());
    for Check { at, fires } in checks {
        lines.push(format!("      - eval_time: {}", quoted(&duration::written(*at))));
        lines.push(format!("        alertname: {}", quoted(alert)));
        if fires.is_empty() {
            lines.push("        exp_alerts: []".to_owned());
            continue;
        }
        lines.push("        exp_alerts:".to_owned());
        for Firing { labels, annotations } in fires {
            lines.push("          - exp_labels:".to_owned());
            let pair = |(key, value): (&String, &String)| {
                format!("              {key}: {}", quoted(value))
            };
            lines.extend(labels.iter().map(pair));
            lines.push("            exp_annotations:".to_owned());
            lines.extend(annotations.iter().map(|(key, value)| pair((key, value))));
        }
    }
}
