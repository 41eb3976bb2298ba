use super::{
    message::Message,
    node::Node,
    place::{Id, Place},
};
use crate::{DecodeError, event::Change};

/// How deep values stand in one another at most.
const DEEPEST: usize = 40;

/// The numbers of the fields that the two products do not share.
#[derive(Clone, Copy)]
struct Numbers {
    /// The entries of an object in a value.
    entries: u8,
}

const FIRESTORE: Numbers = Numbers { entries: 1 };
const DATASTORE: Numbers = Numbers { entries: 3 };

/// A `DocumentEventData`.
pub(super) fn firestore(change: &Change, name: &str) -> Result<Vec<u8>, DecodeError> {
    data(change, |json| {
        let mut document = Message::default();
        document.bytes(1, name.as_bytes());
        entries(json, 2, FIRESTORE, &mut document)?;
        Ok(document)
    })
}

/// An `EntityEventData`.
pub(super) fn datastore(change: &Change, place: &Place) -> Result<Vec<u8>, DecodeError> {
    let mut key = Message::default();
    for (kind, id) in place.elements() {
        let mut element = Message::default();
        element.bytes(1, kind.as_bytes());
        match id {
            Id::Number(number) => element.integer(2, number),
            Id::Name(name) => element.bytes(3, name.as_bytes()),
        }
        key.message(2, &element);
    }
    data(change, |json| {
        let (mut entity, mut result) = (Message::default(), Message::default());
        entity.message(1, &key);
        entries(json, 3, DATASTORE, &mut entity)?;
        result.message(1, &entity);
        Ok(result)
    })
}

fn data(change: &Change, document: impl Fn(&str) -> Result<Message, DecodeError>) -> Result<Vec<u8>, DecodeError> {
    let mut data = Message::default();
    for (number, name, json) in [(1, "after", &change.after), (2, "before", &change.before)] {
        if let Some(json) = json {
            data.message(number, &document(json).map_err(|error| error.under(name))?);
        }
    }
    Ok(data.into_bytes())
}

/// Writes the members of an object as the entries of a document or an entity.
fn entries(json: &str, number: u8, numbers: Numbers, to: &mut Message) -> Result<(), DecodeError> {
    match Node::read(json)? {
        Node::Object(members) => members.iter().try_for_each(|member| entry(member, number, numbers, DEEPEST, to)),
        _ => Err(DecodeError::at("", "not an object")),
    }
}

fn entry((name, json): (&str, &str), number: u8, numbers: Numbers, depth: usize, to: &mut Message) -> Result<(), DecodeError> {
    let mut entry = Message::default();
    entry.bytes(1, name.as_bytes());
    entry.message(2, &value(json, numbers, depth).map_err(|error| error.under(name))?);
    to.message(number, &entry);
    Ok(())
}

/// A `Value`.
fn value(json: &str, numbers: Numbers, depth: usize) -> Result<Message, DecodeError> {
    let depth = depth.checked_sub(1).ok_or_else(|| DecodeError::at("", "nested too deep"))?;
    let mut to = Message::default();
    match Node::read(json)? {
        Node::Null => to.integer(11, 0),
        Node::Flag(flag) => to.integer(1, i64::from(flag)),
        Node::Integer(integer) => to.integer(2, integer),
        Node::Double(double) => to.double(3, double),
        Node::Text(text) => to.bytes(17, text.as_bytes()),
        Node::List(items) => {
            let mut list = Message::default();
            for (index, item) in items.iter().enumerate() {
                let item = value(item.get(), numbers, depth).map_err(|error| error.under(&format!("[{index}]")))?;
                list.message(1, &item);
            }
            to.message(9, &list);
        }
        Node::Object(members) => {
            let mut object = Message::default();
            members.iter().try_for_each(|member| entry(member, numbers.entries, numbers, depth, &mut object))?;
            to.message(6, &object);
        }
    }
    Ok(to)
}
