//! What Google Cloud sends a service for an event: the way back of `gcp::decode`.

pub mod changes;
