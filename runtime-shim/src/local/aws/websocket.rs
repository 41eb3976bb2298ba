use bytes::Bytes;
use http::Method;
use serde_json::{Map, Value, json};

use super::{body, client_ip, object, pairs};
use crate::event::Http;

/// WebSocket API: `GET` opens a connection, anything else is a message, of which only the body is sent.
pub(super) fn members(request: &Http, body: &Bytes, id: &str) -> Map<String, Value> {
    let opens = request.method == Method::GET;
    let (route, event) = if opens { ("$connect", "CONNECT") } else { ("$default", "MESSAGE") };
    let context = json!({
        "apiId": "local",
        "connectionId": "local=",
        "domainName": "local.execute-api.us-east-1.amazonaws.com",
        "eventType": event,
        "identity": {"sourceIp": client_ip(request)},
        "messageDirection": "IN",
        "requestId": id,
        "routeKey": route,
        "stage": "prod",
    });
    if !opens {
        let (text, is_base64) = body::members(request, body, body::Rule::Text);
        return object([("requestContext", context), ("body", text), ("isBase64Encoded", is_base64)]);
    }
    let (headers, query) = (pairs::headers(request), pairs::decoded(request));
    object([
        ("requestContext", context),
        ("headers", pairs::last(&headers)),
        ("multiValueHeaders", pairs::lists(&headers)),
        ("queryStringParameters", pairs::or_null(pairs::last(&query))),
        ("multiValueQueryStringParameters", pairs::or_null(pairs::lists(&query))),
        ("isBase64Encoded", json!(false)),
    ])
}
