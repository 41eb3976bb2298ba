//! stub

#[cfg(feature = "azure")]
pub mod azure;
