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
    Event,
    aws::{self, Frame, Shape},
};
use serde_json::Value;

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

/// Every file, with its trigger.
fn files() -> Vec<(String, &'static str)> {
    let mut files = Vec::new();
    for folder_name in ["lambda-events", "lambda-http"] {
        for entry in std::fs::read_dir(folder().join(folder_name)).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            if !file.ends_with(".json") {
                continue;
            }
            let name = file.strip_prefix("example-").unwrap_or(&file);
            let fits = |pattern: &str| name.starts_with(pattern.trim_end_matches('*'));
            let group = GROUPS.iter().find(|(_, patterns)| patterns.split_whitespace().any(fits));
            let trigger =
                if folder_name == "lambda-http" { "http" } else { group.unwrap_or_else(|| panic!("{file} is in no group")).0 };
            files.push((format!("{folder_name}/{file}"), trigger));
        }
    }
    assert_eq!(files.len(), 175);
    files
}

#[test]
#[ignore = "needs ../shared"]
fn each_file_is_of_its_trigger() {
    for (file, trigger) in files() {
        let (shape, event) = read(&file);
        assert_eq!(shape.is_http(), trigger == "http", "{file}");
        assert_eq!(event.trigger().kind().as_str(), trigger, "{file}");
    }
}

/// The ids of the events in a file, by its own members.
fn ids(file: &Value) -> Vec<String> {
    let text = |value: &Value, path: &str| match value.pointer(path) {
        Some(Value::String(text)) => text.clone(),
        value => value.map(Value::to_string).unwrap_or_default(),
    };
    let joined = |value: &Value, paths: &[&str]| paths.iter().map(|path| text(value, path)).collect::<Vec<_>>().join("-");
    let each = |list: &Value, id: &dyn Fn(&Value) -> String| list.as_array().unwrap().iter().map(id).collect();
    if file["Records"].is_array() {
        return each(&file["Records"], &|record| match record["eventSource"].as_str() {
            Some("aws:s3") => joined(record, &["/responseElements/x-amz-request-id", "/s3/object/sequencer"]),
            Some("aws:sqs") => text(record, "/messageId"),
            Some(_) => text(record, "/eventID"),
            None => text(record, "/Sns/MessageId"),
        });
    }
    if let Some(partitions) = file["records"].as_object() {
        let records = partitions.values().flat_map(|records| records.as_array().unwrap());
        return records.map(|record| joined(record, &["/topic", "/partition", "/offset"])).collect();
    }
    if file["events"].is_array() {
        return each(&file["events"], &|entry| text(entry, "/event/_id/_data"));
    }
    vec![text(file, "/id")]
}

#[test]
#[ignore = "needs ../shared"]
fn each_file_holds_the_events_that_its_members_name() {
    for (name, trigger) in files().into_iter().filter(|(_, trigger)| *trigger != "http") {
        let bytes = Bytes::from(std::fs::read(folder().join(&name)).unwrap());
        let events = aws::decode(&bytes, &Frame::new("frame")).unwrap().into_events();
        let found: Vec<_> = events.iter().map(Event::id).collect();
        if trigger == "direct" {
            assert_eq!((found, events[0].data()), (vec!["frame"], Some(&bytes)), "{name}");
            continue;
        }
        let file: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(found, ids(&file), "{name}");
        if trigger == "event" {
            let detail: Value = serde_json::from_slice(events[0].data().unwrap()).unwrap();
            let told = (Some(events[0].ty()), Some(events[0].source()), &detail);
            assert_eq!(told, (file["detail-type"].as_str(), file["source"].as_str(), &file["detail"]), "{name}");
        }
    }
}

#[test]
#[ignore = "needs ../shared"]
fn each_change_of_documents_has_its_action() {
    for (operation, ty) in [
        ("insert", "polyfn.change.created"),
        ("update", "polyfn.change.updated"),
        ("replace", "polyfn.change.updated"),
        ("delete", "polyfn.change.deleted"),
        ("drop", "polyfn.change.updated"),
        ("drop-database", "polyfn.change.updated"),
        ("rename", "polyfn.change.updated"),
        ("invalidate", "polyfn.change.updated"),
    ] {
        let (shape, event) = read(&format!("lambda-events/example-documentdb-{operation}-event.json"));
        assert_eq!((shape, event.ty()), (Shape::DocumentDb, ty), "{operation}");
    }
}

/// What an event is, but for what its trigger says.
fn facts(name: &str) -> (String, String, String, String, u32) {
    let (_, event) = read(&format!("lambda-events/example-{name}.json"));
    let time = event.time().map_or_else(String::new, |time| time.to_string());
    (event.id().into(), event.source().into(), event.ty().into(), time, event.attempt())
}

fn told(id: &str, source: &str, ty: &str, time: &str, attempt: u32) -> (String, String, String, String, u32) {
    (id.into(), source.into(), ty.into(), time.into(), attempt)
}

/// The member of the event's JSON form that is named after its trigger.
fn fields(name: &str) -> Value {
    let (_, event) = read(&format!("lambda-events/example-{name}.json"));
    let kind = event.trigger().kind().as_str();
    serde_json::to_value(&event).unwrap()[kind].take()
}

#[test]
#[ignore = "needs ../shared"]
fn messages_are_what_their_files_say() {
    assert_eq!(
        facts("sqs-event"),
        told("MessageID_1", "arn:aws:sqs:us-west-2:123456789012:SQSQueue", "polyfn.queue.message", "2018-03-09T18:53:45.029Z", 2)
    );
    assert_eq!(fields("sqs-event"), serde_json::json!({"name": "SQSQueue"}));
    let (_, sqs) = read("lambda-events/example-sqs-event.json");
    assert_eq!(sqs.data().unwrap(), "Message Body");
    assert_eq!((sqs.attribute("Attribute2"), sqs.attribute("Attribute3")), (Some("123"), Some("MTEwMA==")));
    assert_eq!(
        facts("sns-event"),
        told(
            "82833b5c-8d5d-56d0-b0e1-7511f8253eb8",
            "arn:aws:sns:us-east-1:246796806071:snsNetTest",
            "polyfn.topic.message",
            "2015-08-18T18:02:32.111Z",
            1
        )
    );
    assert_eq!(fields("sns-event"), serde_json::json!({"name": "snsNetTest", "subject": "Greetings"}));
    assert_eq!(read("lambda-events/example-sns-event.json").1.data().unwrap(), "Hello\r\nworld!");
}

#[test]
#[ignore = "needs ../shared"]
fn objects_and_ticks_are_what_their_files_say() {
    assert_eq!(
        facts("s3-event"),
        told("C3D13FE58DE4C810-Happy Sequencer", "arn:aws:s3:::mybucket", "polyfn.object.created", "1970-01-01T00:00:00.123Z", 1)
    );
    assert_eq!(
        fields("s3-event"),
        serde_json::json!({"action": "created", "bucket": "sourcebucket", "key": "Happy Face.jpg", "size": 1024,
            "etag": "d41d8cd98f00b204e9800998ecf8427e", "version": "version"})
    );
    let rule = "arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule";
    let id = "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa";
    assert_eq!(facts("eventbridge-schedule"), told(id, rule, "polyfn.schedule.tick", "2015-10-08T16:53:06Z", 1));
    assert_eq!(
        fields("eventbridge-schedule"),
        serde_json::json!({"name": "my-scheduled-rule", "scheduled_for": "2015-10-08T16:53:06Z"})
    );
}

#[test]
#[ignore = "needs ../shared"]
fn records_are_what_their_files_say() {
    let sequence = "49568167373333333333333333333333333333333333333333333333";
    assert_eq!(
        facts("kinesis-event"),
        told(
            &format!("shardId-000000000000:{sequence}"),
            "arn:aws:kinesis:us-east-1:123456789012:stream/simple-stream",
            "polyfn.stream.record",
            "2016-12-02T01:18:43.477Z",
            1
        )
    );
    assert_eq!(
        fields("kinesis-event"),
        serde_json::json!({"name": "simple-stream", "partition": "shardId-000000000000", "partition_key": "s1",
            "sequence": sequence})
    );
    assert_eq!(read("lambda-events/example-kinesis-event.json").1.data().unwrap(), "Hello World");
    let (_, kafka) = read("lambda-events/example-kafka-event.json");
    assert_eq!(kafka.id(), "AWSKafkaTopic-0-0");
    assert_eq!(kafka.time().unwrap().to_string(), "2020-07-18T01:29:09.700Z");
    assert_eq!(kafka.attribute("headerKey"), Some("headerValue"));
    let key = "8d5596b4-1813-4238-b24b-6dad8e3d1c0c";
    assert_eq!(kafka.data().unwrap(), key);
    assert_eq!(
        fields("kafka-event"),
        serde_json::json!({"name": "AWSKafkaTopic", "partition": "0", "partition_key": key, "sequence": "0"})
    );
}

#[test]
#[ignore = "needs ../shared"]
fn changes_are_what_their_files_say() {
    let table = "arn:aws:dynamodb:us-east-1:123456789012:table/Example-Table/stream/2016-12-01T00:00:00.000";
    assert_eq!(
        facts("dynamodb-event"),
        told("f07f8ca4b0b26cb9c4e5e77e69f274ee", table, "polyfn.change.created", "2016-12-02T01:27:00Z", 1)
    );
    assert_eq!(
        fields("dynamodb-event"),
        serde_json::json!({"action": "created", "collection": "Example-Table", "key": {"val": "data", "key": "binary"},
            "after": {"val": "data", "asdf1": "AAEqQQ==", "asdf2": ["AAEqQQ==", "QSoBAA=="], "key": "binary"}})
    );
    let cluster = "arn:aws:rds:us-east-1:123456789012:cluster:canaryclusterb2a659a2-qo5tcmqkcl03";
    assert_eq!(
        facts("documentdb-insert-event"),
        told("0163eeb6e7000000090100000009000041e1", cluster, "polyfn.change.created", "2023-02-16T23:06:15Z", 1)
    );
    assert_eq!(
        fields("documentdb-insert-event"),
        serde_json::json!({"action": "created", "collection": "test_collection", "key": {"_id": "63eeb6e7d418cd98afb1c1d7"}})
    );
}
