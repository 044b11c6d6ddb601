//! Tests as YAML.

use std::fmt::{self, Write as _};

use streamhouse_metrics_spec::duration;

use super::{Check, Firing, Scenario, TestFile};
use crate::text::PREAMBLE;
use crate::text::yaml::quoted;

/// A test file.
pub(super) fn text(file: &TestFile) -> String {
    let TestFile { name, interval, scenarios } = file;
    let mut text = format!(
        "# {PREAMBLE}\nrule_files:\n  - {}\nevaluation_interval: {}\ntests:\n",
        quoted(&format!("../rules/{name}.yml")),
        quoted(&duration::written(*interval)),
    );
    for (alert, scenario) in scenarios {
        // Writing to a string cannot fail.
        _ = test(alert, scenario, &mut text);
    }
    text
}

fn test(alert: &str, scenario: &Scenario, text: &mut String) -> fmt::Result {
    let Scenario { name, interval, series, checks } = scenario;
    writeln!(text, "  - name: {}", quoted(&format!("{alert}: {name}")))?;
    writeln!(text, "    interval: {}", quoted(&duration::written(*interval)))?;
    writeln!(text, "    input_series:")?;
    for (series, values) in series {
        writeln!(text, "      - series: {}", quoted(series))?;
        writeln!(text, "        values: {}", quoted(values))?;
    }
    writeln!(text, "    alert_rule_test:")?;
    for Check { at, fires } in checks {
        writeln!(text, "      - eval_time: {}", quoted(&duration::written(*at)))?;
        writeln!(text, "        alertname: {}", quoted(alert))?;
        if fires.is_empty() {
            writeln!(text, "        exp_alerts: []")?;
            continue;
        }
        writeln!(text, "        exp_alerts:")?;
        for Firing { labels, annotations } in fires {
            writeln!(text, "          - exp_labels:")?;
            for (label, value) in labels {
                writeln!(text, "              {label}: {}", quoted(value))?;
            }
            writeln!(text, "            exp_annotations:")?;
            for (key, value) in annotations {
                writeln!(text, "              {key}: {}", quoted(value))?;
            }
        }
    }
    Ok(())
}
