//! The atomics and locks that cells are made of: the standard library's, or loom's in its models.

use std::sync::PoisonError;
#[cfg(not(loom))]
pub(crate) use std::sync::{
    Mutex,
    atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, fence},
};

#[cfg(loom)]
pub(crate) use loom::sync::{Mutex, atomic::fence};

#[cfg(loom)]
pub(crate) use self::modelled::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize};

#[cfg(not(loom))]
pub(crate) type Guard<'a, T> = std::sync::MutexGuard<'a, T>;
#[cfg(loom)]
pub(crate) type Guard<'a, T> = loom::sync::MutexGuard<'a, T>;

/// Takes a lock. Nothing panics while one is held, so what a panic elsewhere left behind is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> Guard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets other threads go on.
pub(crate) fn yield_now() {
    #[cfg(loom)]
    loom::thread::yield_now();
    #[cfg(not(loom))]
    std::thread::yield_now();
}

/// Loom's atomics, made stricter.
///
/// - Whoever drops one must be ordered after everybody who uses it. So every model fails in which
///   memory is freed that somebody could still be reading.
/// - Loom remembers only the last access to an atomic. Where one thread loads, another loads and
///   stores, it compares the store with the load before it, finds the same thread and never tries
///   the store before the first load. So each access is preceded by one that loom takes for a
///   conflict with every other: an exchange that never succeeds orders nothing.
#[cfg(loom)]
#[expect(unreachable_pub, reason = "like loom's, they stand in signatures of a sealed trait")]
mod modelled {
    use std::ops::Deref;
    use std::sync::atomic::Ordering::Relaxed;

    macro_rules! atomics {
        ($($atomic:ident$(<$T:ident>)? of $value:ty;)*) => {$(
            #[derive(Debug)]
            pub struct $atomic$(<$T>)? {
                atomic: loom::sync::atomic::$atomic$(<$T>)?,
                access: loom::sync::atomic::AtomicBool,
            }

            impl$(<$T>)? $atomic$(<$T>)? {
                pub(crate) fn new(value: $value) -> Self {
                    let atomic = loom::sync::atomic::$atomic::new(value);
                    Self { atomic, access: loom::sync::atomic::AtomicBool::new(false) }
                }
            }

            impl$(<$T>)? Deref for $atomic$(<$T>)? {
                type Target = loom::sync::atomic::$atomic$(<$T>)?;

                fn deref(&self) -> &Self::Target {
                    let _ = self.access.compare_exchange(true, true, Relaxed, Relaxed);
                    &self.atomic
                }
            }

            impl$(<$T>)? Drop for $atomic$(<$T>)? {
                fn drop(&mut self) {
                    // A model that has failed is unwinding, and need not fail again.
                    if !std::thread::panicking() {
                        self.atomic.with_mut(|_| ());
                    }
                }
            }
        )*};
    }
    atomics! {
        AtomicU32 of u32;
        AtomicU64 of u64;
        AtomicUsize of usize;
        AtomicPtr<T> of *mut T;
    }
}
