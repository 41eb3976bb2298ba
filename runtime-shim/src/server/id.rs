use std::{
    hash::{BuildHasher, Hasher, RandomState},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// An id for an invocation that the host gave none: 24 hex digits, no two alike in a process and hardly in any two.
pub fn invocation_id() -> String {
    static PROCESS: OnceLock<u64> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(1);
    // The standard library seeds its hash maps from the system's randomness.
    let process = PROCESS.get_or_init(|| RandomState::new().build_hasher().finish());
    format!("{process:016x}{:08x}", COUNT.fetch_add(1, Ordering::Relaxed))
}
