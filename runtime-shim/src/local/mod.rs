//! The hosts of every provider on this machine: what each would send, and what it would make of a reply.

#[cfg(feature = "aws")]
pub mod aws;
