//! Infos: a constant 1, whose labels are the message.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::cell::Cell;
use super::recorder::Handle;

/// Something that is true of the process, told by the labels.
#[derive(Clone, Copy, Debug)]
pub struct Info<'a> {
    cell: Option<&'a InfoCell>,
}

impl Info<'_> {
    /// Exposes the series.
    #[inline(always)]
    pub fn set(&self) {
        if let Some(cell) = self.cell {
            cell.set.store(true, Relaxed);
        }
    }

    /// Whether the series is exposed.
    pub fn is_set(&self) -> bool {
        self.cell.is_some_and(InfoCell::is_set)
    }
}

impl<'a> Handle<'a> for Info<'a> {
    #[inline(always)]
    fn new(cell: Option<&'a Cell>) -> Self {
        match cell {
            Some(Cell::Info(cell)) => Self { cell: Some(cell) },
            _ => Self { cell: None },
        }
    }
}

/// Whether the series is exposed.
#[derive(Debug, Default)]
pub struct InfoCell {
    set: AtomicBool,
}

impl InfoCell {
    pub(crate) fn is_set(&self) -> bool {
        self.set.load(Relaxed)
    }
}
