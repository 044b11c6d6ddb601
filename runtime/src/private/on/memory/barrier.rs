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
        static REGISTERED: OnceLock<bool> = OnceLock::new();
        *REGISTERED.get_or_init(|| membarrier(REGISTER_PRIVATE_EXPEDITED))
            && membarrier(PRIVATE_EXPEDITED)
    }

    fn membarrier(command: libc::c_int) -> bool {
        // SAFETY: with these commands the call takes no pointer and changes no memory.
        unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) == 0 }
    }
}

#[cfg(all(not(target_os = "linux"), not(loom)))]
mod imp {
    use std::sync::atomic::{Ordering::SeqCst, compiler_fence};

    #[inline(always)]
    pub(crate) fn light() {
        compiler_fence(SeqCst);
    }

    /// There is no such barrier here, so nothing that was removed may be used again.
    pub(crate) fn heavy() -> bool {
        false
    }
}

#[cfg(loom)]
mod imp {
    use crate::sync::fence;
    use std::cell::Cell;
    use std::sync::atomic::Ordering::SeqCst;

    std::thread_local! {
        static IS_LIGHT_FREE: Cell<bool> = const { Cell::new(false) };
    }

    /// Loom knows no asymmetric barrier; a fence on both sides promises the same.
    ///
    /// It promises more, too: what really is no fence orders all that stands around it. So models
    /// in which nobody waits for sections go [without](without_light) it.
    pub(crate) fn light() {
        if !IS_LIGHT_FREE.get() {
            fence(SeqCst);
        }
    }

    /// Runs a model in which the light side does nothing.
    #[cfg(test)]
    pub(crate) fn without_light(run: impl FnOnce()) {
        IS_LIGHT_FREE.set(true);
        run();
        IS_LIGHT_FREE.set(false);
    }

    pub(crate) fn heavy() -> bool {
        fence(SeqCst);
        true
    }
}

#[cfg(all(test, loom))]
pub(crate) use imp::without_light;
pub(crate) use imp::{heavy, light};
