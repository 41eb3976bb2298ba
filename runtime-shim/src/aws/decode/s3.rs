use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use super::{
    leaf::Leaf,
    members::members,
    place::{owned, required, time},
};
use crate::{
    DecodeError, Event, Provider, Trigger,
    aws::{Receipt, decode::Decoded},
    event::{Action, Object},
};

members! {
    /// A notification of S3.
    ///
    /// Source: [Event message structure](https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
    struct Record<'a> {
        source: Leaf<'a> = b"eventSource" | b"EventSource",
        name: Leaf<'a> = b"eventName",
        time: Leaf<'a> = b"eventTime",
        response: Response<'a> = b"responseElements",
        s3: S3<'a> = b"s3",
    }
}

members! {
    /// What S3 answered to the request that changed the object.
    struct Response<'a> {
        request_id: Leaf<'a> = b"x-amz-request-id",
    }
}

members! {
    /// The place of a change.
    struct S3<'a> {
        bucket: Bucket<'a> = b"bucket",
        object: Content<'a> = b"object",
    }
}

members! {
    /// The bucket, in notifications and on the bus.
    struct Bucket<'a> {
        name: Leaf<'a> = b"name",
        arn: Leaf<'a> = b"arn",
    }
}

members! {
    /// The object, in notifications and on the bus, where two members have other names.
    struct Content<'a> {
        key: Leaf<'a> = b"key",
        size: Leaf<'a> = b"size",
        etag: Leaf<'a> = b"eTag" | b"etag",
        version: Leaf<'a> = b"versionId" | b"version-id",
        sequencer: Leaf<'a> = b"sequencer",
    }
}

pub(super) fn decode(bytes: &Bytes, records: &[Record<'_>], to: &mut Decoded) -> Result<(), DecodeError> {
    for (index, record) in records.iter().enumerate() {
        // Both stay the same when the notification comes again.
        let id = match (record.response.request_id.text(), record.s3.object.sequencer.text()) {
            (Some(request), Some(sequencer)) => [request, "-", sequencer].concat(),
            (request, sequencer) => request.or(sequencer).unwrap_or_default().to_owned(),
        };
        to.push(event(index, record, bytes)?.with_id(id), Receipt::default());
    }
    Ok(())
}

/// The event of a record, without an id.
pub(super) fn event(index: usize, record: &Record<'_>, raw: &Bytes) -> Result<Event, DecodeError> {
    let bucket = required(&record.s3.bucket.name, || format!("Records[{index}].s3.bucket.name"))?;
    let key = required(&record.s3.object.key, || format!("Records[{index}].s3.object.key"))?;
    let object = Object {
        action: action(record.name.text().unwrap_or_default()),
        ..of(&record.s3.object, bucket, plain(key).into_owned())
    };
    let mut event = Event::new(Provider::Aws, Trigger::Object(Box::new(object)))
        .with_shared_source(&Arc::from(record.s3.bucket.arn.text().unwrap_or_default()))
        .with_time(time(&record.time))
        .with_raw(raw.clone());
    if let Some(sequencer) = record.s3.object.sequencer.text() {
        event = event.with_attribute("sequencer", sequencer);
    }
    Ok(event)
}

/// The fields that notifications and the bus have in common.
pub(super) fn of(content: &Content<'_>, bucket: &str, key: String) -> Object {
    Object {
        action: Action::Updated,
        bucket: bucket.to_owned(),
        key,
        size: content.size.whole().and_then(|size| u64::try_from(size).ok()),
        etag: owned(&content.etag),
        version: owned(&content.version),
        content_type: None,
    }
}

/// A key as a form encodes it, decoded. An escape that is broken, or that makes no UTF-8, stays as it is.
fn plain(key: &str) -> Cow<'_, str> {
    // A search for bytes is quicker than one for characters.
    let has = |mark| key.as_bytes().contains(&mark);
    let spaced = if has(b'+') { Cow::Owned(key.replace('+', " ")) } else { Cow::Borrowed(key) };
    if !has(b'%') {
        return spaced;
    }
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(decoded) => Cow::Owned(decoded.into_owned()),
        Err(_) => spaced,
    }
}

fn action(name: &str) -> Action {
    let (family, rest) = name.strip_prefix("s3:").unwrap_or(name).split_once(':').unwrap_or((name, ""));
    match (family, rest) {
        ("ObjectCreated", _) => Action::Created,
        ("ObjectRemoved" | "LifecycleExpiration", _) => Action::Deleted,
        ("ObjectRestore", "Completed") => Action::Restored,
        ("IntelligentTiering" | "LifecycleTransition", _) | ("ObjectRestore", "Delete") => Action::Archived,
        _ => Action::Updated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_form_value() {
        for (key, want) in
            [("a+b%2Bc%C3%BC.txt", "a b+cü.txt"), ("100%", "100%"), ("100%zz", "100%zz"), ("%FF", "%FF"), ("a/b", "a/b")]
        {
            assert_eq!(plain(key), want, "{key}");
        }
    }

    #[test]
    fn each_notification_has_its_action() {
        for (name, want) in [
            ("ObjectCreated:Put", Action::Created),
            ("ObjectRemoved:DeleteMarkerCreated", Action::Deleted),
            ("LifecycleExpiration:Delete", Action::Deleted),
            ("ObjectRestore:Completed", Action::Restored),
            ("ObjectRestore:Delete", Action::Archived),
            ("ObjectRestore:Post", Action::Updated),
            ("IntelligentTiering", Action::Archived),
            ("LifecycleTransition", Action::Archived),
            ("ObjectTagging:Put", Action::Updated),
            ("ObjectAcl:Put", Action::Updated),
            ("", Action::Updated),
        ] {
            assert_eq!(action(name), want, "{name}");
        }
    }
}
