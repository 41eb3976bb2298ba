//! The event that every AWS program is given, and the answer that is right.

use crate::BoxError;

/// An HTTP API event of format 2.0, as a browser behind a CDN causes it.
pub(crate) const HTTP_API: &str = include_str!("../../testdata/http-api-v2.json");

/// What the hello function answers, whoever asks.
pub(crate) const GREETING: &str = r#"{"message":"Hello, Ada!"}"#;

/// Fails unless a reply says hello to the name in [`HTTP_API`]: the work must have been done before it is timed.
pub(crate) fn check(reply: &[u8]) -> Result<(), BoxError> {
    let reply = String::from_utf8_lossy(reply);
    let right = reply.contains(r#""statusCode":200"#) && reply.contains(r#""body":"{\"message\":\"Hello, Ada!\"}""#);
    if right { Ok(()) } else { Err(format!("wrong reply: {reply}").into()) }
}
