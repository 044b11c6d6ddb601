//! An asymmetric barrier: free for those who announce themselves often, dear for who asks rarely.
//!
//! A thread that enters a section stores a number and reads on; without a fence the processor may
//! read before the store can be seen. Linux' `membarrier` puts a fence into every running thread of
//! the process at the asker's cost, after which each thread either is seen to be in a section or
//! will see everything that the asker did before.

#[cfg(all(target_os = "linux", not(loom)))]
mod imp {
    #![expect(unsafe_code, reason = "the system call has no safe wrapper")]

    use std::sync::OnceLock;
    use std::sync::atomic::{Ordering::SeqCst, compiler_fence};

    const PRIVATE_EXPEDITED: libc::c_int = 1 << 3;
    const REGISTER_PRIVATE_EXPEDITED: libc::c_int = 1 << 4;

    /// The side of those who announce themselves: keeps the compiler from moving the store.
    #[inline(always)]
    pub(crate) fn light() {
        compiler_fence(SeqCst);
    }

    /// The side of who asks; false where the system cannot.
    pub(crate) fn heavy() -> bool {
        is_there() && membarrier(PRIVATE_EXPEDITED)
    }

    /// Whether the system can: there are sandboxes that forbid the call.
    pub(crate) fn is_there() -> bool {
        static REGISTERED: OnceLock<bool> = OnceLock::new();
        *REGISTERED.get_or_init(|| membarrier(REGISTER_PRIVATE_EXPEDITED))
    }

    fn membarrier(command: libc::c_int) -> bool {
        // SAFETY: with these commands the call takes no pointer and changes no memory.
        unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
    }
}

/// Elsewhere, and for loom, which knows no asymmetric barrier, a fence on both sides promises the
/// same.
#[cfg(any(not(target_os = "linux"), loom))]
mod imp {
    use std::sync::atomic::Ordering::SeqCst;

    use crate::sync::fence;

    /// A fence promises more than what takes no time on Linux: it orders all that stands around it.
    /// So models in which nobody waits for sections go [without](without_light) it.
    #[inline(always)]
    pub(crate) fn light() {
        #[cfg(all(test, loom))]
        if IS_LIGHT_FREE.get() {
            return;
        }
        fence(SeqCst);
    }

    pub(crate) fn heavy() -> bool {
        fence(SeqCst);
        true
    }

    pub(crate) fn is_there() -> bool {
        true
    }

    #[cfg(all(test, loom))]
    std::thread_local! {
        static IS_LIGHT_FREE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
    }

    /// Runs a model in which the light side does nothing.
    #[cfg(all(test, loom))]
    pub(crate) fn without_light(run: impl FnOnce()) {
        IS_LIGHT_FREE.set(true);
        run();
        IS_LIGHT_FREE.set(false);
    }
}

#[cfg(all(test, loom))]
pub(crate) use imp::without_light;
pub(crate) use imp::{heavy, is_there, light};
