//! YAML for people: ordered, with comments, and read back the same.

mod json;
mod node;
mod read;
mod scalar;
mod write;

pub(crate) use self::{
    json::{read_json, write_json},
    node::{Node, Value},
    read::read,
    write::write,
};
