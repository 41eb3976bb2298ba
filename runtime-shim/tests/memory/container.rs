//! Requests of a sender of CloudEvents.

use bytes::Bytes;
use http::Request;
use polyfn_shim::{Event, container, event::Kind, function::Order};

use super::{SIZE, alone, binding, handle, items, repeated};

fn decode(media_type: &'static str) -> impl Fn(&Bytes) -> Vec<Event> {
    let request = Request::post("/").header("content-type", media_type).body(()).unwrap();
    let (parts, ()) = request.into_parts();
    move |delivery| container::decode(&parts, delivery).unwrap()
}

#[test]
fn a_batch_of_cloud_events() {
    let _alone = alone();
    for (count, ty, data) in [
        (6, "polyfn.queue.message", r#"{"text":"?"}"#),
        (25, "polyfn.queue.message", r#"{"text":"?"}"#),
        (2_000, "polyfn.queue.message", r#"{"text":"?"}"#),
    ] {
        let event = |n: usize, filler: &str| {
            let data = data.replace('?', filler);
            format!(
                r#"{{"specversion":"1.0","id":"059f36b4-87a3-44ab-83d2-{n:012}","source":"/shop/orders","type":"{ty}","time":"2026-11-26T09:00:00Z","queue":"orders","datacontenttype":"application/json","data":{data}}}"#
            )
        };
        let delivery = || format!("[{}]", items(count, 100, event));
        handle(&binding(Kind::Queue, "orders"), Order::None, delivery, decode("application/cloudevents-batch+json"));
    }
}

#[test]
fn a_change_in_a_batch() {
    let _alone = alone();
    for count in [3, 2_000] {
        let event = |n: usize, filler: &str| {
            let half = filler.get(..filler.len() / 2).unwrap();
            format!(
                r#"{{"specversion":"1.0","id":"{n}","source":"/shop","type":"polyfn.change.updated","collection":"orders","data":{{"key":"o-{n}","before":{{"text":"{half}"}},"after":{{"text":"{half}"}}}}}}"#
            )
        };
        let delivery = || format!("[{}]", items(count, 100, event));
        handle(&binding(Kind::Change, "orders"), Order::Groups, delivery, decode("application/cloudevents-batch+json"));
    }
}

#[test]
fn a_cloud_event_of_text() {
    let _alone = alone();
    for piece in ["some words ", r#"\""#, r"\u00e9", r#"{\"sku\":\"s-000001\"}\n"#] {
        let event = || {
            let text = repeated(piece, SIZE - 400);
            format!(
                r#"{{"specversion":"1.0","id":"1","source":"/shop","type":"polyfn.queue.message","queue":"orders","datacontenttype":"text/plain","data":"{text}\n"}}"#
            )
        };
        handle(&binding(Kind::Queue, "orders"), Order::None, event, decode("application/cloudevents+json"));
    }
}

#[test]
fn a_cloud_event_of_bytes() {
    let _alone = alone();
    let event = || {
        let data = "QUJD".repeat(SIZE / 4 - 100);
        format!(
            r#"{{"specversion":"1.0","id":"1","source":"/shop","type":"polyfn.queue.message","queue":"orders","data_base64":"{data}"}}"#
        )
    };
    handle(&binding(Kind::Queue, "orders"), Order::None, event, decode("application/cloudevents+json"));
}
