use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::failure::Failure;

/// The members that people look for first, in the order of Azure's own templates; the others follow by name.
const FIRST: [&str; 24] = [
    "$schema",
    "contentVersion",
    "metadata",
    "version",
    "IsEncrypted",
    "parameters",
    "variables",
    "resources",
    "outputs",
    "condition",
    "type",
    "apiVersion",
    "scope",
    "name",
    "location",
    "kind",
    "sku",
    "identity",
    "dependsOn",
    "properties",
    "defaultValue",
    "value",
    "id",
    "functionTimeout",
];

/// JSON for people, the same for the same value.
pub(super) fn text(value: &Value) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&Ordered(value)).map_err(|error| Failure::new(error.to_string()))?;
    Ok(text + "\n")
}

/// Sets a member of an object; what is none stays as it is.
pub(super) fn set(object: &mut Value, key: &str, member: impl Into<Value>) {
    if let Some(members) = object.as_object_mut() {
        members.insert(key.to_owned(), member.into());
    }
}

struct Ordered<'a>(&'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(members) => {
                let place = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
                let mut members: Vec<_> = members.iter().map(|(key, value)| (key, Self(value))).collect();
                members.sort_by_key(|(key, _)| (place(key), key.to_owned()));
                serializer.collect_map(members)
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Self)),
            other => other.serialize(serializer),
        }
    }
}
