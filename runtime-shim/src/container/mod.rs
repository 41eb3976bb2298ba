//! Any host that runs a container and speaks plain HTTP: AWS Fargate, Knative, Azure Container Apps, a machine.

mod decode;
mod encode;
mod serve;

pub use self::{
    decode::{Trust, decode, decode_from},
    encode::encode,
    serve::serve,
};
