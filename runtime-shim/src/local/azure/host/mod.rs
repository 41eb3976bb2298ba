//! The Functions host on this machine: a program or functions of this process behind what delivers to a custom handler.

mod files;
mod handler;
mod here;
mod restarts;

pub(in crate::local) use self::here::LIMIT;
pub use self::{files::Files, handler::Handler, here::Here};
