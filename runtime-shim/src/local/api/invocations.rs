use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};

use super::{Api, Refused, answer, form, parameter, refused, send::not_sent};
use crate::{
    Body, Event, Trigger,
    function::resource,
    local::{
        Ended, Settled,
        difference::{Difference, Ignore},
        recording::Reply,
        shim::{Entry, How, recording},
    },
};

/// How many invocations are told of at once, unless asked for more.
const LIMIT: usize = 200;

/// In which form a delivery is made again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replay {
    #[serde(rename = "as")]
    form: Option<String>,
}

impl Api {
    pub(super) fn invocations(&self, query: Option<&str>) -> Result<Response<Body>, Refused> {
        let number = |name: &str| match parameter(query, name) {
            Some(text) => text.parse().map(Some).map_err(|_| refused(StatusCode::BAD_REQUEST, format!("{name}: not a number"))),
            None => Ok(None),
        };
        let after = number("after")?.unwrap_or(0);
        let limit = number("limit")?.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(LIMIT);
        let (entries, last) = self.courier.journal().after(after, limit);
        let invocations: Vec<_> = entries.iter().map(|entry| summary(entry)).collect();
        Ok(answer(&json!({"invocations": invocations, "last": last})))
    }

    pub(super) fn invocation(&self, id: &str) -> Result<Response<Body>, Refused> {
        Ok(answer(&detail(&*self.entry(id)?)))
    }

    pub(super) async fn replay(&self, id: &str, Replay { form: text }: Replay) -> Result<Response<Body>, Refused> {
        let entry = self.entry(id)?;
        let how = match text.as_deref() {
            Some(text) => form(text)?,
            None => How::Form(entry.delivered.form),
        };
        let Some(call) = entry.delivered.calls.first() else {
            return Err(refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                "no function was called then, so there is nothing to call again",
            ));
        };
        // What came together comes together again, where it can.
        let calls = entry.delivered.calls.iter().filter(|other| other.function == call.function);
        let events: Vec<_> = calls.map(|call| call.event.clone()).collect();
        let together = match events.as_slice() {
            [_] => None,
            events => self.courier.deliver_batch(how, events, Some(call.function)).await.ok(),
        };
        let again = match together {
            Some(again) => again,
            None => self.courier.deliver(how, &call.event, Some(call.function)).await.map_err(not_sent)?,
        };
        let difference = difference(&entry, &again);
        Ok(answer(&Replayed { invocation: detail(&again), difference }))
    }

    fn entry(&self, id: &str) -> Result<std::sync::Arc<Entry>, Refused> {
        let entry = id.parse().ok().and_then(|id| self.courier.journal().get(id));
        entry.ok_or_else(|| refused(StatusCode::NOT_FOUND, "there is no such invocation, or it is no longer kept"))
    }
}

/// What came otherwise the second time: in the native reply, or between two forms, in what its caller got and what became of it.
fn difference(before: &Entry, after: &Entry) -> String {
    let (first, second) = (recording(before), recording(after));
    if before.delivered.form == after.delivered.form {
        return Difference::of_replies(&first.reply, &second.reply, Ignore::Delivery).to_string();
    }
    let reply = |entry: &Entry| {
        let (parts, body) = entry.delivered.response.clone().unwrap_or_default().into_parts();
        Reply::new(&parts, body)
    };
    let mut text = Difference::of_replies(&reply(before), &reply(after), Ignore::Delivery).to_string();
    let ended = |entry: &Entry| entry.delivered.calls.iter().map(|call| call.ended.as_str()).collect::<Vec<_>>().join(", ");
    if ended(before) != ended(after) {
        text.push_str(&format!("outcome:\n  - {}\n  + {}\n", ended(before), ended(after)));
    }
    text
}

/// An invocation as a line of a list.
pub(super) fn summary(entry: &Entry) -> Value {
    let delivered = &entry.delivered;
    let event = delivered.calls.first().map(|call| &call.event);
    let worst = |word: &str| delivered.calls.iter().any(|call| call.ended.as_str() == word);
    let ended = ["retry", "drop", "done"].into_iter().find(|word| worst(word)).unwrap_or("none");
    let settled = match delivered.settled {
        Settled::Acknowledged => "acknowledged",
        Settled::Again => "again",
    };
    json!({
        "id": entry.id,
        "at": delivered.at,
        "form": delivered.form.to_string(),
        "trigger": event.map_or("http", |event| event.trigger().kind().as_str()),
        "name": event.map_or_else(|| delivered.delivery.uri().path().to_owned(), name),
        "functions": delivered.calls.iter().map(|call| call.function).collect::<Vec<_>>(),
        "ended": ended,
        "settled": settled,
        "status": delivered.reply.status().as_u16(),
        "took_us": micros(delivered.took),
        "attempt": event.map_or(1, |event| event.attempt()),
    })
}

/// An invocation with all that is known of it.
pub(super) fn detail(entry: &Entry) -> Detail {
    let delivered = &entry.delivered;
    let calls = delivered.calls.iter().map(|call| {
        let failure = match &call.ended {
            Ended::Done => None,
            Ended::Retry(failure) | Ended::Drop(failure) => Some(failure.to_string()),
        };
        json!({"function": call.function, "ended": call.ended.as_str(), "failure": failure, "took_us": micros(call.took)})
    });
    Detail {
        summary: summary(entry),
        // As it is: through a value, long numbers would lose digits.
        recording: RawValue::from_string(recording(entry).to_json()).unwrap_or_default(),
        calls: calls.collect(),
        logs: delivered.logs.clone(),
        response: delivered.response.as_ref().map(response),
    }
}

/// What is told of one invocation.
#[derive(Serialize)]
pub(super) struct Detail {
    summary: Value,
    recording: Box<RawValue>,
    calls: Vec<Value>,
    logs: Vec<String>,
    response: Option<Value>,
}

/// A delivery that was made again, and what came otherwise.
#[derive(Serialize)]
struct Replayed {
    invocation: Detail,
    difference: String,
}

/// What the caller got.
fn response(response: &Response<bytes::Bytes>) -> Value {
    let headers =
        response.headers().iter().map(|(name, value)| json!([name.as_str(), String::from_utf8_lossy(value.as_bytes())]));
    let headers: Vec<_> = headers.collect();
    match std::str::from_utf8(response.body()) {
        Ok(text) => json!({"status": response.status().as_u16(), "headers": headers, "body_text": text}),
        Err(_) => {
            json!({"status": response.status().as_u16(), "headers": headers, "body_base64": crate::base64::encode(response.body())})
        }
    }
}

/// What an event came from, in a word.
fn name(event: &Event) -> String {
    match event.trigger() {
        Trigger::Http(http) => format!("{} {}", http.method, http.path),
        Trigger::Object(object) => format!("{}/{}", object.bucket, object.key),
        Trigger::Event => String::new(),
        _ => resource(event).unwrap_or_default().to_owned(),
    }
}

fn micros(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
