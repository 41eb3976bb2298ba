use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Request};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{
    Caller, HOST_VERSION, Refused, finish,
    leaks::{doubled, leak},
    query,
};
use crate::azure::Declaration;

/// `POST /<FunctionName>` with the caller's request in an object.
pub(super) fn delivery(caller: &Caller<'_>, function: &Declaration) -> Result<Request<Bytes>, Refused> {
    let query = query::joined(caller.query.unwrap_or_default());
    let params = function.params(caller.path).map_err(|error| Refused(error.to_string()))?;
    let data = Data {
        url: format!(
            "{}://{}{}{}",
            caller.scheme,
            caller.host,
            caller.raw_path,
            caller.query.map(|query| format!("?{query}")).unwrap_or_default()
        ),
        method: caller.method.as_str(),
        query: Pairs(&query),
        headers: Headers(&caller.headers),
        params: Pairs(&params),
        identities: [],
        body: body(caller),
    };
    let binding = &function.bindings().trigger().name;
    let envelope = Envelope { data: One(binding, data), metadata: metadata(caller, &query, &params, function) };
    let json = serde_json::to_vec(&envelope).map_err(|error| Refused(error.to_string()))?;
    let builder = Request::post(format!("/{}", function.name()))
        .header("host", "127.0.0.1")
        .header("x-azure-functions-hostversion", HOST_VERSION)
        .header("x-azure-functions-invocationid", caller.id)
        .header("user-agent", format!("Azure-Functions-Host/{HOST_VERSION}"))
        .header("content-type", "application/json; charset=utf-8")
        .header("content-length", json.len());
    finish(builder, json.into())
}

/// The body as the host writes it; `None` for an empty one and for a chunked upload.
fn body(caller: &Caller<'_>) -> Option<String> {
    if caller.body.is_empty() || caller.is_chunked() {
        return None;
    }
    let content_type = caller.headers.iter().find(|(name, _)| *name == "content-type").and_then(|(_, values)| values.first());
    let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    Some(if media_type == "application/octet-stream" || media_type.contains("multipart/") {
        STANDARD.encode(&caller.body)
    } else {
        String::from_utf8_lossy(&caller.body).into_owned()
    })
}

/// The trigger's facts, over which the members of a JSON body are written: the leak that makes them unfit to be trusted.
fn metadata(
    caller: &Caller<'_>,
    query: &[(String, String)],
    params: &[(String, String)],
    function: &Declaration,
) -> Map<String, Value> {
    let mut metadata = Map::new();
    for (name, value) in query.iter().chain(params) {
        metadata.insert(name.clone(), doubled(value));
    }
    let headers = caller.headers.iter().map(|(name, values)| {
        let values: Vec<_> = values.iter().map(|value| text(value)).collect();
        ((*name).to_owned(), Value::from(values.join(",")))
    });
    metadata.insert("Query".to_owned(), query.iter().map(|(name, value)| (name.clone(), value.as_str())).collect());
    metadata.insert("Headers".to_owned(), headers.collect());
    metadata.insert("sys".to_owned(), json!({"MethodName": function.name()}));
    leak(&mut metadata, body(caller).as_deref());
    metadata
}

/// A header value as text: UTF-8 if it is that, else each byte as the character of the same number.
fn text(value: &HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value.as_bytes().iter().copied().map(char::from).collect(),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<'a> {
    data: One<'a>,
    metadata: Map<String, Value>,
}

/// An object with one member.
struct One<'a>(&'a str, Data<'a>);

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.0, &self.1)])
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Data<'a> {
    url: String,
    method: &'a str,
    query: Pairs<'a>,
    headers: Headers<'a>,
    params: Pairs<'a>,
    identities: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
}

struct Pairs<'a>(&'a [(String, String)]);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

struct Headers<'a>(&'a [(&'a str, Vec<&'a HeaderValue>)]);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer
            .collect_map(self.0.iter().map(|(name, values)| (name, values.iter().map(|value| text(value)).collect::<Vec<_>>())))
    }
}
