use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{ACCOUNT, body, client_ip, object, pairs, rest};
use crate::{aws::Shape, event::Http};

/// HTTP API 2.0, which decodes the path, and Function URL, which does not.
pub(super) fn members(shape: Shape, request: &Http, body: &Bytes, id: &str) -> Map<String, Value> {
    let is_url = shape == Shape::FunctionUrl;
    let path = if is_url { request.path.clone() } else { rest::decoded(&request.path) };
    let domain = if is_url { "local.lambda-url.us-east-1.on.aws" } else { "local.execute-api.us-east-1.amazonaws.com" };
    let mut headers = pairs::headers(request);
    let cookies: Vec<String> = request.headers.get_all("cookie").map(pairs::text).collect();
    if is_url {
        headers.iter_mut().filter(|(name, _)| name == "cookie").for_each(|(_, values)| *values = vec![cookies.join("; ")]);
    } else {
        headers.retain(|(name, _)| name != "cookie");
    }
    let (text, is_base64) = body::members(request, body, body::Rule::Gateway);
    let mut members = object([
        ("version", json!("2.0")),
        ("routeKey", json!("$default")),
        ("rawPath", json!(path)),
        ("rawQueryString", json!(request.query.clone().unwrap_or_default())),
        ("headers", pairs::joined(&headers, ",")),
        (
            "requestContext",
            json!({
                "accountId": ACCOUNT,
                "apiId": "local",
                "domainName": domain,
                "domainPrefix": "local",
                "http": {
                    "method": request.method.as_str(),
                    "path": path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": client_ip(request),
                    "userAgent": request.headers.text("user-agent").unwrap_or_default(),
                },
                "requestId": id,
                "routeKey": "$default",
                "stage": "$default",
            }),
        ),
        ("isBase64Encoded", is_base64),
    ]);
    if !cookies.is_empty() {
        members.insert("cookies".to_owned(), json!(cookies));
    }
    let query = pairs::decoded(request);
    if !query.is_empty() {
        members.insert("queryStringParameters".to_owned(), pairs::joined(&query, ","));
    }
    if !text.is_null() {
        members.insert("body".to_owned(), text);
    }
    members
}
