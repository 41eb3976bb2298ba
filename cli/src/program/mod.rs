//! The user's program: found, built, and run with its local shim on a port.

mod build;
mod described;
mod metadata;
mod port;
mod run;
mod signals;

pub(crate) use self::{
    build::{Build, Built, Unbuilt, without_colours},
    described::{Described, described},
    metadata::{Chosen, Package, Workspace},
    run::{Run, Running},
    signals::Signals,
};
