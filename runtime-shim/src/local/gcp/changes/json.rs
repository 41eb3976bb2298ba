use super::{
    node::Node,
    place::{Id, Place},
};
use crate::{
    DecodeError,
    event::{Change, string},
};

/// How deep values stand in one another at most.
const DEEPEST: usize = 40;

/// The names that the two products do not share.
#[derive(Clone, Copy)]
struct Names {
    object: &'static str,
    members: &'static str,
}

const FIRESTORE: Names = Names { object: "mapValue", members: "fields" };
const DATASTORE: Names = Names { object: "entityValue", members: "properties" };

/// A `DocumentEventData`.
pub(super) fn firestore(change: &Change, name: &str) -> Result<Vec<u8>, DecodeError> {
    data(change, FIRESTORE, |members, to| {
        to.push_str("{\"name\":");
        string(name, to);
        to.extend([",\"fields\":", members, "}"]);
    })
}

/// An `EntityEventData`.
pub(super) fn datastore(change: &Change, place: &Place) -> Result<Vec<u8>, DecodeError> {
    let mut key = String::new();
    for (kind, id) in place.elements() {
        key.push_str(if key.is_empty() { "{\"kind\":" } else { ",{\"kind\":" });
        string(kind, &mut key);
        match id {
            Id::Number(number) => key.push_str(&format!(",\"id\":\"{number}\"}}")),
            Id::Name(name) => {
                key.push_str(",\"name\":");
                string(name, &mut key);
                key.push('}');
            }
        }
    }
    data(change, DATASTORE, |members, to| {
        to.extend(["{\"entity\":{\"key\":{\"path\":[", &key, "]},\"properties\":", members, "}}"]);
    })
}

fn data(change: &Change, names: Names, document: impl Fn(&str, &mut String)) -> Result<Vec<u8>, DecodeError> {
    let mut data = String::from("{");
    for (member, name, json) in [("\"oldValue\":", "before", &change.before), (",\"value\":", "after", &change.after)] {
        data.push_str(member);
        match json {
            Some(json) => {
                let mut members = String::new();
                object(json, names, DEEPEST, &mut members).map_err(|error| error.under(name))?;
                document(&members, &mut data);
            }
            // A document that is not there is an empty one.
            None => data.push_str("{}"),
        }
    }
    data.push('}');
    Ok(data.into_bytes())
}

/// Writes an object whose members are typed values.
fn object(json: &str, names: Names, depth: usize, to: &mut String) -> Result<(), DecodeError> {
    let Node::Object(members) = Node::read(json)? else { return Err(DecodeError::at("", "not an object")) };
    to.push('{');
    for (index, (name, json)) in members.iter().enumerate() {
        if index > 0 {
            to.push(',');
        }
        string(name, to);
        to.push(':');
        value(json, names, depth, to).map_err(|error| error.under(name))?;
    }
    to.push('}');
    Ok(())
}

/// Writes a `Value`.
fn value(json: &str, names: Names, depth: usize, to: &mut String) -> Result<(), DecodeError> {
    let depth = depth.checked_sub(1).ok_or_else(|| DecodeError::at("", "nested too deep"))?;
    match Node::read(json)? {
        Node::Null => to.push_str("{\"nullValue\":null}"),
        Node::Flag(flag) => to.push_str(&format!("{{\"booleanValue\":{flag}}}")),
        // Of 64 bits, so in quotes.
        Node::Integer(integer) => to.push_str(&format!("{{\"integerValue\":\"{integer}\"}}")),
        Node::Double(double) => to.push_str(&format!("{{\"doubleValue\":{double:e}}}")),
        Node::Text(text) => {
            to.push_str("{\"stringValue\":");
            string(&text, to);
            to.push('}');
        }
        Node::List(items) => {
            to.push_str("{\"arrayValue\":{\"values\":[");
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    to.push(',');
                }
                value(item.get(), names, depth, to).map_err(|error| error.under(&format!("[{index}]")))?;
            }
            to.push_str("]}}");
        }
        Node::Object(_) => {
            to.extend(["{\"", names.object, "\":{\"", names.members, "\":"]);
            object(json, names, depth, to)?;
            to.push_str("}}");
        }
    }
    Ok(())
}
