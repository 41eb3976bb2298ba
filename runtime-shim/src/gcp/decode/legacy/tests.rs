//! Every type of background event, both ways, and what is refused.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::LegacyEvent;
use crate::{DecodeError, Event, Outcome, Reply, event::Kind, function, gcp};

/// What the body of a request becomes for a function of custom events.
fn decode(body: &str) -> Result<Event, DecodeError> {
    let (parts, ()) = Request::post("/").header("content-type", "application/json").body(()).unwrap().into_parts();
    let binding = function::Binding::Resource { kind: Kind::Event, name: "*", filter: function::Filter::default() };
    let description = function::Description::new("f", binding);
    let functions = [function::Function::blocking(description, |_, _| Outcome::Done(Reply::Empty))];
    let events = gcp::decode_for(&parts, &Bytes::copy_from_slice(body.as_bytes()), function::Declared::of(&functions))?;
    Ok(events.into_iter().next().unwrap())
}

const TIME: &str = "2024-05-01T10:00:00.5Z";

fn body(event_type: &str, resource: &Value, data: &Value) -> Value {
    json!({"data": data, "eventId": "7", "eventType": event_type, "resource": resource, "timestamp": TIME,
        "domain": "europe-west1.firebasedatabase.app", "params": {}, "auth": {"admin": true}, "notSupported": {}})
}

/// A CloudEvent's type, source, subject and data; then the legacy type and resource that it becomes.
type Want<'a> = (&'a str, &'a str, Option<&'a str>, Value, &'a str, Value);

fn check(event_type: &str, resource: &Value, data: &Value, want: Want<'_>) {
    let (ty, source, subject, own, back_type, back_resource) = want;
    let body = body(event_type, resource, data);
    let event = decode(&body.to_string()).unwrap_or_else(|error| panic!("{event_type}: {error}"));
    assert_eq!((event.ty(), event.source(), event.subject()), (ty, source, subject), "{event_type}");
    assert_eq!((event.id(), event.time().unwrap().to_string().as_str()), ("7", TIME), "{event_type}");
    assert_eq!(event.datacontenttype(), Some("application/json"), "{event_type}");
    assert_eq!(serde_json::from_slice::<Value>(event.data().unwrap()).unwrap(), own, "{event_type}");
    let context = |ty: &str, resource: &Value| json!({"eventId": "7", "eventType": ty, "timestamp": TIME, "resource": resource});
    let seen = |event: &Event| serde_json::to_value(LegacyEvent::of(event).unwrap()).unwrap();
    assert_eq!(seen(&event), json!({"data": data, "context": context(event_type, resource)}), "{event_type}, as it came");
    // The same event, had it been delivered as a CloudEvent.
    let sent = event.clone().with_raw(event.data().unwrap().clone());
    assert_eq!(seen(&sent), json!({"data": data, "context": context(back_type, &back_resource)}), "{event_type}, converted");
}

#[test]
fn a_message() {
    let topic = "projects/p/topics/t";
    let full =
        json!({"service": "pubsub.googleapis.com", "name": topic, "type": "type.googleapis.com/google.pubsub.v1.PubsubMessage"});
    let data = json!({"@type": "type.googleapis.com/google.pubsub.v1.PubsubMessage", "attributes": {"a": "b"}, "data": "aGk="});
    let mut message = data.clone();
    message["messageId"] = json!("7");
    message["publishTime"] = json!(TIME);
    for (ty, resource) in
        [("google.pubsub.topic.publish", &full), ("providers/cloud.pubsub/eventTypes/topic.publish", &json!(topic))]
    {
        let want = (
            "google.cloud.pubsub.topic.v1.messagePublished",
            "//pubsub.googleapis.com/projects/p/topics/t",
            None,
            json!({"message": message}),
            "google.pubsub.topic.publish",
            full.clone(),
        );
        check(ty, resource, &data, want);
    }
}

#[test]
fn a_stored_object() {
    let name = "projects/_/buckets/b/objects/a b/#1.txt";
    let full = json!({"service": "storage.googleapis.com", "name": name, "type": "storage#object"});
    let data = json!({"kind": "storage#object", "name": "a b/#1.txt", "generation": "1588778055917163"});
    for (ty, resource, cloud, back) in [
        ("google.storage.object.finalize", full.clone(), "finalized", "google.storage.object.finalize"),
        ("google.storage.object.delete", json!(name), "deleted", "google.storage.object.delete"),
        ("google.storage.object.archive", json!({"name": name}), "archived", "google.storage.object.archive"),
        ("google.storage.object.metadataUpdate", full.clone(), "metadataUpdated", "google.storage.object.metadataUpdate"),
        (
            "providers/cloud.storage/eventTypes/object.change",
            json!(format!("{name}#1588778055917163")),
            "finalized",
            "google.storage.object.finalize",
        ),
    ] {
        let cloud = format!("google.cloud.storage.object.v1.{cloud}");
        let source = "//storage.googleapis.com/projects/_/buckets/b";
        check(ty, &resource, &data, (&cloud, source, Some("objects/a b/#1.txt"), data.clone(), back, full.clone()));
    }
}

#[test]
fn a_document() {
    let name = json!("projects/p/databases/second/documents/orders/7/lines/1");
    let data = json!({"oldValue": {}, "updateMask": {}, "value": {"fields": {"n": {"integerValue": "9007199254740993"}}}});
    for (ty, cloud) in [
        ("providers/cloud.firestore/eventTypes/document.create", "google.cloud.firestore.document.v1.created"),
        ("providers/cloud.firestore/eventTypes/document.update", "google.cloud.firestore.document.v1.updated"),
        ("providers/cloud.firestore/eventTypes/document.delete", "google.cloud.firestore.document.v1.deleted"),
        ("providers/cloud.firestore/eventTypes/document.write", "google.cloud.firestore.document.v1.written"),
    ] {
        let source = "//firestore.googleapis.com/projects/p/databases/second";
        check(ty, &name, &data, (cloud, source, Some("documents/orders/7/lines/1"), data.clone(), ty, name.clone()));
    }
}

#[test]
fn a_user() {
    let data = json!({"uid": "u", "metadata": {"createdAt": "2020-05-26T10:42:27Z", "lastSignedInAt": "2020-10-24T11:00:00Z"}});
    let own = json!({"uid": "u", "metadata": {"createTime": "2020-05-26T10:42:27Z", "lastSignInTime": "2020-10-24T11:00:00Z"}});
    for (ty, cloud) in [
        ("providers/firebase.auth/eventTypes/user.create", "google.firebase.auth.user.v1.created"),
        ("providers/firebase.auth/eventTypes/user.delete", "google.firebase.auth.user.v1.deleted"),
    ] {
        let (source, resource) = ("//firebaseauth.googleapis.com/projects/p", json!("projects/p"));
        check(ty, &resource, &data, (cloud, source, Some("users/u"), own.clone(), ty, resource.clone()));
        check(ty, &resource, &json!({}), (cloud, source, None, json!({}), ty, resource.clone()));
    }
}

#[test]
fn a_value_of_a_realtime_database() {
    let (name, data) = (json!("projects/_/instances/i/refs/a/b"), json!({"data": null, "delta": {"n": {"gone": null}}}));
    for (ty, cloud) in [
        ("providers/google.firebase.database/eventTypes/ref.create", "google.firebase.database.ref.v1.created"),
        ("providers/google.firebase.database/eventTypes/ref.update", "google.firebase.database.ref.v1.updated"),
        ("providers/google.firebase.database/eventTypes/ref.delete", "google.firebase.database.ref.v1.deleted"),
        ("providers/google.firebase.database/eventTypes/ref.write", "google.firebase.database.ref.v1.written"),
    ] {
        let source = "//firebasedatabase.googleapis.com/projects/_/locations/europe-west1/instances/i";
        check(ty, &name, &data, (cloud, source, Some("refs/a/b"), data.clone(), ty, name.clone()));
    }
    let ty = "providers/google.firebase.database/eventTypes/ref.write";
    let mut oldest = body(ty, &name, &data);
    oldest["domain"] = json!("firebaseio.com");
    let event = decode(&oldest.to_string()).unwrap();
    assert_eq!(event.source(), "//firebasedatabase.googleapis.com/projects/_/locations/us-central1/instances/i");
    for domain in [json!(null), json!(5), json!(""), json!(".app"), json!("a/b.app")] {
        oldest["domain"] = domain;
        assert_eq!(decode(&oldest.to_string()).unwrap_err().path(), "domain");
    }
}

#[test]
fn a_logged_event() {
    let (name, data) = (json!("projects/p/events/purchase"), json!({"userDim": {"appInfo": {"appId": "com.example.shop"}}}));
    let ty = "providers/google.firebase.analytics/eventTypes/event.log";
    let cloud = "google.firebase.analytics.log.v1.written";
    let source = "//firebaseanalytics.googleapis.com/projects/p/apps/com.example.shop";
    check(ty, &name, &data, (cloud, source, Some("events/purchase"), data.clone(), ty, name.clone()));
    for data in [json!({}), json!({"userDim": {"appInfo": {"appId": 5}}}), json!(null)] {
        assert_eq!(decode(&body(ty, &name, &data).to_string()).unwrap_err().path(), "data.userDim.appInfo.appId");
    }
}

#[test]
fn a_remote_configuration() {
    let (name, data) = (json!("projects/p"), json!({"versionNumber": "3"}));
    for ty in ["google.firebase.remoteconfig.update", "providers/firebase.remoteConfig/remoteconfig.update"] {
        let cloud = "google.firebase.remoteconfig.remoteConfig.v1.updated";
        let source = "//firebaseremoteconfig.googleapis.com/projects/p";
        check(ty, &name, &data, (cloud, source, None, data.clone(), "google.firebase.remoteconfig.update", name.clone()));
    }
}

#[test]
fn facts_stand_in_the_context_or_at_the_root() {
    let nested = json!({"context": {"eventId": "7", "eventType": "google.firebase.remoteconfig.update", "resource": "projects/p"},
        "eventId": "8", "timestamp": TIME, "data": null});
    let event = decode(&nested.to_string()).unwrap();
    assert_eq!((event.id(), event.time().map(|time| time.to_string()).as_deref()), ("7", Some(TIME)));
    assert_eq!(event.data().unwrap(), "null");
}

#[test]
fn what_is_missing_or_wrong_is_named_where_it_should_stand() {
    let body = |context: Value| json!({"data": {}, "context": context}).to_string();
    let ty = "google.storage.object.finalize";
    for (context, path) in [
        (json!({"eventType": ty, "resource": "projects/_/buckets/b/objects/n"}), "context.eventId"),
        (json!({"eventType": ty, "eventId": 7, "resource": "projects/_/buckets/b/objects/n"}), "context.eventId"),
        (json!({"eventType": ty, "eventId": "7"}), "context.resource"),
        (json!({"eventType": ty, "eventId": "7", "resource": {}}), "context.resource"),
        (json!({"eventType": ty, "eventId": "7", "resource": 5}), "context.resource"),
        (json!({"eventType": ty, "eventId": "7", "resource": "projects/_/buckets/b"}), "context.resource"),
        (json!({"eventType": ty, "eventId": "7", "resource": "a/b/c/d/objects/n", "timestamp": "soon"}), "context.timestamp"),
        (json!({"eventType": "google.storage.object.moved"}), "context.eventType"),
    ] {
        assert_eq!(decode(&body(context.clone())).unwrap_err().path(), path, "{context}");
    }
    let long = json!({"data": {}, "eventType": "x".repeat(5000)});
    assert!(decode(&long.to_string()).unwrap_err().to_string().len() < 200);
}

#[test]
fn what_is_no_background_event_is_a_request() {
    for body in [
        r#"{"eventType":"google.storage.object.finalize","eventId":"7"}"#,
        r#"{"data":{},"eventId":"7"}"#,
        r#"{"data":{},"eventType":5}"#,
        r#"{"data":{},"context":"eventType"}"#,
        r#"[null,"s",1,{},null,"google.storage.object.finalize"]"#,
        r#"{"data":{},"eventType":"a","eventType":"b"}"#,
        "null",
        "",
    ] {
        assert!(decode(body).unwrap().http().is_some(), "{body}");
    }
    let whole = body("providers/firebase.auth/eventTypes/user.create", &json!("projects/p"), &json!({"uid": "é"})).to_string();
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        assert!(decode(&whole[..end]).unwrap().http().is_some(), "{end}");
    }
}

#[test]
fn a_cloud_event_is_not_taken_for_what_its_data_looks_like() {
    let data = body("google.firebase.remoteconfig.update", &json!("projects/p"), &json!({"uid": "u"})).to_string();
    let event = Event::new(crate::Provider::Gcp, crate::Trigger::Event)
        .with_id("7")
        .with_source("//firebaseauth.googleapis.com/projects/p")
        .with_type("google.firebase.auth.user.v1.created")
        .with_data(data.clone(), Some("application/json"))
        .with_raw(data);
    assert_eq!(LegacyEvent::of(&event).unwrap().context.event_type, "providers/firebase.auth/eventTypes/user.create");
}

#[test]
fn a_cloud_event_without_a_legacy_form_is_refused_by_what_it_lacks() {
    let event = |ty: &str, source: &str, data: &'static str| {
        Event::new(crate::Provider::Gcp, crate::Trigger::Event)
            .with_id("7")
            .with_type(ty)
            .with_source(source)
            .with_data(data, None)
    };
    let finalized = "google.cloud.storage.object.v1.finalized";
    let published = "google.cloud.pubsub.topic.v1.messagePublished";
    for (event, path) in [
        (event("shop.paid", "//s/p", "{}"), "type"),
        (event(finalized, "/photos", "{}").with_subject("objects/n"), "source"),
        (event(finalized, "//storage.googleapis.com/projects/_/buckets/b", "{}"), "subject"),
        (event(finalized, "//storage.googleapis.com/projects/_/buckets/b", "\u{1}").with_subject("objects/n"), "data"),
        (event(published, "//pubsub.googleapis.com/projects/p/topics/t", "{}"), "data.message"),
        (event(published, "//pubsub.googleapis.com/projects/p/topics/t", ""), "data"),
    ] {
        assert_eq!(LegacyEvent::of(&event).unwrap_err().path(), path, "{event:?}");
    }
}
