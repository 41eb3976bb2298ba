//! What each provider must be answered, and what its caller gets of it; written out from the providers' documents.

mod event;
mod failed;
mod request;

use http::Response;
use polyfn_shim::{
    event::Kind,
    local::{Delivered, Form, Settled},
};
use serde_json::Value;

use super::{Does, Entry};

/// A response, with its headers in the order of their names.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Body,
}

/// The bytes of a body, or its JSON where the order of members says nothing.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Bytes(Vec<u8>),
    Json(Value),
}

/// What must come of a delivery.
pub(super) struct Wanted {
    pub(super) native: Answer,
    pub(super) response: Option<Answer>,
    pub(super) settled: Settled,
}

/// What must come of this event in this form where the function does this.
pub(super) fn wanted(form: Form, entry: &Entry, does: &Does) -> Wanted {
    match (entry.kind(), does) {
        (Kind::Http, Does::Reply(reply)) => request::wanted(form, &request::heard(entry, reply)),
        (Kind::Http | Kind::Direct, _) => failed::wanted(form, entry, does),
        _ => event::wanted(form, entry, does),
    }
}

/// What is not as it must be, a line each.
pub(super) fn check(delivered: &Delivered, wanted: &Wanted, wrong: &mut Vec<String>) {
    compare("reply", &delivered.reply, &wanted.native, wrong);
    match (&delivered.response, &wanted.response) {
        (Some(have), Some(want)) => compare("response", have, want, wrong),
        (None, None) => {}
        (have, want) => wrong.push(format!("response: {have:?} in place of {want:?}")),
    }
    if delivered.settled != wanted.settled {
        wrong.push(format!("settled: {:?} in place of {:?}", delivered.settled, wanted.settled));
    }
}

fn compare(name: &str, have: &Response<bytes::Bytes>, want: &Answer, wrong: &mut Vec<String>) {
    let text = |value: &http::HeaderValue| value.as_bytes().escape_ascii().to_string();
    let mut headers: Vec<_> = have.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    headers.sort_by(|(one, _), (other, _)| one.cmp(other));
    headers.retain(|(name, _)| name != "x-amzn-requestid");
    // A length is right or it is not there, but for what only its headers are told of.
    let length = have.body().len().to_string();
    if !want.headers.iter().any(|(name, _)| name == "content-length") {
        headers.retain(|(name, value)| name != "content-length" || *value != length);
    }
    let body = match &want.body {
        Body::Bytes(_) => Body::Bytes(have.body().to_vec()),
        Body::Json(_) => Body::Json(serde_json::from_slice(have.body()).unwrap_or_default()),
    };
    let have = Answer { status: have.status().as_u16(), headers, body };
    let mut want = want.clone();
    want.headers.iter_mut().for_each(|(_, value)| *value = value.as_bytes().escape_ascii().to_string());
    want.headers.sort_by(|(one, _), (other, _)| one.cmp(other));
    if have != want {
        wrong.push(format!("{name}: {have} in place of {want}"));
    }
}

/// What Lambda says beside the payload, but for the id that it makes up for each invocation.
pub(super) const INVOKED: [(&str, &str); 2] = [("content-type", "application/json"), ("x-amz-executed-version", "$LATEST")];

impl Answer {
    pub(super) fn new(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { status, headers, body: Body::Bytes(body.into()) }
    }

    /// What Lambda answers an `Invoke` that went well.
    ///
    /// Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.
    pub(super) fn invoked(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, &INVOKED, body)
    }

    /// The same of JSON.
    pub(super) fn json(body: Value) -> Self {
        Self { body: Body::Json(body), ..Self::invoked("") }
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = match &self.body {
            Body::Bytes(bytes) => bytes.escape_ascii().to_string(),
            Body::Json(json) => json.to_string(),
        };
        write!(f, "{} {:?} {body}", self.status, self.headers)
    }
}
