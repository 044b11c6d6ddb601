//! A growing array of boxed values that is read without a lock.
//!
//! A thread's chunks, a table's pages and a label's values live in one. The array of pointers is
//! replaced by a longer copy when it is full; the shorter ones stay until the directory goes, since
//! somebody may be reading them. Together they are no longer than the last one.

#![expect(unsafe_code, reason = "pointers are read while the array grows")]

use std::marker::PhantomData;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::{ptr, slice};

use super::retired::Retired;
use crate::sync::{AtomicPtr, AtomicUsize, Mutex, lock};

/// The length of the first array.
const FIRST: usize = if cfg!(loom) { 1 } else { 8 };

pub(crate) struct Directory<T> {
    /// The current array, and how much of it may be read. The length is written after the array,
    /// and read before it.
    array: AtomicPtr<Slot<T>>,
    length: AtomicUsize,
    /// Every array so far, of which the last one is current. Only who holds the lock writes.
    arrays: Mutex<Vec<Array<T>>>,
    owned: PhantomData<T>,
}

/// One place of a directory.
pub(crate) struct Slot<T>(AtomicPtr<T>);

/// An array as it was allocated.
struct Array<T> {
    first: *mut Slot<T>,
    length: usize,
}

// SAFETY: an array owns nothing but its slots, which are atomics of pointers to `T`.
unsafe impl<T: Send> Send for Array<T> {}
// SAFETY: a directory hands out `&T` to any thread and drops `T` on any.
unsafe impl<T: Send + Sync> Sync for Directory<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Send for Directory<T> {}

impl<T> Directory<T> {
    #[cfg(not(loom))]
    pub(crate) const fn new() -> Self {
        Self {
            array: AtomicPtr::new(ptr::dangling_mut()),
            length: AtomicUsize::new(0),
            arrays: Mutex::new(Vec::new()),
            owned: PhantomData,
        }
    }

    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Self {
            array: AtomicPtr::new(ptr::dangling_mut()),
            length: AtomicUsize::new(0),
            arrays: Mutex::new(Vec::new()),
            owned: PhantomData,
        }
    }

    /// The slots that there are now.
    #[inline]
    pub(crate) fn slots(&self) -> &[Slot<T>] {
        let length = self.length.load(Acquire);
        if cfg!(loom) && length == 0 {
            // One access less to try in every order.
            return &[];
        }
        let array = self.array.load(Acquire);
        // SAFETY: whoever wrote this length had written an array of at least that length before,
        // and arrays only get longer. None is freed before the directory. Without one the length is
        // zero and the pointer not null.
        unsafe { slice::from_raw_parts(array, length) }
    }

    /// The value at an index. It stays where it is as long as the directory, unless it is
    /// [taken](Self::take).
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        self.slots().get(index)?.get()
    }

    /// Puts a value where there is none; what stands there already stays and is returned.
    #[cfg_attr(not(loom), cold)]
    pub(crate) fn put(&self, index: usize, value: Box<T>) -> &T {
        let mut arrays = lock(&self.arrays);
        if arrays.last().is_none_or(|array| array.length <= index) {
            self.grow(&mut arrays, index);
        }
        let slot = &self.slots()[index];
        if slot.get().is_none() {
            slot.0.store(Box::into_raw(value), Release);
        }
        // SAFETY: it was not null, or has just been set, and nobody takes it in between: who takes
        // and who puts take turns.
        unsafe { &*slot.0.load(Relaxed) }
    }

    /// Empties a place. The value lives on until everybody who may be reading it has finished.
    ///
    /// The caller lets no reader [get](Self::get) a value that can be taken but in a section, and
    /// takes turns with those who put.
    pub(crate) fn take(&self, index: usize) -> Option<Retired>
    where
        T: Send + 'static,
    {
        let pointer = self.slots().get(index)?.0.swap(ptr::null_mut(), AcqRel);
        // SAFETY: the pointer came from a box and was in this one place; it is not there any more.
        (!pointer.is_null()).then(|| unsafe { Retired::new(pointer) })
    }

    /// How many bytes [`put`](Self::put) allocates to have a place at this index.
    pub(crate) fn growth(&self, index: usize) -> usize {
        if index < self.slots().len() { 0 } else { length_for(index) * size_of::<Slot<T>>() }
    }

    fn grow(&self, arrays: &mut Vec<Array<T>>, index: usize) {
        let length = length_for(index);
        let mut longer: Vec<Slot<T>> = Vec::with_capacity(length);
        longer.extend(self.slots().iter().map(|slot| Slot(AtomicPtr::new(slot.0.load(Acquire)))));
        longer.resize_with(length, || Slot(AtomicPtr::new(ptr::null_mut())));
        let first = Box::into_raw(longer.into_boxed_slice()).cast::<Slot<T>>();
        arrays.push(Array { first, length });
        self.array.store(first, Release);
        self.length.store(length, Release);
    }
}

/// The length of an array with a place at this index.
fn length_for(index: usize) -> usize {
    (index + 1).next_power_of_two().max(FIRST)
}

impl<T> Slot<T> {
    /// The value that stands here, as [`Directory::get`] returns it.
    #[inline(always)]
    pub(crate) fn get(&self) -> Option<&T> {
        let pointer = self.0.load(Acquire);
        // SAFETY: a pointer in a slot came from a box, and is freed only with the directory, or
        // after it has been taken and every section that could have seen it has ended.
        unsafe { pointer.as_ref() }
    }
}

impl<T> Drop for Directory<T> {
    fn drop(&mut self) {
        for slot in self.slots() {
            let pointer = slot.0.load(Acquire);
            if !pointer.is_null() {
                // SAFETY: it came from a box, and nobody else can reach it any more. Only slots of
                // the current array are looked at; older ones hold copies of the same pointers.
                drop(unsafe { Box::from_raw(pointer) });
            }
        }
        for Array { first, length } in lock(&self.arrays).drain(..) {
            // SAFETY: these are the parts of a boxed slice that was taken apart in `grow`.
            drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(first, length)) });
        }
    }
}
