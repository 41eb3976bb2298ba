use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
static NEXT: AtomicU64 = AtomicU64::new(0);

/// An id for an invocation that the host gave none: 16 hexadecimal digits, random per process.
///
/// ```
/// let id = polyfn_shim::server::new_id();
/// assert_eq!(id.len(), 16);
/// assert_ne!(id, polyfn_shim::server::new_id());
/// ```
pub fn new_id() -> String {
    format!("{:016x}", SEED.hash_one(NEXT.fetch_add(1, Ordering::Relaxed)))
}
