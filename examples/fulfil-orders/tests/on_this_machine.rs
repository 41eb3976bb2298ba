//! The built program as `cargo run` starts it: messages that wait, fail, die and come again, through crashes.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test needs and does not find fails the test"
)]

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use polyfn_tests::{Process, Response, call, free_port, get, post};
use serde_json::{Value, json};

/// A program with a home of its own.
struct Shop {
    process: Process,
    port: u16,
    home: PathBuf,
}

impl Shop {
    fn open(name: &str) -> Self {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fulfil-orders-{name}"));
        let _ = fs::remove_dir_all(&home);
        Self::start(home, &[])
    }

    fn start(home: PathBuf, more: &[(&str, &str)]) -> Self {
        let port = free_port();
        let (text, folder) = (port.to_string(), home.to_str().unwrap().to_owned());
        let env: Vec<_> =
            [("POLYFN_PORT", text.as_str()), ("POLYFN_HOME", folder.as_str())].into_iter().chain(more.iter().copied()).collect();
        let process = Process::start(env!("CARGO_BIN_EXE_fulfil-orders"), &env).listening_on(port);
        Self { process, port, home }
    }

    /// The same shop in a new process.
    fn reopen(self) -> Self {
        let Self { process, home, .. } = self;
        drop(process);
        Self::start(home, &[])
    }

    fn send(&self, sku: &str) -> Response {
        let event = json!({"trigger": "queue", "queue": {"name": "orders"}, "datacontenttype": "application/json",
            "data": {"sku": sku, "count": 1}});
        post(self.port, "/_polyfn/api/send", &json!({ "event": event }).to_string())
    }

    fn api(&self, path: &str) -> Value {
        get(self.port, &format!("/_polyfn/api/{path}")).json()
    }

    fn depth(&self) -> Value {
        self.api("queues")["queues"][0].clone()
    }

    /// Waits until the queue is as told.
    fn until(&self, what: &str, is_so: impl Fn(&Value) -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !is_so(&self.depth()) {
            assert!(Instant::now() < end, "{what}: {}", self.depth());
            sleep(Duration::from_millis(20));
        }
    }

    fn dead(&self) -> Vec<Value> {
        self.api("dead?kind=queue&name=orders&consumer=fulfil")["dead"].as_array().cloned().unwrap_or_default()
    }
}

fn is_empty(depth: &Value) -> bool {
    ["waiting", "delayed", "running"].iter().all(|count| depth[count] == 0)
}

#[test]
fn a_message_is_handled_and_shown() {
    let shop = Shop::open("shown");
    let sent = shop.send("tea");
    assert_eq!((sent.status(), sent.json()), (202, json!({"queued": ["1"]})));
    shop.until("handled", is_empty);
    let list = shop.api("invocations");
    assert_eq!(list["invocations"][0]["ended"], "done", "{list}");
    let detail = shop.api("invocations/1");
    assert_eq!(detail["recording"]["events"][0]["data"], json!({"sku": "tea", "count": 1}));
    assert!(detail["logs"][0].as_str().is_some_and(|line| line.contains("sent sku=tea count=1")), "{detail}");
}

#[test]
fn a_message_that_fails_comes_again_dies_and_is_sent_again() {
    let shop = Shop::open("dies");
    shop.send("sold-out");
    shop.send("unknown");
    shop.until("dead", |depth| is_empty(depth) && depth["dead"] == 1);
    let dead = shop.dead();
    assert_eq!((&dead[0]["attempts"], &dead[0]["event"]["data"]["sku"]), (&json!(2), &json!("sold-out")));
    assert_eq!(dead[0]["reason"], "Function.Error: no `sold-out` left, attempt 2");
    let attempts: Vec<_> =
        shop.api("invocations")["invocations"].as_array().unwrap().iter().map(|i| i["ended"].clone()).collect();
    assert_eq!(attempts.iter().filter(|ended| *ended == "retry").count(), 2, "{attempts:?}");
    // It is a dead letter after a restart too.
    let shop = shop.reopen();
    let id = shop.dead()[0]["id"].as_str().unwrap().to_owned();
    let again = post(shop.port, &format!("/_polyfn/api/dead/{id}/resend"), "{}");
    assert_eq!(again.status(), 200, "{}", again.text());
    shop.until("dead again", |depth| is_empty(depth) && depth["dead"] == 1);
    let id = shop.dead()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(post(shop.port, &format!("/_polyfn/api/dead/{id}/discard"), "{}").status(), 204);
    assert_eq!(shop.depth()["dead"], 0);
    assert_eq!(post(shop.port, &format!("/_polyfn/api/dead/{id}/discard"), "{}").status(), 404);
}

#[test]
fn a_message_outlives_a_crash_in_its_function() {
    let mut shop = Shop::open("crash");
    shop.send("abort");
    assert!(!shop.process.exit().success());
    let shop = shop.reopen();
    shop.until("handled", is_empty);
    let list = shop.api("invocations");
    assert_eq!((&list["invocations"][0]["ended"], &list["invocations"][0]["attempt"]), (&json!("done"), &json!(2)), "{list}");
}

#[test]
fn numbers_keep_their_digits_on_the_way_to_the_console() {
    let shop = Shop::open("digits");
    let event = r#"{"trigger":"queue","queue":{"name":"orders"},"datacontenttype":"application/json","data":{"sku":"tea","count":1,"n":12345678901234567890.10}}"#;
    post(shop.port, "/_polyfn/api/send", &format!(r#"{{"event":{event}}}"#));
    shop.until("handled", is_empty);
    let text = get(shop.port, "/_polyfn/api/invocations/1").text();
    assert!(text.contains("12345678901234567890.10"), "{text}");
}

#[test]
fn what_is_wrong_with_a_build_is_told_until_it_is_mended() {
    let shop = Shop::open("notes");
    let note =
        |level: &str| post(shop.port, "/_polyfn/api/notes", &json!({"level": level, "text": "E0425"}).to_string()).status();
    assert_eq!(shop.api("about")["note"], Value::Null);
    assert_eq!(note("error"), 204);
    assert_eq!(shop.api("about")["note"], json!({"text": "E0425"}));
    assert_eq!(note("info"), 204);
    assert_eq!(shop.api("about")["note"], Value::Null);
    assert_eq!(note("loud"), 400);
}

#[test]
fn a_queue_without_a_message_is_there_too() {
    let shop = Shop::open("none");
    let want =
        json!({"kind": "queue", "name": "orders", "consumer": "fulfil", "waiting": 0, "delayed": 0, "running": 0, "dead": 0});
    assert_eq!(shop.api("queues"), json!({"queues": [want]}));
}

#[test]
fn a_killed_program_loses_no_message() {
    let mut shop = Shop::open("killed");
    for round in 0..3 {
        for _ in 0..20 {
            assert_eq!(shop.send("sold-out").status(), 202);
        }
        // SIGKILL, with what runs and what waits for its next attempt.
        shop = shop.reopen();
        let depth = shop.depth();
        let count = |name: &str| depth[name].as_u64().unwrap();
        let kept = count("waiting") + count("delayed") + count("running") + count("dead");
        assert_eq!(kept, 20 * (round + 1), "{depth}");
    }
}

#[test]
fn sigterm_ends_it_at_once_whoever_listens() {
    let mut shop = Shop::open("stops");
    let port = shop.port;
    let listening = std::thread::spawn(move || get(port, "/_polyfn/api/changes"));
    sleep(Duration::from_millis(200));
    let began = Instant::now();
    shop.process.terminate();
    assert!(shop.process.exit().success());
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert_eq!(listening.join().unwrap().status(), 200);
}

#[test]
fn the_same_shop_behind_every_host_answers_alike() {
    for (provider, of_request, of_message) in [
        ("aws", "aws/http-api-2", "aws/sqs"),
        ("gcp", "gcp/http", "gcp/tasks"),
        ("azure", "azure/proxy", "azure/json"),
        ("container", "container/binary", "container/binary"),
    ] {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fulfil-orders-as-{provider}"));
        let _ = fs::remove_dir_all(&home);
        let mut shop = Shop::start(home, &[("POLYFN_AS", provider)]);
        let tea = get(shop.port, "/prices/tea");
        assert_eq!((tea.status(), tea.text().as_str()), (200, "450"), "{provider}");
        assert_eq!(get(shop.port, "/prices/moon").status(), 404, "{provider}");
        shop.send("tea");
        shop.until(provider, is_empty);
        shop.send("unknown");
        shop.until(provider, is_empty);
        // The process of the functions ends, and the message comes again to the next.
        shop.send("abort");
        shop.until(provider, is_empty);
        let list = shop.api("invocations");
        let told: Vec<_> = list["invocations"].as_array().unwrap().iter().map(|i| (&i["form"], &i["settled"])).collect();
        let (request, message, acknowledged, again) =
            (&json!(of_request), &json!(of_message), &json!("acknowledged"), &json!("again"));
        let want = [
            (request, acknowledged),
            (request, acknowledged),
            (message, acknowledged),
            (message, acknowledged),
            (message, again),
            (message, acknowledged),
        ];
        assert_eq!(told, want, "{provider}");
        assert_eq!(shop.depth()["dead"], 0, "{provider}");
        shop.process.terminate();
        assert!(shop.process.exit().success(), "{provider}");
    }
}

/// The processes that this one has started.
#[cfg(target_os = "linux")]
fn children(parent: u32) -> Vec<u32> {
    let of = |entry: fs::DirEntry| {
        let id = entry.file_name().to_str()?.parse().ok()?;
        let status = fs::read_to_string(entry.path().join("status")).ok()?;
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        // One that has ended is there until somebody asks how.
        (field("PPid:") == Some(&parent.to_string()) && !field("State:")?.starts_with('Z')).then_some(id)
    };
    fs::read_dir("/proc").unwrap().filter_map(|entry| of(entry.ok()?)).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn what_runs_behind_a_host_does_not_outlive_a_killed_program() {
    for provider in ["aws", "gcp", "azure", "container"] {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fulfil-orders-orphan-{provider}"));
        let _ = fs::remove_dir_all(&home);
        let shop = Shop::start(home, &[("POLYFN_AS", provider)]);
        assert_eq!(get(shop.port, "/prices/tea").text(), "450", "{provider}");
        let [child] = children(shop.process.id())[..] else { panic!("{provider}: one program") };
        // SIGKILL, which nobody hears of.
        drop(shop);
        let end = Instant::now() + Duration::from_secs(10);
        while fs::read_to_string(format!("/proc/{child}/cmdline")).is_ok_and(|line| line.contains("fulfil-orders")) {
            assert!(Instant::now() < end, "{provider}: {child} runs on");
            sleep(Duration::from_millis(20));
        }
    }
}

#[test]
#[cfg(unix)]
fn a_program_ends_with_the_command_that_runs_it() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fulfil-orders-parent");
    let _ = fs::remove_dir_all(&home);
    let start = |parent: u32| {
        let port = free_port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_fulfil-orders"));
        command.env("POLYFN_PORT", port.to_string()).env("POLYFN_HOME", &home).env("POLYFN_PARENT", parent.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < end, "it does not listen");
            sleep(Duration::from_millis(10));
        }
        drop(child.stdin.take());
        child
    };
    // As `cargo polyfn dev` starts it, and is killed.
    assert_eq!(start(std::process::id()).wait().unwrap().code(), Some(1));
    // Somebody else is meant.
    let mut other = start(1);
    sleep(Duration::from_millis(300));
    assert_eq!(other.try_wait().unwrap(), None);
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn deliveries_are_recorded_without_secrets() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fulfil-orders-recorded");
    let _ = fs::remove_dir_all(&home);
    let folder = home.join("recordings");
    let shop = Shop::start(home.clone(), &[("POLYFN_RECORD", folder.to_str().unwrap())]);
    call(shop.port, "GET", "/prices/tea", &[("authorization", "Bearer hunter22hunter22")], b"");
    shop.send("tea");
    shop.until("handled", is_empty);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["0001-http-price.json", "0002-queue-fulfil.json"]);
    let text = fs::read_to_string(&files[0]).unwrap();
    assert!(text.contains("[redacted]") && !text.contains("hunter22"), "{text}");
}

#[test]
fn only_this_machines_own_pages_reach_the_console() {
    let shop = Shop::open("guarded");
    let page = get(shop.port, "/_polyfn/");
    assert_eq!((page.status(), page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'")));
    let api = |method: &str, headers: &[(&str, &str)]| call(shop.port, method, "/_polyfn/api/send", headers, b"{}").status();
    assert_eq!(api("POST", &[("content-type", "text/plain")]), 415);
    assert_eq!(api("POST", &[("content-type", "application/json"), ("origin", "http://evil.example")]), 403);
    assert_eq!(api("POST", &[("content-type", "application/json"), ("host", "evil.example")]), 403);
    assert_eq!(api("POST", &[("content-type", "application/json")]), 400);
    assert_eq!(get(shop.port, "/_polyfn/api/nothing").status(), 404);
    let off = Shop::start(shop.home.join("off"), &[("POLYFN_CONSOLE", "off")]);
    assert_eq!(get(off.port, "/_polyfn/").status(), 404);
    assert_eq!(get(off.port, "/_polyfn/api/about").status(), 404);
}

#[test]
fn what_is_wrong_is_one_line_that_says_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fulfil-orders-wrong");
    let start = |env: &[(&str, &str)]| Process::start(env!("CARGO_BIN_EXE_fulfil-orders"), env);
    let home_text = home.to_str().unwrap();
    let wrong = [
        (vec![("POLYFN_PORT", port.as_str())], "set POLYFN_PORT to another"),
        (vec![("POLYFN_PORT", "x")], "POLYFN_PORT: `x` is no port such as 9000"),
        (vec![("POLYFN_CONSOLE", "maybe")], "POLYFN_CONSOLE: `maybe` is neither `on` nor `off`"),
        (vec![("POLYFN_AS", "oracle")], "POLYFN_AS: "),
    ];
    for (mut env, line) in wrong {
        env.push(("POLYFN_HOME", home_text));
        let mut process = start(&env);
        process.line_with(line);
        assert!(!process.exit().success());
    }
    let _first = Shop::start(home.clone(), &[]);
    let other = free_port().to_string();
    let mut second = start(&[("POLYFN_PORT", other.as_str()), ("POLYFN_HOME", home_text)]);
    second.line_with("error: ");
    assert!(!second.exit().success());
}
