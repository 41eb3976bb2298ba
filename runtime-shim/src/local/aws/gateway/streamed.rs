use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    DecodeError,
    local::aws::reply::{append, object},
};

/// What stands between the prelude and the body.
const END: [u8; 8] = [0; 8];

/// What stands before the body of a streamed reply.
#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Prelude {
    status_code: u16,
    headers: Map<String, Value>,
    multi_value_headers: Map<String, Value>,
    cookies: Vec<String>,
}

impl Default for Prelude {
    fn default() -> Self {
        Self { status_code: 200, headers: Map::new(), multi_value_headers: Map::new(), cookies: Vec::new() }
    }
}

/// The response that the caller of a front end gets that streams.
///
/// Source: [Response streaming of custom runtimes](https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming).
pub(super) fn response(reply: &Bytes) -> Result<Response<Bytes>, DecodeError> {
    let end = reply.windows(END.len()).position(|window| window == END);
    let end = end.ok_or_else(|| DecodeError::at("", "no eight NUL bytes after the prelude"))?;
    let prelude: Prelude = object(&reply.slice(..end))?;
    let mut response = Response::new(reply.slice(end + END.len()..));
    *response.status_mut() =
        StatusCode::from_u16(prelude.status_code).map_err(|_| DecodeError::at("statusCode", "not an HTTP status"))?;
    append(&mut response, "headers", prelude.headers)?;
    append(&mut response, "multiValueHeaders", prelude.multi_value_headers)?;
    let cookies = prelude.cookies.into_iter().map(Value::String).collect();
    append(&mut response, "cookies", Map::from_iter([("set-cookie".to_owned(), Value::Array(cookies))]))?;
    Ok(response)
}
