//! Changes whose data is protobuf. One pass over the bytes writes the plain JSON; nothing is built in between.

mod document;
mod key;
mod map;
mod message;
mod value;
mod wire;

pub(super) use self::document::read;

#[cfg(test)]
mod tests;
