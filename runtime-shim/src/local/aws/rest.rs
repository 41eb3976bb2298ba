use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::{ACCOUNT, body, client_ip, object, pairs};
use crate::{aws::Shape, event::Http};

const STAGE: &str = "prod";

/// REST API and HTTP API 1.0. The stage is in the path of the latter only, which also decodes it.
pub(super) fn members(shape: Shape, request: &Http, body: &Bytes, id: &str) -> Map<String, Value> {
    let (headers, query) = (pairs::headers(request), pairs::decoded(request));
    let staged = format!("/{STAGE}{}", request.path);
    let rule = if shape == Shape::Rest { body::Rule::Text } else { body::Rule::Gateway };
    let (text, is_base64) = body::members(request, body, rule);
    let path = if shape == Shape::Rest { request.path.clone() } else { decoded(&staged) };
    // The greedy parameter does not match the root, and has no slash at its ends.
    let proxy = request.path.trim_matches('/');
    let (resource, parameters) = match shape {
        Shape::HttpApi1 => ("$default", Value::Null),
        _ if proxy.is_empty() => ("/", Value::Null),
        _ => ("/{proxy+}", json!({"proxy": proxy})),
    };
    let mut members = object([
        ("resource", json!(resource)),
        ("path", json!(path)),
        ("httpMethod", json!(request.method.as_str())),
        ("headers", pairs::or_null(pairs::last(&headers))),
        ("multiValueHeaders", pairs::or_null(pairs::lists(&headers))),
        ("queryStringParameters", pairs::or_null(pairs::last(&query))),
        ("multiValueQueryStringParameters", pairs::or_null(pairs::lists(&query))),
        ("pathParameters", parameters),
        ("stageVariables", Value::Null),
        (
            "requestContext",
            json!({
                "accountId": ACCOUNT,
                "apiId": "local",
                "domainName": "local.execute-api.us-east-1.amazonaws.com",
                "httpMethod": request.method.as_str(),
                "identity": {"sourceIp": client_ip(request)},
                "path": staged,
                "protocol": "HTTP/1.1",
                "requestId": id,
                "stage": STAGE,
            }),
        ),
        ("body", text),
        ("isBase64Encoded", is_base64),
    ]);
    if shape == Shape::HttpApi1 {
        members.insert("version".to_owned(), json!("1.0"));
    }
    members
}

/// A path as an HTTP API hands it over: decoded, and cut at what then looks like a query.
pub(super) fn decoded(path: &str) -> String {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    decoded.split('?').next().unwrap_or_default().to_owned()
}
