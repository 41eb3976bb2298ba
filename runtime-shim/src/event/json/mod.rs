//! The JSON form of an event, the same wherever it is printed, and the way back.

mod compact;
mod headers;
mod read;
mod write;

pub(crate) use self::{
    compact::compact,
    headers::{HeaderPairs, read_headers},
};
