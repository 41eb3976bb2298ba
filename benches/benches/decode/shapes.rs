use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::{Map, Value, json};

/// One delivery to measure.
pub(crate) struct Case {
    pub(crate) shape: &'static str,
    pub(crate) size: &'static str,
    pub(crate) delivery: Bytes,
    pub(crate) body: Vec<u8>,
}

/// What a decoder made of a request, in a form that can be compared.
#[derive(Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn new(method: &str, path: &str, headers: impl Iterator<Item = (String, String)>, body: &[u8]) -> Self {
        let mut headers: Vec<_> = headers.collect();
        headers.sort();
        Self { method: method.to_owned(), path: path.to_owned(), headers, body: body.to_owned() }
    }
}

/// The headers of one browser's request, as they reach a function behind a load balancer.
const HEADERS: [(&str, &str); 18] = [
    ("accept", "application/json, text/plain, */*"),
    ("accept-encoding", "gzip, deflate, br"),
    ("accept-language", "en-GB,en;q=0.7,de;q=0.3"),
    ("authorization", "Bearer not-a-real-token-but-about-as-long-as-a-short-one-would-be"),
    ("cache-control", "no-cache"),
    ("content-type", "application/json"),
    ("dnt", "1"),
    ("host", "api.example.org"),
    ("origin", "https://www.example.org"),
    ("referer", "https://www.example.org/people?page=3"),
    ("sec-fetch-dest", "empty"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-site", "same-site"),
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
    ("x-amzn-trace-id", "Root=1-68f0a1b2-3c4d5e6f708192a3b4c5d6e7"),
    ("x-forwarded-for", "203.0.113.24"),
    ("x-forwarded-port", "443"),
    ("x-forwarded-proto", "https"),
];

/// The same of an upload: lambda_http reads a reply's content type to tell text from bytes.
fn headers(base64: bool) -> Vec<(&'static str, &'static str)> {
    let upload =
        |(name, value)| if base64 && name == "content-type" { (name, "application/octet-stream") } else { (name, value) };
    HEADERS.into_iter().map(upload).collect()
}

const QUERY: [(&str, &str); 3] = [("lang", "en"), ("tag", "one"), ("page", "3")];

const LARGE: usize = 1024 * 1024;

/// Writes a delivery with this body, which may be base64.
type Write = fn(&str, bool) -> Value;

/// Every shape with a small JSON body, and with a binary one of 1 MiB.
pub(crate) fn all() -> Vec<Case> {
    let small =
        br#"{"name":"Ada","email":"ada@example.org","tags":["one","two"],"address":{"city":"London","zip":"N1"}}"#.to_vec();
    // Every value a byte can have, so it is no text and must travel as base64 both ways.
    let large: Vec<u8> = (0..=u8::MAX).cycle().take(LARGE).collect();
    let shapes: [(&str, Write); 7] = [
        ("rest", rest),
        ("http-api-2", http_api),
        ("function-url", function_url),
        ("websocket", web_socket),
        ("alb-single", |body, base64| alb(body, base64, false)),
        ("alb-multi", |body, base64| alb(body, base64, true)),
        ("lattice-2", lattice),
    ];
    let mut cases = Vec::new();
    for (shape, make) in shapes {
        let text = String::from_utf8_lossy(&small);
        cases.push(case(shape, "small", &make(&text, false), &small));
        cases.push(case(shape, "1MB", &make(&STANDARD.encode(&large), true), &large));
    }
    cases
}

fn case(shape: &'static str, size: &'static str, delivery: &Value, body: &[u8]) -> Case {
    Case { shape, size, delivery: delivery.to_string().into(), body: body.to_owned() }
}

fn single(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect::<Map<_, _>>().into()
}

fn multi(pairs: &[(&str, &str)]) -> Value {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), json!([value]))).collect::<Map<_, _>>().into()
}

fn rest(body: &str, base64: bool) -> Value {
    json!({
        "resource": "/people/{id}", "path": "/people/7", "httpMethod": "POST",
        "headers": single(&headers(base64)), "multiValueHeaders": multi(&headers(base64)),
        "queryStringParameters": single(&QUERY), "multiValueQueryStringParameters": multi(&QUERY),
        "pathParameters": { "id": "7" }, "stageVariables": null,
        "requestContext": {
            "resourceId": "a1b2c3", "resourcePath": "/people/{id}", "httpMethod": "POST", "extendedRequestId": "KbC1xGkPFiAF-7Q=",
            "requestTime": "16/Oct/2025:07:42:10 +0000", "requestTimeEpoch": 1_760_600_530_123_u64, "path": "/people/7",
            "accountId": "123456789012", "protocol": "HTTP/1.1", "stage": "prod", "domainPrefix": "api",
            "domainName": "api.example.org", "apiId": "p0lyfn1234", "requestId": "0b9b6c0e-6a6c-4e0f-9a55-3c1f3a1f2b77",
            "identity": { "sourceIp": "203.0.113.24", "userAgent": "Mozilla/5.0", "accountId": null, "caller": null, "apiKey": null },
        },
        "body": body, "isBase64Encoded": base64,
    })
}

fn http_api(body: &str, base64: bool) -> Value {
    json!({
        "version": "2.0", "routeKey": "POST /people/{id}", "rawPath": "/people/7", "rawQueryString": "lang=en&tag=one&page=3",
        "cookies": ["session=5f2c9d41e7"], "headers": single(&headers(base64)), "queryStringParameters": single(&QUERY),
        "pathParameters": { "id": "7" },
        "requestContext": {
            "accountId": "123456789012", "apiId": "p0lyfn1234", "domainName": "api.example.org", "domainPrefix": "api",
            "http": { "method": "POST", "path": "/people/7", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.24", "userAgent": "Mozilla/5.0" },
            "requestId": "KbC1xj2dFiAEPmQ=", "routeKey": "POST /people/{id}", "stage": "$default",
            "time": "16/Oct/2025:07:42:10 +0000", "timeEpoch": 1_760_600_530_123_u64,
        },
        "body": body, "isBase64Encoded": base64,
    })
}

fn function_url(body: &str, base64: bool) -> Value {
    let mut event = http_api(body, base64);
    event["routeKey"] = json!("$default");
    event["pathParameters"] = Value::Null;
    event["requestContext"]["routeKey"] = json!("$default");
    event["requestContext"]["domainName"] = json!("p0lyfn1234.lambda-url.eu-central-1.on.aws");
    event
}

fn web_socket(body: &str, base64: bool) -> Value {
    json!({
        "headers": single(&headers(base64)), "multiValueHeaders": multi(&headers(base64)), "httpMethod": "POST", "path": "/people/7",
        "requestContext": {
            "routeKey": "people", "messageId": "KbC1xfPDFiACEyQ=", "eventType": "MESSAGE", "extendedRequestId": "KbC1xGkPFiAF-7Q=",
            "requestTime": "16/Oct/2025:07:42:10 +0000", "messageDirection": "IN", "stage": "prod",
            "connectedAt": 1_760_600_500_000_u64, "requestTimeEpoch": 1_760_600_530_123_u64,
            "identity": { "sourceIp": "203.0.113.24", "userAgent": "Mozilla/5.0" }, "requestId": "KbC1xGkPFiAF-7Q=",
            "domainName": "p0lyfn1234.execute-api.eu-central-1.amazonaws.com", "connectionId": "KbC1vfPDFiACEyQ=", "apiId": "p0lyfn1234",
        },
        "body": body, "isBase64Encoded": base64,
    })
}

fn alb(body: &str, base64: bool, multi_value: bool) -> Value {
    let arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/hello/6d0ecf831eec9f09";
    let mut event = json!({
        "requestContext": { "elb": { "targetGroupArn": arn } }, "httpMethod": "POST", "path": "/people/7",
        "body": body, "isBase64Encoded": base64,
    });
    let (headers, query) = if multi_value {
        (("multiValueHeaders", multi(&headers(base64))), ("multiValueQueryStringParameters", multi(&QUERY)))
    } else {
        (("headers", single(&headers(base64))), ("queryStringParameters", single(&QUERY)))
    };
    event[headers.0] = headers.1;
    event[query.0] = query.1;
    event
}

fn lattice(body: &str, base64: bool) -> Value {
    json!({
        "version": "2.0", "path": "/people/7", "method": "POST", "headers": multi(&headers(base64)), "queryStringParameters": multi(&QUERY),
        "body": body, "isBase64Encoded": base64,
        "requestContext": {
            "serviceNetworkArn": "arn:aws:vpc-lattice:eu-central-1:123456789012:servicenetwork/sn-0bf3f2882e9cc805a",
            "serviceArn": "arn:aws:vpc-lattice:eu-central-1:123456789012:service/svc-0a40eebed65f8d69c",
            "targetGroupArn": "arn:aws:vpc-lattice:eu-central-1:123456789012:targetgroup/tg-6d0ecf831eec9f09",
            "identity": { "sourceVpcArn": "arn:aws:ec2:eu-central-1:123456789012:vpc/vpc-0b8276c84697e7339" },
            "region": "eu-central-1", "timeEpoch": "1760600530123456",
        },
    })
}
