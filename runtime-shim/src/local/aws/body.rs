use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::Value;

use crate::event::Http;

/// Which bodies a front end hands over as text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// API Gateway and Function URLs: `text/*` and the JSON, XML and JavaScript types.
    Gateway,
    /// Load balancers: the same without a content encoding.
    LoadBalancer,
    /// REST and Lattice: all that is text.
    Text,
}

/// The members `body` and `isBase64Encoded`.
pub(super) fn members(request: &Http, body: &Bytes, rule: Rule) -> (Value, Value) {
    let content_type = request.headers.text("content-type").unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_text =
        essence.starts_with("text/") || matches!(&*essence, "application/json" | "application/xml" | "application/javascript");
    let plain = match rule {
        Rule::Gateway => is_text,
        Rule::LoadBalancer => is_text && request.headers.get("content-encoding").is_none(),
        Rule::Text => true,
    };
    match std::str::from_utf8(body) {
        Ok("") if rule == Rule::LoadBalancer => (Value::from(""), Value::from(false)),
        Ok("") => (Value::Null, Value::from(false)),
        Ok(text) if plain => (Value::from(text), Value::from(false)),
        _ => (Value::from(STANDARD.encode(body)), Value::from(true)),
    }
}
