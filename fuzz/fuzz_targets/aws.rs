//! A delivery of Lambda, and the reply to what became of its events.
#![no_main]

use bytes::Bytes;
use http::Response;
use libfuzzer_sys::fuzz_target;
use polyfn_fuzz::check;
use polyfn_shim::{
    Failure, Outcome, Reply,
    aws::{Decoded, Frame, Shape, decode, encode},
};
use serde_json::Value;

fuzz_target!(|raw: &[u8]| {
    let delivery = Bytes::copy_from_slice(raw);
    let frame = Frame::new("8476a536-0000-4000-8000-000000000000");
    let decoded = decode(&delivery, &frame).map_err(|error| error.to_string());
    assert_eq!(decoded, decode(&delivery, &frame).map_err(|error| error.to_string()), "not the same a second time");
    match decoded {
        Ok(decoded) => {
            check(decoded.events(), &delivery);
            assert_eq!(decoded.receipts().len(), decoded.events().len());
            assert!(!decoded.events().is_empty() || decoded.tests() > 0 || Shape::EVENTS.contains(&decoded.shape()));
            match decoded.shape() {
                Shape::Direct => assert_eq!(decoded.events()[0].data(), Some(&delivery)),
                shape if shape.is_http() => http(&decoded),
                _ => (0..3).for_each(|nth| events(&decoded, nth)),
            }
        }
        // A refusal is said in the form of whoever waits, and is JSON whatever the error quotes.
        Err(_) => (),
    }
});

/// The reply to a request: its own body sent back, with what it said of itself as a header.
fn http(decoded: &Decoded) {
    let [event] = decoded.events() else { panic!("a request is one event") };
    let mut response = Response::builder();
    if let Some(content_type) = event.datacontenttype() {
        response = response.header("content-type", content_type);
    }
    let (parts, ()) = response.body(()).expect("what was a header is one").into_parts();
    let body = event.data().cloned().unwrap_or_default();
    let reply: Value = serde_json::from_slice(&encode::http(decoded.shape(), &parts, &body)).expect("a reply is JSON");
    assert_eq!(reply["statusCode"], 200);
}

/// The reply to events of which every third failed, from the `nth` on.
fn events(decoded: &Decoded, nth: usize) {
    let outcome = |index: usize| match index % 3 == nth {
        true => Outcome::Retry(Failure::new("Busy", "later")),
        false => Outcome::Done(Reply::Empty),
    };
    let outcomes: Vec<_> = (0..decoded.events().len()).map(outcome).collect();
    let failed = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Retry(_))).count();
    let Ok(reply) = encode::events(decoded.shape(), decoded.receipts(), &outcomes) else {
        assert!(failed > 0, "an invocation that fails without a failure");
        return;
    };
    let reply: Value = serde_json::from_slice(&reply).expect("a reply is JSON");
    let Some(failures) = reply["batchItemFailures"].as_array() else {
        assert_eq!((reply, failed), (Value::Null, 0), "a failure that is told nobody");
        return;
    };
    assert_eq!(failures.is_empty(), failed == 0, "a failure that is told nobody");
    for failure in failures {
        let id = failure["itemIdentifier"].as_str().expect("an identifier");
        assert!(!id.is_empty() && decoded.receipts().iter().any(|receipt| receipt.id() == Some(id)), "a made-up identifier");
    }
}
