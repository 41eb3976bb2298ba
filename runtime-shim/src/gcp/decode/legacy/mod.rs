//! Background events, as first-generation functions are posted them: read, made CloudEvents, and made of CloudEvents again.
//!
//! Source: [Functions Framework conformance](https://github.com/GoogleCloudPlatform/functions-framework-conformance).

mod body;
mod cloud_event;
mod data;
mod event_type;
mod legacy_event;
mod resource;

pub(super) use self::body::Body;
pub use self::legacy_event::{LegacyContext, LegacyEvent, LegacyResource};

#[cfg(test)]
mod tests;
