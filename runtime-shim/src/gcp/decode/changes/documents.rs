use super::place::Place;

/// What a change says of the documents, in protobuf and in JSON alike.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Documents {
    /// What the document was, as plain JSON.
    pub(super) before: Option<String>,
    /// What it is.
    pub(super) after: Option<String>,
    /// Where it stands, if a document itself says so.
    pub(super) place: Option<Place>,
}
