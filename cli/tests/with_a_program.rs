//! The commands against a real program: `fulfil-orders`, one of the examples.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod shim;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

use polyfn_tests::{Process, example, free_port, get};
use serde_json::Value;

use shim::{Ran, polyfn};

/// A running program with a home of its own.
struct Shop {
    process: Process,
    address: String,
    port: u16,
}

impl Shop {
    fn start(home: &Path, more: &[(&str, &str)]) -> Self {
        let port = free_port();
        let (text, home) = (port.to_string(), home.join("home"));
        let env: Vec<_> = [("POLYFN_PORT", text.as_str()), ("POLYFN_HOME", home.to_str().unwrap())]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        let process = Process::start(example("fulfil-orders"), &env).listening_on(port);
        Self { process, address: text, port }
    }

    fn polyfn(&self, args: &[&str]) -> Ran {
        polyfn(&self.address, args)
    }

    fn stop(mut self) {
        self.process.terminate();
        assert!(self.process.exit().success());
    }
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("with-a-program-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

const ORDER: &str = r#"{"sku":"tea","count":1}"#;
const SOLD_OUT: &str = r#"{"sku":"sold-out","count":1}"#;
const UNKNOWN: &str = r#"{"sku":"unknown","count":1}"#;

#[test]
fn a_message_dies_is_listed_and_comes_again() {
    let shop = Shop::start(&folder("dies"), &[]);
    let ran = shop.polyfn(&["send", "queue", "orders", SOLD_OUT]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "queued as 1\n"));
    let dies = |what: &str| {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let ran = shop.polyfn(&["queues", "--json"]);
            let queue: Value = ran.out.lines().next().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
            if queue["dead"] == 1 {
                return;
            }
            assert!(Instant::now() < end, "{what}: {ran:?}");
            sleep(Duration::from_millis(50));
        }
    };
    dies("first");
    let ran = shop.polyfn(&["dead", "list", "--of", "orders"]);
    assert!(ran.out.contains("queue `orders` for fulfil, tried 2 times"), "{ran:?}");
    assert!(ran.out.contains("Function.Error: no `sold-out` left, attempt 2") && ran.out.contains(SOLD_OUT), "{ran:?}");
    assert_eq!(shop.polyfn(&["dead", "resend", "--all"]).out, "1 queued again\n");
    dies("again");
    assert_eq!(shop.polyfn(&["dead", "discard", "--all", "--of", "orders"]).out, "1 discarded\n");
    assert_eq!(shop.polyfn(&["dead", "list"]).out, "no dead letters\n");
    let ran = shop.polyfn(&["dead", "discard", "999999"]);
    assert!(ran.code == Some(1) && ran.err.lines().count() == 1, "{ran:?}");
}

#[test]
fn a_printed_line_works_as_it_is_copied() {
    let home = folder("copied");
    let port = free_port().to_string();
    let env = [("POLYFN_PORT", port.as_str()), ("POLYFN_HOME", home.to_str().unwrap())];
    let process = Process::start(example("fulfil-orders"), &env);
    let tools = home.join("tools");
    fs::create_dir_all(&tools).unwrap();
    // What `cargo` would find the command by.
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cargo-polyfn"), tools.join("cargo-polyfn")).unwrap();
    for (trigger, told) in [("send queue", "queued as 1\n"), ("send tick", "done  schedule `report`")] {
        let line = process.line_with(trigger);
        let line = line.trim().replacen("cargo polyfn", "cargo-polyfn polyfn", 1);
        let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
        let ran = Command::new("sh").args(["-c", &line]).env("PATH", path).env_remove("POLYFN_ADDRESS").output().unwrap();
        let out = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(ran.status.success() && out.starts_with(told), "{line}: {ran:?}");
    }
}

#[test]
fn an_event_is_delivered_as_each_provider_does() {
    let shop = Shop::start(&folder("as"), &[]);
    for (form, told) in [
        ("aws", "aws/sqs"),
        ("gcp", "gcp/tasks"),
        ("azure", "azure/json"),
        ("container/structured", "container/structured"),
        ("local", "local"),
    ] {
        let ran = shop.polyfn(&["send", "queue", "orders", ORDER, "--as", form]);
        assert!(ran.code == Some(0) && ran.out.starts_with(&format!("done  queue `orders` as {told}, ")), "{form}: {ran:?}");
        assert!(ran.out.contains("sent sku=tea count=1"), "{ran:?}");
        let ran = shop.polyfn(&["send", "queue", "orders", UNKNOWN, "--as", form]);
        assert!(ran.code == Some(1) && ran.out.contains("Function.Error: nobody sells `unknown` here"), "{form}: {ran:?}");
        let ran = shop.polyfn(&["send", "tick", "report", "--as", form.split('/').next().unwrap()]);
        assert!(ran.code == Some(0) && ran.out.contains("things were sent"), "{form}: {ran:?}");
    }
    let ran = shop.polyfn(&["send", "queue", "order", "x"]);
    assert!(ran.code == Some(1) && ran.err.contains("`orders`"), "{ran:?}");
    let ran = shop.polyfn(&["send", "tick", "nightly"]);
    assert!(ran.code == Some(1) && ran.err.contains("`nightly`"), "{ran:?}");
}

/// What a program has recorded of some requests and events.
fn recorded(name: &str) -> PathBuf {
    let folder = folder(name);
    let recordings = folder.join("recordings");
    let shop = Shop::start(&folder, &[("POLYFN_RECORD", recordings.to_str().unwrap())]);
    assert_eq!(get(shop.port, "/prices/tea").text(), "450");
    assert_eq!(get(shop.port, "/prices/coal").status(), 404);
    assert_eq!(get(shop.port, "/nowhere").status(), 404);
    shop.polyfn(&["send", "queue", "orders", ORDER, "--as", "aws"]);
    shop.polyfn(&["send", "queue", "orders", SOLD_OUT, "--as", "azure"]);
    shop.polyfn(&["send", "queue", "orders", UNKNOWN, "--as", "container"]);
    shop.polyfn(&["send", "tick", "report", "--as", "gcp"]);
    shop.stop();
    recordings
}

#[test]
fn a_recording_is_replayed_in_every_form() {
    let recordings = recorded("replay");
    let path = recordings.to_str().unwrap();
    let shop = Shop::start(&folder("replayed"), &[]);
    let ran = shop.polyfn(&["replay", path]);
    assert!(ran.code == Some(0), "{ran:?}");
    assert_eq!(ran.out.lines().last(), Some("6 recordings replayed: 6 the same, 0 different, 1 skipped"), "{}", ran.out);
    assert!(ran.out.contains("same       0004-queue-fulfil.json  aws/sqs\n"), "{}", ran.out);
    for form in ["aws", "gcp", "azure", "container", "local"] {
        let ran = shop.polyfn(&["replay", path, "--as", form]);
        let last = format!("6 recordings replayed as {form}: 6 the same, 0 different, 1 skipped");
        assert_eq!((ran.code, ran.out.lines().last()), (Some(0), Some(last.as_str())), "{ran:?}");
    }
}

/// Changes what a recording says.
fn plant(recordings: &Path, file: &str, from: &str, to: &str) {
    let path = recordings.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn a_difference_is_shown_and_is_the_exit_code() {
    let recordings = recorded("different");
    let shop = Shop::start(&folder("differs"), &[]);
    // A reply, the reason of a failure, and a function that is no more.
    plant(&recordings, "0001-http-price.json", "\"body_json\": 450", "\"body_json\": 451");
    plant(&recordings, "0005-queue-fulfil.json", "no `sold-out` left", "none left");
    plant(&recordings, "0007-schedule-report.json", "\"function\": \"report\"", "\"function\": \"nightly\"");
    let path = recordings.to_str().unwrap();
    for form in [&[][..], &["--as", "aws"], &["--as", "azure"], &["--as", "gcp"]] {
        let ran = shop.polyfn(&[&["replay", path], form].concat());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(
            ran.out.contains("different  0001-http-price.json  ")
                && ran.out.contains("\n  body:\n    - 451 (no line end)\n    + 450 (no line end)\n"),
            "{}",
            ran.out
        );
        let outcome = "\n  outcomes[0]:\n    - retry, Function.Error: none left, attempt 1\n    + retry, Function.Error: no `sold-out` left, attempt 1\n";
        assert!(ran.out.contains(outcome), "{}", ran.out);
        assert!(ran.out.contains("\n  events[0]:\n    - delivered\n    + no function is called `nightly`\n"), "{}", ran.out);
        assert!(ran.out.lines().last().unwrap().ends_with(": 3 the same, 3 different, 1 skipped"), "{}", ran.out);
    }
    let file = recordings.join("0001-http-price.json");
    let ran = shop.polyfn(&["replay", "--json", file.to_str().unwrap()]);
    let line: Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!((ran.code, &line["same"], &line["as"]), (Some(1), &Value::Bool(false), &Value::from("local")));
    assert_eq!(line["difference"], "body:\n  - 451 (no line end)\n  + 450 (no line end)\n");
}

#[test]
fn a_replay_starts_the_program_itself() {
    let recordings = recorded("starts");
    // Built as the other tests have it.
    example("fulfil-orders");
    let ran = polyfn("", &["replay", recordings.to_str().unwrap(), "--run", "-p", "fulfil-orders", "--offline", "--as", "aws"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains("polyfn: `fulfil-orders` runs for this replay"), "{ran:?}");
    assert_eq!(ran.out.lines().last(), Some("6 recordings replayed as aws: 6 the same, 0 different, 1 skipped"));
}

#[test]
fn a_recording_that_cannot_be_read_is_told_apart() {
    let folder = folder("broken");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::write(folder.join("0001-queue-f.json"), "{\"format\":1}").unwrap();
    fs::create_dir(folder.join("empty")).unwrap();
    for (path, part) in [
        (path(""), "0001-queue-f.json: at: missing"),
        (path("0001-queue-f.json"), "0001-queue-f.json: at: missing"),
        (path("empty"), "holds no recording"),
        (path("nowhere"), "nowhere: cannot read"),
    ] {
        let ran = polyfn("127.0.0.1:1", &["replay", &path]);
        assert!(ran.code == Some(2) && ran.err.contains(part) && ran.err.lines().count() == 1, "{path}: {ran:?}");
    }
    let ran = polyfn("127.0.0.1:1", &["replay", &path(""), "--as", "heroku"]);
    assert!(ran.code == Some(2) && ran.err.contains("there are aws"), "{ran:?}");
}
