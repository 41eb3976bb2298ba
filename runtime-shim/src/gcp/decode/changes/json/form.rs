use std::fmt;

use serde::{
    Deserialize,
    de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{document, text, value};
use crate::gcp::decode::changes::{Documents, Product, kind::Kind, place::Place, writer::Writer};

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The data of the event.
    Data,
    /// A document, or what holds an entity.
    Document,
    /// The entity that changed, with its key.
    Entity,
    /// An object of typed values.
    Members,
    /// An object with one typed value.
    Value,
    /// What stands in a value of this kind: text, or an object around members or items.
    Of(Kind),
    /// A list of typed values.
    Items,
}

/// What has been read so far, and what is written of it.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) product: Product,
    pub(super) to: Writer,
    /// How much room a document is given.
    pub(super) room: usize,
    pub(super) documents: Documents,
    /// The document that was read last.
    pub(super) written: Option<String>,
    /// Where an error was found, from the inside out; only an error fills it.
    trail: Vec<String>,
}

impl Reading {
    pub(super) fn new(product: Product, room: usize) -> Self {
        let documents = Documents::default();
        Self { product, to: Writer::default(), room, documents, written: None, trail: Vec::new() }
    }

    /// Reads a member's value, which has this form.
    pub(super) fn value<'de, A: MapAccess<'de>>(&mut self, map: &mut A, form: Form, name: &str) -> Result<(), A::Error> {
        let read = map.next_value_seed(form.of(self));
        read.inspect_err(|_| self.trail.push(name.to_owned()))
    }

    /// Reads a member's value as a `T`.
    pub(super) fn plain<'de, T: Deserialize<'de>, A: MapAccess<'de>>(&mut self, map: &mut A, name: &str) -> Result<T, A::Error> {
        map.next_value().inspect_err(|_| self.trail.push(name.to_owned()))
    }

    /// Takes the place that a document names, unless another document has named it.
    pub(super) fn stands_at(&mut self, place: Option<Place>) {
        self.documents.place = self.documents.place.take().or(place);
    }

    /// Notes a segment of the path of an error that is on its way out.
    pub(super) fn found_at(&mut self, segment: String) {
        self.trail.push(segment);
    }

    /// The path of the error.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for segment in self.trail.iter().rev() {
            if !path.is_empty() && !segment.starts_with('[') {
                path.push('.');
            }
            path.push_str(segment);
        }
        path
    }
}

/// Reads past a member's value.
pub(super) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

/// Refuses a member that is there already.
pub(super) fn once<E: de::Error>(is_there: &mut bool) -> Result<(), E> {
    if std::mem::replace(is_there, true) { Err(E::custom("expected no second of it")) } else { Ok(()) }
}

impl Form {
    pub(super) fn of(self, reading: &mut Reading) -> Seed<'_> {
        Seed { form: self, reading }
    }
}

/// Reads what has this form, and writes what comes of it.
pub(super) struct Seed<'r> {
    form: Form,
    reading: &'r mut Reading,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.form {
            Form::Items => "a list of values",
            Form::Of(Kind::Map | Kind::Entity | Kind::Array) => "an object",
            Form::Of(_) => "a text",
            Form::Data | Form::Document | Form::Entity | Form::Members | Form::Value => "an object",
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let Self { form, reading } = self;
        match form {
            Form::Data => document::data(map, reading),
            Form::Document => document::document(map, reading),
            Form::Entity => document::entity(map, reading),
            Form::Members => value::members(map, reading),
            Form::Value => value::value(map, reading),
            Form::Of(kind @ (Kind::Map | Kind::Entity | Kind::Array)) => value::holder(map, kind, reading),
            Form::Of(_) | Form::Items => Err(de::Error::invalid_type(de::Unexpected::Map, &Self { form, reading })),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        match self.form {
            Form::Items => value::items(seq, self.reading),
            _ => Err(de::Error::invalid_type(de::Unexpected::Seq, &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        match self.form {
            Form::Of(kind) => text::write(text, kind, &mut self.reading.to),
            _ => Err(de::Error::invalid_type(de::Unexpected::Str(text), &self)),
        }
    }

    /// Null is the same as absent.
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        match self.form {
            Form::Document => {}
            Form::Members => self.reading.to.literal("{}"),
            Form::Items => self.reading.to.literal("[]"),
            _ => return Err(de::Error::invalid_type(de::Unexpected::Unit, &self)),
        }
        Ok(())
    }
}
