//! A million messages through the host of each provider, to a program that fails some and crashes once: nothing is lost,
//! nothing that failed is acknowledged, and memory stays flat.

#![expect(clippy::unwrap_used, reason = "a test, which tells its figures")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Request, Response};
use polyfn_shim::{
    Event, Provider, Trigger,
    azure::{Bindings, Declaration},
    cloudevents::Mode,
    event::{Kind, Queue},
    local::{
        Delays, Delivering, Process, Program, Tally,
        aws::{Configuration, Lambda, Sqs},
        azure::{
            host::{Files, Handler},
            source::ServiceBus,
        },
        container::{host::Container, source::Broker},
        gcp::{host::Service, source::Tasks},
    },
};

/// How many messages, unless `POLYFN_LOAD` says.
const MESSAGES: u64 = 1_000_000;
const AT_ONCE: usize = 50;

fn messages() -> u64 {
    env::var("POLYFN_LOAD").ok().map_or(MESSAGES, |text| text.parse().unwrap())
}

/// A host that is asked for its program's memory now and then.
struct Watched<P> {
    host: P,
    pids: Arc<Mutex<Vec<u64>>>,
    deliveries: AtomicU64,
    failed: AtomicU32,
}

impl<P: Process> Process for Watched<P> {
    fn deliver(&self, delivery: Request<Bytes>) -> Delivering<'_> {
        Box::pin(async move {
            let number = self.deliveries.fetch_add(1, Ordering::Relaxed);
            let reply = self.host.deliver(delivery).await;
            // Of a program that ended, Lambda's caller hears as of a function that failed.
            let ended = |reply: &Response<Bytes>| reply.body().windows(17).any(|part| part == b"Runtime.ExitError");
            if reply.as_ref().map_or(true, ended) {
                self.failed.fetch_add(1, Ordering::Relaxed);
            }
            if number % 5_000 == 4_999
                && let Some(size) = resident()
            {
                self.pids.lock().unwrap().push(size);
            }
            reply
        })
    }
}

/// The resident memory of the programs under test, in KiB.
fn resident() -> Option<u64> {
    let listed = Command::new("ps").args(["-C", "counter", "-o", "rss="]).output().ok()?;
    let text = String::from_utf8(listed.stdout).ok()?;
    text.lines().filter_map(|line| line.trim().parse::<u64>().ok()).max()
}

struct Counter {
    program: Program,
    file: PathBuf,
}

impl Counter {
    fn of(provider: &str) -> Self {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("load-{provider}"));
        let _ = fs::remove_file(&file);
        let test = env::current_exe().unwrap();
        let path = test.parent().and_then(Path::parent).unwrap().join("examples/counter");
        let env = vec![
            ("COUNTER".to_owned(), file.to_str().unwrap().to_owned()),
            ("COUNTER_ABORT".to_owned(), (messages() / 2).to_string()),
            ("POLYFN_LOG".to_owned(), "off".to_owned()),
        ];
        Self { program: Program { path, arguments: Vec::new(), env, lines: Arc::new(|_| {}) }, file }
    }
}

fn events(provider: Provider) -> impl Iterator<Item = Event> {
    (0..messages()).map(move |number| {
        let queue = Queue { name: Some("numbers".to_owned()), ..Queue::default() };
        Event::new(provider, Trigger::Queue(queue))
            .with_id(number.to_string())
            .with_source("arn:aws:sqs:us-east-1:123456789012:numbers")
            .with_data(number.to_string(), Some("text/plain"))
    })
}

/// Runs a source against a host, and checks what came of it.
fn load<P: Process>(provider: &str, batch: u64, host: P, file: &Path, run: impl AsyncFnOnce(&dyn Process) -> Tally) {
    let (messages, began) = (messages(), Instant::now());
    let watched = Watched { host, pids: Arc::default(), deliveries: AtomicU64::new(0), failed: AtomicU32::new(0) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let tally = runtime.block_on(run(&watched));
    let (took, sizes) = (began.elapsed(), watched.pids.lock().unwrap().clone());
    let failed = watched.failed.load(Ordering::Relaxed);
    println!(
        "{provider}: {messages} messages in {} s, {} deliveries of which {failed} met the crash, {} dead, resident {} to {} KiB",
        took.as_secs(),
        tally.deliveries,
        tally.dead.len(),
        sizes.iter().min().unwrap_or(&0),
        sizes.iter().max().unwrap_or(&0),
    );
    // Every message is handled, those that failed and those that the crash met too.
    let handled = fs::read(file).unwrap();
    assert_eq!(u64::try_from(handled.len()).unwrap(), messages, "{provider}");
    assert_eq!(handled.iter().filter(|byte| **byte != b'x').count(), 0, "{provider}: lost");
    assert_eq!((tally.acknowledged, tally.dead.len()), (messages, 0), "{provider}");
    // What failed came again, in deliveries beyond those of the first time.
    assert!(tally.deliveries > messages / batch, "{provider}");
    assert!(failed > 0, "{provider}: nothing met the crash");
    // The second half takes no more memory than the first, with some room for what a process keeps.
    assert!(messages < MESSAGES || sizes.len() > 1, "{provider}: the memory was not seen");
    let (first, second) = sizes.split_at(sizes.len() / 2);
    if let (Some(first), Some(second)) = (first.iter().max(), second.iter().max()) {
        assert!(*second < first * 3 / 2 + 4_096, "{provider}: {first} KiB, then {second} KiB");
    }
}

#[test]
#[ignore = "takes minutes; run it by `bash .ci/run load`, which builds the program"]
fn aws() {
    let counter = Counter::of("aws");
    let lambda = Lambda::new(counter.program, Configuration { environments: 2, ..Configuration::default() });
    // What failed is to come back at once here, not in half a minute.
    let queue = Sqs::standard().with_at_once(2).with_visibility_timeout(Duration::from_secs(2));
    load("aws", 10, lambda, &counter.file, async |host| queue.run(host, events(Provider::Aws)).await.unwrap());
}

#[test]
#[ignore = "takes minutes; run it by `bash .ci/run load`, which builds the program"]
fn gcp() {
    let counter = Counter::of("gcp");
    let tasks = Tasks::new().with_at_once(AT_ONCE);
    load("gcp", 1, Service::new("counter", counter.program), &counter.file, async |host| {
        tasks.run(host, events(Provider::Gcp)).await.unwrap()
    });
}

#[test]
#[ignore = "takes minutes; run it by `bash .ci/run load`, which builds the program"]
fn azure() {
    let counter = Counter::of("azure");
    let json = r#"{"bindings":[{"type":"serviceBusTrigger","direction":"in","name":"item","queueName":"numbers","connection":"SB","cardinality":"many","dataType":"binary"}]}"#;
    let declaration = Declaration::new("count", Kind::Queue, Bindings::read(json.as_bytes()).unwrap());
    let files = Files::write([("count".to_owned(), json.to_owned())], "api").unwrap();
    let bus = ServiceBus::new(&declaration).with_at_once(AT_ONCE).with_batch(100);
    load("azure", 100, Handler::new(counter.program, files), &counter.file, async |host| {
        bus.run(host, events(Provider::Azure)).await.unwrap()
    });
}

#[test]
#[ignore = "takes minutes; run it by `bash .ci/run load`, which builds the program"]
fn container() {
    let counter = Counter::of("container");
    let broker = Broker::new(Mode::Batch)
        .with_at_once(AT_ONCE)
        .with_delays(Delays::doubling(Duration::from_millis(50), Duration::from_secs(5)));
    load("container", 10, Container::new(counter.program), &counter.file, async |host| {
        broker.run(host, events(Provider::Container)).await.unwrap()
    });
}
