//! Cloud Run on this machine: a program or functions of this process behind what delivers to a service.

mod here;
mod service;

pub use self::{here::Here, service::Service};
