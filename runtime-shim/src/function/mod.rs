//! A function with its description, and the table of all functions of a binary.

mod call;
mod choose;
mod declared;
mod description;
mod dispatch;
mod hooks;
mod index;
mod lane;
mod lanes;
mod limit;
mod limits;
mod off_thread;
mod order;
mod response;
mod route;
mod sunday;
mod table;
pub(crate) mod unwind;
#[cfg(feature = "local")]
mod watch;

#[cfg(feature = "local")]
pub(crate) use self::index::resource;
#[cfg(feature = "azure")]
pub(crate) use self::limits::of_storage_queue;
#[cfg(any(feature = "container", feature = "gcp", feature = "local"))]
pub(crate) use self::response::status;
#[cfg(feature = "azure")]
pub(crate) use self::table::without_body;
#[cfg(feature = "local")]
pub use self::watch::{Called, Watch, logged, watched};
pub use self::{
    call::{Call, Function},
    declared::Declared,
    description::{Binding, Description, Filter, Malformed, Sample, Settings},
    hooks::{Hooks, State},
    limits::{Ask, impossible},
    off_thread::off_thread,
    order::Order,
    response::{problem, response},
    sunday::sunday_as_0,
    table::{Functions, Table},
};
