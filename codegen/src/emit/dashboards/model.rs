//! Grafana's classic dashboard model, as far as it is used here.
//!
//! The order of fields is the order in the file. See `@grafana/schema` for what each one means.

use serde::Serialize;

use crate::text::hash;

/// Version of the classic model that Grafana 12 and 13 write.
pub(super) const SCHEMA_VERSION: u32 = 42;

/// Longest uid that Grafana takes.
const LONGEST_UID: usize = 40;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dashboard {
    pub(super) uid: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) schema_version: u32,
    pub(super) editable: bool,
    pub(super) graph_tooltip: u32,
    pub(super) refresh: &'static str,
    pub(super) time: Time,
    pub(super) timezone: &'static str,
    pub(super) links: Vec<Link>,
    pub(super) templating: List<super::variable::Variable>,
    pub(super) annotations: List<Annotation>,
    pub(super) panels: Vec<super::panel::Panel>,
}

#[derive(Serialize)]
pub(super) struct List<T> {
    pub(super) list: Vec<T>,
}

#[derive(Serialize)]
pub(super) struct Time {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

/// A menu of the other dashboards of the same service.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link {
    pub(super) title: String,
    pub(super) r#type: &'static str,
    pub(super) tags: Vec<String>,
    pub(super) as_dropdown: bool,
    pub(super) include_vars: bool,
    pub(super) keep_time: bool,
    pub(super) target_blank: bool,
    pub(super) icon: &'static str,
    pub(super) tooltip: &'static str,
    pub(super) url: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Annotation {
    built_in: u32,
    datasource: DataSource,
    enable: bool,
    hide: bool,
    icon_color: &'static str,
    name: &'static str,
    r#type: &'static str,
}

/// Where queries go: for panels, to what the reader chose.
#[derive(Clone, Copy, Serialize)]
pub(super) struct DataSource {
    r#type: &'static str,
    uid: &'static str,
}

impl DataSource {
    /// The Prometheus that the reader chose.
    pub(super) const CHOSEN: Self = Self { r#type: "prometheus", uid: "${datasource}" };
}

impl Dashboard {
    /// A dashboard of a service, found and linked by the service's tag.
    pub(super) fn new(
        tag: &str,
        name: &str,
        title: String,
        description: String,
        variables: Vec<super::variable::Variable>,
        panels: Vec<super::panel::Panel>,
    ) -> Self {
        let others = Link {
            title: "Dashboards".to_owned(),
            r#type: "dashboards",
            tags: vec![tag.to_owned()],
            as_dropdown: true,
            include_vars: false,
            keep_time: true,
            target_blank: false,
            icon: "external link",
            tooltip: "",
            url: "",
        };
        let builtin = Annotation {
            built_in: 1,
            datasource: DataSource { r#type: "grafana", uid: "-- Grafana --" },
            enable: true,
            hide: true,
            icon_color: "rgba(0, 211, 255, 1)",
            name: "Annotations & Alerts",
            r#type: "dashboard",
        };
        Self {
            uid: uid(name),
            title,
            description,
            tags: vec![tag.to_owned()],
            schema_version: SCHEMA_VERSION,
            // Changes made in the browser would be lost the next time the file is read.
            editable: false,
            graph_tooltip: 1,
            refresh: "30s",
            time: Time { from: "now-1h", to: "now" },
            timezone: "browser",
            links: vec![others],
            templating: List { list: variables },
            annotations: List { list: vec![builtin] },
            panels,
        }
    }
}

/// A name as a uid; a long one ends in a hash of the whole instead of its tail.
fn uid(name: &str) -> String {
    if name.len() <= LONGEST_UID {
        return name.to_owned();
    }
    format!("{}-{}", &name[..LONGEST_UID - 9], hash::short(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uids_are_short_and_distinct() {
        assert_eq!(uid("streamhouse-producer"), "streamhouse-producer");
        let (one, other) = (uid(&"a".repeat(60)), uid(&"a".repeat(61)));
        assert_eq!((one.len(), other.len()), (40, 40));
        assert_ne!(one, other);
    }
}
