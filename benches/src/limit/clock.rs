//! The cheapest clock there is.

/// The time-stamp counter.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "an instruction of the processor")]
#[inline(always)]
pub(crate) fn ticks() -> u64 {
    // SAFETY: it only reads a register, which every x86-64 processor has.
    unsafe { core::arch::x86_64::_rdtsc() }
}

/// Where there is none, the clock of the system.
#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
pub(crate) fn ticks() -> u64 {
    use std::sync::LazyLock;
    use std::time::Instant;

    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_nanos() as u64
}
