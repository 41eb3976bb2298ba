//! Any host that runs a container and speaks plain HTTP: Knative, Fargate, a virtual machine.

mod app;
mod decode;
mod encode;
mod serve;

pub(crate) use self::app::events;
pub use self::{
    app::App,
    decode::{decode, invocation},
    encode::encode,
    serve::{Settings, serve, serve_on},
};
