//! Exemplars: one traced event that shows what a count is made of.
//!
//! The last one of each counter and bucket is kept, by cell, in a map of its own. Who records
//! without exemplars never comes near it. Who records with one takes its lock only if it is free:
//! a lost exemplar is better than a record that waits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::SystemTime;

use super::memory::CellId;
use crate::sync::{Mutex, lock};

/// The most characters that the names and values of an exemplar's labels may have together.
const LONGEST: usize = 128;

/// A recorded exemplar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exemplar {
    pub(crate) labels: Box<[(Box<str>, Box<str>)]>,
    pub(crate) value: f64,
    pub(crate) time: SystemTime,
}

impl Exemplar {
    /// An exemplar of now; none if OpenMetrics does not allow these labels.
    pub(crate) fn new(labels: &[(&str, &str)], value: f64) -> Option<Self> {
        let length: usize =
            labels.iter().map(|(name, value)| name.chars().count() + value.chars().count()).sum();
        let is_name = |name: &str| {
            let mut characters = name.chars();
            let first =
                characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
            first && characters.all(|other| other.is_ascii_alphanumeric() || other == '_')
        };
        let distinct = labels
            .iter()
            .enumerate()
            .all(|(at, (name, _))| labels.iter().take(at).all(|(other, _)| other != name));
        let valid = length <= LONGEST && distinct && labels.iter().all(|(name, _)| is_name(name));
        valid.then(|| Self {
            labels: labels.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            value,
            time: SystemTime::now(),
        })
    }
}

/// The last exemplar of each cell that has one.
#[derive(Default)]
pub(crate) struct Exemplars(Mutex<BTreeMap<CellId, Exemplar>>);

impl Exemplars {
    /// Keeps an exemplar, unless somebody else has the lock right now.
    pub(crate) fn put(&self, cell: CellId, exemplar: Exemplar) {
        if let Ok(mut exemplars) = self.0.try_lock() {
            exemplars.insert(cell, exemplar);
        }
    }

    pub(crate) fn get(&self, cell: CellId) -> Option<Exemplar> {
        lock(&self.0).get(&cell).cloned()
    }

    /// Forgets the exemplars of cells that are used for something else from now on.
    pub(crate) fn forget(&self, cells: Range<CellId>) {
        let mut exemplars = lock(&self.0);
        let gone: Vec<CellId> = exemplars.range(cells).map(|(cell, _)| *cell).collect();
        gone.iter().for_each(|cell| {
            exemplars.remove(cell);
        });
    }
}
