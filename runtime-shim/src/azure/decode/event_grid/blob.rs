//! A storage account's news of a blob.
//!
//! Source: [Azure Blob Storage as an Event Grid source](https://learn.microsoft.com/azure/event-grid/event-schema-blob-storage).

use super::{Parts, text};
use crate::{
    DecodeError,
    azure::decode::{blob_name, fact::Fact, members::Members},
    event::{Action, Object},
};

/// The object that the event is about, if it is about one.
pub(super) fn object(parts: &Parts<'_>) -> Result<Option<Object>, DecodeError> {
    let action = match parts.ty.as_str() {
        "Microsoft.Storage.BlobCreated" => Action::Created,
        "Microsoft.Storage.BlobDeleted" => Action::Deleted,
        _ => return Ok(None),
    };
    let data = parts.json.and_then(Members::read).unwrap_or_default();
    let named = parts.subject.as_deref().and_then(by_subject);
    let named = named.or_else(|| text(&data, "url").and_then(|url| blob_name::split(&url, None)));
    let (bucket, key) = named.ok_or_else(|| {
        DecodeError::at("subject", "names no blob (`/blobServices/default/containers/<container>/blobs/<name>`)")
    })?;
    let size = data.get("contentLength").and_then(|size| Fact::plain(size).count());
    Ok(Some(Object {
        action,
        bucket,
        key,
        size: size.filter(|_| action != Action::Deleted),
        etag: text(&data, "eTag"),
        version: None,
        content_type: text(&data, "contentType"),
    }))
}

/// Container and name; the name can hold `/blobs/` too.
fn by_subject(subject: &str) -> Option<(String, String)> {
    let rest = subject.strip_prefix("/blobServices/default/containers/")?;
    let (container, name) = rest.split_once("/blobs/")?;
    Some((container.to_owned(), name.to_owned())).filter(|(container, name)| !container.is_empty() && !name.is_empty())
}
