//! A host of containers on this machine: a program or functions of this process that take requests over HTTP.

mod container;
mod here;

pub use self::{container::Container, here::Here};
