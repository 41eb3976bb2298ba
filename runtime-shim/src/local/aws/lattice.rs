use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{ACCOUNT, REGION, alb::forwarded, body, client_ip, object, pairs};
use crate::event::Http;

/// VPC Lattice, version 1: one value per query name, headers joined.
pub(super) fn members_1(request: &Http, body: &Bytes) -> Map<String, Value> {
    let mut headers = pairs::headers(request);
    forwarded(&mut headers, &client_ip(request));
    let (text, is_base64) = body::members(request, body, body::Rule::Text);
    object([
        ("raw_path", json!(request.path)),
        ("method", json!(request.method.as_str())),
        ("headers", pairs::joined(&headers, ", ")),
        ("query_string_parameters", pairs::last(&pairs::written(request))),
        ("body", text),
        ("is_base64_encoded", is_base64),
    ])
}

/// VPC Lattice, version 2: every value of everything.
pub(super) fn members_2(request: &Http, body: &Bytes) -> Map<String, Value> {
    let mut headers = pairs::headers(request);
    forwarded(&mut headers, &client_ip(request));
    let (text, is_base64) = body::members(request, body, body::Rule::Text);
    let arn = |resource: &str| format!("arn:aws:vpc-lattice:{REGION}:{ACCOUNT}:{resource}");
    object([
        ("version", json!("2.0")),
        ("path", json!(request.path)),
        ("method", json!(request.method.as_str())),
        ("headers", pairs::lists(&headers)),
        ("queryStringParameters", pairs::lists(&pairs::written(request))),
        ("body", text),
        ("isBase64Encoded", is_base64),
        (
            "requestContext",
            json!({
                "serviceNetworkArn": arn("servicenetwork/sn-0123456789abcdef0"),
                "serviceArn": arn("service/svc-0123456789abcdef0"),
                "targetGroupArn": arn("targetgroup/tg-0123456789abcdef0"),
                "region": REGION,
            }),
        ),
    ])
}
