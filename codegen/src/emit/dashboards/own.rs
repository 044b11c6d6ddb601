//! Dashboards that the specification asks for beside those that follow from it.

use std::collections::HashMap;

use streamhouse_metrics_spec::catalog::{MetricId, OwnDashboard, OwnPanel, PanelKind, Shows};
use streamhouse_metrics_spec::slo::BURN_WINDOW;

use super::metric::Drawing;
use super::model::{Dashboard, Kind, Panel, Section};
use super::objective::Objective;
use super::query::{Scope, matchers};
use super::{annotation, overview, page, page_name, variable};
use crate::emit::readers::Readers;
use crate::promql::Results;
use crate::text::grafana;

/// An own dashboard.
pub(super) fn dashboard(
    results: &Results<'_>,
    readers: &Readers<'_>,
    own: &OwnDashboard,
) -> Dashboard {
    let catalog = results.catalog();
    let metrics: Vec<_> = catalog.metrics().map(|(_, metric)| metric).collect();
    let alerts: Vec<_> = catalog.alerts.iter().collect();
    Dashboard {
        name: page_name(catalog, &own.key),
        title: grafana::title(&own.title),
        description: own.help.clone(),
        links: vec![("Overview".to_owned(), overview::name(catalog))],
        variables: variable::of_metrics(catalog, &catalog.namespace, &metrics),
        annotations: annotation::of(catalog, &alerts, &metrics),
        sections: Sections { results, readers, drawings: HashMap::new() }.of(own),
        ..Dashboard::of(catalog)
    }
}

/// What the panels of an own dashboard are drawn from.
struct Sections<'a> {
    results: &'a Results<'a>,
    readers: &'a Readers<'a>,
    drawings: HashMap<usize, Drawing<'a>>,
}

impl Sections<'_> {
    /// A section for each heading, and one before the first.
    fn of(mut self, own: &OwnDashboard) -> Vec<Section> {
        let mut sections = vec![Section::default()];
        for (at, panel) in own.panels.iter().enumerate() {
            if let Shows::Row(title) = &panel.shows {
                sections.push(Section::new(grafana::title(title), Vec::new()));
                continue;
            }
            let drawn = self.drawn(panel);
            let is_one = drawn.len() == 1;
            let title = |drawn: String| match panel.title.as_deref().map(grafana::title) {
                Some(title) if is_one => title,
                Some(title) => format!("{title}: {drawn}"),
                None => drawn,
            };
            let drawn = drawn.into_iter().map(|drawn| Panel {
                // The same may be shown twice.
                key: format!("{at} {}", drawn.key),
                title: title(drawn.title),
                size: (panel.width.unwrap_or(drawn.size.0), drawn.size.1),
                ..drawn
            });
            if let Some(section) = sections.last_mut() {
                section.panels.extend(drawn);
            }
        }
        sections.retain(|section| section.title.is_some() || !section.panels.is_empty());
        sections
    }

    fn drawn(&mut self, panel: &OwnPanel) -> Vec<Panel> {
        let catalog = self.results.catalog();
        match &panel.shows {
            Shows::Row(_) => Vec::new(),
            Shows::Query(at) => {
                let drawn = page::named(self.results, None, &catalog.queries[*at]);
                let kind = match panel.kind {
                    PanelKind::TimeSeries => Kind::TimeSeries,
                    PanelKind::Stat => Kind::Stat { has_trend: true },
                    PanelKind::BarGauge => Kind::BarGauge,
                    PanelKind::Table => Kind::Table { has_values: true },
                };
                vec![Panel { kind, ..drawn }]
            }
            Shows::Metric(id) => self.metric(*id),
            Shows::Slo(at) => {
                let matchers = matchers(&catalog.labels);
                let objective = Objective::new(self.results, *at, &matchers);
                vec![objective.budgets(), objective.burn(BURN_WINDOW)]
            }
            Shows::Text(text) => {
                vec![Panel {
                    size: (24, 4),
                    ..Panel::new("text", Kind::Text(text.clone()), "", Vec::new())
                }]
            }
        }
    }

    /// A metric as on its component's page.
    fn metric(&mut self, id: MetricId) -> Vec<Panel> {
        let (results, readers) = (self.results, self.readers);
        let catalog = results.catalog();
        let drawing = self.drawings.entry(id.component);
        let drawing = drawing
            .or_insert_with(|| Drawing::new(catalog, readers, id.component, Scope::Component));
        drawing.panels(id).into_iter().map(|(_, panel)| panel).collect()
    }
}
