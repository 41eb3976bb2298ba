//! One event through every native form that carries its kind: the same event, the same calls, and the answer that each
//! provider wants.

mod base64;
mod check;
mod corpus;
mod functions;
mod rows;
mod seen;

pub(crate) use self::{
    check::check,
    corpus::{Entry, Reply, events, replies},
    functions::{Does, Program},
    seen::Seen,
};
