use std::fmt::Write;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Response, header};
use polyfn_shim::{
    Event, Trigger,
    local::{Delivered, Ended},
};

/// What differs between two deliveries of one event, a line each; `None` if they agree.
///
/// What a provider decides itself is not compared: ids, times, its name of the resource, the headers of its front end. What a
/// provider has no place for is not either, such as the attributes of a message: a test of these asks for one provider.
pub(super) fn disagreement(here: &Delivered, there: &Delivered) -> Option<String> {
    let (mine, theirs) = (facts(here, here), facts(there, here));
    let mut text = String::new();
    for (name, mine) in &mine {
        let theirs = theirs.iter().find(|(other, _)| other == name).map_or("nothing", |(_, value)| value);
        if mine != theirs {
            let _ = writeln!(text, "  {name}\n    {}: {mine}\n    {}: {theirs}", here.form, there.form);
        }
    }
    for (name, theirs) in theirs.iter().filter(|(name, _)| !mine.iter().any(|(other, _)| other == name)) {
        let _ = writeln!(text, "  {name}\n    {}: nothing\n    {}: {theirs}", here.form, there.form);
    }
    (!text.is_empty()).then_some(text)
}

/// What everybody must agree on, by name; of the headers of a request those that the caller has sent, as they are in `sent`.
fn facts(delivered: &Delivered, sent: &Delivered) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    for (index, call) in delivered.calls.iter().enumerate() {
        let mut add = |name: &str, value: String| facts.push((format!("calls[{index}].{name}"), value));
        add("function", call.function.to_owned());
        add("ended", call.ended.as_str().to_owned());
        if let Ended::Retry(failure) | Ended::Drop(failure) = &call.ended {
            add("failure", failure.to_string());
        }
        seen(&call.event, &mut add);
        let caller = sent.calls.get(index).and_then(|call| call.event.http());
        if let (Some(http), Some(caller)) = (call.event.http(), caller) {
            requested(&http.headers.to_map(), &caller.headers.to_map(), &mut add);
        }
    }
    match &delivered.response {
        // What no function was called for, the front end may answer in its own words.
        Some(response) if delivered.calls.is_empty() => {
            facts.push(("response.status".to_owned(), format!("{}xx", response.status().as_u16() / 100)));
        }
        // What a caller of Lambda gets of a direct call has no headers.
        Some(response) if delivered.calls.iter().any(|call| matches!(call.event.trigger(), Trigger::Direct)) => {
            facts.push(("response.status".to_owned(), response.status().to_string()));
            facts.push(("response.body".to_owned(), bytes(response.body())));
        }
        Some(response) => answered(response, &mut facts),
        None => facts.push(("settled".to_owned(), format!("{:?}", delivered.settled))),
    }
    facts
}

/// What the function can see of an event on every provider.
fn seen(event: &Event, add: &mut impl FnMut(&str, String)) {
    // A feed of Cosmos DB tells neither what is new nor what was before.
    if !matches!(event.trigger(), Trigger::Change(_)) {
        add("event.type", event.ty().to_owned());
    }
    if !matches!(event.trigger(), Trigger::Change(_) | Trigger::Object(_)) {
        add("event.data", bytes(event.data().unwrap_or(&Bytes::new())));
    }
    match event.trigger() {
        Trigger::Http(http) => {
            add("event.http.method", http.method.to_string());
            add("event.http.path", http.path.clone());
            add("event.http.query", http.query.clone().unwrap_or_default());
            add("event.http.params", format!("{:?}", http.params));
        }
        Trigger::Queue(queue) => add("event.queue.name", queue.name.clone().unwrap_or_default()),
        Trigger::Topic(topic) => add("event.topic.name", topic.name.clone().unwrap_or_default()),
        Trigger::Stream(stream) => add("event.stream.name", stream.name.clone().unwrap_or_default()),
        Trigger::Object(object) => {
            add("event.object.action", object.action.as_str().to_owned());
            add("event.object.bucket", object.bucket.clone());
            add("event.object.key", object.key.clone());
        }
        Trigger::Change(change) => {
            add("event.change.collection", change.collection.clone().unwrap_or_default());
            add("event.change.after", members(change.after.as_deref()));
        }
        Trigger::Event => add("event.source", event.source().to_owned()),
        Trigger::Schedule(_) | Trigger::Direct => {}
    }
}

/// A document with its members by name, as no database keeps their order.
fn members(json: Option<&str>) -> String {
    let json = json.unwrap_or_default();
    serde_json::from_str::<serde_json::Value>(json).map_or_else(|_| json.to_owned(), |value| value.to_string())
}

/// The headers of a request that its caller has sent; front ends join the values of one name, each in its way.
fn requested(headers: &HeaderMap, sent: &HeaderMap, add: &mut impl FnMut(&str, String)) {
    for name in sent.keys().filter(|name| !OF_THE_WAY.contains(name)) {
        let between = if name == header::COOKIE { ';' } else { ',' };
        let values = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        let parts: Vec<_> =
            values.flat_map(|value| value.split(between).map(|part| part.trim().to_owned()).collect::<Vec<_>>()).collect();
        add(&format!("event.http.headers.{name}"), parts.join(&format!("{between} ")));
    }
}

/// What front ends and connections add, or write in their own way.
const OF_THE_WAY: [HeaderName; 10] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::DATE,
    header::TRANSFER_ENCODING,
    header::USER_AGENT,
    header::FORWARDED,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-google-status"),
    HeaderName::from_static("x-amz-executed-version"),
    HeaderName::from_static("x-amzn-requestid"),
];

fn answered(response: &Response<Bytes>, facts: &mut Vec<(String, String)>) {
    facts.push(("response.status".to_owned(), response.status().to_string()));
    facts.push(("response.body".to_owned(), bytes(response.body())));
    let mut names: Vec<_> = response.headers().keys().filter(|name| !OF_THE_WAY.contains(name)).collect();
    names.sort_by_key(|name| name.as_str());
    for name in names {
        facts.push((format!("response.headers.{name}"), joined(response.headers(), name)));
    }
}

/// All values of a header; HTTP lets those of one name be joined, but for cookies.
fn joined(headers: &HeaderMap, name: &HeaderName) -> String {
    let between = if name == header::SET_COOKIE { "\n" } else { ", " };
    headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect::<Vec<_>>().join(between)
}

/// Bytes as text, or as their escapes.
fn bytes(bytes: &Bytes) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.escape_ascii().to_string(),
    }
}
