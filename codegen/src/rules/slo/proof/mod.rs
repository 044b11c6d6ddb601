//! Tests of what is recorded of an SLO, for `promtool test rules`.
//!
//! ```text
//! exposed series, a few minutes of them ──▶ bad and all events          base
//! bad and all events, a whole window    ──▶ what part is bad, and rest   window
//! ```
//!
//! promtool evaluates every rule at every interval of a test. Hence there is one evaluation past the
//! start, after longer than the whole window, and samples are sparse. All sums are of whole numbers,
//! so what must come of them is known to the last bit.

mod base;
mod member;
mod window;

use std::time::Duration;

use streamhouse_metrics_spec::catalog::{Catalog, Slo};
use streamhouse_metrics_spec::duration;

use super::recording_file;
use crate::text::PREAMBLE;
use crate::text::promql::string;
use crate::text::yaml::quoted;

/// Labels with their values.
type Labels = Vec<(String, String)>;

/// Series and what is recorded of them.
struct Test {
    name: &'static str,
    interval: Duration,
    /// With their samples, in the notation of `promtool test rules`.
    series: Vec<(String, String)>,
    /// The series of each name, whole.
    recorded: Vec<(String, Vec<(Labels, f64)>)>,
}

/// The tests of what is recorded of an SLO, as a text.
pub(crate) fn text(catalog: &Catalog, slo: &Slo) -> String {
    let at = quoted(&duration::written(end(slo)));
    let mut lines = vec![
        format!("# {PREAMBLE}"),
        "rule_files:".to_owned(),
        format!("  - {}", quoted(&format!("../rules/{}.yml", recording_file(catalog, slo)))),
        format!("evaluation_interval: {at}"),
        "tests:".to_owned(),
    ];
    let tests = member::tests(catalog, slo).flat_map(|members| {
        [base::test(catalog, slo, members.clone()), window::test(catalog, slo, members)]
    });
    for Test { name, interval, series, recorded } in tests {
        lines.push(format!("  - name: {}", quoted(name)));
        lines.push(format!("    interval: {}", quoted(&duration::written(interval))));
        lines.push("    input_series:".to_owned());
        for (series, values) in series {
            lines.push(format!("      - series: {}", quoted(&series)));
            lines.push(format!("        values: {}", quoted(&values)));
        }
        lines.push("    promql_expr_test:".to_owned());
        for (name, samples) in recorded {
            lines.push(format!("      - expr: {}", quoted(&selector(&name, &[]))));
            lines.push(format!("        eval_time: {at}"));
            if samples.is_empty() {
                lines.push("        exp_samples: []".to_owned());
                continue;
            }
            lines.push("        exp_samples:".to_owned());
            for (labels, value) in samples {
                lines.push(format!("          - labels: {}", quoted(&selector(&name, &labels))));
                lines.push(format!("            value: {value}"));
            }
        }
    }
    lines.join("\n") + "\n"
}

/// When everything is evaluated: a day after the first sample may stand that counts.
fn end(slo: &Slo) -> Duration {
    Duration::from_secs((slo.window.days() + 1) * 86_400)
}

/// A series as PromQL selects it.
fn selector(name: &str, labels: &[(String, String)]) -> String {
    if labels.is_empty() {
        return name.to_owned();
    }
    let labels = labels.iter().map(|(label, value)| format!("{label}={}", string(value)));
    format!("{name}{{{}}}", labels.collect::<Vec<_>>().join(","))
}
