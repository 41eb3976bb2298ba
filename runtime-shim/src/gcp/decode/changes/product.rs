/// Which of the two products that share one database, and nearly one form of its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gcp::decode) enum Product {
    Firestore,
    Datastore,
}

impl Product {
    /// What the members of a document, a map or an entity are called.
    pub(super) fn members(self) -> &'static str {
        match self {
            Self::Firestore => "fields",
            Self::Datastore => "properties",
        }
    }
}
