//! Changes in Google's databases: documents of Firestore, entities of Datastore, and what stands at a path in a Realtime
//! Database.

mod as_object;
mod documents;
mod json;
mod key;
mod kind;
mod names;
mod path;
mod place;
mod product;
mod protobuf;
mod realtime_database;
mod source;
mod timestamp;
mod writer;

use bytes::Bytes;

use self::{documents::Documents, place::Place};
pub(super) use self::{product::Product, source::Source};
use crate::{
    DecodeError, Event, Provider, Trigger,
    cloudevents::CloudEvent,
    event::{Action, Change, is_json},
};

/// The change that a CloudEvent of this source tells of, of which its type may have said what was done.
///
/// A document that is too large comes without data: the change is then one without documents, and where its type leaves open what
/// was done, an update, since whoever mirrors the data must not delete what is still there.
///
/// # Errors
/// Data that is not what the source sends, or no name of what was changed.
pub(super) fn changed(event: CloudEvent, source: Source, action: Option<Action>, raw: &Bytes) -> Result<Event, DecodeError> {
    let data = event.data.as_deref().unwrap_or_default();
    let documents = match source {
        _ if data.is_empty() => Documents::default(),
        Source::RealtimeDatabase => realtime_database::read(data)?,
        // Protobuf is what is sent unless the trigger asks for JSON.
        Source::Documents(product) if event.datacontenttype.as_deref().is_some_and(is_json) => json::read(data, product)?,
        Source::Documents(product) => protobuf::read(data, product)?,
    };
    let place = match documents.place {
        Some(place) => place,
        None => place(&event, source)?,
    };
    let change = Change {
        action: action.unwrap_or(match (&documents.before, &documents.after) {
            (None, None) if data.is_empty() => Action::Updated,
            (_, None) => Action::Deleted,
            (None, Some(_)) => Action::Created,
            (Some(_), Some(_)) => Action::Updated,
        }),
        collection: place.collection,
        key: place.key,
        before: documents.before,
        after: documents.after,
    };
    let trigger = Trigger::Change(Box::new(change));
    // What was changed stands in the trigger, as on every provider; the data as it came is in the delivery.
    let event = CloudEvent { data: None, datacontenttype: None, ..event };
    let mut changed = event.into_event(Provider::Gcp, raw).with_type(trigger.event_type());
    *changed.trigger_mut() = trigger;
    Ok(changed)
}

/// Where the subject says that the document stands, or else the extension that says it again.
fn place(event: &CloudEvent, source: Source) -> Result<Place, DecodeError> {
    let (prefix, extension) = match source {
        Source::Documents(Product::Firestore) => ("documents/", "document"),
        Source::Documents(Product::Datastore) => ("documents/", "entity"),
        Source::RealtimeDatabase => ("refs/", "ref"),
    };
    let subject = event.subject.as_deref().and_then(|subject| subject.strip_prefix(prefix));
    let path = subject
        .or_else(|| event.extension(extension))
        .ok_or_else(|| DecodeError::at("subject", format!("expected `{prefix}` and a path")))?;
    Ok(match source {
        Source::Documents(product) => Place::named(path, product),
        Source::RealtimeDatabase => Place::of(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gcp::decode::by_type;

    const NAMED: &str = r#"{"value":{"name":"projects/p/databases/d/documents/c/k","fields":{}}}"#;

    fn event(ty: &str, subject: Option<&str>, data: &[u8], media_type: Option<&str>) -> CloudEvent {
        CloudEvent {
            id: "1".into(),
            source: "//s".into(),
            ty: ty.into(),
            subject: subject.map(str::to_owned),
            datacontenttype: media_type.map(str::to_owned),
            data: Some(Bytes::copy_from_slice(data)).filter(|data| !data.is_empty()),
            ..CloudEvent::default()
        }
    }

    fn change(event: CloudEvent) -> Result<Change, DecodeError> {
        by_type::decode(event, &"raw".into()).map(|event| {
            assert_eq!((event.data(), event.datacontenttype(), &event.raw()[..]), (None, None, &b"raw"[..]));
            match event.trigger() {
                Trigger::Change(change) => (**change).clone(),
                other => panic!("{other:?}"),
            }
        })
    }

    #[test]
    fn what_was_done_is_in_the_type_or_follows_from_the_documents() {
        let written = |data: &str| {
            let ty = "google.cloud.firestore.document.v1.written";
            change(event(ty, Some("documents/c/k"), data.as_bytes(), Some("application/json"))).unwrap().action
        };
        let document = r#"{"fields":{}}"#;
        for (value, old_value, action) in [
            (document, document, Action::Updated),
            (document, "{}", Action::Created),
            ("{}", document, Action::Deleted),
            ("{}", "{}", Action::Deleted),
        ] {
            assert_eq!(written(&format!(r#"{{"value":{value},"oldValue":{old_value}}}"#)), action);
        }
        assert_eq!(written(""), Action::Updated);
        for (what, action) in [("created", Action::Created), ("updated", Action::Updated), ("deleted", Action::Deleted)] {
            for suffix in ["", ".withAuthContext"] {
                let ty = format!("google.firebase.database.ref.v1.{what}{suffix}");
                let change = change(event(&ty, Some("refs/a/b"), b"{\"data\":1,\"delta\":2}", None)).unwrap();
                assert_eq!((change.action, change.before.as_deref(), change.after.as_deref()), (action, Some("1"), Some("2")));
            }
        }
    }

    #[test]
    fn the_place_is_the_documents_own_or_else_the_subjects() {
        let firestore = "google.cloud.firestore.document.v1.created";
        let place = |ty: &str, subject, data: &str| {
            change(event(ty, subject, data.as_bytes(), Some("application/json"))).map(|change| (change.collection, change.key))
        };
        let some = |collection: &str, key: &str| (Some(collection.to_owned()), Some(key.to_owned()));
        assert_eq!(place(firestore, Some("documents/x%20y/z"), NAMED).unwrap(), some("c", "\"k\""));
        assert_eq!(place(firestore, Some("documents/a/b/c/d "), "{}").unwrap(), some("a/b/c", "\"d \""));
        let datastore = "google.cloud.datastore.entity.v1.created";
        assert_eq!(place(datastore, Some("documents/K/__id7__"), "").unwrap(), some("K", "\"7\""));
        assert_eq!(
            place("google.firebase.database.ref.v1.created", Some("refs/a"), "{}").unwrap(),
            (None, Some("\"a\"".to_owned()))
        );
        for subject in [None, Some("a/b")] {
            assert_eq!(place(firestore, subject, "{}").unwrap_err().path(), "subject");
        }
        let mut without = event(firestore, None, b"", None);
        without.extensions.push(("document".into(), "a/b".into()));
        assert_eq!(change(without).unwrap().collection.as_deref(), Some("a"));
    }

    #[test]
    fn the_content_type_says_which_form_and_the_type_which_message() {
        let firestore = "google.cloud.firestore.document.v1.created";
        let protobuf = b"\x0a\x08\x0a\x06\x0a\x01a\x12\x01x";
        let decode = |ty, data: &[u8], media_type| change(event(ty, Some("documents/c/k"), data, media_type));
        assert!(decode(firestore, NAMED.as_bytes(), Some("Application/JSON; charset=utf-8")).is_ok());
        for (media_type, data) in
            [(None, NAMED.as_bytes()), (Some("application/protobuf"), NAMED.as_bytes()), (Some("application/json"), protobuf)]
        {
            assert!(decode(firestore, data, media_type).is_err(), "{media_type:?}");
        }
        let other = event("google.cloud.firestore.document.v1.moved", None, b"\x0f", Some("application/protobuf"));
        assert_eq!(by_type::decode(other, &Bytes::new()).unwrap().trigger(), &Trigger::Event);
    }
}
