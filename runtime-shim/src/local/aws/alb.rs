use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::{ACCOUNT, REGION, body, client_ip, object, pairs};
use crate::{aws::Shape, event::Http};

/// Application Load Balancer. It adds the caller's address to what the caller claims, and decodes nothing.
pub(super) fn members(shape: Shape, request: &Http, body: &Bytes) -> Map<String, Value> {
    let (mut headers, query) = (pairs::headers(request), pairs::written(request));
    forwarded(&mut headers, &client_ip(request));
    let (text, is_base64) = body::members(request, body, body::Rule::LoadBalancer);
    let target = format!("arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:targetgroup/local/0123456789abcdef");
    let (headers, query) = match shape {
        Shape::AlbMulti => {
            (("multiValueHeaders", pairs::lists(&headers)), ("multiValueQueryStringParameters", pairs::lists(&query)))
        }
        _ => (("headers", pairs::last(&headers)), ("queryStringParameters", pairs::last(&query))),
    };
    object([
        ("requestContext", json!({"elb": {"targetGroupArn": target}})),
        ("httpMethod", json!(request.method.as_str())),
        ("path", json!(request.path)),
        query,
        headers,
        ("body", text),
        ("isBase64Encoded", is_base64),
    ])
}

/// Puts the caller's address at the end of `x-forwarded-for`.
pub(super) fn forwarded(headers: &mut pairs::Grouped, ip: &str) {
    match headers.iter_mut().find(|(name, _)| name == "x-forwarded-for") {
        Some((_, values)) => *values = vec![format!("{}, {ip}", values.join(", "))],
        None => headers.push(("x-forwarded-for".to_owned(), vec![ip.to_owned()])),
    }
}
