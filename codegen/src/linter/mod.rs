//! Whether a dashboard keeps the rules of [grafana/dashboard-linter], those about Prometheus.
//!
//! ```text
//! JSON ──read──▶ Dashboard ──lint──▶ findings ──except──▶ findings that matter
//!                               ▲                    ▲
//!              Catalog ──▶ Known             exceptions, each with a reason
//! ```
//!
//! A dashboard is one in the classic JSON model, whoever wrote it. What the rules do not ask for
//! follows from the specification: of a metric that is not the service's own, the linter's matchers
//! are not wanted. docs/dashboards.md says what each rule is for.
//!
//! [grafana/dashboard-linter]: https://github.com/grafana/dashboard-linter

mod dashboard;
mod exception;
mod expression;
mod known;
mod panel;
mod range;
mod rule;
mod selector;
mod source;
mod unit;
mod variable;
mod variable_query;

pub use exception::{UNUSED_EXCEPTION, except, except_all};
pub use known::Known;
pub use rule::{RULES, Rule};

use serde_json::Value;

use dashboard::{Dashboard, Panel};
use rule::Check;

/// Something in a dashboard that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: &'static str,
    /// The dashboard's uid, or its title where it has none.
    pub dashboard: String,
    /// The panel's title, or its id behind a `#` where it has none.
    pub panel: Option<String>,
    /// The `refId` of the panel's query.
    pub target: Option<String>,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
}

/// Finds what breaks a rule in a dashboard in the classic JSON model, in the order in which it stands
/// there.
///
/// Panels in collapsed rows count like all others. What is no Prometheus's is left alone.
///
/// ```
/// use serde_json::json;
/// use streamhouse_metrics_codegen::linter::{Known, lint};
///
/// let text = r#"
/// namespace = "shop"
///
/// [checkout.orders]
/// type = "counter"
/// unit = "items"
/// help = "Orders placed"
/// "#;
/// let checked = streamhouse_metrics_spec::check_text(text).expect("is true");
/// let dashboard = json!({ "uid": "orders", "editable": true, "panels": [] });
/// let findings = lint(&dashboard, &Known::new(&checked.catalog));
/// assert!(findings.iter().any(|finding| finding.rule == "uneditable-dashboard"));
/// ```
pub fn lint(dashboard: &Value, known: &Known) -> Vec<Finding> {
    let dashboard = Dashboard::read(dashboard);
    let mut findings = Vec::new();
    type Place<'p> = (Option<&'p Panel<'p>>, Option<&'p str>);
    let mut find = |rule: &Rule, (panel, target): Place<'_>, messages: Vec<String>| {
        findings.extend(messages.into_iter().map(|message| Finding {
            rule: rule.id,
            dashboard: dashboard.name().to_owned(),
            panel: panel.map(Panel::name),
            target: target.map(str::to_owned),
            message,
        }));
    };
    for rule in RULES {
        if let Check::Dashboard(check) = rule.check {
            find(rule, (None, None), check(&dashboard));
        }
    }
    for panel in &dashboard.panels {
        for rule in RULES {
            if let Check::Panel(check) = rule.check {
                find(rule, (Some(panel), None), check(panel, &dashboard));
            }
        }
        for target in &panel.targets {
            for rule in RULES {
                let messages = match (&rule.check, &target.expr) {
                    (Check::Target(check), _) => check(target, &dashboard),
                    (Check::Expr(check), Ok(expr)) => check(expr, target.text, known),
                    _ => continue,
                };
                find(rule, (Some(panel), Some(target.ref_id)), messages);
            }
        }
    }
    findings
}
