//! What stands where, and what is there only when somebody asks for it.
//!
//! Importance follows from the specification: what alerts and objectives watch comes before what
//! nobody watches, what is on its way out comes last, and whoever wants another order says so.
//! Sections come in the order in which people look for a cause. A dashboard asks few queries before
//! somebody opens a row: those of its most important panels.

use std::cmp::Reverse;

use streamhouse_metrics_spec::Catalog;
use streamhouse_metrics_spec::catalog::MetricId;

use super::model::Section;
use crate::emit::readers::Readers;

/// Most queries of a dashboard that is opened.
pub(super) const MOST_TARGETS: usize = 20;

/// Metrics with the most important first.
pub(super) fn sorted(
    catalog: &Catalog,
    readers: &Readers<'_>,
    mut metrics: Vec<MetricId>,
) -> Vec<MetricId> {
    let is_promised =
        |id: MetricId| catalog.slos.iter().any(|slo| slo.indicator.metrics().contains(&id));
    metrics.sort_by_cached_key(|&id| {
        let metric = catalog.metric(id);
        let is_watched = !readers.of(id).is_empty() || is_promised(id);
        (metric.panel.order, metric.deprecated.is_some(), Reverse(is_watched))
    });
    metrics
}

/// Collapses what is too much: of each section what is beyond its own share, and of all of them what
/// is beyond what a dashboard asks at once.
pub(super) fn fitted(sections: Vec<(Section, usize)>) -> Vec<Section> {
    let mut left = MOST_TARGETS;
    let mut fitted = Vec::new();
    for (section, share) in sections {
        if section.panels.is_empty() {
            continue;
        }
        if section.is_collapsed {
            fitted.push(section);
            continue;
        }
        let mut room = left.min(share);
        let fits = section.panels.iter().position(|panel| {
            let has_room = panel.queries.len() <= room;
            room = room.saturating_sub(panel.queries.len());
            !has_room
        });
        let (open, rest) = split(section, fits);
        left -= open.as_ref().map_or(0, Section::targets);
        fitted.extend(open.into_iter().chain(rest));
    }
    fitted.into_iter().map(Section::justified).collect()
}

/// The panels before a position, and the others as a section that is collapsed.
fn split(mut section: Section, at: Option<usize>) -> (Option<Section>, Option<Section>) {
    let Some(at) = at else { return (Some(section), None) };
    let rest = section.panels.split_off(at);
    let title = section.title.as_deref();
    let title = match (title, section.panels.is_empty()) {
        (Some(title), true) => title.to_owned(),
        (Some(title), false) => format!("{title}, more"),
        (None, _) => "More at a glance".to_owned(),
    };
    let rest = Section { is_collapsed: true, ..Section::new(title, rest) };
    ((!section.panels.is_empty()).then_some(section), Some(rest))
}

#[cfg(test)]
mod tests {
    use super::super::model::{Kind, Panel, Query};
    use super::*;

    fn section(title: &str, targets: &[usize]) -> Section {
        let panels = targets.iter().enumerate().map(|(at, &targets)| {
            let queries = vec![Query::new("up", ""); targets];
            Panel::new(format!("{title} {at}"), Kind::TimeSeries, "", queries)
        });
        Section::new(title, panels.collect())
    }

    /// Titles, with how many panels are open or hidden below each.
    #[track_caller]
    fn check(sections: Vec<(Section, usize)>, expected: &[(&str, bool, usize)]) {
        let fitted = fitted(sections);
        let open = fitted.iter().filter(|section| !section.is_collapsed);
        assert!(open.map(Section::targets).sum::<usize>() <= MOST_TARGETS);
        let found: Vec<_> = fitted
            .iter()
            .map(|of| (of.title.as_deref().unwrap_or(""), of.is_collapsed, of.panels.len()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_fits_stays_open() {
        let sections = vec![(section("a", &[3, 3]), 20), (section("b", &[14]), 20)];
        check(sections, &[("a", false, 2), ("b", false, 1)]);
    }

    #[test]
    fn what_is_too_much_is_collapsed() {
        let sections = vec![
            (section("a", &[1; 10]), 6),
            (section("b", &[3; 4]), 20),
            (section("c", &[4; 4]), 20),
            (section("d", &[1]), 20),
        ];
        let expected = [
            ("a", false, 6),
            ("a, more", true, 4),
            ("b", false, 4),
            ("c", true, 4),
            ("d", false, 1),
        ];
        check(sections, &expected);
    }
}
