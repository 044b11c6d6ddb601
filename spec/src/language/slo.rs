//! Service level objectives, and everything that may be said about them.

use super::{ALLOW_HELP, ALLOWS, Names, Shape, Type, key, required};
use crate::vocabulary::Window;

/// A service level objective: `[slos.produce_success]`.
pub static SLO: Shape = Shape {
    what: "service level objective",
    keys: &[
        key("title", Type::Text, "Its name for people; made from the key if left out."),
        required("help", Type::Text, "One sentence about what is promised to whom."),
        key("good", Type::Text, "The counter of good events, as `component.key`; needs `bad`."),
        key("bad", Type::Text, "The counter of bad events, in the same unit."),
        key(
            "metric",
            Type::Text,
            "The metric of which some values are good, as `component.key`; needs one of the three \
             keys that follow.",
        ),
        key(
            "good_values",
            Type::Map(Names::Snake, &Type::Set(&Type::Text)),
            "The values of a counter's closed label whose events are good, by the label's key.",
        ),
        key(
            "faster_than",
            Type::Number(Some(0)),
            "The bucket bound of a histogram in seconds up to which its events are good.",
        ),
        key("below", Type::Number(None), "The value up to which a gauge is good."),
        required(
            "objective",
            Type::Number(Some(0)),
            "How many per cent are to be good: of all events, and with a gauge of all minutes.",
        ),
        key(
            "window",
            Type::Word(Window::WORDS),
            "The time over which that is to hold; `30d` if left out.",
        ),
        key(
            "by",
            Type::Set(&Type::Text),
            "Keys of the labels for whose values it is to hold each; all that its metrics share if \
             left out.",
        ),
        key(
            "min_bad_events",
            Type::Count(0),
            "How many bad events there are at least when an alert fires, so that of few events one \
             wakes nobody; `10` if left out.",
        ),
        key(
            "runbook",
            Type::Text,
            "Address of its alerts' runbook, or a Markdown file below the specification's folder \
             that becomes a part of their pages.",
        ),
        key("owner", Type::Text, "Who answers for it."),
        key("allow", ALLOWS, ALLOW_HELP),
    ],
    one_of: &["good", "metric"],
    rest: None,
};
