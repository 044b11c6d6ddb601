//! How a component is laid out in memory: computed once, when it is registered.
//!
//! A table has a row for every entry and combination of closed labels. In a row the cells of all
//! metrics stand side by side, and so do their states and their shared numbers.

use std::sync::atomic::Ordering::Relaxed;

use super::bucket::Search;
use super::exposition::{Fragment, Prefix, encoded};
use super::memory::CellId;
use super::native;
use super::page::{page_bits, states};
use crate::descriptor::{Component, Kind, Metric};
use crate::label::Value;
use crate::sync::{AtomicBool, AtomicUsize};

/// One label set of a component.
pub(crate) struct Layout {
    pub(crate) axes: Box<[Axis]>,
    /// The positions in the component of the open labels.
    pub(crate) open: Box<[usize]>,
    /// How many combinations the closed labels have: the rows of an entry.
    pub(crate) combinations: usize,
    /// What a row has of everything.
    pub(crate) row: Extent,
    /// The cells of an entry, and the numbers of its record.
    pub(crate) entry_cells: usize,
    pub(crate) record: usize,
    /// Where in a record the states of an entry's series begin.
    pub(crate) states: usize,
    /// The bits of an entry's number that are its place in a page, and how many; the others are the
    /// page's.
    place: u32,
    page_bits: u32,
    /// Whether series have to be kept for timers. A page then has a cell for each entry that counts
    /// the running ones, behind those of all its series.
    pub(crate) has_timers: bool,
}

/// Numbers of cells, of series, and of shared numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) cells: usize,
    pub(crate) series: usize,
    pub(crate) gauges: usize,
}

/// One label of a set: where its value is found.
pub(crate) enum Axis {
    /// In the entry.
    Open {
        /// Its position among the open labels of the set.
        position: usize,
    },
    /// In the position within the grid.
    Closed {
        name: &'static str,
        values: &'static [&'static str],
        stride: usize,
        /// Each value as it stands in a text exposition.
        fragments: Box<[Fragment]>,
        /// The same for protobuf.
        encoded: Box<[Box<[u8]>]>,
    },
}

/// One metric: where its numbers are in every row of its table.
pub struct Column {
    pub(crate) metric: &'static Metric,
    /// Its table.
    pub(crate) set: usize,
    /// Where it starts in a row.
    pub(crate) at: Extent,
    /// The cells of a row.
    pub(crate) stride: CellId,
    /// The first cell of the first row, in a table without open labels.
    pub(crate) fixed: CellId,
    /// Whether its table has open labels.
    pub(crate) is_open: bool,
    /// Whether every observation counts, in classic buckets alone.
    pub(crate) is_plain: bool,
    /// How a histogram finds its bucket; empty for other metrics.
    pub(crate) search: Search,
    /// Which native buckets it has, if any.
    pub(crate) native_range: native::Range,
    /// How an observation wears down the gap until the next sample; 0 if every one counts.
    pub(crate) wear: u64,
    /// How many entries have a series of this metric, where that is limited.
    pub(crate) admitted: AtomicUsize,
    /// Whether a gauge or an info was ever set: a scrape need not look for what nobody sets.
    pub(crate) was_set: AtomicBool,
    /// What its lines start with.
    pub(crate) prefix: Prefix,
}

impl Layout {
    pub(crate) fn new(component: &'static Component, set: usize) -> Self {
        let labels = component.sets.get(set).copied().unwrap_or_default();
        let descriptions = || labels.iter().filter_map(|&label| component.labels.get(label));
        let is_open = |label: &usize| {
            component.labels.get(*label).is_some_and(|label| label.values.is_empty())
        };
        let open: Box<[usize]> = labels.iter().copied().filter(is_open).collect();
        let mut combinations = 1;
        let mut position = open.len();
        // From the last label to the first, since the grid is row-major.
        let mut axes: Vec<Axis> = descriptions()
            .rev()
            .map(|label| match label.values {
                [] => {
                    position -= 1;
                    Axis::Open { position }
                }
                values => {
                    let (name, stride) = (label.name, combinations);
                    combinations *= values.len();
                    let values_of = || values.iter().map(|value| Value::Text(value));
                    Axis::Closed {
                        name,
                        values,
                        stride,
                        fragments: values_of().map(|value| Fragment::label(name, value)).collect(),
                        encoded: values_of().map(|value| encoded(name, value)).collect(),
                    }
                }
            })
            .collect();
        axes.reverse();
        let metrics = || component.metrics.iter().filter(|metric| metric.set == set);
        let row = metrics().fold(Extent::default(), |row, metric| row.plus(Extent::of(metric)));
        let has_timers = !open.is_empty() && metrics().any(Metric::has_timers);
        let entry_cells = combinations * row.cells;
        let states = states(open.len());
        let record = states + combinations * row.series;
        let page_bits = page_bits(record.max(entry_cells).max(combinations * row.gauges));
        let axes = axes.into();
        let place = (1 << page_bits) - 1;
        Self {
            axes,
            open,
            combinations,
            row,
            entry_cells,
            record,
            states,
            place,
            page_bits,
            has_timers,
        }
    }

    /// How many entries a page has.
    pub(crate) fn page_entries(&self) -> usize {
        1 << self.page_bits
    }

    /// How many cells a page has; none if that is no number.
    pub(crate) fn page_cells(&self) -> Option<usize> {
        (self.entry_cells + usize::from(self.has_timers)).checked_mul(self.page_entries())
    }

    /// The page of an entry, and its place there.
    #[inline(always)]
    pub(crate) fn page_of(&self, entry: u32) -> (usize, usize) {
        ((entry >> self.page_bits) as usize, (entry & self.place) as usize)
    }

    /// Whether every counter of a new entry is exposed at zero: all its series are known then, so
    /// that a rate sees the first increment.
    pub(crate) fn initialises(&self, metric: &Metric) -> bool {
        let closed = self.axes.iter().any(|axis| matches!(axis, Axis::Closed { .. }));
        match metric.kind {
            Kind::Counter => self.open.is_empty() || closed,
            Kind::Histogram => self.axes.is_empty(),
            Kind::Gauge | Kind::Info => false,
        }
    }
}

impl Extent {
    /// What one metric takes of a row.
    fn of(metric: &Metric) -> Self {
        let (cells, gauges) = match metric.kind {
            Kind::Counter => (1, 0),
            Kind::Gauge => (0, 1),
            Kind::Histogram if metric.native => {
                (Self::classic(metric) + native::Range::of(metric).cells(), 0)
            }
            Kind::Histogram => (Self::classic(metric), 0),
            Kind::Info => (0, 0),
        };
        Self { cells, series: 1, gauges }
    }

    /// The sum, the buckets, and the one up to infinity.
    fn classic(metric: &Metric) -> usize {
        metric.buckets.len() + 2
    }

    fn plus(self, other: Self) -> Self {
        Self {
            cells: self.cells + other.cells,
            series: self.series + other.series,
            gauges: self.gauges + other.gauges,
        }
    }
}

impl Column {
    /// The columns of a component, in the order of its metrics. `fixed` is the first cell of each
    /// table without open labels.
    pub(crate) fn all(
        component: &'static Component,
        layouts: &[&Layout],
        fixed: &[CellId],
    ) -> Box<[Self]> {
        let mut filled = vec![Extent::default(); layouts.len()];
        let column = |metric: &'static Metric| {
            let set = metric.set;
            let layout = layouts.get(set)?;
            let at = filled[set];
            filled[set] = at.plus(Extent::of(metric));
            Some(Self {
                metric,
                set,
                at,
                stride: layout.row.cells as CellId,
                fixed: fixed.get(set).copied().unwrap_or_default() + at.cells as CellId,
                is_open: !layout.open.is_empty(),
                is_plain: metric.sample <= 1 && !metric.native,
                search: Search::new(metric),
                native_range: native::Range::of(metric),
                wear: super::sample::wear(metric.sample),
                admitted: AtomicUsize::new(0),
                was_set: AtomicBool::new(false),
                prefix: Prefix::new(metric, !layout.axes.is_empty()),
            })
        };
        component.metrics.iter().filter_map(column).collect()
    }

    /// Whether records leave no trace in cells.
    pub(crate) fn is_settable(&self) -> bool {
        matches!(self.metric.kind, Kind::Gauge | Kind::Info)
    }

    /// Whether the metric has a limit of its own.
    pub(crate) fn is_limited(&self) -> bool {
        self.metric.series_limit > 0
    }

    /// Whether the metric has a limit of its own and no room for a new series.
    pub(crate) fn is_full(&self) -> bool {
        self.is_limited() && self.admitted.load(Relaxed) >= self.metric.series_limit
    }

    /// Whether the next observation is taken into account, if not every one is.
    #[inline(always)]
    pub(crate) fn takes_next(&self) -> bool {
        self.wear == 0 || super::sample::is_chosen(self.wear)
    }

    /// The cell of a histogram's first bucket, the sum being at `cell`.
    #[inline(always)]
    pub(crate) fn buckets(cell: CellId) -> CellId {
        cell + 1
    }

    /// The cell of a native histogram's zero bucket, before the others.
    #[inline(always)]
    pub(crate) fn native(&self, cell: CellId) -> CellId {
        cell + Extent::classic(self.metric) as CellId
    }
}

impl Metric {
    /// Whether observations can be under way for a long time.
    fn has_timers(&self) -> bool {
        self.kind == Kind::Histogram && self.number == crate::descriptor::Number::Duration
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::descriptor::{Label, OwnMetric};

    #[test]
    fn the_grid_of_closed_labels_is_row_major() {
        const fn label(name: &'static str, values: &'static [&'static str]) -> Label {
            Label { name, values, limit: 9 }
        }
        static COMPONENT: Component = Component {
            name: "mixed",
            labels: &[label("a", &["0", "1"]), label("open", &[]), label("b", &["x", "y", "z"])],
            sets: &[&[0, 1, 2]],
            metrics: &[Metric::COUNTER],
            idle_timeout: None,
            overflow: OwnMetric::NONE,
            errors: OwnMetric::NONE,
        };
        let layout = Layout::new(&COMPONENT, 0);
        let strides: Vec<_> = layout
            .axes
            .iter()
            .map(|axis| match axis {
                Axis::Open { position } => ("open", *position),
                Axis::Closed { name, stride, .. } => (*name, *stride),
            })
            .collect();
        assert_eq!(strides, [("a", 3), ("open", 0), ("b", 1)]);
        assert_eq!((layout.combinations, layout.entry_cells), (6, 6));
        assert!(layout.initialises(&COMPONENT.metrics[0]));
    }

    #[test]
    fn a_page_follows_the_size_of_its_entries() {
        let entries = |numbers| 1_usize << page_bits(numbers);
        assert_eq!([0, 1, 18, 256, 257].map(entries), [64, 64, 64, 64, 32]);
        assert_eq!([4096, 16_384, 16_385, usize::MAX].map(entries), [4, 1, 1, 1]);
    }
}
