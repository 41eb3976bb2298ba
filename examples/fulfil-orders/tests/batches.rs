//! Messages for functions of several, as `cargo run` delivers them: together where the provider does, and each with its own end.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what a test needs and does not find fails the test"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    thread::sleep,
    time::{Duration, Instant},
};

use polyfn_tests::{Process, free_port, get, post};
use serde_json::{Value, json};

/// The example `returns`, which a test alone does not build.
fn returns() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let build = ["build", "--quiet", "-p", "fulfil-orders", "--example", "returns"];
        assert!(Command::new(env!("CARGO")).args(build).status().unwrap().success(), "the example does not build");
        let test = env::current_exe().unwrap();
        test.parent().and_then(Path::parent).unwrap().join("examples/returns")
    })
}

/// Sends a thing that takes its time and, while that runs, five more of which one is broken. Tells each delivery: its form, and how
/// many events it held; and why the last attempt of what died has failed.
fn deliveries(provider: &str, kind: &str, name: &str) -> (Vec<(String, usize)>, Vec<String>) {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("batches-{provider}-{kind}"));
    let _ = fs::remove_dir_all(&home);
    let port = free_port();
    let (text, folder) = (port.to_string(), home.to_str().unwrap().to_owned());
    let env = [("POLYFN_PORT", text.as_str()), ("POLYFN_HOME", folder.as_str()), ("POLYFN_AS", provider)];
    let mut process = Process::start(returns(), &env).listening_on(port);
    let send = |thing: &str| {
        let event = json!({"trigger": kind, kind: {"name": name}, "data": thing});
        assert_eq!(post(port, "/_polyfn/api/send", &json!({ "event": event }).to_string()).status(), 202);
    };
    let depth = || {
        let queues = get(port, "/_polyfn/api/queues").json();
        queues["queues"].as_array().unwrap().iter().find(|queue| queue["name"] == name).cloned().unwrap_or_default()
    };
    let until = |is_so: &dyn Fn(&Value) -> bool| {
        let end = Instant::now() + Duration::from_secs(30);
        while !is_so(&depth()) {
            assert!(Instant::now() < end, "{provider} {kind}: {}", depth());
            sleep(Duration::from_millis(10));
        }
    };
    send("heavy");
    until(&|depth| depth["running"] == 1);
    ["cup", "broken", "tea", "pot", "jar"].into_iter().for_each(send);
    until(&|depth| ["waiting", "delayed", "running"].iter().all(|count| depth[count] == 0));
    let list = get(port, "/_polyfn/api/invocations").json();
    let told =
        |invocation: &Value| (invocation["form"].as_str().unwrap().to_owned(), invocation["functions"].as_array().unwrap().len());
    let told = list["invocations"].as_array().unwrap().iter().map(told).collect();
    let consumer = depth()["consumer"].as_str().unwrap().to_owned();
    let dead = get(port, &format!("/_polyfn/api/dead?kind={kind}&name={name}&consumer={consumer}")).json();
    let dead = dead["dead"].as_array().unwrap().iter();
    let dead = dead.map(|dead| format!("{} after {}", dead["event"]["data"].as_str().unwrap(), dead["attempts"])).collect();
    process.terminate();
    assert!(process.exit().success());
    (told, dead)
}

/// Every delivery in this form, with so many events each.
fn all(form: &str, counts: &[usize]) -> Vec<(String, usize)> {
    counts.iter().map(|count| (form.to_owned(), *count)).collect()
}

/// The dead letter that there is in the end on every provider: nothing dies for what is wrong with another.
fn broken() -> Vec<String> {
    vec!["broken after 3".to_owned()]
}

#[test]
fn on_this_machine_the_failed_one_is_retried_alone() {
    for (kind, name) in [("queue", "returns"), ("topic", "complaints"), ("stream", "parcels")] {
        assert_eq!(deliveries("local", kind, name), (all("local", &[1, 4, 1, 1, 1]), broken()), "{kind}");
    }
}

#[test]
fn lambda_is_told_which_of_a_batch_failed() {
    assert_eq!(deliveries("aws", "queue", "returns"), (all("aws/sqs", &[1, 4, 1, 1, 1]), broken()));
    // Kinesis goes back to the first that failed: two were handled behind it, and come again, the last time alone.
    assert_eq!(deliveries("aws", "stream", "parcels"), (all("aws/kinesis", &[1, 4, 1, 3, 1, 1, 1]), broken()));
    // SNS invokes for each message.
    assert_eq!(deliveries("aws", "topic", "complaints"), (all("aws/sns", &[1, 1, 1, 1, 1, 1, 1, 1]), broken()));
}

#[test]
fn on_azure_a_batch_fails_whole() {
    for (kind, name) in [("topic", "complaints"), ("stream", "parcels")] {
        assert_eq!(deliveries("azure", kind, name), (all("azure/json", &[1, 4, 1, 4, 1, 1, 1, 1]), broken()), "{kind}");
    }
    // A Storage queue has no batches.
    assert_eq!(deliveries("azure", "queue", "returns"), (all("azure/json", &[1, 1, 1, 1, 1, 1, 1, 1]), broken()));
}

#[test]
fn google_delivers_one_by_one() {
    for (kind, name, form) in [("queue", "returns", "gcp/tasks"), ("topic", "complaints", "gcp/wrapped-push")] {
        assert_eq!(deliveries("gcp", kind, name), (all(form, &[1, 1, 1, 1, 1, 1, 1, 1]), broken()), "{kind}");
    }
}

#[test]
fn a_container_gets_a_batch_of_cloud_events() {
    let (told, dead) = deliveries("container", "queue", "returns");
    let batched = |(form, count): &(String, usize)| (*count > 1) == (form == "container/batch");
    assert!(told.iter().all(batched), "{told:?}");
    let counts: Vec<_> = told.iter().map(|(_, count)| *count).collect();
    assert_eq!((counts, dead), (vec![1, 4, 1, 4, 1, 1, 1, 1], broken()));
}
