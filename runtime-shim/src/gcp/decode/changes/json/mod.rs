//! Changes whose data is JSON in the form that protobuf's messages have there. One pass writes the plain JSON.

mod document;
mod form;
mod key;
mod number;
mod text;
mod value;

pub(super) use self::document::read;

#[cfg(test)]
mod tests;
