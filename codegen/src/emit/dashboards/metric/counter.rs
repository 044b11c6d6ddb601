//! Counters, as rates.

use streamhouse_metrics_spec::catalog::MetricId;

use super::super::model::{Kind, Panel, Query};
use super::super::query::{kept, legend};
use super::Drawing;

impl Drawing<'_> {
    /// A counter as its rate; where it counts failures, no line means none.
    pub(super) fn counter(&self, id: MetricId) -> Panel {
        let metric = self.metric(id);
        let kept = kept(self.catalog, metric);
        let rate = self.rate(id, &kept, None);
        // Where a kind of failure was seen, a line of nothing says no more.
        let shared = self.all_of(id).map(|all| self.shared(id, all));
        let none = shared.and_then(|shared| {
            let none = self.nothing_failed(id, &shared)?;
            let is_same = shared == kept;
            let on = if is_same { String::new() } else { format!(" on ({})", shared.join(", ")) };
            Some(format!(" or{on} {none}"))
        });
        let expr = format!("{rate}{}", none.unwrap_or_default());
        let title = self.titles.of(metric);
        let query =
            Query { has_exemplars: metric.exemplars, ..Query::new(expr, legend(&kept, &title)) };
        let kind = Kind::TimeSeries;
        Panel { starts_at_zero: true, ..self.face(id, "rate", kind, title, vec![query]) }
    }
}
