//! The same deliveries through AWS's Runtime Interface Emulator and through Lambda on this machine: the functions see the same
//! events, and the replies are the same.
//!
//! The emulator is not Lambda: it has the real Runtime API, and in front of it a plain endpoint instead of `Invoke`. What differs
//! for that, in every test here:
//!
//! | what | emulator | here | why |
//! |---|---|---|---|
//! | the account | `012345678912` | `123456789012` | an invention of each |
//! | request ids | its own | our own | random |
//! | a failed invocation | the error, and nothing that says so | with `x-amz-function-error: Unhandled` | [Invoke] |
//! | the reply's content type | guessed, mostly `text/plain` | `application/json`, or what a stream says | [Invoke] |
//! | a program that ends | status 502 | 200, as of any failed invocation | [Invoke] |
//! | a timeout | `Task timed out after 1.00 seconds` as text | the same in JSON, as `Sandbox.Timedout` | [Invoke]: the payload of an error is an object |
//! | no payload | no payload | `{}` | no JSON at all would reach the function |
//! | a payload that is no JSON | delivered | 400 `InvalidRequestContentException` | [Invoke] |
//! | a stream that ends in an error | what came before, as a success | the error of the trailers | [Response streaming] |
//!
//! [Invoke]: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
//! [Response streaming]: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use polyfn_shim::local::{
    Process, Program,
    aws::{Configuration, FUNCTION_ERROR, Lambda},
};
use polyfn_tests::{TestData, example};
use serde_json::{Value, json};

use crate::{deliveries, emulator::Emulator, program};

/// One program under both hosts.
struct Both {
    emulator: Emulator,
    runtime: tokio::runtime::Runtime,
    lambda: Lambda,
}

/// What a host answered: whether the invocation went well, as far as it says so, and the reply.
type Answer = (Option<bool>, Value);

impl Both {
    fn start(command: &[&str], env: &[(&str, &str)], timeout: Duration) -> Self {
        let limit = timeout.as_secs().to_string();
        let told = [env, &[("AWS_LAMBDA_FUNCTION_TIMEOUT", &limit)]].concat();
        let emulator = Emulator::run(command, &told);
        let program = Program {
            path: PathBuf::from(command.first().expect("a command has a program")),
            arguments: command.iter().skip(1).map(Into::into).collect(),
            env: env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            lines: Arc::new(|_| {}),
        };
        let configuration = Configuration { name: "inspect".to_owned(), timeout, ..Configuration::default() };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
        Self { emulator, runtime, lambda: Lambda::new(program, configuration) }
    }

    fn of(program: &str, env: &[(&str, &str)]) -> Self {
        Self::start(&[program, "bootstrap"], env, Duration::from_secs(60))
    }

    fn theirs(&self, delivery: &str) -> Value {
        let account = |text: String| text.replace("012345678912", "123456789012");
        let answer = self.emulator.answer(delivery);
        serde_json::from_str(&account(answer.text())).unwrap_or_else(|_| json!(answer.text()))
    }

    fn ours(&self, delivery: &str) -> Answer {
        let request = http::Request::new(Bytes::from(delivery.to_owned()));
        let reply = self.runtime.block_on(self.lambda.deliver(request)).expect("a reply");
        let failed = reply.headers().contains_key(FUNCTION_ERROR);
        let json = serde_json::from_slice(reply.body()).unwrap_or_else(|_| json!(String::from_utf8_lossy(reply.body())));
        (Some(reply.status() == 200 && !failed), json)
    }

    /// Fails unless both answer alike, once what is random is taken out; gives the answer.
    fn alike(&self, name: &str, delivery: &str) -> (bool, Value) {
        let (theirs, (went_well, ours)) = (self.theirs(delivery), self.ours(delivery));
        assert_eq!(without_ids(ours.clone()), without_ids(theirs), "{name}: here (left) and by the emulator (right)");
        (went_well.expect("it is told here"), ours)
    }
}

/// The reply without ids of requests: those are in the message of an error, and in the event of a delivery that has none.
fn without_ids(mut reply: Value) -> Value {
    let Some(members) = reply.as_object_mut() else { return reply };
    if let Some(event) = members.get("body").and_then(Value::as_str).and_then(|body| serde_json::from_str(body).ok()) {
        members.insert("body".to_owned(), without_ids(event));
    }
    if let Some(message) = members.get("errorMessage").and_then(Value::as_str)
        && let Some((_, rest)) = message.strip_prefix("RequestId: ").and_then(|rest| rest.split_once(' '))
    {
        members.insert("errorMessage".to_owned(), json!(format!("RequestId: {rest}")));
    }
    if members.get("id").and_then(Value::as_str).is_some_and(|id| id.len() == 36) {
        members.remove("id");
    }
    reply
}

/// A path in a folder of its own, which lasts as long as the target folder.
fn out(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lambda");
    fs::create_dir_all(&folder).expect("a folder can be made");
    folder.join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of text")
}

/// The events that functions wrote down since the last look, in an order of their own: several run at once.
fn written(path: &Path) -> Vec<Value> {
    let lines = fs::read_to_string(path).unwrap_or_default();
    fs::write(path, "").expect("a file can be written");
    let mut events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a line is an event")).collect();
    events.sort_by_key(Value::to_string);
    events
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn requests_and_direct_calls() {
    let both = Both::of(&example("inspect"), &[]);
    for delivery in deliveries::all() {
        let (went_well, _) = both.alike(delivery.name, delivery.event);
        assert!(went_well, "{}", delivery.name);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn a_call_that_is_answered_and_one_that_is_refused() {
    let both = Both::of(&example("hello"), &[]);
    assert_eq!(both.alike("sum", "[40,2]"), (true, json!(42)));
    let (went_well, error) = both.alike("no numbers", r#"[1,"x"]"#);
    assert_eq!((went_well, &error["errorType"]), (false, &json!("Function.BadInput")));
    assert_eq!(both.alike("sum", "[1,2]"), (true, json!(3)));
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn the_events_of_every_source_are_seen_and_settled_alike() {
    let path = out("events.jsonl");
    fs::write(&path, "").expect("a file can be written");
    let both = Both::of(&example("inspect"), &[("INSPECT_OUT", text(&path))]);
    let data = TestData::of("aws");
    for row in data.rows.iter().filter(|row| row.trigger != "http" && row.trigger != "direct") {
        let delivery = String::from_utf8(data.read(row, ".json")).expect("a delivery is text");
        let theirs = (both.theirs(&delivery), written(&path));
        let (went_well, reply) = both.ours(&delivery);
        assert_eq!((reply, written(&path)), theirs, "{}: here (left) and by the emulator (right)", row.file);
        assert_eq!(went_well, Some(true), "{}", row.file);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn events_that_fail_are_told_alike() {
    // No line can be appended to a folder, so every event fails.
    let folder = out("folder");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let both = Both::of(&example("inspect"), &[("INSPECT_OUT", text(&folder))]);
    let data = TestData::of("aws");
    for row in data.rows.iter().filter(|row| row.trigger != "http" && row.trigger != "direct") {
        let delivery = String::from_utf8(data.read(row, ".json")).expect("a delivery is text");
        let (went_well, reply) = both.alike(&row.file, &delivery);
        assert_eq!(went_well, reply.get("errorType").is_none(), "{}: {reply}", row.file);
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn one_message_of_three_fails_alone() {
    let path = out("alone.jsonl");
    fs::write(&path, "").expect("a file can be written");
    let both = Both::of(&example("inspect"), &[("INSPECT_OUT", text(&path)), ("POLYFN_FUNCTION", "queue")]);
    let record = |id: &str, body: &str| {
        json!({"messageId": id, "body": body, "attributes": {}, "messageAttributes": {}, "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders"})
    };
    let object = json!({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "in"}, "object": {"key": "a+b"}}}]});
    let delivery = json!({"Records": [record("1", "hi"), record("2", &object.to_string()), record("3", "there")]}).to_string();
    let theirs = (both.theirs(&delivery), written(&path));
    let (went_well, ours) = both.ours(&delivery);
    let ours = (ours, written(&path));
    assert_eq!(ours, theirs);
    assert_eq!(ours.0, json!({"batchItemFailures": [{"itemIdentifier": "2"}]}));
    assert_eq!((went_well, ours.1.len()), (Some(true), 2));
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn what_goes_wrong_in_a_program_is_told_alike() {
    let command = program::command();
    let command: Vec<_> = command.iter().map(String::as_str).collect();
    let both = Both::start(&command, &[program::ROLE], Duration::from_secs(2));
    for (order, kind) in [
        (r#""fail""#, "Function.OrderMissing"),
        (r#""panic""#, "Function.Panic"),
        (r#""large""#, "Function.ResponseSizeTooLarge"),
        (r#""exit""#, "Runtime.ExitError"),
        (r#""end""#, "Runtime.ExitError"),
    ] {
        let (went_well, error) = both.alike(order, order);
        assert_eq!((went_well, &error["errorType"]), (false, &json!(kind)), "{error}");
        assert_eq!(both.alike("the next", r#""echo""#), (true, json!("echo")), "after {order}");
    }
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn the_emulator_differs_where_the_table_says_so() {
    let command = program::command();
    let command: Vec<_> = command.iter().map(String::as_str).collect();
    let both = Both::start(&command, &[program::ROLE], Duration::from_secs(1));
    let theirs = both.emulator.answer(r#""fail""#);
    assert_eq!((theirs.status(), theirs.header(FUNCTION_ERROR)), (200, None));
    assert!(theirs.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")));
    assert_eq!(both.emulator.answer(r#""exit""#).status(), 502);

    assert_eq!(both.theirs(r#""hang""#), json!("Task timed out after 1.00 seconds"));
    let (went_well, ours) = both.ours(r#""hang""#);
    assert_eq!((went_well, &ours["errorType"]), (Some(false), &json!("Sandbox.Timedout")));
    let message = ours["errorMessage"].as_str().expect("a message");
    assert!(message.ends_with(" Error: Task timed out after 1.00 seconds"), "{message}");
    assert_eq!(both.alike("after a timeout", r#""echo""#), (true, json!("echo")));

    assert_eq!(both.theirs("")["errorType"], "Function.BadInput");
    assert_eq!(both.ours(""), (Some(true), json!({})));
    assert_eq!(both.theirs("{cut")["errorType"], "Function.BadInput");
    let (went_well, ours) = both.ours("{cut");
    assert_eq!((went_well, &ours["Type"]), (Some(false), &json!("User")));
}

#[test]
#[ignore = "needs AWS's Runtime Interface Emulator: set POLYFN_RIE to its path"]
fn a_streamed_reply_is_put_together_alike_and_told_apart_if_it_breaks() {
    let command = program::command();
    let command: Vec<_> = command.iter().map(String::as_str).collect();
    let env = [program::ROLE, ("POLYFN_RESPONSE_STREAM", "true")];
    let both = Both::start(&command, &env, Duration::from_secs(20));
    let url = |path: &str| {
        json!({"version": "2.0", "rawPath": path, "headers": {}, "requestContext": {"requestId": "r", "stage": "$default",
            "domainName": "u.lambda-url.us-east-1.on.aws", "http": {"method": "GET", "path": path}}})
        .to_string()
    };
    let want = "{\"statusCode\":200,\"headers\":{},\"cookies\":[]}\0\0\0\0\0\0\0\0onetwo";
    assert_eq!(both.alike("whole", &url("/whole")), (true, json!(want)));
    assert_eq!(both.theirs(&url("/broken")), json!(want));
    let (went_well, error) = both.ours(&url("/broken"));
    assert_eq!((went_well, &error["errorType"]), (Some(false), &json!("Function.StreamError")));
}
