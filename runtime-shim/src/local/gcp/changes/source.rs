/// Which database sends it, and how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A document of Firestore.
    Firestore(Form),
    /// An entity of Datastore.
    Datastore(Form),
    /// What stands at a path of a Realtime Database.
    RealtimeDatabase,
}

/// How documents and entities are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// What is sent unless the trigger asks for another.
    Protobuf,
    /// The same messages as JSON.
    Json,
}

impl Source {
    /// All of them, in each form.
    pub const ALL: [Self; 5] = [
        Self::Firestore(Form::Protobuf),
        Self::Firestore(Form::Json),
        Self::Datastore(Form::Protobuf),
        Self::Datastore(Form::Json),
        Self::RealtimeDatabase,
    ];

    /// What its types of CloudEvents begin with.
    pub(super) fn types(self) -> &'static str {
        match self {
            Self::Firestore(_) => "google.cloud.firestore.document.v1.",
            Self::Datastore(_) => "google.cloud.datastore.entity.v1.",
            Self::RealtimeDatabase => "google.firebase.database.ref.v1.",
        }
    }

    /// What its subjects begin with.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Firestore(_) | Self::Datastore(_) => "documents/",
            Self::RealtimeDatabase => "refs/",
        }
    }

    /// Where it claims to be, where an event does not say.
    pub(super) fn default(self) -> &'static str {
        match self {
            Self::Firestore(_) => "//firestore.googleapis.com/projects/local/databases/(default)",
            Self::Datastore(_) => "//datastore.googleapis.com/projects/local/databases/(default)",
            Self::RealtimeDatabase => "//firebasedatabase.googleapis.com/projects/_/locations/us-central1/instances/local",
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Firestore(Form::Protobuf) | Self::Datastore(Form::Protobuf) => "application/protobuf",
            Self::Firestore(Form::Json) | Self::Datastore(Form::Json) | Self::RealtimeDatabase => "application/json",
        }
    }
}
