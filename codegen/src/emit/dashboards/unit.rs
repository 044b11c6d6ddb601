//! Units as Grafana names them.

use streamhouse_metrics_spec::catalog::{Kind, Metric};

use crate::promql::is_share;

/// Grafana's id of the unit in which a panel shows a metric.
pub(super) fn of(metric: &Metric) -> &'static str {
    match metric.kind {
        Kind::Counter => id(metric.unit.per_second().as_str()),
        Kind::Gauge | Kind::Histogram | Kind::Info => id(metric.unit.as_str()),
    }
}

/// Grafana's id of a unit.
pub(super) fn id(unit: &str) -> &'static str {
    match unit {
        "seconds" => "s",
        "bytes" => "bytes",
        share if is_share(share) => "percentunit",
        "percent" => "percent",
        "celsius" => "celsius",
        "meters" => "lengthm",
        "volts" => "volt",
        "amperes" => "amp",
        "joules" => "joule",
        "grams" => "massg",
        "hertz" => "hertz",
        "watts" => "watt",
        "bytes/s" => "binBps",
        "joules/s" => "watt",
        "records/s" => "recps",
        "requests/s" => "reqps",
        "operations/s" => "ops",
        "events/s" => "eps",
        "messages/s" => "mps",
        "rows/s" => "rowsps",
        counted if counted.ends_with("/s") => "cps",
        _ => "short",
    }
}

#[cfg(test)]
mod tests {
    use streamhouse_metrics_spec::unit::{BASE, Unit};

    use super::*;

    #[test]
    fn every_base_unit_is_known() {
        assert_eq!(BASE.iter().find(|word| id(word) == "short"), None);
    }

    #[test]
    fn rates_have_units() {
        assert_eq!(id("records/s"), "recps");
        assert_eq!(id("tickets/s"), "cps");
        assert_eq!(id(Unit::new("seconds").per_second().as_str()), "percentunit");
        assert_eq!(id(Unit::none().per_second().as_str()), "short");
    }
}
