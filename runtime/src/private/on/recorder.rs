//! What generated code holds: a recorder for a component, a bound for labels resolved once.

use std::fmt;
use std::sync::Arc;

use super::cell::Cell;
use super::entry::Entry;
use super::registrar::Registrar;
use super::store::Store;
use crate::descriptor::Component;
use crate::error::RegisterError;
use crate::label::{LabelSet, Slot};

/// The recorder of a component: cheap to clone, shared by all threads.
#[derive(Clone)]
pub struct Recorder(Arc<Store>);

impl Recorder {
    /// Registers a component; if one of its names is taken, the recorder works but is not exposed.
    pub fn new<R: Registrar + ?Sized>(registry: &mut R, component: &'static Component) -> Self {
        Self(registry.store(component).unwrap_or_else(|_| Arc::new(Store::new(component))))
    }

    /// Registers a component, or says which of its names is taken.
    pub fn try_new<R: Registrar + ?Sized>(
        registry: &mut R,
        component: &'static Component,
    ) -> Result<Self, RegisterError> {
        registry.store(component).map(Self)
    }

    /// The handle of one metric for these labels.
    #[inline(always)]
    pub fn get<'a, L: LabelSet, H: Handle<'a>>(&'a self, labels: L, slot: Slot) -> H {
        labels.with(|open, closed| H::new(self.0.cell(L::SET, open, closed, slot)))
    }

    /// All metrics for these labels.
    #[inline(always)]
    pub fn bind<L: LabelSet>(&self, labels: L) -> Bound {
        labels.with(|open, combination| Bound {
            entry: self.0.entry(L::SET, open).cloned(),
            combination,
        })
    }
}

/// The metrics of one label set for labels resolved once: nothing is looked up any more.
#[derive(Clone)]
pub struct Bound {
    /// Always there for labels that the derive has generated.
    entry: Option<Arc<Entry>>,
    combination: usize,
}

impl Bound {
    /// The handle of one metric.
    #[inline(always)]
    pub fn get<'a, H: Handle<'a>>(&'a self, slot: Slot) -> H {
        let entry = self.entry.as_ref();
        H::new(entry.and_then(|entry| entry.cell(self.combination, slot.position())))
    }
}

/// A counter, a gauge, a histogram or an info; which one is decided by the return type of the
/// generated method.
pub trait Handle<'a> {
    /// A handle to a cell, or one that drops what it is given.
    fn new(cell: Option<&'a Cell>) -> Self;
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Recorder").field(&self.0.component().name).finish()
    }
}

impl fmt::Debug for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Bound").finish_non_exhaustive()
    }
}
