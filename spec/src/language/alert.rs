//! Alerts and everything that may be said about them.

use super::{ALLOW_HELP, ALLOWS, Names, Shape, Type, key, required};
use crate::vocabulary::Severity;

/// An alert: `[alerts.HighConsumerLag]`.
pub static ALERT: Shape = Shape {
    what: "alert",
    keys: &[
        key("expr", Type::Text, "The condition, in PromQL."),
        key("metric", Type::Text, "The metric that has a bound instead, as `component.key`."),
        key("above", Type::Number(None), "Fires while the metric is above this."),
        key("below", Type::Number(None), "Fires while the metric is below this."),
        key(
            "by",
            Type::Set(&Type::Text),
            "Keys of the labels that are kept apart: a gauge's worst value, a counter's sum and a \
             histogram's quantile are taken for each of their values. A gauge is watched series by \
             series if left out, counters and histograms by all of their labels.",
        ),
        key("range", Type::Duration, "How far rates and quantiles look back; `5m` if left out."),
        key("quantile", Type::Number(None), "Which quantile of a histogram has the bound."),
        key("for", Type::Duration, "How long the condition must hold."),
        key("keep_firing_for", Type::Duration, "How long it fires on after the condition ended."),
        required("severity", Type::Word(Severity::WORDS), "How urgent it is."),
        required("summary", Type::Text, "Constant headline."),
        key(
            "description",
            Type::Text,
            "What is wrong where, with Prometheus's template placeholders; follows from the \
             expression if left out.",
        ),
        key(
            "runbook",
            Type::Text,
            "Address of its runbook, or a Markdown file below the specification's folder that \
             becomes a part of its page; `runbooks/<Alert>.md` is one without being named.",
        ),
        key(
            "tiers",
            Type::Map(Names::Camel, &Type::Table(&TIER)),
            "Further alerts of the same metric with other bounds, by name. The more urgent ones \
             mute the others.",
        ),
        key(
            "test",
            Type::List(&Type::Table(&ALERT_TEST)),
            "Tests, for a condition that none can be made for.",
        ),
        key("allow", ALLOWS, ALLOW_HELP),
    ],
    one_of: &["expr", "metric"],
    rest: None,
};

/// A further alert of the same metric: `tiers.CriticalConsumerLag = { … }`.
pub static TIER: Shape = Shape {
    what: "tier",
    keys: &[
        key("above", Type::Number(None), "Fires while the metric is above this."),
        key("below", Type::Number(None), "Fires while the metric is below this."),
        key("for", Type::Duration, "How long the condition must hold; as the alert's if left out."),
        key(
            "keep_firing_for",
            Type::Duration,
            "How long it fires on after the condition ended; as the alert's if left out.",
        ),
        required("severity", Type::Word(Severity::WORDS), "How urgent it is."),
        required("summary", Type::Text, "Constant headline."),
        key("description", Type::Text, "What is wrong where; as the alert's if left out."),
        key("runbook", Type::Text, "Its runbook; as the alert's if left out."),
    ],
    one_of: &["above", "below"],
    rest: None,
};

/// A test of an alert: `[[alerts.HighConsumerLag.test]]`.
pub static ALERT_TEST: Shape = Shape {
    what: "alert test",
    keys: &[
        required(
            "series",
            Type::Map(Names::Series, &Type::Text),
            "Samples by series, in the notation of `promtool test rules`: `\"0+10x20\"`.",
        ),
        key("interval", Type::Duration, "The time between samples; `1m` if left out."),
        required("at", Type::Duration, "When it is looked whether the alert fires."),
        required(
            "fires",
            Type::List(&Type::Table(&FIRED)),
            "What fires then; an empty list says that nothing does.",
        ),
    ],
    one_of: &[],
    rest: None,
};

/// An instance of an alert that a test expects.
static FIRED: Shape = Shape {
    what: "firing alert",
    keys: &[
        required("labels", Type::Map(Names::Snake, &Type::Text), "Its labels but `severity`."),
        key("value", Type::Number(None), "Its value, where its texts show one."),
    ],
    one_of: &[],
    rest: None,
};
