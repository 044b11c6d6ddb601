//! The specification language, as data.
//!
//! One list of keys per table. The parser walks a file along these shapes, the JSON Schema and the
//! language reference are printed from them, and so none of the three can disagree.

mod alert;
mod dashboard;
mod deployment;
mod slo;

pub use alert::{ALERT, ALERT_TEST, TIER};
pub use dashboard::{DASHBOARD, GRAFANA, PANEL};
use dashboard::{PANEL_CHOICE, PANEL_HELP};
use deployment::KUBERNETES_LABELS;
pub use deployment::{DEPLOYMENT, TARGETS};
pub use slo::SLO;

use crate::vocabulary::{Kind, LabelType, Level, Stability};

/// A table with known keys.
#[derive(Debug)]
pub struct Shape {
    /// What the table describes, as a noun for messages: `metric`, `label`.
    pub what: &'static str,
    /// Its keys, in the order in which they read best.
    pub keys: &'static [Key],
    /// Keys of which a table has exactly one; most shapes have no such choice.
    pub one_of: &'static [&'static str],
    /// The type of tables under further keys in snake case; most shapes have none.
    pub rest: Option<&'static Type>,
}

/// A key of a table.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// The type of its value.
    pub value: Type,
    /// Whether the table must have it.
    pub required: bool,
    /// What it means, in Markdown.
    pub help: &'static str,
}

/// The type of a value.
///
/// Smallest and largest numbers, forms of names and what is written once are here for editors; the parser
/// leaves them to the checks, which have more to say about them.
#[derive(Debug)]
pub enum Type {
    /// Text that says something.
    Text,
    /// The word of a unit, built in or the user's own.
    Unit,
    /// The id of a lint.
    Lint,
    /// A whole number, below zero too.
    Integer,
    /// A whole number from a smallest one on.
    Count(u64),
    /// A whole number from a smallest one to a largest one.
    Within(u64, u64),
    /// A whole or floating point number, above a limit if there is one.
    Number(Option<i32>),
    /// A span of time as Prometheus writes it: `30s`, `5m`, `1h30m`.
    Duration,
    /// A part of all observations: `1/16`.
    Sample,
    /// `true` or `false`.
    Boolean,
    /// One word of a closed vocabulary.
    Word(&'static [&'static str]),
    /// A list.
    List(&'static Type),
    /// A list in which each item stands once.
    Set(&'static Type),
    /// A table with known keys.
    Table(&'static Shape),
    /// A table whose keys the user chooses.
    Map(Names, &'static Type),
    /// A list or a table.
    Either(&'static Type, &'static Type),
}

/// What the keys of a table look like that the user chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Lower-case words joined by single underscores.
    Snake,
    /// A CamelCase word.
    Camel,
    /// Ids of lints.
    Lints,
    /// Names of metrics, as any system may have them.
    Metrics,
    /// Keys of labels in Kubernetes.
    Kubernetes,
    /// Series with their labels, as PromQL selects them.
    Series,
}

const fn key(name: &'static str, value: Type, help: &'static str) -> Key {
    Key { name, value, required: false, help }
}

const fn required(name: &'static str, value: Type, help: &'static str) -> Key {
    Key { name, value, required: true, help }
}

/// The whole file.
pub static ROOT: Shape = Shape {
    what: "specification",
    keys: &[
        required("namespace", Type::Text, "First part of every exposed name."),
        key("title", Type::Text, "The service's name for people; the namespace if left out."),
        key("include", INCLUDE, INCLUDE_HELP),
        key(
            "units",
            Type::List(&Type::Text),
            "Counting units beyond the built-in ones, such as `[\"tickets\"]`.",
        ),
        key(
            "series_budget",
            Type::Count(0),
            "Most series that all metrics may expose at worst; more is an error.",
        ),
        key("const_labels", CONST_LABELS, "Labels with one fixed value each on every metric."),
        key(
            "target_prometheus",
            Type::Text,
            "The oldest Prometheus that evaluates the rules, such as `\"3.5\"`; `2.42` if left out.",
        ),
        key("targets", Type::Table(&TARGETS), "How the service is scraped."),
        key("deployment", Type::Table(&DEPLOYMENT), "What watches the service, and where."),
        key("grafana", Type::Table(&GRAFANA), "What holds for every dashboard."),
        key("generate", Type::Table(&GENERATE), "What is generated beside the output folder."),
        key("lints", Type::Map(Names::Lints, &Type::Word(Level::WORDS)), "Levels of lints, by id."),
        key("labels", LABELS, "Every label, defined once; their order is the order everywhere."),
        key("components", COMPONENTS, "What is to be said about components themselves."),
        key("alerts", ALERTS, "Alerting rules, by name."),
        key("slos", SLOS, "Service level objectives."),
        key("recording_rules", RECORDING_RULES, "Series that Prometheus records, by name."),
        key("queries", QUERIES, "Queries worth a name."),
        key("dashboards", DASHBOARDS, "Dashboards beside those that follow from the rest."),
        key("external", EXTERNALS, EXTERNAL_HELP),
    ],
    one_of: &[],
    rest: Some(&METRICS),
};

/// A file that another one includes: no settings of the whole service.
pub static INCLUDED: Shape = Shape {
    what: "included specification",
    keys: &[
        key("include", INCLUDE, INCLUDE_HELP),
        key("labels", LABELS, "Further labels."),
        key("components", COMPONENTS, "What is to be said about components themselves."),
        key("alerts", ALERTS, "Further alerting rules."),
        key("slos", SLOS, "Further service level objectives."),
        key("recording_rules", RECORDING_RULES, "Further series that Prometheus records."),
        key("queries", QUERIES, "Further queries."),
        key("dashboards", DASHBOARDS, "Further dashboards."),
        key("external", EXTERNALS, EXTERNAL_HELP),
    ],
    one_of: &[],
    rest: Some(&METRICS),
};

const INCLUDE: Type = Type::List(&Type::Text);
const INCLUDE_HELP: &str = "Further files of this specification, relative to this one.";
const CONST_LABELS: Type = Type::Map(Names::Snake, &Type::Text);
const LABELS: Type = Type::Map(Names::Snake, &Type::Table(&LABEL));
const COMPONENTS: Type = Type::Map(Names::Snake, &Type::Table(&COMPONENT));
const ALERTS: Type = Type::Map(Names::Camel, &Type::Table(&ALERT));
const SLOS: Type = Type::Map(Names::Snake, &Type::Table(&SLO));
const RECORDING_RULES: Type = Type::Map(Names::Metrics, &Type::Table(&RECORDING_RULE));
const QUERIES: Type = Type::Map(Names::Snake, &Type::Table(&QUERY));
const DASHBOARDS: Type = Type::Map(Names::Snake, &Type::Table(&DASHBOARD));
const EXTERNALS: Type = Type::Map(Names::Metrics, &Type::Table(&EXTERNAL));
const EXTERNAL_HELP: &str = "Metrics of other systems that expressions read, by exposed name.";
static METRICS: Type = Type::Map(Names::Snake, &Type::Table(&METRIC));

/// Types of values.
pub const VALUE_TYPES: &[&str] = &["integer", "float"];

/// A metric: `[producer.records_sent]`.
pub static METRIC: Shape = Shape {
    what: "metric",
    keys: &[
        required("type", Type::Word(Kind::WORDS), "What kind of metric it is."),
        required("help", Type::Text, "One sentence about what it measures, exposed as `# HELP`."),
        key("unit", Type::Unit, "What is counted or measured; required for all but info metrics."),
        key("labels", Type::Set(&Type::Text), "Keys of `[labels]`."),
        key(
            "value",
            Type::Word(VALUE_TYPES),
            "Type of the values; follows from the unit if left out.",
        ),
        key(
            "buckets",
            Type::Either(&Type::List(&Type::Number(None)), &Type::Table(&BUCKETS)),
            "A histogram's bounds: a list, or how to compute one.",
        ),
        key(
            "native",
            Type::Boolean,
            "Whether a histogram is a native one too, beside its classic buckets.",
        ),
        key(
            "exemplars",
            Type::Boolean,
            "Whether a counter or histogram keeps an example of what it recorded, such as a trace.",
        ),
        key(
            "sample",
            Type::Sample,
            "Records one of so many observations of a histogram, which counts for all of them.",
        ),
        key(
            "series_limit",
            Type::Count(1),
            "Most combinations of open label values before the overflow series takes over.",
        ),
        key("const_labels", CONST_LABELS, "Labels with one fixed value each on this metric."),
        key(
            "required",
            Type::Boolean,
            "Whether somebody is told when no process exposes it any more: by an alert named after \
             it, such as `CheckoutOrdersAbsent`.",
        ),
        key(
            "stability",
            Type::Word(Stability::WORDS),
            "How much readers may rely on it; `stable` if left out.",
        ),
        key("deprecated", Type::Table(&DEPRECATED), "Present when the metric is on its way out."),
        key("owner", Type::Text, "Who answers questions about it."),
        key("panel", PANEL_CHOICE, PANEL_HELP),
        key(
            "drained_by",
            Type::Text,
            "The counter that works a gauge off, as `component.key`: its rate tells how long that \
             takes.",
        ),
        key(
            "follows",
            Type::Text,
            "The gauge that is ahead of this one, as `component.key`: shown is how far.",
        ),
        key("allow", ALLOWS, ALLOW_HELP),
    ],
    one_of: &[],
    rest: None,
};

const ALLOWS: Type = Type::List(&Type::Table(&ALLOW));
const ALLOW_HELP: &str = "Lints that are right to be silent here, each with a reason.";

/// How to compute bounds.
pub static BUCKETS: Shape = Shape {
    what: "bucket list",
    keys: &[
        key(
            "exponential",
            Type::Table(&EXPONENTIAL),
            "Each bound is `factor` times the one before.",
        ),
        key("linear", Type::Table(&LINEAR), "Each bound is `width` above the one before."),
        key("explicit", Type::List(&Type::Number(None)), "The bounds themselves."),
        key(
            "also",
            Type::List(&Type::Number(None)),
            "Further bounds, such as the threshold of an alert.",
        ),
    ],
    one_of: &["exponential", "linear", "explicit"],
    rest: None,
};

static EXPONENTIAL: Shape = Shape {
    what: "exponential bucket list",
    keys: &[
        required("start", Type::Number(Some(0)), "The first bound, above zero."),
        required("factor", Type::Number(Some(1)), "The factor between bounds, above one."),
        required("count", Type::Count(1), "How many bounds."),
    ],
    one_of: &[],
    rest: None,
};

static LINEAR: Shape = Shape {
    what: "linear bucket list",
    keys: &[
        required("start", Type::Number(None), "The first bound."),
        required("width", Type::Number(Some(0)), "The distance between bounds, above zero."),
        required("count", Type::Count(1), "How many bounds."),
    ],
    one_of: &[],
    rest: None,
};

static DEPRECATED: Shape = Shape {
    what: "deprecation",
    keys: &[
        key("replacement", Type::Text, "The metric to read instead, as `component.key`."),
        key("note", Type::Text, "What readers should know."),
    ],
    one_of: &[],
    rest: None,
};

static ALLOW: Shape = Shape {
    what: "allow",
    keys: &[
        required("lint", Type::Lint, "The lint's id."),
        required("reason", Type::Text, "Why it is right to be silent."),
    ],
    one_of: &[],
    rest: None,
};

/// A label: `[labels.topic]`, or a line under `[labels]`.
pub static LABEL: Shape = Shape {
    what: "label",
    keys: &[
        required("help", Type::Text, "What its values are."),
        key("name", Type::Text, "The name as exposed; the key if left out."),
        key(
            "type",
            Type::Word(LabelType::WORDS),
            "Rust type of an open label's values; `string` if left out.",
        ),
        key(
            "limit",
            Type::Count(1),
            "Makes it open: most distinct values before the overflow series takes over.",
        ),
        key(
            "values",
            Type::Set(&Type::Text),
            "Makes it closed: its values, each a variant of a Rust enum.",
        ),
        key("allow", ALLOWS, ALLOW_HELP),
    ],
    one_of: &["limit", "values"],
    rest: None,
};

/// A component: `[components.producer]`.
pub static COMPONENT: Shape = Shape {
    what: "component",
    keys: &[
        key("title", Type::Text, "Its name for people; made from the key if left out."),
        key("help", Type::Text, "One sentence about it."),
        key("job", Type::Text, "The scrape job that exposes it."),
        key(
            "targets",
            Type::Set(&Type::Text),
            "Where its processes are scraped, such as `[\"host-1:8080\"]`.",
        ),
        key(
            "selector",
            KUBERNETES_LABELS,
            "Labels of its pods in Kubernetes; `app.kubernetes.io/name` with the job's name if left out.",
        ),
        key(
            "idle_timeout",
            Type::Duration,
            "Removes series of open labels that nobody records into for so long.",
        ),
    ],
    one_of: &[],
    rest: None,
};

/// A recording rule: `[recording_rules."topic:errors:ratio_rate5m"]`.
pub static RECORDING_RULE: Shape = Shape {
    what: "recording rule",
    keys: &[
        required("expr", Type::Text, "What is recorded, in PromQL."),
        required("help", Type::Text, "What it says."),
        key("unit", Type::Unit, "Unit of its values; follows from the expression if left out."),
        key("allow", ALLOWS, ALLOW_HELP),
    ],
    one_of: &[],
    rest: None,
};

/// A named query: `[queries.producer_throughput]`.
pub static QUERY: Shape = Shape {
    what: "query",
    keys: &[
        required("expr", Type::Text, "The expression, in PromQL."),
        required("help", Type::Text, "What it answers."),
        key("unit", Type::Unit, "Unit of its result; follows from the expression if left out."),
        key(
            "legend",
            Type::Text,
            "What a panel writes beside each line, with labels as `{{topic}}`; all labels that \
             tell lines apart if left out.",
        ),
        key("panel", PANEL_CHOICE, PANEL_HELP),
        key("allow", ALLOWS, ALLOW_HELP),
    ],
    one_of: &[],
    rest: None,
};

/// A metric of another system: `[external.kube_pod_info]`.
pub static EXTERNAL: Shape = Shape {
    what: "external metric",
    keys: &[
        required("type", Type::Word(Kind::WORDS), "What kind of metric it is."),
        key("unit", Type::Unit, "What its values are in."),
        key("labels", Type::Set(&Type::Text), "Its labels, but for those of its target."),
        key(
            "values",
            Type::Map(Names::Snake, &Type::Set(&Type::Text)),
            "The only values that some of its labels have.",
        ),
        key(
            "buckets",
            Type::List(&Type::Number(None)),
            "A histogram's finite bounds, where they are known.",
        ),
    ],
    one_of: &[],
    rest: None,
};

/// Settings of the generator.
pub static GENERATE: Shape = Shape {
    what: "generator setting",
    keys: &[
        key(
            "markdown",
            Type::List(&Type::Text),
            "Hand-written Markdown files whose marked parts are generated.",
        ),
        key("schema", Type::Text, "Where the JSON Schema of this language goes."),
        key(
            "published",
            Type::Text,
            "Address under which the output folder can be read; alerts without a runbook of their \
             own link to their page there.",
        ),
    ],
    one_of: &[],
    rest: None,
};

impl Shape {
    /// The key of a name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
}
