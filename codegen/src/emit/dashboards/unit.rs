//! Units as Grafana names them.

use streamhouse_metrics_spec::catalog::{Kind, Metric};
use streamhouse_metrics_spec::unit::Unit;

/// Grafana's id of the unit in which a panel shows a metric.
pub(super) fn of(metric: &Metric) -> &'static str {
    match metric.kind {
        Kind::Counter => id(&metric.unit.per_second()),
        Kind::Gauge | Kind::Histogram | Kind::Info => id(&metric.unit),
    }
}

/// Grafana's id of a unit.
fn id(unit: &Unit) -> &'static str {
    match unit.as_str() {
        "seconds" => "s",
        "bytes" => "bytes",
        "ratio" => "percentunit",
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
    use streamhouse_metrics_spec::unit::BASE;

    use super::*;

    #[test]
    fn every_base_unit_is_known() {
        assert_eq!(BASE.iter().find(|word| id(&Unit::new(**word)) == "short"), None);
    }

    #[test]
    fn rates_have_units() {
        assert_eq!(id(&Unit::new("records").per_second()), "recps");
        assert_eq!(id(&Unit::new("tickets").per_second()), "cps");
        assert_eq!(id(&Unit::new("seconds").per_second()), "percentunit");
        assert_eq!(id(&Unit::none().per_second()), "short");
    }
}
