//! What generated code holds: a recorder for a component, a bound for labels resolved once.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

use super::memory::section;
use super::page::{Entry, state};
use super::registrar::Registrar;
use super::source::{Direct, Pinned};
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
    pub fn get<'a, L: LabelSet, H: Handle<Direct<'a, L>>>(&'a self, labels: L, slot: Slot) -> H {
        H::new(Direct { store: &self.0, slot, labels })
    }

    /// All metrics for these labels.
    pub fn bind<L: LabelSet>(&self, labels: L) -> Bound {
        let (store, open) = (&self.0, labels.open());
        let entry = match (open.as_ref(), store.tables.get(L::SET)) {
            ([], _) | (_, None) => Some(0),
            (open, Some(table)) => {
                let pin = |entry| {
                    table.entry(entry)?.pins().fetch_add(1, Relaxed);
                    Some(entry)
                };
                let found =
                    section(|section| table.find(open.iter().copied(), section).and_then(pin));
                let columns = store.columns_of(table);
                found.or_else(|| store.resolve(table, open, columns, pin).flatten())
            }
        };
        Bound { store: Arc::clone(store), set: L::SET, entry, combination: labels.closed() }
    }

    /// Removes all series of the open labels of this set, and says whether there were any.
    pub fn remove<L: LabelSet>(&self, labels: L) -> bool {
        self.0.remove(L::SET, labels.open().as_ref())
    }
}

/// The metrics of one label set for labels resolved once: nothing is looked up any more.
pub struct Bound {
    store: Arc<Store>,
    set: usize,
    /// None if there was no memory for it.
    entry: Option<u32>,
    combination: usize,
}

impl Bound {
    /// The handle of one metric.
    #[inline(always)]
    pub fn get<'a, H: Handle<Pinned<'a>>>(&'a self, slot: Slot) -> H {
        let column = self.store.column(slot).filter(|column| column.set == self.set);
        H::new(match (column, self.entry) {
            (Some(column), Some(entry)) => {
                Pinned::new(&self.store, column, entry, self.combination)
            }
            _ => Pinned::NOTHING,
        })
    }

    /// Its entry, if it is one that can be removed.
    fn removable(&self) -> Option<Entry<'_>> {
        let table =
            self.store.tables.get(self.set).filter(|table| !table.layout.open.is_empty())?;
        table.entry(self.entry?)
    }
}

impl Clone for Bound {
    fn clone(&self) -> Self {
        if let Some(entry) = self.removable() {
            entry.pins().fetch_add(1, Relaxed);
        }
        let Self { store, set, entry, combination } = self;
        Self { store: Arc::clone(store), set: *set, entry: *entry, combination: *combination }
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        let Some(entry) = self.removable() else { return };
        if entry.pins().fetch_sub(1, AcqRel) > 1 {
            return;
        }
        // Who removes the entry looks for pins behind the barrier that ends sections: either that
        // one sees that this pin has gone, or we see the removal in a section. If the entry is
        // another one by now, settling does no harm.
        let state = entry.states().first();
        let is_removed = |_: &_| state.is_some_and(|state| state.load(Acquire) == state::REMOVED);
        if section(is_removed) {
            self.store.settle();
        }
    }
}

/// A counter, a gauge, a histogram or an info; which one is decided by the return type of the
/// generated method.
pub trait Handle<S> {
    /// The handle of a series.
    fn new(source: S) -> Self;
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
