//! What the fuzz targets have in common: requests out of bytes, and what must hold of events.

mod invariants;
mod request;

pub use self::{
    invariants::check,
    request::{HEADS, request, request_or_head},
};
