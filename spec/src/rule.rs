//! Every rule with its stable id: what `[lints]` and `allow` name, and what a finding shows.

pub use crate::vocabulary::Level;

/// A rule that findings come from.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in kebab case, which never changes.
    pub id: &'static str,
    /// How bad its findings are unless `[lints]` says otherwise.
    pub level: Level,
    /// Whether `[lints]` and `allow` may change that.
    pub adjustable: bool,
    /// What it demands, in one sentence.
    pub summary: &'static str,
}

macro_rules! rules {
    ($($name:ident $id:literal $level:ident $adjustable:literal $summary:literal;)*) => {
        $(#[doc = $summary] pub static $name: Rule =
            Rule { id: $id, level: Level::$level, adjustable: $adjustable, summary: $summary };)*
        /// Every rule, in the order of the stages that apply them.
        pub static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    UNREADABLE "unreadable" Error false "A specification is a readable, regular file of at most 8 MiB.";
    NOT_UTF8 "not-utf8" Error false "A specification is UTF-8 text.";
    HIDDEN_CHARACTER "hidden-character" Error false "Text carries no NUL, control, bidirectional or zero-width characters.";
    SYNTAX "syntax" Error false "A specification is valid TOML.";
    DUPLICATE_KEY "duplicate-key" Error false "A key is written once in its table.";
    INCLUDE "include" Error false "An include names another file below the main specification's folder, once.";
    UNKNOWN_KEY "unknown-key" Error false "Every key belongs to the specification language.";
    WRONG_TYPE "wrong-type" Error false "Every value has the type of its key.";
    MISSING_KEY "missing-key" Error false "Required keys are present.";
    UNKNOWN_WORD "unknown-word" Error false "A word from a closed vocabulary is one of its words.";
    BLANK_TEXT "blank-text" Error false "Required text says something.";
    INVALID_NAME "invalid-name" Error false "Names are lower-case ASCII words joined by single underscores.";
    KEYWORD "keyword" Error false "A name that becomes a Rust name is not taken there.";
    RESERVED_LABEL "reserved-label" Error false "Label names that Prometheus uses itself are left to it.";
    TARGET_LABEL "target-label" Warning true "Labels that every scrape adds are left to it.";
    UNKNOWN_LABEL "unknown-label" Error false "A metric's labels are defined under `[labels]`.";
    REPEATED_LABEL "repeated-label" Error false "A metric carries each label name once.";
    LABEL_DOMAIN "label-domain" Error false "A label has a limit or a list of values.";
    DUPLICATE_VALUE "duplicate-value" Error false "A closed label lists each value once.";
    DUPLICATE_NAME "duplicate-name" Error false "No two metrics expose the same name.";
    FOLDED_NAME "folded-name" Error false "No two names become the same Rust name.";
    LABEL_GRID "label-grid" Error false "The closed labels of one metric have few combinations, since each is kept in memory.";
    GENERATE_PATH "generate-path" Error false "What is generated beside the output folder stays below the specification's folder and replaces no source.";
    TARGET "target" Error false "A target is a host with a port, and one job scrapes it.";
    RETENTION "retention" Error false "What is scraped is kept for longer than nothing.";
    SHORT_RETENTION "short-retention" Warning true "What is scraped is kept for as long as SLOs look back.";
    KUBERNETES "kubernetes" Error false "Labels and namespaces are written as Kubernetes takes them.";
    UNKNOWN_UNIT "unknown-unit" Error false "Units belong to the vocabulary or to `units`.";
    UNIT_IN_NAME "unit-in-name" Error true "A base unit stands in the name, seconds and ratios at its end.";
    TYPE_IN_NAME "type-in-name" Warning true "A metric's type does not stand in its name.";
    RESERVED_SUFFIX "reserved-suffix" Error false "Suffixes with a meaning of their own are left to it.";
    WRONG_KEY_FOR_TYPE "wrong-key-for-type" Error false "A key fits the metric's type.";
    BUCKETS "buckets" Error false "Bucket bounds are finite, ascending and distinct.";
    SERIES_BUDGET "series-budget" Error true "The series of all metrics at worst stay within `series_budget`.";
    DURATION "duration" Error false "Durations are written as Prometheus writes them.";
    SAMPLE "sample" Error false "A sample is written as one of how many: `1/16`.";
    SERIES_LIMIT "series-limit" Error false "A series limit is at least one, and bounds the values of open labels.";
    IDLE_TIMEOUT "idle-timeout" Error false "An idle time-out is longer than nothing, and removes series of open labels.";
    TARGET_PROMETHEUS "target-prometheus" Error false "A version of Prometheus is written as two numbers: `2.42`.";
    ALERT_NAME "alert-name" Error false "Alert names are CamelCase.";
    ALERT_CONDITION "alert-condition" Error false "An alert has one condition: an expression, or a metric with a bound above or below.";
    RUNBOOK "runbook" Error false "A runbook is an address, or a Markdown file that is there.";
    SLO_INDICATOR "slo-indicator" Error false "An SLO has one indicator: good and bad events, or a metric and which of its values are good.";
    OBJECTIVE "objective" Error false "An objective is a percentage between 0 and 100, and neither of them.";
    SLO_BOUND "slo-bound" Error false "A duration that an SLO promises is a bound of its histogram's buckets.";
    BURN_TIER "burn-tier" Info true "An SLO's budget is small enough that all of its alerts can fire.";
    RELATED_METRIC "related-metric" Error false "A gauge is drained by a counter and follows a gauge, both in its unit and by its labels.";
    PANEL "panel" Error false "A panel shows one thing, and all that is said about it is seen.";
    DASHBOARD "dashboard" Error false "A dashboard has a key of its own, and something to show.";
    UNKNOWN_NAME "unknown-name" Error false "Queries, objectives and dashboards that are named are there.";
    REFRESH "refresh" Error false "A dashboard is refreshed at an interval that Grafana can read.";
    RECORDED_NAME "recorded-name" Error false "Recorded series are named `level:metric:operations`.";
    RECORDING_CIRCLE "recording-circle" Error true "No recording rule reads what it records.";
    TEMPLATE "template" Error false "Descriptions are templates that Prometheus can fill in, summaries and runbooks are constant.";
    UNKNOWN_METRIC "unknown-metric" Error true "Queries read metrics of this specification under their exposed names.";
    QUERY_SYNTAX "query-syntax" Error false "Queries are PromQL.";
    QUERY_TYPE "query-type" Error false "Functions and operators of a query get what they take.";
    QUERY_VERSION "query-version" Error true "Queries need no newer Prometheus than there is.";
    METRIC_LABEL "metric-label" Error true "Queries name labels that their metrics have.";
    LABEL_VALUE "label-value" Error true "Queries ask for values that a label can have.";
    RATE_OF_GAUGE "rate-of-gauge" Error true "What rises and falls has no rate: only counters do.";
    DELTA_OF_COUNTER "delta-of-counter" Error true "A counter's change is its increase: a difference breaks at each restart.";
    RATE_OF_SUM "rate-of-sum" Warning true "Rates are added up, sums are not rated: one restart looks like a burst of events.";
    BARE_COUNTER "bare-counter" Warning true "A counter is read as a rate or an increase: its total depends on when a process started.";
    SHORT_RANGE "short-range" Warning true "A rate looks back over at least four scrapes, so that one may be missing.";
    PER_INSTANCE "per-instance" Warning true "A quantile is of the whole fleet: buckets are added up by `le` first.";
    REGEX "regex" Warning true "Regular expressions are used where they are needed.";
    QUANTILE_INPUT "quantile-input" Error true "A quantile is taken of buckets, which differ in `le`.";
    QUANTILE_RANGE "quantile-range" Warning true "Quantiles lie between 0 and 1.";
    QUANTILE_BUCKET "quantile-bucket" Warning true "A quantile is compared with a bound: within a bucket it is only guessed.";
    NO_MATCH "no-match" Error true "The two sides of an operator have series that can match.";
    NO_EFFECT "no-effect" Warning true "What is written changes something: `unless` can take series away, a grouping has its labels.";
    MANY_MATCHES "many-matches" Warning true "Where several series match one, an operator says so by `group_left` or `group_right`.";
    EMPTY_RESULT "empty-result" Error true "No part of a query is empty whatever happens.";
    NEVER_FIRES "never-fires" Error true "Alerts can fire.";
    ALWAYS_FIRES "always-fires" Warning true "Alerts can end.";
    NO_COMPARISON "no-comparison" Warning true "An alert says when something is wrong: it compares.";
    BOOL_ALERT "bool-alert" Warning true "An alert does not compare with `bool`, which leaves nothing out.";
    NO_FOR "no-for" Warning true "An alert waits a while, so that one bad scrape wakes nobody.";
    UNSEEN_ABSENCE "unseen-absence" Warning true "An alert about nothing going on notices when the series themselves are gone.";
    ALERT_LABEL "alert-label" Error false "An alert keeps no label that its own labels replace: `severity` and `alertname`.";
    PER_SERIES "per-series" Warning true "An alert on a rate adds up what belongs together before it compares.";
    NO_RUNBOOK "no-runbook" Info true "An alert says where it is written what to do about it.";
    TEMPLATE_LABEL "template-label" Warning true "Texts about a result name labels that its expression keeps.";
    VALUE_FORMAT "value-format" Warning true "An alert's texts round its value, and in its unit.";
    DECLARED_UNIT "declared-unit" Warning true "A unit that is written down is that of the expression.";
    LEGEND "legend" Warning true "A legend tells all lines apart.";
    IDLE_DIVISION "idle-division" Warning true "A division shows a number also while nothing happens.";
    NEGATIVE_DIFFERENCE "negative-difference" Info true "How far one count is ahead of another is never less than nothing.";
    DUPLICATE_EXPRESSION "duplicate-expression" Warning true "No two alerts say the same, no two queries, and no two recording rules.";
    UNIT_MISMATCH "unit-mismatch" Warning true "What is added or compared is in the same unit.";
    DEPRECATED_METRIC "deprecated-metric" Warning true "Queries do not read metrics that are on their way out.";
    UNCOVERED "uncovered" Error true "Every alert has tests: those that are made of its condition, or those that are written.";
    UNUSED_LABEL "unused-label" Warning true "Every defined label is used.";
    UNREAD_METRIC "unread-metric" Allow true "Every metric is read by an alert, a recording rule or a named query, and not only shown on its own panel.";
    UNRECORDED "unrecorded" Warning true "Every metric is recorded somewhere in the program; rustc reports it as dead code.";
    UNKNOWN_LINT "unknown-lint" Error false "`[lints]` and `allow` name adjustable rules.";
    TOO_MANY "too-many" Info false "A thousand findings are enough to see what is wrong.";
    UNUSED_ALLOW "unused-allow" Warning false "An `allow` allows something that would be reported.";
}

/// Rules about what expressions mean, which the query checker applies.
pub static QUERIES: &[&Rule] = &[
    &UNKNOWN_METRIC,
    &QUERY_SYNTAX,
    &QUERY_TYPE,
    &QUERY_VERSION,
    &METRIC_LABEL,
    &LABEL_VALUE,
    &RATE_OF_GAUGE,
    &DELTA_OF_COUNTER,
    &RATE_OF_SUM,
    &BARE_COUNTER,
    &SHORT_RANGE,
    &PER_INSTANCE,
    &REGEX,
    &QUANTILE_INPUT,
    &QUANTILE_RANGE,
    &QUANTILE_BUCKET,
    &NO_MATCH,
    &NO_EFFECT,
    &MANY_MATCHES,
    &EMPTY_RESULT,
    &NEVER_FIRES,
    &ALWAYS_FIRES,
    &NO_COMPARISON,
    &BOOL_ALERT,
    &NO_FOR,
    &UNSEEN_ABSENCE,
    &ALERT_LABEL,
    &PER_SERIES,
    &NO_RUNBOOK,
    &TEMPLATE,
    &TEMPLATE_LABEL,
    &VALUE_FORMAT,
    &DECLARED_UNIT,
    &LEGEND,
    &IDLE_DIVISION,
    &UNIT_MISMATCH,
    &NEGATIVE_DIFFERENCE,
    &DUPLICATE_EXPRESSION,
    &UNCOVERED,
];

/// The rule of an id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}
