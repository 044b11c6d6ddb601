//! One boxed value that is read without a lock and replaced as a whole.

#![expect(unsafe_code, reason = "the pointer is read while it is replaced")]

use std::marker::PhantomData;
use std::ptr;
use std::sync::atomic::Ordering::{AcqRel, Acquire};

use super::local::Section;
use super::retired::Retired;
use crate::sync::AtomicPtr;

pub(crate) struct Replaceable<T> {
    pointer: AtomicPtr<T>,
    owned: PhantomData<T>,
}

// SAFETY: it hands out `&T` to any thread and drops `T` on any.
unsafe impl<T: Send + Sync> Sync for Replaceable<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for Replaceable<T> {}

impl<T: Send + 'static> Replaceable<T> {
    pub(crate) fn new() -> Self {
        Self { pointer: AtomicPtr::new(ptr::null_mut()), owned: PhantomData }
    }

    /// The value of now, which stays valid throughout the section.
    #[inline(always)]
    pub(crate) fn get<'s>(&'s self, _: &'s Section) -> Option<&'s T> {
        // SAFETY: the pointer came from a box, which is freed after every section in which it
        // could be found has ended, or with this.
        unsafe { self.pointer.load(Acquire).as_ref() }
    }

    /// Sets the value, and returns the one before. Writers take turns.
    pub(crate) fn replace(&self, value: Box<T>) -> Option<Retired> {
        let before = self.pointer.swap(Box::into_raw(value), AcqRel);
        // SAFETY: it came from a box and cannot be found any more.
        (!before.is_null()).then(|| unsafe { Retired::new(before) })
    }
}

impl<T> Drop for Replaceable<T> {
    fn drop(&mut self) {
        let pointer = self.pointer.load(Acquire);
        if !pointer.is_null() {
            // SAFETY: it came from a box, and nobody else can reach it any more.
            drop(unsafe { Box::from_raw(pointer) });
        }
    }
}
