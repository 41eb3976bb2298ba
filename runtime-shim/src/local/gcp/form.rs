use super::changes::Source;
use crate::event::Kind;

/// How Google Cloud sends an event over HTTP.
///
/// Each loses what the real one loses: what stands in no list below does not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A caller's request, as Cloud Run's front end forwards it: all but the order of headers of different names. The event's
    /// id is the execution's.
    Http,
    /// A call: the data as the body of a POST, and the id as the execution's.
    Direct,
    /// A CloudEvent in binary mode, as Eventarc sends it. Of a topic's message: the id, source, time, attempt, attributes, data,
    /// ordering key, and the media type as the attribute `content-type`. Of an object's change: all but the attempt. Of a custom
    /// event: all but the attempt. Google writes header values as they are, so text that looks percent-encoded or quoted is read
    /// as if it were.
    Eventarc,
    /// The same as one JSON document: every value arrives.
    Structured,
    /// What Eventarc sends where a header cannot carry a value: the CloudEvent in the attributes of a pushed message. Every
    /// value arrives, and the attempt.
    Fallback,
    /// A message in JSON, as Pub/Sub pushes it: the same of it as in a CloudEvent.
    WrappedPush,
    /// The bytes of a message, its facts in headers: the id, source, time, data, media type and ordering key.
    UnwrappedPush,
    /// News of an object over Pub/Sub with the object's resource, in a wrapped push: all.
    Notification,
    /// The same without the resource: no size, tag, media type or data.
    NotificationWithoutPayload,
    /// A task: the queue's name, the id, attempt, data and media type.
    Tasks,
    /// A run of a job over HTTP: the job's name, its time, data and media type; the id and the time follow from these, and the id of
    /// a run without a name or a time is the execution's.
    Scheduler,
    /// A change of what a database holds, as a CloudEvent in binary mode: all but the attempt, in what the database can hold, as
    /// [`changes::cloud_event`](super::changes::cloud_event) says.
    Change(Source),
    /// A background event, as functions of the first generation were posted it. Of a topic's message: the id, source, time,
    /// attributes, data, and the media type as the attribute `content-type`. Of an object's change: all but the attempt and the
    /// attributes. Of a document's in Firestore: as [`Change`](Self::Change), without attributes. Of a custom event: those of
    /// Firebase Authentication, Analytics and Remote Config, without attributes.
    Legacy,
    /// The same of a change in a Realtime Database.
    LegacyRealtimeDatabase,
}

impl Form {
    /// Every form, in the order of the documentation.
    pub const ALL: [Self; 18] = [
        Self::Http,
        Self::Direct,
        Self::Eventarc,
        Self::Structured,
        Self::Fallback,
        Self::WrappedPush,
        Self::UnwrappedPush,
        Self::Notification,
        Self::NotificationWithoutPayload,
        Self::Tasks,
        Self::Scheduler,
        Self::Change(Source::ALL[0]),
        Self::Change(Source::ALL[1]),
        Self::Change(Source::ALL[2]),
        Self::Change(Source::ALL[3]),
        Self::Change(Source::ALL[4]),
        Self::Legacy,
        Self::LegacyRealtimeDatabase,
    ];

    /// Whether events of this kind come in it.
    pub fn carries(self, kind: Kind) -> bool {
        match self {
            Self::Http => kind == Kind::Http,
            Self::Direct => kind == Kind::Direct,
            Self::Eventarc | Self::Structured => matches!(kind, Kind::Topic | Kind::Object | Kind::Event),
            Self::Fallback => matches!(kind, Kind::Object | Kind::Event),
            Self::WrappedPush | Self::UnwrappedPush => kind == Kind::Topic,
            Self::Notification | Self::NotificationWithoutPayload => kind == Kind::Object,
            Self::Tasks => kind == Kind::Queue,
            Self::Scheduler => kind == Kind::Schedule,
            Self::Change(_) | Self::LegacyRealtimeDatabase => kind == Kind::Change,
            Self::Legacy => matches!(kind, Kind::Topic | Kind::Object | Kind::Change | Kind::Event),
        }
    }
}
