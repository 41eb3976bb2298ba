use serde_json::json;

use super::{invoke, poison};
use crate::{
    DecodeError, Event, Trigger,
    azure::Declaration,
    local::{Delays, Process, Tally, source::Queue},
};

/// A container of blobs that a function is bound to.
///
/// A blob whose invocation fails is tried five times in all; then a message that names it lies in the queue
/// `webjobs-blobtrigger-poison`. Eight blobs are out at once.
///
/// Source: [blob trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#poison-blobs).
#[derive(Clone, Debug)]
pub struct Blob<'a> {
    function: &'a Declaration,
    queue: Queue,
}

impl<'a> Blob<'a> {
    /// The container of this function, as it is without further configuration.
    pub fn new(function: &'a Declaration) -> Self {
        let queue = Queue { at_once: 8, batch: 1, most: Some(5), kept: None, delays: Delays::NONE, group: |_| None };
        Self { function, queue }
    }

    /// Sets how often a blob is tried (`extensions.blobs.poisonBlobThreshold`).
    #[must_use]
    pub fn with_poison_threshold(mut self, attempts: u32) -> Self {
        self.queue.most = Some(attempts.max(1));
        self
    }

    /// Delivers these blobs until each is done or given up; the dead ones are the messages of the poison queue.
    ///
    /// # Errors
    /// An event that is not of a blob.
    pub async fn run(&self, process: &dyn Process, events: impl IntoIterator<Item = Event>) -> Result<Tally, DecodeError> {
        let mut tally = self.queue.run(events, |parcel| invoke(process, self.function, None, parcel)).await?;
        for dead in &mut tally.dead {
            let Trigger::Object(object) = dead.trigger() else { continue };
            let message = json!({
                "Type": "BlobTrigger", "FunctionId": format!("Host.Functions.{}", self.function.name()), "BlobType": "BlockBlob",
                "ContainerName": object.bucket, "BlobName": object.key, "ETag": object.etag,
            });
            *dead = poison("webjobs-blobtrigger-poison".to_owned(), dead, message.to_string());
        }
        Ok(tally)
    }
}
