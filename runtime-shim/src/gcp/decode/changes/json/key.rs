use serde::Deserialize;

use super::number::Integer;
use crate::{
    gcp::decode::changes::{as_object::AsObject, key::Key},
    text::Text,
};

/// A `Key`; what partition it is in does not count.
#[derive(Deserialize)]
pub(super) struct Path<'a> {
    #[serde(borrow, default)]
    path: Vec<AsObject<Element<'a>>>,
}

#[derive(Deserialize)]
struct Element<'a> {
    #[serde(borrow)]
    kind: Text<'a>,
    #[serde(default)]
    id: Option<Integer>,
    #[serde(borrow, default)]
    name: Option<Text<'a>>,
}

impl Path<'_> {
    pub(super) fn key(&self) -> Key {
        let mut key = Key::default();
        for AsObject(Element { kind, id, name }) in &self.path {
            let digits = id.as_ref().map(|Integer(id)| id.to_string());
            key.push(&kind.0, digits.as_deref().or(name.as_ref().map(|name| &*name.0)));
        }
        key
    }
}
