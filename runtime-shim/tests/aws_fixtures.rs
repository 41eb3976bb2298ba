//! Event JSON that others published, kept outside of this repository.
#![cfg(feature = "aws")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test's own functions cannot do is that test's failure"
)]

use std::path::{Path, PathBuf};

use bytes::Bytes;
use polyfn_shim::{
    Event, Trigger,
    aws::{self, Frame, Shape},
};

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures/aws");
    assert!(folder.is_dir(), "{} is not there; this test needs the shared fixtures beside the repository", folder.display());
    folder
}

fn read(name: &str) -> (Shape, Event) {
    let bytes = Bytes::from(std::fs::read(folder().join(name)).unwrap());
    let decoded = aws::decode(&bytes, &Frame::new("frame").with_function_arn("arn:f")).unwrap_or_else(|e| panic!("{name}: {e}"));
    let shape = decoded.shape();
    (shape, decoded.into_events().remove(0))
}

/// The HTTP files: shape, method, path, query, host, caller, number of header values, body.
type Row = (
    &'static str,
    Shape,
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    usize,
    Option<&'static str>,
);

const BODY: Option<&str> = Some("{\r\n\t\"a\": 1\r\n}");
const HELLO: Option<&str> = Some("Hello from Lambda");
const THREE: Option<&str> = Some("parameter1=value1&parameter1=value2&parameter2=value");
const ID: Option<&str> = Some("id.execute-api.us-east-1.amazonaws.com");
const GY: Option<&str> = Some("gy415nuibc.execute-api.us-east-1.amazonaws.com");
const ELB: Option<&str> = Some("lambda-846800462-us-east-2.elb.amazonaws.com");
const SAM: Option<&str> = Some("127.0.0.1:3000");
const STATE: Option<&str> = Some("state=prod&multi=a&multi=DEF&multi=g");

#[rustfmt::skip]
const HTTP: [Row; 38] = {
    use Shape::{AlbMulti, AlbSingle, FunctionUrl, HttpApi1, HttpApi2, Lattice1, Lattice2, Rest, WebSocket};
    [
    ("lambda-http/alb_health_check.json", AlbSingle, "GET", "/", None, None, None, 1, None),
    ("lambda-http/alb_multi_value_request.json", AlbMulti, "GET", "/", Some("myKey=val1&myKey=val2&myOtherKey=val3&myOtherKey=val4"), ELB, Some("72.21.198.66"), 11, Some("request_body")),
    ("lambda-http/alb_multi_value_request_encoded_query_parameters.json", AlbMulti, "GET", "/", Some("myKey=%3FshowAll%3Dtrue&myKey=%3FshowAll%3Dfalse"), ELB, Some("72.21.198.66"), 11, Some("request_body")),
    ("lambda-http/alb_no_host.json", AlbSingle, "GET", "/v1/health/", None, None, None, 1, None),
    ("lambda-http/alb_request.json", AlbSingle, "GET", "/", Some("myKey=val2"), ELB, Some("72.21.198.66"), 10, Some("request_body")),
    ("lambda-http/alb_request_encoded_query_parameters.json", AlbSingle, "GET", "/", Some("myKey=%3FshowAll%3Dtrue"), ELB, Some("72.21.198.66"), 10, Some("request_body")),
    ("lambda-http/apigw_multi_value_proxy_request.json", Rest, "POST", "/hello/world", Some("name=me&multiValueName=you&multiValueName=me"), GY, Some("192.168.196.186"), 19, BODY),
    ("lambda-http/apigw_no_host.json", Rest, "GET", "/hello", Some("name=me"), None, Some("192.168.100.1"), 16, None),
    ("lambda-http/apigw_proxy_request.json", Rest, "GET", "/hello", Some("name=me"), Some("wt6mne2s9k.execute-api.us-west-2.amazonaws.com"), Some("192.168.100.1"), 17, None),
    ("lambda-http/apigw_request_path_with_space.json", HttpApi2, "POST", "/my/path-with%20space", THREE, ID, None, 3, HELLO),
    ("lambda-http/apigw_v2_proxy_request.json", HttpApi2, "POST", "/my/path", THREE, ID, None, 3, HELLO),
    ("lambda-http/apigw_v2_proxy_request_minimal.json", HttpApi2, "GET", "/", None, Some("xxx.execute-api.us-east-1.amazonaws.com"), Some("65.78.31.245"), 8, None),
    ("lambda-http/apigw_v2_proxy_request_with_stage_in_path.json", HttpApi2, "POST", "/my/path", THREE, ID, None, 3, HELLO),
    ("lambda-http/apigw_v2_sam_local.json", HttpApi2, "GET", "/hello", None, SAM, Some("127.0.0.1"), 14, None),
    ("lambda-http/lambda_function_url_request.json", FunctionUrl, "GET", "/my/path", THREE, Some("id.lambda-url.eu-west-2.on.aws"), Some("65.78.31.245"), 10, None),
    ("lambda-http/vpc_lattice_v2_request.json", Lattice2, "GET", "/health", STATE, None, Some("10.0.2.100"), 5, Some("All is good")),
    ("lambda-http/vpc_lattice_v2_request_base64.json", Lattice2, "GET", "/health", STATE, Some("www.site.com"), Some("10.0.2.100"), 6, Some("All is good")),
    ("lambda-http/vpc_lattice_v2_request_encoded_query.json", Lattice2, "GET", "/search", Some("filter=%3FshowAll%3Dtrue&q=hello%20world"), Some("api.example.com"), None, 2, None),
    ("lambda-events/example-apigw-console-request.json", Rest, "POST", "/path/to/resource", Some("foo=bar"), Some("1234567890.execute-api.{dns_suffix}"), Some("127.0.0.1"), 18, Some("{\"test\":\"body\"}")),
    ("lambda-events/example-apigw-console-test-request.json", Rest, "POST", "/myPath", None, Some("testPrefix.testDomainName"), None, 0, BODY),
    ("lambda-events/example-apigw-request-catch-all.json", Rest, "POST", "/hello/world", Some("name=me"), GY, Some("192.168.196.186"), 19, BODY),
    ("lambda-events/example-apigw-request-multi-value-parameters.json", Rest, "POST", "/hello/world", Some("name=me&name=me2"), GY, Some("192.168.196.186"), 20, BODY),
    ("lambda-events/example-apigw-request.json", Rest, "POST", "/hello/world", Some("name=me"), GY, Some("192.168.196.186"), 19, BODY),
    ("lambda-events/example-apigw-restapi-openapi-request.json", Rest, "POST", "/hello/world", Some("name=me"), GY, Some("192.168.196.186"), 19, BODY),
    ("lambda-events/example-apigw-sam-http-request.json", HttpApi2, "GET", "/dump", Some("foo=bar"), SAM, Some("127.0.0.1"), 18, None),
    ("lambda-events/example-apigw-sam-rest-request.json", HttpApi1, "GET", "/test", None, SAM, Some("127.0.0.1"), 17, None),
    ("lambda-events/example-apigw-v2-request-iam.json", HttpApi2, "GET", "/my/path", THREE, ID, None, 3, BODY),
    ("lambda-events/example-apigw-v2-request-jwt-authorizer.json", HttpApi2, "GET", "/my/path", THREE, ID, None, 3, BODY),
    ("lambda-events/example-apigw-v2-request-lambda-authorizer.json", HttpApi2, "GET", "/my/path", THREE, ID, None, 3, BODY),
    ("lambda-events/example-apigw-v2-request-multi-value-parameters.json", HttpApi2, "GET", "/my/path", Some("Parameter1=value1&Parameter1=value2"), ID, None, 2, BODY),
    ("lambda-events/example-apigw-v2-request-no-authorizer.json", HttpApi2, "GET", "/", None, Some("aaaaaaaaaa.execute-api.us-west-2.amazonaws.com"), Some("1.2.3.4"), 8, None),
    ("lambda-events/example-apigw-websocket-request-disconnect-route.json", WebSocket, "POST", "/$disconnect", None, Some("abcd1234.execute-api.us-east-1.amazonaws.com"), Some("192.0.2.1"), 4, None),
    ("lambda-events/example-apigw-websocket-request-without-method.json", WebSocket, "GET", "/$connect", None, Some("asdfasdf.execute-api.us-west-2.amazonaws.com"), Some("10.0.0.13"), 8, None),
    ("lambda-events/example-alb-lambda-target-request-headers-only.json", AlbSingle, "GET", "/", Some("key=hello"), Some("lambda-test-alb-1334523864.us-east-1.elb.amazonaws.com"), Some("25.12.198.67"), 10, None),
    ("lambda-events/example-vpc-lattice-v1-request.json", Lattice1, "POST", "/api/product", Some("category=electronics&sort=price&limit=10&tags=tv"), None, Some("10.0.2.100"), 5, Some("{\"id\": 5, \"description\": \"TV\"}")),
    ("lambda-events/example-vpc-lattice-v2-request-base64.json", Lattice2, "POST", "/api/files/upload", Some("uploadType=profile-image"), None, Some("10.0.1.45"), 4, None),
    ("lambda-events/example-vpc-lattice-v2-request-roles-anywhere.json", Lattice2, "POST", "/api/external/data-sync", Some("sync-type=incremental&validate=true"), None, Some("203.45.67.89"), 5, None),
    ("lambda-events/example-vpc-lattice-v2-request.json", Lattice2, "GET", "/health", STATE, None, Some("10.0.2.100"), 5, None),
    ]
};

#[test]
#[ignore = "needs ../shared"]
fn each_request_is_what_its_front_end_was_asked() {
    for (name, shape, method, path, query, host, ip, headers, body) in HTTP {
        let (found, event) = read(name);
        assert_eq!(found, shape, "{name}");
        let http = event.http().unwrap();
        assert_eq!((http.method.as_str(), http.path.as_str(), http.query.as_deref()), (method, path, query), "{name}");
        assert_eq!(http.host.as_deref(), host, "{name}");
        assert_eq!(http.client_ip.map(|ip| ip.to_string()).as_deref(), ip, "{name}");
        assert_eq!(http.headers.len(), headers, "{name}");
        if body.is_some() {
            assert_eq!(event.data().map(|data| std::str::from_utf8(data).unwrap()), body, "{name}");
        }
    }
}

#[test]
#[ignore = "needs ../shared"]
fn what_stands_out_in_some_requests() {
    let cookies = |name: &str| {
        let (_, event) = read(name);
        let http = event.http().unwrap();
        http.headers.get_all("cookie").map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(cookies("lambda-http/lambda_function_url_request.json"), ["test=hi"]);
    assert_eq!(cookies("lambda-http/apigw_v2_proxy_request.json"), ["cookie1=value1; cookie2=value2"]);
    assert_eq!(cookies("lambda-events/example-apigw-v2-request-iam.json"), ["cookie1; cookie2"]);
    assert_eq!(cookies("lambda-http/alb_multi_value_request.json").len(), 2);

    let time = |name: &str| read(name).1.time().map(|time| time.to_string());
    assert_eq!(time("lambda-events/example-apigw-sam-http-request.json").as_deref(), Some("2024-01-28T12:09:08Z"));
    assert_eq!(time("lambda-http/vpc_lattice_v2_request.json").as_deref(), Some("2024-08-28T20:03:19.456789Z"));
    assert_eq!(time("lambda-http/apigw_v2_proxy_request.json").as_deref(), Some("2020-03-04T19:03:58.390Z"));
    assert_eq!(time("lambda-http/alb_request.json"), None);

    let (_, lattice) = read("lambda-events/example-vpc-lattice-v1-request.json");
    assert_eq!(lattice.http().unwrap().headers.get("multi").unwrap(), "abcd, DEF");
    assert_eq!((lattice.id(), lattice.source()), ("frame", "arn:f"));
    let (_, lattice) = read("lambda-http/vpc_lattice_v2_request.json");
    assert!(lattice.source().ends_with(":service/svc-0a40eebed65f8d69c"));
    assert_eq!(lattice.http().unwrap().headers.get_all("multi").collect::<Vec<_>>(), ["x", "y"]);
    let (_, gzip) = read("lambda-events/example-vpc-lattice-v2-request-base64.json");
    assert!(gzip.data().unwrap().starts_with(&[0x1f, 0x8b]));
    let (_, alb) = read("lambda-events/example-alb-lambda-target-request-multivalue-headers.json");
    assert!(alb.source().ends_with(":targetgroup/lambda-target/abcdefgh"));
    let (_, rest) = read("lambda-events/example-apigw-request-multi-value-parameters.json");
    assert_eq!(rest.http().unwrap().headers.get_all("headername").count(), 2);
    let (_, stage) = read("lambda-http/apigw_v2_proxy_request_with_stage_in_path.json");
    assert_eq!(stage.http().unwrap().raw_path, "/Prod/my/path");

    // It carries `httpMethod` like a REST request, and fewer headers in the lists than in the map.
    let (shape, socket) = read("lambda-events/example-apigw-websocket-request.json");
    assert_eq!((shape, socket.attribute("connectionId")), (Shape::WebSocket, Some("TWegAcC4EowCHnA=")));
    assert_eq!(socket.http().unwrap().path, "/hello/world");
}

/// File names, or their beginnings where a `*` stands at the end, of each trigger; first match counts.
const GROUPS: [(&str, &str); 17] = [
    ("direct", "apigw-custom-auth-* apigw-v2-custom-authorizer-*"),
    ("http", "apigw-* alb-* vpc-lattice-*"),
    ("queue", "sqs-*"),
    ("direct", "sns-subscription-confirmation* sns-unsubscribe-confirmation*"),
    ("topic", "sns-event* cloudwatch-alarm-sns-payload-*"),
    ("direct", "s3-object-lambda-event-*"),
    ("object", "s3-event*"),
    ("schedule", "eventbridge-schedule*"),
    ("direct", "codedeploy-lifecycle-event*"),
    (
        "event",
        "eventbridge-event-obj* autoscaling-event-* codebuild-* codedeploy-deployment-event* codedeploy-instance-event* \
         codepipeline-* ecr-image-scan-event*",
    ),
    ("direct", "dynamodb-event-record-with-optional-fields*"),
    ("change", "dynamodb-event* documentdb-*"),
    ("direct", "kinesis-firehose-event*"),
    ("stream", "kinesis-event* kafka-event*"),
    ("direct", "firehose-event* activemq-event* rabbitmq-event* cognito-event* appsync-* cloudformation-custom-resource-* ses-*"),
    ("direct", "cloudwatch_logs-event* cloudwatch-alarm-* cloudwatch-cloudtrail-* bedrock-agent-runtime-event* clientvpn-*"),
    ("direct", "code_commit-event* config-event* connect-* controltower-* iot* lex-event* secretsmanager-* cloudwatch-*"),
];

#[test]
#[ignore = "needs ../shared"]
fn each_file_is_of_its_trigger() {
    let mut count = 0;
    for folder_name in ["lambda-events", "lambda-http"] {
        for entry in std::fs::read_dir(folder().join(folder_name)).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            if !file.ends_with(".json") {
                continue;
            }
            count += 1;
            let name = file.strip_prefix("example-").unwrap_or(&file);
            let fits = |pattern: &str| name.starts_with(pattern.trim_end_matches('*'));
            let group = GROUPS.iter().find(|(_, patterns)| patterns.split_whitespace().any(fits));
            let trigger =
                if folder_name == "lambda-http" { "http" } else { group.unwrap_or_else(|| panic!("{file} is in no group")).0 };
            let (shape, event) = read(&format!("{folder_name}/{file}"));
            assert_eq!(shape.is_http(), trigger == "http", "{file}");
            // The other triggers have a place in the predicates and no decoder: they are direct until they have one.
            assert_eq!(matches!(event.trigger(), Trigger::Http(_)), trigger == "http", "{file}");
        }
    }
    assert_eq!(count, 175);
}
