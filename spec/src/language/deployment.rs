//! How the service is scraped, and the servers around it.

use super::{Names, Shape, Type, key};

/// What scraping adds: `[targets]`.
pub static TARGETS: Shape = Shape {
    what: "target setting",
    keys: &[
        key(
            "labels",
            Type::Set(&Type::Text),
            "Labels that targets have, beside `job` and `instance`; they may be defined under \
             `[labels]` too.",
        ),
        key(
            "open",
            Type::Boolean,
            "Whether there may be other labels, as relabelling adds them; `true` if left out.",
        ),
        key(
            "scrape_interval",
            Type::Duration,
            "How long it takes from one scrape to the next, at most; `15s` if left out.",
        ),
    ],
    one_of: &[],
    rest: None,
};

/// What watches the service: `[deployment]`.
pub static DEPLOYMENT: Shape = Shape {
    what: "deployment setting",
    keys: &[
        key(
            "retention",
            Type::Duration,
            "How long Prometheus keeps what it scraped; `30d` if left out.",
        ),
        key(
            "channel",
            Type::Text,
            "The chat's channel for alerts that can wait; `#…-alerts` of the namespace if left out.",
        ),
        key("kubernetes", Type::Table(&KUBERNETES), "What objects of Kubernetes are given."),
    ],
    one_of: &[],
    rest: None,
};

pub(super) const KUBERNETES_LABELS: Type = Type::Map(Names::Kubernetes, &Type::Text);

static KUBERNETES: Shape = Shape {
    what: "kubernetes setting",
    keys: &[
        key("namespace", Type::Text, "The objects' namespace; where they are applied if left out."),
        key(
            "labels",
            KUBERNETES_LABELS,
            "Labels on every object, such as that by which an operator finds its own.",
        ),
        key(
            "pod_namespaces",
            Type::Set(&Type::Text),
            "Where the service's pods are; in the objects' namespace if left out.",
        ),
    ],
    one_of: &[],
    rest: None,
};
