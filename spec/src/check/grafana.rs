//! What holds for every dashboard: how it is refreshed, and which rules it may break.

use std::collections::HashMap;

use crate::catalog::{Exception, Grafana};
use crate::dashboard::OVERVIEW;
use crate::diagnostic::Diagnostic;
use crate::spec::{self, Spec, Text};
use crate::{duration, rule};

use super::dashboard::known;
use super::panel::owned;
use super::report::Report;

/// What the specification says about that.
pub(super) fn grafana(spec: &Spec, report: &mut Report<'_>) -> Grafana {
    let spec::Grafana { editable, refresh, exceptions } = &spec.grafana;
    let components = spec.components.iter().filter(|component| !component.metrics.is_empty());
    let pages = components.map(|component| &*component.key.value);
    let own = spec.dashboards.iter().map(|dashboard| &*dashboard.key.value);
    let all = std::iter::once(OVERVIEW).chain(pages).chain(own).map(|key| (key, ()));
    let dashboards: HashMap<&str, ()> = all.collect();
    let refresh = refresh.as_ref().and_then(|written| interval(written, report));
    let default = Grafana::default();
    Grafana {
        editable: editable.as_ref().map_or(default.editable, |editable| editable.value),
        refresh: refresh.unwrap_or(default.refresh),
        exceptions: (exceptions.iter())
            .map(|written| exception(written, &dashboards, report))
            .collect(),
    }
}

/// An interval as Grafana reads one: of the first unit only.
fn interval(written: &Text, report: &mut Report<'_>) -> Option<String> {
    // What is no duration has been reported.
    let interval = duration::parse(written)?;
    let unit = written.trim_start_matches(|c: char| c.is_ascii_digit());
    let (message, help) = if interval.is_zero() {
        ("a dashboard needs time to ask", "wait some time, such as `30s`")
    } else if unit.contains(|c: char| c.is_ascii_digit()) {
        ("Grafana reads one number with one unit", "write it in one unit, such as `90s`")
    } else {
        return Some(written.value.clone());
    };
    report.push(Diagnostic::new(&rule::REFRESH, written.span, message).help(help));
    None
}

fn exception(
    written: &spec::Exception,
    dashboards: &HashMap<&str, ()>,
    report: &mut Report<'_>,
) -> Exception {
    let spec::Exception { rule, dashboard, panel, reason } = written;
    if let Some(dashboard) = dashboard {
        known("dashboard", dashboard, dashboards, report);
    }
    Exception {
        rule: rule.value.clone(),
        dashboard: owned(dashboard),
        panel: owned(panel),
        reason: reason.value.trim().to_owned(),
    }
}
