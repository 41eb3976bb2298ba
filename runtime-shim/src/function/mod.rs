//! A function with its description, and the table of all functions of a binary.

mod call;
mod choose;
mod declared;
mod description;
mod dispatch;
mod hooks;
mod response;
mod route;
mod table;
pub(crate) mod unwind;

pub use self::{
    call::{Call, Function},
    declared::Declared,
    description::{Binding, Description, Filter, Sample, Settings},
    dispatch::Order,
    hooks::{Hooks, State},
    response::{problem, response},
    table::{Functions, Table},
};
