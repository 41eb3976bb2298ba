use crate::{DecodeError, event::Change};

/// Where the record stands.
pub(super) struct Place {
    /// The collection's segments and the key.
    segments: Vec<String>,
}

impl Place {
    pub(super) fn of(change: &Change) -> Result<Self, DecodeError> {
        let key = change.key.as_deref().ok_or_else(|| DecodeError::at("key", "missing"))?;
        // A key that is no text is named by its JSON.
        let key = serde_json::from_str(key).unwrap_or_else(|_| key.to_owned());
        let collection = change.collection.as_deref().unwrap_or_default();
        let segments = collection.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned);
        Ok(Self { segments: segments.chain([key]).collect() })
    }

    pub(super) fn path(&self) -> String {
        self.segments.join("/")
    }

    /// The same of an entity: a number is told from a name there.
    pub(super) fn path_of_entity(&self) -> String {
        let elements = self.elements().map(|(kind, id)| match id {
            Id::Number(number) => format!("{kind}/__id{number}__"),
            Id::Name(name) => format!("{kind}/{name}"),
        });
        elements.collect::<Vec<_>>().join("/")
    }

    /// Kinds and ids, from the root on.
    pub(super) fn elements(&self) -> impl Iterator<Item = (&str, Id<'_>)> {
        self.segments.chunks(2).filter_map(|pair| match pair {
            [kind, id] => Some((kind.as_str(), Id::of(id))),
            _ => None,
        })
    }
}

/// What tells an entity from others of its kind.
pub(super) enum Id<'a> {
    Number(i64),
    Name(&'a str),
}

impl<'a> Id<'a> {
    fn of(id: &'a str) -> Self {
        match id.parse::<i64>() {
            Ok(number) if number.to_string() == id => Self::Number(number),
            _ => Self::Name(id),
        }
    }
}
