//! One event through every native form that carries its kind: the same event, the same calls, and the answer that each
//! provider wants.

mod answers;
mod base64;
mod check;
mod corpus;
mod functions;
mod mutants;
mod ran;
mod rows;
mod seen;

pub(crate) use self::{
    check::{check, does},
    corpus::{Entry, Reply, events, replies},
    functions::{Does, Program},
    mutants::mutants,
    ran::ran,
    rows::all as rows,
    seen::Seen,
};
