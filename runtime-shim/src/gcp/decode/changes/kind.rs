use super::Product;

/// What a typed value is.
///
/// Source: [`Value` of Firestore](https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto),
/// [`Value` of Datastore](https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/datastore/v1/data.proto).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Integer,
    Double,
    /// Firestore: another document, by its name.
    Reference,
    /// Datastore: another entity, by its key.
    Key,
    /// Firestore: an object.
    Map,
    /// Datastore: an object, with a key of its own or without one.
    Entity,
    GeoPoint,
    Array,
    Timestamp,
    Null,
    String,
    /// Firestore.
    Bytes,
    /// Datastore.
    Blob,
}

impl Kind {
    const ALL: [Self; 14] = [
        Self::String,
        Self::Integer,
        Self::Boolean,
        Self::Double,
        Self::Timestamp,
        Self::Map,
        Self::Entity,
        Self::Array,
        Self::Null,
        Self::Reference,
        Self::Key,
        Self::GeoPoint,
        Self::Bytes,
        Self::Blob,
    ];

    /// By the number of the field in protobuf; `None` for a field that is no value.
    pub(super) fn numbered(number: u32, product: Product) -> Option<Self> {
        use Product::{Datastore, Firestore};
        Some(match (number, product) {
            (1, _) => Self::Boolean,
            (2, _) => Self::Integer,
            (3, _) => Self::Double,
            (5, Firestore) => Self::Reference,
            (5, Datastore) => Self::Key,
            (6, Firestore) => Self::Map,
            (6, Datastore) => Self::Entity,
            (8, _) => Self::GeoPoint,
            (9, _) => Self::Array,
            (10, _) => Self::Timestamp,
            (11, _) => Self::Null,
            (17, _) => Self::String,
            (18, Firestore) => Self::Bytes,
            (18, Datastore) => Self::Blob,
            _ => return None,
        })
    }

    /// By the name of the member in JSON; `None` for a member that is no value.
    pub(super) fn named(name: &str, product: Product) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name && kind.is_of(product))
    }

    /// The name of the member in JSON, which errors have for both forms.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Boolean => "booleanValue",
            Self::Integer => "integerValue",
            Self::Double => "doubleValue",
            Self::Reference => "referenceValue",
            Self::Key => "keyValue",
            Self::Map => "mapValue",
            Self::Entity => "entityValue",
            Self::GeoPoint => "geoPointValue",
            Self::Array => "arrayValue",
            Self::Timestamp => "timestampValue",
            Self::Null => "nullValue",
            Self::String => "stringValue",
            Self::Bytes => "bytesValue",
            Self::Blob => "blobValue",
        }
    }

    fn is_of(self, product: Product) -> bool {
        match self {
            Self::Reference | Self::Map | Self::Bytes => product == Product::Firestore,
            Self::Key | Self::Entity | Self::Blob => product == Product::Datastore,
            _ => true,
        }
    }
}
