//! The inspect example under Google's own Pub/Sub emulator: a message that is published arrives once, as the common event; and a
//! thousand messages of which some fail, to functions of this process.
//!
//! A push is a delivery of Google Cloud, so the program runs as it would on Cloud Run: `K_SERVICE` is set. What the emulator
//! cannot do, it is not asked for: it sends no ordering key in a wrapped push, and turns bytes that are no text into others in an
//! unwrapped one (0.8.20).

#![expect(clippy::expect_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

use std::{
    collections::HashMap,
    fs,
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use polyfn_shim::{
    Failure, Outcome, Reply,
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Table},
    gcp,
    server::Stop,
};
use polyfn_tests::{Process, call, example, free_port};
use serde_json::{Value, json};

const PROJECT: &str = "/v1/projects/library";
const TOPIC: &str = "projects/library/topics/returns";
/// After so many seconds the emulator sends again what was not acknowledged; it takes no fewer.
const DEADLINE: u64 = 10;

/// The emulator, which is a Java program behind a shell script behind gcloud.
struct Emulator {
    port: u16,
    gcloud: Child,
}

impl Emulator {
    /// Starts it, with one topic.
    fn start(out: &Out) -> Self {
        let port = free_port();
        let data = out.folder.join("emulator");
        fs::create_dir(&data).expect("a folder can be made");
        let log = out.folder.join("emulator.log");
        let output = || fs::File::options().append(true).create(true).open(&log).expect("a file can be written");
        let gcloud = Command::new("gcloud")
            .args(["beta", "emulators", "pubsub", "start", "--project=library"])
            .arg(format!("--host-port=127.0.0.1:{port}"))
            .arg(format!("--data-dir={}", data.display()))
            // It writes down what it was asked; that is no part of the machine's own configuration.
            .env("CLOUDSDK_CONFIG", out.folder.join("gcloud"))
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(output())
            .stderr(output())
            .spawn()
            .unwrap_or_else(|error| panic!("gcloud does not start: {error}"));
        let mut emulator = Self { port, gcloud };
        let end = Instant::now() + Duration::from_secs(120);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Ok(Some(status)) = emulator.gcloud.try_wait() {
                panic!("the emulator ended with {status}: {}", fs::read_to_string(&log).unwrap_or_default());
            }
            assert!(Instant::now() < end, "the emulator does not listen");
            sleep(Duration::from_millis(100));
        }
        emulator.ask("PUT", "/topics/returns", &json!({}));
        emulator
    }

    /// A request to its REST API, and the answer.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let json = [("content-type", "application/json")];
        let response = call(self.port, method, &format!("{PROJECT}{path}"), &json, body.to_string().as_bytes());
        assert_eq!(response.status(), 200, "{path}: {}", response.text());
        response.json()
    }

    /// Pushes what is published to the program on this port, whose path names the topic as a deployment's should.
    fn push_to(&self, port: u16, more: &Value) {
        let mut push = json!({"pushEndpoint": format!("http://127.0.0.1:{port}/{TOPIC}")});
        push.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let subscription =
            json!({"topic": TOPIC, "pushConfig": push, "ackDeadlineSeconds": DEADLINE, "enableMessageOrdering": true});
        self.ask("PUT", "/subscriptions/inspect", &subscription);
    }

    /// Publishes messages, and gives back their ids.
    fn publish(&self, messages: &Value) -> Vec<Value> {
        let published = self.ask("POST", "/topics/returns:publish", &json!({"messages": messages}));
        published.get("messageIds").and_then(Value::as_array).expect("ids of messages").clone()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // The script and the Java program outlive gcloud, but are of its group.
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.gcloud.id())]).status();
        let _ = self.gcloud.wait();
    }
}

/// Where a test's program writes events down.
struct Out {
    folder: PathBuf,
    file: PathBuf,
}

impl Out {
    fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pubsub").join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder can be made");
        Self { file: folder.join("events.jsonl"), folder }
    }

    /// Starts the program as Cloud Run would.
    fn inspect(&self) -> (Process, u16) {
        let port = free_port();
        let text = port.to_string();
        let file = self.file.to_str().expect("a path of text");
        let env = [("K_SERVICE", "inspect"), ("PORT", text.as_str()), ("INSPECT_OUT", file)];
        (Process::start(example("inspect"), &env).listening_on(port), port)
    }

    /// The events that were written down, without the time that the emulator gave each.
    fn events(&self) -> Vec<Value> {
        let text = fs::read_to_string(&self.file).unwrap_or_default();
        let events = text.lines().map(|line| {
            let mut event: Value = serde_json::from_str(line).expect("a line is an event");
            let time = event.as_object_mut().expect("an event is an object").remove("time");
            assert!(time.is_none_or(|time| time.as_str().is_some_and(|time| time.ends_with('Z'))), "{line}");
            event
        });
        events.collect()
    }

    /// Waits until so many events have been written down.
    fn wait_for(&self, count: usize) -> Vec<Value> {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let events = self.events();
            if events.len() >= count {
                return events;
            }
            assert!(Instant::now() < end, "there are {} of {count} events: {events:#?}", events.len());
            sleep(Duration::from_millis(50));
        }
    }
}

/// What every message of the topic is.
fn message(id: &Value, more: Value) -> Value {
    let mut event = json!({
        "provider": "gcp", "trigger": "topic", "id": id, "source": format!("//pubsub.googleapis.com/{TOPIC}"),
        "type": "polyfn.topic.message", "attempt": 1, "topic": {"name": "returns"},
    });
    event.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    event
}

#[test]
#[ignore = "needs the Pub/Sub emulator: gcloud with its component pubsub-emulator, and Java"]
fn a_message_arrives_once() {
    let out = Out::new("once");
    let (_inspect, port) = out.inspect();
    let emulator = Emulator::start(&out);
    emulator.push_to(port, &json!({}));
    let ids = emulator.publish(&json!([
        {"data": "/wCA", "attributes": {"shelf": "north", "title": "Ulysses €"}},
        {"data": "eyJpc2JuIjo5MDA3MTk5MjU0NzQwOTkzfQ==", "attributes": {"content-type": "application/json"}, "orderingKey": "reader-7"},
        {"data": "bGF0ZQ=="},
        {"attributes": {"eventType": "LOAN"}},
    ]));
    let json = json!({"attributes": {"content-type": "application/json"}, "datacontenttype": "application/json",
        "data": {"isbn": 9_007_199_254_740_993_u64}});
    let want = [
        message(&ids[0], json!({"attributes": {"shelf": "north", "title": "Ulysses €"}, "data_base64": "/wCA"})),
        message(&ids[1], json),
        message(&ids[2], json!({"data": "late"})),
        message(&ids[3], json!({"attributes": {"eventType": "LOAN"}})),
    ];
    let sorted = |mut events: Vec<Value>| {
        events.sort_by_key(|event| ids.iter().position(|id| *id == event["id"]));
        events
    };
    assert_eq!(sorted(out.wait_for(want.len())), want);
    // What is not acknowledged comes again by now, as the test beside this one shows.
    sleep(Duration::from_secs(DEADLINE + 3));
    assert_eq!(out.events().len(), want.len(), "a message was delivered again");
}

#[test]
#[ignore = "needs the Pub/Sub emulator: gcloud with its component pubsub-emulator, and Java"]
fn a_message_that_failed_comes_again() {
    let out = Out::new("again");
    // No line can be appended to a folder, so the function fails.
    fs::create_dir(&out.file).expect("a folder can be made");
    let (inspect, port) = out.inspect();
    let emulator = Emulator::start(&out);
    emulator.push_to(port, &json!({}));
    let ids = emulator.publish(&json!([{"data": "bGF0ZQ==", "attributes": {"shelf": "north"}}]));
    for _ in 0..2 {
        let line = inspect.line_with("Function.");
        assert!(line.contains("topic") && line.contains("ERROR"), "{line}");
    }
    fs::remove_dir(&out.file).expect("the folder is empty");
    let want = [message(&ids[0], json!({"attributes": {"shelf": "north"}, "data": "late"}))];
    assert_eq!(out.wait_for(1), want);
    sleep(Duration::from_secs(DEADLINE + 3));
    assert_eq!(out.events().len(), 1, "a message was delivered again after it was handled");
}

#[test]
#[ignore = "needs the Pub/Sub emulator: gcloud with its component pubsub-emulator, and Java"]
fn unwrapped_messages_of_a_key_arrive_in_their_order() {
    let out = Out::new("unwrapped");
    let (_inspect, port) = out.inspect();
    let emulator = Emulator::start(&out);
    emulator.push_to(port, &json!({"noWrapper": {"writeMetadata": true}}));
    let texts = ["one", "two", "three", "four", "five"];
    let data = ["b25l", "dHdv", "dGhyZWU=", "Zm91cg==", "Zml2ZQ=="];
    let messages =
        data.map(|data| json!({"data": data, "orderingKey": "reader-7", "attributes": {"content-type": "text/plain"}}));
    let ids = emulator.publish(&json!(messages));
    let topic = json!({"name": "returns", "ordering_key": "reader-7"});
    let want = ids.iter().zip(texts);
    let want: Vec<_> =
        want.map(|(id, text)| message(id, json!({"topic": topic, "datacontenttype": "text/plain", "data": text}))).collect();
    assert_eq!(out.wait_for(texts.len()), want);
}

/// How often each message was delivered, by its topic and what it says.
type Ledger = Arc<Mutex<HashMap<(&'static str, String), usize>>>;

/// A function of this topic that writes down what it gets: `once 7` fails the first time, and `always 7` every time.
fn obedient(topic: &'static str, ledger: &Ledger) -> Function {
    let (ledger, binding) = (Arc::clone(ledger), Binding::Resource { kind: Kind::Topic, name: topic, filter: Filter::default() });
    Function::blocking(Description::new(topic, binding), move |event, _| {
        let text = String::from_utf8_lossy(event.data().map_or(b"", |data| data)).into_owned();
        let is_poison = topic == "returns" && text.starts_with("always");
        let mut ledger = ledger.lock().expect("nobody panics while writing");
        let count = ledger.entry((topic, text.clone())).or_default();
        *count += 1;
        if is_poison || *count == 1 && text.starts_with("once") {
            return Outcome::Retry(Failure::new("Error", "as told"));
        }
        Outcome::Done(Reply::Empty)
    })
}

/// Serves both topics as Cloud Run would, for as long as the test runs.
fn serve(ledger: &Ledger) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = listener.local_addr().expect("it has an address").port();
    let functions = Functions::new(vec![obedient("returns", ledger), obedient("dead", ledger)]);
    let table = Arc::new(Table::new(functions, None, true).expect("the functions do not conflict"));
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
        runtime.block_on(async {
            listener.set_nonblocking(true).expect("a listener of tokio's");
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener of tokio's");
            let stop = Stop::when(std::future::pending());
            gcp::serve_on(vec![listener], table, gcp::Settings::default(), stop).await.expect("it serves");
        });
    });
    port
}

#[test]
#[ignore = "needs the Pub/Sub emulator: gcloud with its component pubsub-emulator, and Java"]
fn of_a_thousand_messages_each_ends_acknowledged_or_dead() {
    let ledger = Ledger::default();
    let port = serve(&ledger);
    let emulator = Emulator::start(&Out::new("thousand"));
    emulator.ask("PUT", "/topics/dead", &json!({}));
    let endpoint = |topic| json!({"pushEndpoint": format!("http://127.0.0.1:{port}/projects/library/topics/{topic}")});
    let dead = json!({"topic": "projects/library/topics/dead", "pushConfig": endpoint("dead"), "ackDeadlineSeconds": DEADLINE});
    emulator.ask("PUT", "/subscriptions/dead", &dead);
    let subscription = json!({
        "topic": TOPIC, "pushConfig": endpoint("returns"), "ackDeadlineSeconds": DEADLINE,
        "deadLetterPolicy": {"deadLetterTopic": "projects/library/topics/dead", "maxDeliveryAttempts": 5},
        "retryPolicy": {"minimumBackoff": "0.1s", "maximumBackoff": "1s"},
    });
    emulator.ask("PUT", "/subscriptions/returns", &subscription);
    // The emulator pushes ever slower the more of its pushes fail.
    let texts: Vec<_> = (0..1_000)
        .map(|number| match number % 500 {
            0 => format!("always {number}"),
            50 | 150 | 250 | 350 | 450 => format!("once {number}"),
            _ => format!("good {number}"),
        })
        .collect();
    let messages: Vec<_> = texts.iter().map(|text| json!({"data": base64(text)})).collect();
    assert_eq!(emulator.publish(&json!(messages)).len(), 1_000);

    let end = Instant::now() + Duration::from_secs(40);
    loop {
        let ledger = ledger.lock().expect("nobody panics while writing").clone();
        let count = |topic, text: &String| ledger.get(&(topic, text.clone())).copied().unwrap_or(0);
        let is_open = |text: &&String| match text.split(' ').next() {
            Some("always") => count("dead", text) == 0,
            Some("once") => count("returns", text) < 2,
            _ => count("returns", text) < 1,
        };
        let open: Vec<_> = texts.iter().filter(is_open).map(|text| (text, count("returns", text))).collect();
        if open.is_empty() {
            break;
        }
        assert!(Instant::now() < end, "neither acknowledged nor dead after so many deliveries: {open:?}");
        sleep(Duration::from_millis(100));
    }
    let before = ledger.lock().expect("nobody panics while writing").clone();
    // What is neither acknowledged nor dead comes again by now.
    sleep(Duration::from_secs(DEADLINE + 2));
    assert!(*ledger.lock().expect("nobody panics while writing") == before, "a message was delivered again");
    for text in &texts {
        let deliveries = before.get(&("returns", text.clone())).copied().unwrap_or(0);
        let (least, is_dead) = match text.split(' ').next() {
            Some("always") => (5, true),
            Some("once") => (2, false),
            _ => (1, false),
        };
        assert!(deliveries >= least, "{text}: {deliveries}");
        assert_eq!(before.contains_key(&("dead", text.clone())), is_dead, "{text}");
    }
}

/// Bytes as a message's data.
fn base64(text: &str) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text)
}
