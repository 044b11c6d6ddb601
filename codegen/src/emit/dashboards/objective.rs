//! Objectives: what is left of the budget, and how fast it is spent.

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::{Alert, Condition, Severity, Slo};
use streamhouse_metrics_spec::fraction::Fraction;
use streamhouse_metrics_spec::slo;

use super::metric::links;
use super::model::{Kind, NUMBER_WIDTH, Panel, Query};
use super::query::legend;
use super::steps::{Bound, reach, steps};
use crate::promql::Results;
use crate::promql::syntax::Operator;
use crate::rules;
use crate::text::grafana;

/// Below which part of its budget an objective is in danger.
const LOW: f64 = 0.25;

/// An objective to be drawn.
pub(super) struct Objective<'a> {
    results: &'a Results<'a>,
    slo: &'a Slo,
    alerts: Vec<&'a Alert>,
    matchers: &'a [(&'a str, String)],
}

impl<'a> Objective<'a> {
    /// The objective at a position, narrowed to what people have chosen.
    pub(super) fn new(
        results: &'a Results<'a>,
        at: usize,
        matchers: &'a [(&'a str, String)],
    ) -> Self {
        let catalog = results.catalog();
        let is_its =
            |alert: &&Alert| matches!(alert.condition, Condition::Burn { slo, .. } if slo == at);
        let alerts = catalog.alerts.iter().filter(is_its).collect();
        Self { results, slo: &catalog.slos[at], alerts, matchers }
    }

    /// What is left of the budget: of the worst.
    pub(super) fn worst_budget(&self) -> Panel {
        let title = self.title();
        let query = Query::new(format!("min({})", self.series(slo::REMAINING)), title.clone());
        let kind = Kind::Stat { has_trend: false };
        Panel { size: (NUMBER_WIDTH, 4), ..self.budget("worst", kind, title, query) }
    }

    /// What is left of the budget, of each.
    pub(super) fn budgets(&self) -> Panel {
        let title = format!("{}, budget left", self.title());
        let query = Query::new(self.series(slo::REMAINING), self.legend(&title));
        Panel {
            size: (8, 9),
            starts_at_zero: true,
            ends_at: Some(1.0),
            ..self.budget("budget", Kind::BarGauge, title, query)
        }
    }

    fn budget(&self, part: &str, kind: Kind, title: String, query: Query) -> Panel {
        let bound =
            |value, severity, group| Bound { operator: Operator::Less, value, severity, group };
        let bounds = [bound(0.0, Severity::Critical, 0), bound(LOW, Severity::Warning, 1)];
        Panel {
            unit: "percentunit",
            steps: steps(&bounds, false),
            ..self.face(part, kind, title, query)
        }
    }

    /// How fast the budget is spent over a window, with the bound of the tier that has it.
    pub(super) fn burn(&self, window: &str) -> Panel {
        let title = format!("{}, burn rate over {}", self.title(), slo::words(window));
        let tier = self.slo.tiers().find(|tier| tier.long == window);
        let bounds: Vec<_> = tier
            .into_iter()
            .map(|tier| Bound {
                operator: Operator::Greater,
                value: self.slo.factor(tier).value(),
                severity: tier.severity,
                group: 0,
            })
            .collect();
        let expr = match window {
            slo::BURN_WINDOW => self.series(&slo::burn_rate()),
            _ => {
                let ratio = self.series(&slo::error_ratio(window));
                format!("{ratio} / on ({}) group_left () {}", slo::LABEL, self.series(slo::BUDGET))
            }
        };
        let query = Query::new(expr, self.legend(&title));
        Panel {
            size: (16, 9),
            starts_at_zero: true,
            steps: steps(&bounds, false),
            reaches: reach(&bounds),
            ..self.face(&format!("burn {window}"), Kind::TimeSeries, title, query)
        }
    }

    /// How fast it is spent over the windows of further tiers.
    pub(super) fn further_burns(&self) -> Vec<Panel> {
        let tiers = self.slo.tiers().filter(|tier| tier.long != slo::BURN_WINDOW);
        tiers.map(|tier| Panel { size: (8, 9), ..self.burn(tier.long) }).collect()
    }

    fn title(&self) -> String {
        grafana::title(&self.slo.title)
    }

    fn legend(&self, otherwise: &str) -> String {
        legend(&rules::slo::labels(self.results.catalog(), self.slo), otherwise)
    }

    /// A series of the objective, of what people have chosen.
    fn series(&self, name: &str) -> String {
        let series = format!("{name}{{{}=\"{}\"}}", slo::LABEL, self.slo.id);
        self.results.on_panel(&series, self.matchers)
    }

    fn face(&self, part: &str, kind: Kind, title: String, query: Query) -> Panel {
        let Slo { help, objective, window, key, .. } = self.slo;
        let percent = objective.times(Fraction::whole(100));
        let percent = percent.decimal().unwrap_or_else(|| percent.rounded(3));
        let description = format!(
            "{}\n\nObjective: {percent} % over {}",
            grafana::description(help),
            slo::words(window.as_str())
        );
        let fastest: Vec<_> = self.alerts.iter().copied().take(1).collect();
        Panel {
            description,
            links: links(self.results.catalog(), &fastest),
            ..Panel::new(format!("slo {key} {part}"), kind, title, vec![query])
        }
    }
}

/// The objectives whose first metric is a component's, by their positions.
pub(super) fn of_component(catalog: &Catalog, component: usize) -> Vec<usize> {
    let slos = catalog.slos.iter().enumerate();
    let its = slos.filter(|(_, slo)| {
        slo.indicator.metrics().first().is_some_and(|id| id.component == component)
    });
    its.map(|(at, _)| at).collect()
}
