//! What only Google Cloud has. A function that uses it runs there alone.

#[doc = include_str!("docs/legacy_event.md")]
pub use polyfn_shim::gcp::LegacyEvent;
pub use polyfn_shim::gcp::{LegacyContext, LegacyResource};
