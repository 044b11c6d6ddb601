//! The atomics and locks that cells are made of: the standard library's, or loom's in its models.

use std::sync::PoisonError;
/// For hints that are right whenever they are seen: loom knows nothing of it.
pub(crate) use std::sync::atomic::AtomicBool;
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

/// Lets other threads go on, and sleeps if that does not help: one that has lost its processor to a
/// thread of less urgency gets it back only so.
#[derive(Default)]
pub(crate) struct Patience {
    #[cfg(not(loom))]
    yielded: u32,
}

impl Patience {
    #[cfg(loom)]
    pub(crate) fn wait(&mut self) {
        loom::thread::yield_now();
    }

    #[cfg(not(loom))]
    pub(crate) fn wait(&mut self) {
        if self.yielded < 64 {
            self.yielded += 1;
            std::thread::yield_now();
        } else {
            std::thread::sleep(std::time::Duration::from_micros(100));
        }
    }
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
