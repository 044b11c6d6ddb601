//! Infos: a constant 1, whose labels are the message.

use std::marker::PhantomData;

use super::operation::Nothing;
use super::reading::is_exposed;
use super::recorder::Handle;
use super::source::{Pinned, Source};

/// Something that is true of the process, told by the labels.
#[derive(Clone, Copy, Debug)]
pub struct Info<'a, S = Pinned<'a>> {
    source: S,
    lifetime: PhantomData<&'a ()>,
}

impl<'a, S: Source<'a>> Info<'a, S> {
    /// Exposes the series.
    #[inline(always)]
    pub fn set(&self) {
        self.source.set(Nothing);
    }

    /// Whether the series is exposed.
    pub fn is_set(&self) -> bool {
        self.source.look(|place| is_exposed(place.state)).unwrap_or_default()
    }
}

impl<S> Handle<S> for Info<'_, S> {
    #[inline(always)]
    fn new(source: S) -> Self {
        Self { source, lifetime: PhantomData }
    }
}
