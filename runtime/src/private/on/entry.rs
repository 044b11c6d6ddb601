//! All cells for one combination of open label values: a dense grid of closed values × metrics.

use super::cell::Cell;
use crate::descriptor::{Component, Metric};

/// One label set of a component, laid out.
pub(crate) struct Layout {
    pub(crate) axes: Box<[Axis]>,
    /// The metrics with this label set, in the order of the specification.
    pub(crate) metrics: Box<[&'static Metric]>,
    /// How many combinations the closed labels have.
    pub(crate) combinations: usize,
}

/// One label of a set: where its value is found.
pub(crate) enum Axis {
    /// In the entry's key.
    Open {
        /// The label's position in the component.
        label: usize,
        name: &'static str,
    },
    /// In the position within the grid.
    Closed { name: &'static str, values: &'static [&'static str], stride: usize },
}

impl Layout {
    pub(crate) fn new(component: &'static Component, set: usize) -> Self {
        let labels = component.sets.get(set).copied().unwrap_or_default();
        let mut stride = 1;
        // From the last label to the first, since the grid is row-major.
        let mut axes: Vec<Axis> = labels
            .iter()
            .rev()
            .filter_map(|&label| Some((label, component.labels.get(label)?)))
            .map(|(label, description)| match (description.name, description.values) {
                (name, []) => Axis::Open { label, name },
                (name, values) => {
                    let axis = Axis::Closed { name, values, stride };
                    stride *= values.len();
                    axis
                }
            })
            .collect();
        axes.reverse();
        Self {
            axes: axes.into(),
            metrics: component.metrics.iter().filter(|metric| metric.set == set).collect(),
            combinations: stride,
        }
    }

    /// The positions in the component of the open labels.
    pub(crate) fn open(&self) -> impl Iterator<Item = usize> + Clone {
        self.axes.iter().filter_map(|axis| match axis {
            Axis::Open { label, .. } => Some(*label),
            Axis::Closed { .. } => None,
        })
    }

    /// Whether every counter of a new entry is exposed at zero: all its series are known then, so
    /// that a rate sees the first increment.
    fn initialises_counters(&self) -> bool {
        self.open().next().is_none()
            || self.axes.iter().any(|axis| matches!(axis, Axis::Closed { .. }))
    }
}

/// The cells of one key.
pub(crate) struct Entry {
    cells: Box<[Cell]>,
    width: usize,
}

impl Entry {
    pub(crate) fn new(layout: &Layout, overflow: bool) -> Self {
        let counters = layout.initialises_counters();
        let histograms = layout.axes.is_empty();
        let cells = (0..layout.combinations)
            .flat_map(|_| &layout.metrics)
            .map(|metric| Cell::new(metric, overflow, counters, histograms))
            .collect();
        Self { cells, width: layout.metrics.len() }
    }

    /// The cell of the metric in `slot`, for one combination of closed labels.
    #[inline]
    pub(crate) fn cell(&self, combination: usize, slot: usize) -> Option<&Cell> {
        self.cells.get(combination * self.width + slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::{Kind, Label, Number};

    #[test]
    fn the_grid_of_closed_labels_is_row_major() {
        const fn label(name: &'static str, values: &'static [&'static str]) -> Label {
            Label { name, values, limit: 9 }
        }
        static COMPONENT: Component = Component {
            name: "mixed",
            labels: &[label("a", &["0", "1"]), label("open", &[]), label("b", &["x", "y", "z"])],
            sets: &[&[0, 1, 2]],
            metrics: &[Metric {
                name: "mixed_things",
                help: "Things",
                unit: None,
                kind: Kind::Counter,
                number: Number::Integer,
                set: 0,
                const_labels: &[],
                buckets: &[],
            }],
        };
        let layout = Layout::new(&COMPONENT, 0);
        let strides: Vec<_> = layout
            .axes
            .iter()
            .map(|axis| match axis {
                Axis::Open { name, .. } => (*name, None),
                Axis::Closed { name, stride, .. } => (*name, Some(*stride)),
            })
            .collect();
        assert_eq!(strides, [("a", Some(3)), ("open", None), ("b", Some(1))]);
        assert_eq!(layout.combinations, 6);

        let entry = Entry::new(&layout, false);
        assert!(entry.cell(5, 0).is_some());
        assert!(entry.cell(6, 0).is_none());
    }
}
