//! What a scrape sees: families in the order of the specification, series in that of creation.

use super::cell::Reading;
use super::entry::Axis;
use super::store::Table;
use super::trie::OwnedValue;
use crate::descriptor::Metric;
use crate::label::{Slot, Value};

/// One metric with all its series.
#[derive(Clone, Copy)]
pub(crate) struct Family<'a> {
    pub(crate) metric: &'static Metric,
    pub(crate) table: &'a Table,
    pub(crate) slot: Slot,
}

/// The labels of one series.
#[derive(Clone, Copy)]
pub(crate) struct Labels<'a> {
    metric: &'static Metric,
    axes: &'a [Axis],
    key: &'a [OwnedValue],
    combination: usize,
}

impl<'a> Family<'a> {
    /// Every series that is to be exposed, with its reading.
    pub(crate) fn series(self) -> impl Iterator<Item = (Labels<'a>, Reading)> {
        let Family { metric, table, slot } = self;
        let layout = &table.layout;
        table.entries.iter().flat_map(move |(key, entry)| {
            (0..layout.combinations).filter_map(move |combination| {
                let reading = entry.cell(combination, slot.position())?.read(metric)?;
                Some((Labels { metric, axes: &layout.axes, key, combination }, reading))
            })
        })
    }
}

impl<'a> Labels<'a> {
    /// Names and values: the constant labels first, then the others in the order of `[labels]`.
    pub(crate) fn iter(self) -> impl Iterator<Item = (&'static str, Value<'a>)> {
        let Labels { metric, axes, key, combination } = self;
        let mut open = key.iter();
        let constant = metric.const_labels.iter().map(|(name, value)| (*name, Value::Text(value)));
        constant.chain(axes.iter().filter_map(move |axis| match axis {
            Axis::Open { name, .. } => Some((*name, open.next()?.borrow())),
            Axis::Closed { name, values, stride } => {
                let value = values.get(combination / stride % values.len())?;
                Some((*name, Value::Text(value)))
            }
        }))
    }
}
