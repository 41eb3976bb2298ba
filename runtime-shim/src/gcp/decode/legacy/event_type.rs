/// A product whose events came in this form, each with rules of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    /// Pub/Sub.
    PubSub,
    /// Cloud Storage.
    Storage,
    /// Firestore.
    Firestore,
    /// Firebase Authentication.
    Auth,
    /// Firebase Realtime Database.
    Database,
    /// Google Analytics for Firebase.
    Analytics,
    /// Firebase Remote Config.
    RemoteConfig,
}

impl Product {
    /// The service that the events come from, where they do not say.
    pub(super) fn service(self) -> &'static str {
        match self {
            Self::PubSub => "pubsub.googleapis.com",
            Self::Storage => "storage.googleapis.com",
            Self::Firestore => "firestore.googleapis.com",
            Self::Auth => "firebaseauth.googleapis.com",
            Self::Database => "firebasedatabase.googleapis.com",
            Self::Analytics => "firebaseanalytics.googleapis.com",
            Self::RemoteConfig => "firebaseremoteconfig.googleapis.com",
        }
    }
}

/// One event type in its two spellings.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventType {
    pub(super) legacy: &'static str,
    pub(super) cloud_event: &'static str,
    pub(super) product: Product,
}

impl EventType {
    /// The row of a legacy event type.
    pub(super) fn of_legacy(legacy: &str) -> Option<&'static Self> {
        TABLE.iter().find(|row| row.legacy == legacy)
    }

    /// The row of a CloudEvent's type: where two legacy types share it, the newer one.
    pub(super) fn of_cloud_event(cloud_event: &str) -> Option<&'static Self> {
        TABLE.iter().find(|row| row.cloud_event == cloud_event)
    }
}

const fn row(legacy: &'static str, cloud_event: &'static str, product: Product) -> EventType {
    EventType { legacy, cloud_event, product }
}

/// Every event type there was; of two that mean the same the newer one comes first.
#[rustfmt::skip]
const TABLE: [EventType; 20] = [
    row("google.pubsub.topic.publish", "google.cloud.pubsub.topic.v1.messagePublished", Product::PubSub),
    row("providers/cloud.pubsub/eventTypes/topic.publish", "google.cloud.pubsub.topic.v1.messagePublished", Product::PubSub),
    row("google.storage.object.finalize", "google.cloud.storage.object.v1.finalized", Product::Storage),
    row("google.storage.object.delete", "google.cloud.storage.object.v1.deleted", Product::Storage),
    row("google.storage.object.archive", "google.cloud.storage.object.v1.archived", Product::Storage),
    row("google.storage.object.metadataUpdate", "google.cloud.storage.object.v1.metadataUpdated", Product::Storage),
    row("providers/cloud.storage/eventTypes/object.change", "google.cloud.storage.object.v1.finalized", Product::Storage),
    row("providers/cloud.firestore/eventTypes/document.create", "google.cloud.firestore.document.v1.created", Product::Firestore),
    row("providers/cloud.firestore/eventTypes/document.update", "google.cloud.firestore.document.v1.updated", Product::Firestore),
    row("providers/cloud.firestore/eventTypes/document.delete", "google.cloud.firestore.document.v1.deleted", Product::Firestore),
    row("providers/cloud.firestore/eventTypes/document.write", "google.cloud.firestore.document.v1.written", Product::Firestore),
    row("providers/firebase.auth/eventTypes/user.create", "google.firebase.auth.user.v1.created", Product::Auth),
    row("providers/firebase.auth/eventTypes/user.delete", "google.firebase.auth.user.v1.deleted", Product::Auth),
    row("providers/google.firebase.database/eventTypes/ref.create", "google.firebase.database.ref.v1.created", Product::Database),
    row("providers/google.firebase.database/eventTypes/ref.update", "google.firebase.database.ref.v1.updated", Product::Database),
    row("providers/google.firebase.database/eventTypes/ref.delete", "google.firebase.database.ref.v1.deleted", Product::Database),
    row("providers/google.firebase.database/eventTypes/ref.write", "google.firebase.database.ref.v1.written", Product::Database),
    row("providers/google.firebase.analytics/eventTypes/event.log", "google.firebase.analytics.log.v1.written", Product::Analytics),
    row("google.firebase.remoteconfig.update", "google.firebase.remoteconfig.remoteConfig.v1.updated", Product::RemoteConfig),
    row("providers/firebase.remoteConfig/remoteconfig.update", "google.firebase.remoteconfig.remoteConfig.v1.updated", Product::RemoteConfig),
];
