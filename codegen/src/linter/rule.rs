//! Every rule: what it asks for, and who looks.

use super::Known;
use super::dashboard::{self, Dashboard, Panel, Target};
use super::{expression, panel, range, selector, unit, variable, variable_query};
use crate::promql::syntax::Expr;

/// Something that a dashboard has to be.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which it has from the linter.
    pub id: &'static str,
    /// What it asks for, in one line.
    pub summary: &'static str,
    pub(super) check: Check,
}

/// What a rule looks at, and how it says what is wrong.
#[derive(Debug)]
pub(super) enum Check {
    Dashboard(fn(&Dashboard<'_>) -> Vec<String>),
    /// A panel that shows data.
    Panel(fn(&Panel<'_>, &Dashboard<'_>) -> Vec<String>),
    /// A query for Prometheus.
    Target(fn(&Target<'_>, &Dashboard<'_>) -> Vec<String>),
    /// A query that is PromQL.
    Expr(fn(&Expr, &str, &Known) -> Vec<String>),
}

/// Every rule, in the linter's order.
pub static RULES: &[Rule] = &[
    Rule {
        id: "template-datasource-rule",
        summary: "the data source is a variable, called and labelled as everywhere",
        check: Check::Dashboard(variable::data_source),
    },
    Rule {
        id: "template-job-rule",
        summary: "there is a variable `job` of which any values can be chosen",
        check: Check::Dashboard(variable::job),
    },
    Rule {
        id: "template-instance-rule",
        summary: "there is a variable `instance` of which any values can be chosen",
        check: Check::Dashboard(variable::instance),
    },
    Rule {
        id: "template-label-promql-rule",
        summary: "variables ask Prometheus in a way that it understands",
        check: Check::Dashboard(variable_query::understood),
    },
    Rule {
        id: "template-on-time-change-reload-rule",
        summary: "variables ask again when the time range changes",
        check: Check::Dashboard(variable::reload),
    },
    Rule {
        id: "panel-datasource-rule",
        summary: "panels ask the data source that was chosen",
        check: Check::Panel(panel::data_source),
    },
    Rule {
        id: "panel-title-description-rule",
        summary: "panels have a title and a description",
        check: Check::Panel(panel::title_and_description),
    },
    Rule {
        id: "panel-units-rule",
        summary: "panels have a unit that Grafana knows",
        check: Check::Panel(unit::known),
    },
    Rule {
        id: "panel-no-targets-rule",
        summary: "panels have a query",
        check: Check::Panel(panel::targets),
    },
    Rule {
        id: "target-promql-rule",
        summary: "queries are PromQL",
        check: Check::Target(expression::is_promql),
    },
    Rule {
        id: "target-rate-interval-rule",
        summary: "rates are over `$__rate_interval`",
        check: Check::Expr(range::rate_interval),
    },
    Rule {
        id: "target-job-rule",
        summary: "selectors match `job=~\"$job\"`",
        check: Check::Expr(selector::job),
    },
    Rule {
        id: "target-instance-rule",
        summary: "selectors match `instance=~\"$instance\"`",
        check: Check::Expr(selector::instance),
    },
    Rule {
        id: "target-counter-agg-rule",
        summary: "of counters the rate or the increase is shown",
        check: Check::Expr(range::rated),
    },
    Rule {
        id: "uneditable-dashboard",
        summary: "nobody edits in the browser what a file says",
        check: Check::Dashboard(dashboard::uneditable),
    },
];
