//! `blobTrigger`: a blob with its whole content.
//!
//! Source: [Azure Blob storage trigger](https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-blob-trigger#metadata).

use super::{
    blob_name,
    delivery::{Delivery, attributed},
    facts::Facts,
    value::bytes,
};
use crate::{
    DecodeError, Event, Trigger,
    event::{Action, Object},
};

pub(super) fn decode(delivery: &Delivery<'_>) -> Result<Vec<Event>, DecodeError> {
    // Base64 whatever the dataType says.
    let data = bytes(delivery.value).ok_or_else(|| delivery.error("expected base64 in a string (blobTrigger)"))?.into_bytes();
    let facts = Facts::of_one(&delivery.metadata, None);
    let at = |reason: String| DecodeError::at("Metadata.Uri", reason);
    let uri = facts.shared("Uri").and_then(|uri| uri.string()).ok_or_else(|| at("missing, or not a text".to_owned()))?;
    let path = delivery.binding().path.as_deref().unwrap_or_default();
    let declared = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let declared = Some(declared).filter(|container| !container.is_empty() && !container.contains(['{', '%']));
    let (bucket, key) =
        blob_name::split(&uri, declared).ok_or_else(|| at(format!("not the address of a blob in the declared path `{path}`")))?;
    let source = source(&uri, &bucket);
    let properties = facts.shared("Properties");
    let property = |name: &str| properties.as_ref().and_then(|properties| properties.member(name));
    let size = property("ContentLength").or_else(|| property("Length")).and_then(|size| size.count());
    let content_type = property("ContentType").and_then(|ty| ty.string());
    let object = Object {
        action: Action::Created,
        bucket,
        key,
        size: size.or_else(|| u64::try_from(data.len()).ok()),
        // Newer extensions write an object without members here.
        etag: property("ETag").and_then(|etag| etag.string()),
        version: property("VersionId").and_then(|version| version.string()),
        content_type: content_type.clone(),
    };
    let event = delivery
        .event(Trigger::Object(Box::new(object)), 0, None)
        .with_source(source)
        .with_attempt(facts.attempt())
        .with_time(property("LastModified").and_then(|time| time.time()))
        .with_data(data, content_type.as_deref());
    Ok(vec![attributed(event, facts.shared("Metadata").and_then(|metadata| metadata.attributes()).unwrap_or_default())])
}

/// The address of the container.
fn source(uri: &str, bucket: &str) -> String {
    let end = uri.find(&format!("/{bucket}/")).map(|at| at + bucket.len() + 1);
    end.and_then(|end| uri.get(..end)).unwrap_or_default().to_owned()
}
