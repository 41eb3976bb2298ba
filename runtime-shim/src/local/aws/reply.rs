use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{DecodeError, aws::Shape};

/// What a front end reads in a reply.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Native {
    status_code: Option<u16>,
    headers: Map<String, Value>,
    multi_value_headers: Map<String, Value>,
    cookies: Vec<String>,
    body: Option<String>,
    is_base64_encoded: bool,
}

/// The response that this front end's caller gets for a reply.
///
/// ```
/// use bytes::Bytes;
/// use polyfn_shim::{aws::Shape, local};
///
/// let reply = Bytes::from_static(br#"{"statusCode":201,"headers":{},"body":"hi"}"#);
/// let response = local::aws::response(Shape::HttpApi2, &reply).unwrap();
/// assert_eq!((response.status().as_u16(), response.body().as_ref()), (201, &b"hi"[..]));
/// ```
///
/// # Errors
/// If the reply is not in the front end's form, which the real one answers with 502; the error says what is wrong.
pub fn response(shape: Shape, reply: &Bytes) -> Result<Response<Bytes>, DecodeError> {
    let native: Native = object(reply)?;
    let status = native.status_code.ok_or_else(|| DecodeError::at("statusCode", "missing"))?;
    let status = StatusCode::from_u16(status).map_err(|_| DecodeError::at("statusCode", "not an HTTP status"))?;
    let body = native.body.unwrap_or_default();
    let body = if native.is_base64_encoded {
        Bytes::from(STANDARD.decode(&body).map_err(|_| DecodeError::at("body", "invalid base64"))?)
    } else {
        Bytes::from(body)
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let has_lists = matches!(shape, Shape::Rest | Shape::HttpApi1 | Shape::AlbMulti);
    // A load balancer reads one of the two; a gateway reads both and sends both, duplicates and all.
    if shape != Shape::AlbMulti {
        append(&mut response, "headers", native.headers)?;
    }
    if has_lists {
        append(&mut response, "multiValueHeaders", native.multi_value_headers)?;
    }
    if matches!(shape, Shape::HttpApi2 | Shape::FunctionUrl) {
        let cookies = native.cookies.into_iter().map(Value::String).collect();
        append(&mut response, "cookies", Map::from_iter([("set-cookie".to_owned(), Value::Array(cookies))]))?;
    }
    Ok(response)
}

/// Reads a reply, or a part of one, that is an object: serde would take a list for one as well.
pub(super) fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    if !json.trim_ascii_start().starts_with(b"{") {
        return Err(DecodeError::at("", "no JSON object"));
    }
    serde_json::from_slice(json).map_err(DecodeError::json)
}

/// Adds the headers of one of a reply's members, each of which has one value or a list.
pub(super) fn append(response: &mut Response<Bytes>, member: &str, headers: Map<String, Value>) -> Result<(), DecodeError> {
    for (name, value) in headers {
        let bad = || DecodeError::at(format!("{member}.{name}"), "not an HTTP header");
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        let values = match &value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            response.headers_mut().append(&key, HeaderValue::from_str(&text).map_err(|_| bad())?);
        }
    }
    Ok(())
}
