//! Any host that runs a container and speaks plain HTTP: Knative, Fargate, a virtual machine.

mod decode;
mod encode;
mod serve;

pub(crate) use self::serve::events;
pub use self::{
    decode::{decode, invocation},
    encode::encode,
    serve::{Settings, serve, serve_on},
};
