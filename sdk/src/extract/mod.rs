//! What an HTTP function can take: the parts of a request, decoded.

mod body;
mod cookies;
mod form;
mod head;
pub(crate) mod json;
mod optional;
mod path;
mod query;

pub use self::{cookies::Cookies, form::Form, head::Headers, json::Json, path::Path, query::Query};
