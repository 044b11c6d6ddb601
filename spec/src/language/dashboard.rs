//! Dashboards: what holds for all of them, choices about single panels, and whole ones.

use super::{Shape, Type, key, required};
use crate::dashboard::{COLUMNS, LINTER_RULES};
use crate::vocabulary::PanelKind;

const WIDTH: Type = Type::Within(1, COLUMNS as u64);

/// What holds for every dashboard: `[grafana]`.
pub static GRAFANA: Shape = Shape {
    what: "grafana setting",
    keys: &[
        key(
            "editable",
            Type::Boolean,
            "Whether dashboards may be changed in the browser; `false` if left out.",
        ),
        key(
            "refresh",
            Type::Duration,
            "How long it takes until a dashboard asks anew; `30s` if left out.",
        ),
        key(
            "allow",
            Type::List(&Type::Table(&EXCEPTION)),
            "Rules of grafana/dashboard-linter that are right to be broken, each with a reason.",
        ),
    ],
    one_of: &[],
    rest: None,
};

/// A rule that is right to be broken: `[[grafana.allow]]`.
static EXCEPTION: Shape = Shape {
    what: "exception",
    keys: &[
        required("rule", Type::Word(LINTER_RULES), "The rule's name."),
        key(
            "dashboard",
            Type::Text,
            "The one dashboard where that is so: a component's key, `overview` or the key of one \
             of `[dashboards]`.",
        ),
        key("panel", Type::Text, "The title of the panels where that is so."),
        required("reason", Type::Text, "Why it is right to be broken."),
    ],
    one_of: &[],
    rest: None,
};

pub(super) const PANEL_CHOICE: Type = Type::Table(&CHOICE);
pub(super) const PANEL_HELP: &str = "How its panel is drawn, where that does not follow.";

/// How the panel of a metric or a query is drawn: `panel = { … }`.
static CHOICE: Shape = Shape {
    what: "panel setting",
    keys: &[
        key("hide", Type::Boolean, "Whether it has no panel."),
        key("title", Type::Text, "The panel's title."),
        key("width", WIDTH, "How many columns it takes."),
        key(
            "order",
            Type::Integer,
            "Its place in its row, lower ones first; `0` if left out, and equal ones as they are \
             written.",
        ),
        key("row", Type::Text, "The title of its row."),
    ],
    one_of: &[],
    rest: None,
};

/// A dashboard beside those that follow from the rest: `[dashboards.on_call]`.
pub static DASHBOARD: Shape = Shape {
    what: "dashboard",
    keys: &[
        key("title", Type::Text, "Its name for people; made from the key if left out."),
        required("help", Type::Text, "One sentence about what it is for."),
        required(
            "panels",
            Type::List(&Type::Table(&PANEL)),
            "What it shows, from top to bottom; more than rows.",
        ),
    ],
    one_of: &[],
    rest: None,
};

/// A part of a dashboard: `{ query = "consumer_lag" }`.
pub static PANEL: Shape = Shape {
    what: "panel",
    keys: &[
        key("row", Type::Text, "A heading, above the panels that follow."),
        key("query", Type::Text, "The key of a named query."),
        key(
            "metric",
            Type::Text,
            "A metric, as `component.key`, drawn as on its component's dashboard.",
        ),
        key(
            "slo",
            Type::Text,
            "The key of an objective: what is left of its budget, and how fast that is spent.",
        ),
        key("text", Type::Text, "A text, in Markdown."),
        key("title", Type::Text, "The panel's title; follows from what it shows if left out."),
        key("width", WIDTH, "How many columns it takes."),
        key(
            "kind",
            Type::Word(PanelKind::WORDS),
            "How a query is drawn; `timeseries` if left out.",
        ),
    ],
    one_of: &["query", "metric", "slo", "text", "row"],
    rest: None,
};
