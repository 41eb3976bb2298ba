//! The JSON form of an event, the same wherever it is printed, and the way back.

mod compact;
mod headers;
mod read;
mod write;

#[cfg(any(feature = "aws", feature = "azure", feature = "gcp", feature = "local"))]
pub(crate) use self::compact::string_length;
pub(crate) use self::{
    compact::compact,
    headers::{HeaderPairs, read_headers},
};
