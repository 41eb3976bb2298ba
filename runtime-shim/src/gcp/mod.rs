//! Google Cloud: Cloud Run services and functions, over the Functions Framework contract.
//!
//! Source: [Functions Framework contract](https://github.com/GoogleCloudPlatform/functions-framework).

mod app;
mod decode;
mod encode;
mod serve;
mod signature;
mod trace;

pub(crate) use self::app::events;
pub use self::{
    app::App,
    decode::{LegacyContext, LegacyEvent, LegacyResource, decode, decode_for, invocation},
    encode::encode,
    serve::{Settings, serve, serve_on},
    signature::contradiction,
    trace::trace,
};
