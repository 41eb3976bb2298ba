use serde_json::{Value, json};

/// What the emulator calls the function: the source of what does not say where it came from.
const ARN: &str = "arn:aws:lambda:us-east-1:012345678912:function:inspect";

/// What a front end sends, what the function should see, and what the front end should read.
pub(crate) struct Delivery {
    pub(crate) name: &'static str,
    /// The delivery as text: the order of its members and headers is part of what is tested.
    pub(crate) event: &'static str,
    /// The id that the delivery itself has.
    pub(crate) id: Option<&'static str>,
    /// The common event, but for what all of them share.
    seen: Value,
    /// The reply but for its body; `None` where the reply is the event itself.
    pub(crate) reply: Option<Value>,
}

impl Delivery {
    /// The whole common event.
    pub(crate) fn expected(&self) -> Value {
        let mut event = json!({ "provider": "aws", "source": ARN, "attempt": 1 });
        let id = self.id.map(|id| ("id".to_owned(), json!(id)));
        if let (Some(event), Some(seen)) = (event.as_object_mut(), self.seen.as_object()) {
            event.extend(seen.clone());
            event.extend(id);
        }
        event
    }
}

/// The source of a load balancer's requests.
const TARGET_GROUP: &str = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/inspect/6d0ecf831eec9f09";

const TYPE: [&str; 2] = ["content-type", "application/json"];

fn http(fields: Value) -> Value {
    json!({ "trigger": "http", "type": "polyfn.http.request", "http": fields })
}

/// With a JSON body and a time, where the delivery has them.
fn with(mut event: Value, members: Value) -> Value {
    if let (Some(event), Value::Object(members)) = (event.as_object_mut(), members) {
        event.extend(members);
    }
    event
}

fn reply(members: Value) -> Option<Value> {
    Some(with(json!({ "statusCode": 200, "body": null, "isBase64Encoded": false }), members))
}

fn single() -> Value {
    json!({ "content-type": "application/json" })
}

fn multi() -> Value {
    json!({ "content-type": ["application/json"] })
}

/// The ten, one of each shape.
pub(crate) fn all() -> Vec<Delivery> {
    vec![
        rest(),
        http_api(),
        function_url(),
        alb_single(),
        alb_multi(),
        lattice_1(),
        lattice_2(),
        web_socket(),
        direct(
            "direct object",
            r#"{"city":"Bergen","n":9007199254740993}"#,
            json!({ "city": "Bergen", "n": 9_007_199_254_740_993_u64 }),
        ),
        direct("direct array", r#"[1,"two",null]"#, json!([1, "two", null])),
    ]
}

fn rest() -> Delivery {
    Delivery {
        name: "REST",
        event: r#"{
            "resource": "/shelves/{id}", "path": "/books/shelves/7", "httpMethod": "PUT",
            "headers": { "Host": "api.example.org", "X-Tag": "b", "X-Forwarded-Proto": "https" },
            "multiValueHeaders": { "Host": ["api.example.org"], "X-Tag": ["a", "b"], "X-Forwarded-Proto": ["https"] },
            "queryStringParameters": { "q": "&" }, "multiValueQueryStringParameters": { "q": ["1 2", "&"] },
            "pathParameters": { "id": "7" }, "stageVariables": null,
            "requestContext": {
                "requestId": "rest-1", "stage": "prod", "path": "/prod/books/shelves/7", "domainName": "api.example.org",
                "httpMethod": "PUT", "requestTimeEpoch": 1760600530123, "identity": { "sourceIp": "203.0.113.24" }
            },
            "body": null, "isBase64Encoded": false
        }"#,
        id: Some("rest-1"),
        seen: with(
            http(json!({
                "method": "PUT", "path": "/shelves/7", "raw_path": "/prod/books/shelves/7", "query": "q=1%202&q=%26",
                "headers": [["host", "api.example.org"], ["x-tag", "a"], ["x-tag", "b"], ["x-forwarded-proto", "https"]],
                "scheme": "https", "host": "api.example.org", "client_ip": "203.0.113.24",
            })),
            json!({ "time": "2025-10-16T07:42:10.123Z" }),
        ),
        reply: reply(json!({ "multiValueHeaders": multi() })),
    }
}

fn http_api() -> Delivery {
    Delivery {
        name: "HTTP API 2.0",
        event: r#"{
            "version": "2.0", "routeKey": "$default", "rawPath": "/prod/a b", "rawQueryString": "p=1&p=2&e=&x=%20+",
            "cookies": ["a=1", "b=2"], "headers": { "content-type": "application/json", "x-list": "a,b" },
            "requestContext": {
                "http": { "method": "POST", "path": "/prod/a b", "sourceIp": "203.0.113.24" }, "requestId": "v2-1", "stage": "prod",
                "domainName": "p0lyfn1234.execute-api.eu-central-1.amazonaws.com", "timeEpoch": 1760600530123
            },
            "body": "eyJhIjoxfQ==", "isBase64Encoded": true
        }"#,
        id: Some("v2-1"),
        seen: with(
            http(json!({
                "method": "POST", "path": "/a%20b", "raw_path": "/prod/a b", "query": "p=1&p=2&e=&x=%20+",
                "headers": [TYPE, ["x-list", "a,b"], ["cookie", "a=1; b=2"]], "scheme": "https",
                "host": "p0lyfn1234.execute-api.eu-central-1.amazonaws.com", "client_ip": "203.0.113.24",
            })),
            json!({ "time": "2025-10-16T07:42:10.123Z", "datacontenttype": "application/json", "data": { "a": 1 } }),
        ),
        reply: reply(json!({ "headers": single(), "cookies": [] })),
    }
}

fn function_url() -> Delivery {
    Delivery {
        name: "Function URL",
        event: r#"{
            "version": "2.0", "routeKey": "$default", "rawPath": "/a%2Fb", "rawQueryString": "",
            "cookies": ["a=1"], "headers": { "cookie": "a=1", "host": "p0lyfn.lambda-url.eu-central-1.on.aws" },
            "requestContext": {
                "http": { "method": "DELETE", "path": "/a%2Fb", "sourceIp": "2001:db8::7" }, "requestId": "url-1", "stage": "$default",
                "domainName": "p0lyfn.lambda-url.eu-central-1.on.aws", "timeEpoch": 1760600530000
            },
            "isBase64Encoded": false
        }"#,
        id: Some("url-1"),
        seen: with(
            http(json!({
                "method": "DELETE", "path": "/a%2Fb", "raw_path": "/a%2Fb", "scheme": "https", "client_ip": "2001:db8::7",
                "headers": [["cookie", "a=1"], ["host", "p0lyfn.lambda-url.eu-central-1.on.aws"]],
                "host": "p0lyfn.lambda-url.eu-central-1.on.aws",
            })),
            json!({ "time": "2025-10-16T07:42:10.000Z" }),
        ),
        reply: reply(json!({ "headers": single(), "cookies": [] })),
    }
}

fn alb_single() -> Delivery {
    Delivery {
        name: "ALB",
        event: r#"{
            "requestContext": {"elb": {"targetGroupArn":
                "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/inspect/6d0ecf831eec9f09"}},
            "httpMethod": "GET", "path": "/x", "body": "", "isBase64Encoded": false,
            "queryStringParameters": { "q": "a%2Bb+c" },
            "headers": { "x-forwarded-for": "10.0.0.9, 203.0.113.7", "x-forwarded-proto": "http" }
        }"#,
        id: None,
        seen: with(
            http(json!({
                "method": "GET", "path": "/x", "raw_path": "/x", "query": "q=a%2Bb+c", "scheme": "http", "client_ip": "203.0.113.7",
                "headers": [["x-forwarded-for", "10.0.0.9, 203.0.113.7"], ["x-forwarded-proto", "http"]],
            })),
            json!({ "source": TARGET_GROUP }),
        ),
        reply: reply(json!({ "statusDescription": "200 OK", "headers": single() })),
    }
}

fn alb_multi() -> Delivery {
    Delivery {
        name: "ALB multi-value",
        event: r#"{
            "requestContext": {"elb": {"targetGroupArn":
                "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/inspect/6d0ecf831eec9f09"}},
            "httpMethod": "GET", "path": "/x", "body": "", "isBase64Encoded": false,
            "multiValueQueryStringParameters": { "foo%5Ba%5D": ["1", "2"] },
            "multiValueHeaders": { "host": ["lb.example.org"], "x-tag": ["a", "b"] }
        }"#,
        id: None,
        seen: with(
            http(json!({
                "method": "GET", "path": "/x", "raw_path": "/x", "query": "foo%5Ba%5D=1&foo%5Ba%5D=2", "scheme": "https",
                "headers": [["host", "lb.example.org"], ["x-tag", "a"], ["x-tag", "b"]], "host": "lb.example.org",
            })),
            json!({ "source": TARGET_GROUP }),
        ),
        reply: reply(json!({ "statusDescription": "200 OK", "multiValueHeaders": multi() })),
    }
}

fn lattice_1() -> Delivery {
    let date = "Wed, 15 Oct 2025 00:00:00 GMT";
    Delivery {
        name: "VPC Lattice v1",
        event: r#"{
            "raw_path": "/x", "method": "GET", "headers": { "date": "Wed, 15 Oct 2025 00:00:00 GMT", "host": "svc.example.org" },
            "query_string_parameters": { "a": "1" }, "body": "", "is_base64_encoded": false
        }"#,
        id: None,
        seen: http(json!({
            "method": "GET", "path": "/x", "raw_path": "/x", "query": "a=1", "scheme": "https", "host": "svc.example.org",
            "headers": [["date", date], ["host", "svc.example.org"]],
        })),
        reply: reply(json!({ "headers": single() })),
    }
}

fn lattice_2() -> Delivery {
    Delivery {
        name: "VPC Lattice v2",
        event: r#"{
            "version": "2.0", "path": "/y/", "method": "PATCH", "headers": { "host": ["svc.example.org"], "x-tag": ["a", "b"] },
            "queryStringParameters": { "a": ["1", "2"] }, "body": "", "isBase64Encoded": false,
            "requestContext": {
                "serviceNetworkArn": "arn:aws:vpc-lattice:eu-central-1:123456789012:servicenetwork/sn-0bf3f2882e9cc805a",
                "timeEpoch": "1724875399456789"
            }
        }"#,
        id: None,
        seen: with(
            http(json!({
                "method": "PATCH", "path": "/y/", "raw_path": "/y/", "query": "a=1&a=2", "scheme": "https", "host": "svc.example.org",
                "headers": [["host", "svc.example.org"], ["x-tag", "a"], ["x-tag", "b"]],
            })),
            json!({ "time": "2024-08-28T20:03:19.456789Z" }),
        ),
        reply: reply(json!({ "headers": single() })),
    }
}

fn web_socket() -> Delivery {
    Delivery {
        name: "WebSocket",
        event: r#"{
            "requestContext": {
                "routeKey": "say", "eventType": "MESSAGE", "connectionId": "KbC1vfPDFiACEyQ=", "requestId": "ws-1", "stage": "prod",
                "domainName": "p0lyfn1234.execute-api.eu-central-1.amazonaws.com", "requestTimeEpoch": 1760600530123,
                "identity": { "sourceIp": "203.0.113.24" }
            },
            "body": "hi", "isBase64Encoded": false
        }"#,
        id: Some("ws-1"),
        seen: with(
            http(json!({
                "method": "POST", "path": "/say", "raw_path": "/say", "headers": [], "scheme": "https", "client_ip": "203.0.113.24",
                "host": "p0lyfn1234.execute-api.eu-central-1.amazonaws.com",
            })),
            json!({
                "time": "2025-10-16T07:42:10.123Z", "data": "hi",
                "attributes": { "connectionId": "KbC1vfPDFiACEyQ=", "routeKey": "say", "eventType": "MESSAGE", "stage": "prod" },
            }),
        ),
        reply: Some(json!({ "statusCode": 200, "body": null })),
    }
}

fn direct(name: &'static str, event: &'static str, input: Value) -> Delivery {
    Delivery {
        name,
        id: None,
        seen: json!({
            "trigger": "direct", "type": "polyfn.direct.call", "datacontenttype": "application/json", "data": input, "direct": {},
        }),
        event,
        reply: None,
    }
}
