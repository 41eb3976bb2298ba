//! Google Cloud: Cloud Run and Cloud Run functions.
//!
//! Source: [Functions Framework contract](https://github.com/GoogleCloudPlatform/functions-framework), [container runtime
//! contract](https://cloud.google.com/run/docs/container-contract).

mod decode;
mod encode;
mod serve;
mod trace;

pub use self::{decode::decode, encode::encode, serve::serve};
