//! Memory that is not reachable any more, but may still be read by those who found it earlier.

#![expect(unsafe_code, reason = "what is freed late has lost its type")]

/// A box that waits for the end of every section in which it could have been found.
#[must_use = "retired memory is to be freed after a grace period"]
pub(crate) struct Retired {
    pointer: *mut (),
    free: unsafe fn(*mut ()),
}

// SAFETY: only what is `Send` can be retired.
unsafe impl Send for Retired {}

impl Retired {
    /// Takes over a pointer.
    ///
    /// # Safety
    ///
    /// It came from a box, and cannot be found any more.
    pub(crate) unsafe fn new<T: Send + 'static>(pointer: *mut T) -> Self {
        /// # Safety
        ///
        /// The pointer came from a box of this type, and nobody holds a reference to it.
        unsafe fn free<T>(pointer: *mut ()) {
            // SAFETY: as demanded.
            drop(unsafe { Box::from_raw(pointer.cast::<T>()) });
        }
        Self { pointer: pointer.cast(), free: free::<T> }
    }

    /// Frees the memory.
    ///
    /// # Safety
    ///
    /// Every section that was open when it was retired has ended, or nobody can be in one.
    pub(crate) unsafe fn free(self) {
        // SAFETY: nobody holds a reference any more, and `new` has chosen the type.
        unsafe { (self.free)(self.pointer) }
    }
}
