//! The container's own clock: in time that passes at once, over real sockets, and in a process of its own.
#![cfg(all(feature = "container", unix))]
#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

mod child;

use std::{
    fmt::Debug,
    io::{BufRead, BufReader, Read},
    process::Child,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use polyfn_shim::{
    Event, Failure, Outcome, Provider, Reply, ServeError, Trigger,
    clock::Clock,
    container::{Settings, serve_on},
    event::{Kind, Schedule, Time},
    function::{self, Binding, Description, Filter, Function, Functions, Hooks, Table},
    server::Stop,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::{Instant, sleep},
};
use tracing::{
    Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// What ran, in order.
type Seen = Arc<Mutex<Vec<Event>>>;

fn schedule(name: &'static str, cron: &'static str, retries: Option<u32>) -> Description {
    let binding = Binding::Resource { kind: Kind::Schedule, name: cron, filter: Filter::default() };
    Description { settings: function::Settings { retries, ..function::Settings::default() }, ..Description::new(name, binding) }
}

/// A function that notes each tick, takes so long, and then does as it is told.
fn noting(description: Description, seen: &Seen, takes: Duration, then: fn(&Event) -> Outcome) -> Function {
    let seen = Arc::clone(seen);
    Function::new(description, move |event, _| {
        let seen = Arc::clone(&seen);
        async move {
            seen.lock().unwrap().push(event.clone());
            sleep(takes).await;
            then(&event)
        }
    })
}

fn done(_: &Event) -> Outcome {
    Outcome::Done(Reply::Empty)
}

fn fails(_: &Event) -> Outcome {
    Outcome::Retry(Failure::new("Error", "as told"))
}

/// The function, the time of day and the attempt of what ran.
fn told(seen: &Seen) -> Vec<String> {
    let seen = seen.lock().unwrap();
    seen.iter().map(|event| format!("{} {}", event.id().replace("2026-11-26T", ""), event.attempt())).collect()
}

/// A container that serves functions, with a clock of the test's own.
struct Container {
    address: std::net::SocketAddr,
    stop: oneshot::Sender<()>,
    end: JoinHandle<Result<(), ServeError>>,
    shut: Arc<AtomicUsize>,
}

async fn start(functions: Vec<Function>, clock: Clock) -> Container {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shut = Arc::new(AtomicUsize::new(0));
    let hook = Arc::clone(&shut);
    let hooks = Hooks::default().with_shutdown(move |_| async move { _ = hook.fetch_add(1, Ordering::SeqCst) });
    let table = Arc::new(Table::new(Functions::new(functions).with_hooks(hooks), None, true).unwrap());
    let (stop, stopped) = oneshot::channel();
    let stop_at = Stop::when(async move { drop(stopped.await) });
    let settings = Settings { clock, ..Settings::default() };
    Container { address, stop, end: tokio::spawn(serve_on(vec![listener], table, settings, stop_at)), shut }
}

impl Container {
    async fn end(self) {
        self.stop.send(()).unwrap();
        self.end.await.unwrap().unwrap();
        assert_eq!(self.shut.load(Ordering::SeqCst), 1, "the shutdown hook runs once");
    }
}

/// Time that begins at ten o'clock and passes as tokio's does, with jumps.
#[derive(Clone)]
struct Hands {
    began: Instant,
    jumped: Arc<AtomicI64>,
}

impl Hands {
    fn at_ten() -> Self {
        Self { began: Instant::now(), jumped: Arc::default() }
    }

    fn clock(&self) -> Clock {
        let hands = self.clone();
        let ten = Time::parse("2026-11-26T10:00:00Z").unwrap().as_millis();
        Clock::by(move || {
            let passed = i64::try_from(hands.began.elapsed().as_millis()).unwrap();
            Time::from_millis(ten + passed + hands.jumped.load(Ordering::SeqCst)).unwrap()
        })
    }

    fn jump(&self, minutes: i64) {
        self.jumped.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }
}

async fn minutes(count: u64) {
    sleep(Duration::from_secs(count * 60)).await;
}

#[tokio::test(start_paused = true)]
async fn each_function_runs_at_its_times() {
    let seen = Seen::default();
    let functions = ["*/20 * * * *", "30 10 * * *"].into_iter().zip(["twenty", "half"]);
    let functions = functions.map(|(cron, name)| noting(schedule(name, cron, None), &seen, Duration::ZERO, done)).collect();
    let container = start(functions, Hands::at_ten().clock()).await;
    minutes(61).await;
    container.end().await;
    assert_eq!(told(&seen), ["twenty/10:20:00Z 1", "half/10:30:00Z 1", "twenty/10:40:00Z 1", "twenty/11:00:00Z 1"]);
    let at = Time::parse("2026-11-26T10:30:00Z");
    let half = Trigger::Schedule(Schedule { name: Some("half".into()), scheduled_for: at });
    let want = Event::new(Provider::Container, half).with_id("half/2026-11-26T10:30:00Z").with_time(at);
    assert_eq!(seen.lock().unwrap().get(1), Some(&want));
}

#[tokio::test(start_paused = true)]
async fn a_tick_is_skipped_while_the_one_before_it_runs() {
    let (seen, log) = (Seen::default(), Log::default());
    let _guard = tracing::subscriber::set_default(log.clone());
    let slow = noting(schedule("slow", "* * * * *", None), &seen, Duration::from_secs(150), done);
    let fast = noting(schedule("fast", "* * * * *", None), &seen, Duration::ZERO, done);
    let container = start(vec![slow, fast], Hands::at_ten().clock()).await;
    sleep(Duration::from_secs(330)).await;
    let at = |name: &str| told(&seen).into_iter().filter(|told| told.starts_with(name)).collect::<Vec<_>>();
    assert_eq!(at("slow"), ["slow/10:01:00Z 1", "slow/10:04:00Z 1"]);
    assert_eq!(at("fast").len(), 5);
    let skipped: Vec<_> = log.lines().into_iter().filter(|line| line.contains("skipped")).collect();
    assert_eq!(skipped.len(), 3, "{skipped:?}");
    assert!(skipped[0].contains("WARN") && skipped[0].contains("slow") && skipped[0].contains("10:02:00Z"), "{skipped:?}");
    container.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_failed_tick_is_tried_again_as_often_as_it_says() {
    let seen = Seen::default();
    let noted = |name, retries, then| noting(schedule(name, "1 10 * * *", retries), &seen, Duration::ZERO, then);
    let functions = vec![
        noted("never", None, fails),
        noted("twice", Some(2), fails),
        noted("heals", Some(5), |event| if event.attempt() < 2 { fails(event) } else { done(event) }),
        noted("drops", Some(5), |_| Outcome::Drop(Failure::new("Error", "as told"))),
        noted("panics", Some(1), |_| panic!("as told")),
    ];
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let container = start(functions, Hands::at_ten().clock()).await;
    minutes(3).await;
    container.end().await;
    let tries = |name: &str| told(&seen).iter().filter(|told| told.starts_with(name)).count();
    let tries = ["never", "twice", "heals", "drops", "panics"].map(tries);
    assert_eq!(tries, [1, 3, 2, 1, 2]);
    let given_up = |name: &str| log.lines().iter().any(|line| line.contains("given up") && line.contains(name));
    assert_eq!(["never", "twice", "heals", "drops", "panics"].map(given_up), [true, true, false, false, true]);
}

#[tokio::test(start_paused = true)]
async fn the_pauses_between_tries_grow() {
    let (seen, tried) = (Seen::default(), Arc::new(Mutex::new(Vec::new())));
    let began = Instant::now();
    let times = Arc::clone(&tried);
    let function = Function::new(schedule("f", "1 10 * * *", Some(8)), move |event, _| {
        times.lock().unwrap().push(began.elapsed());
        let outcome = fails(&event);
        async move { outcome }
    });
    let other = noting(schedule("g", "1 10 * * *", Some(1)), &seen, Duration::ZERO, fails);
    let container = start(vec![function, other], Hands::at_ten().clock()).await;
    minutes(10).await;
    let tried: Vec<_> = tried.lock().unwrap().windows(2).map(|pair| (pair[1] - pair[0]).as_millis() / 100).collect();
    assert_eq!(tried, [10, 20, 40, 80, 160, 320, 600, 600], "in tenths of a second");
    container.end().await;
}

#[tokio::test(start_paused = true)]
async fn what_runs_is_finished_at_the_end_and_nothing_begins() {
    let finished = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&finished);
    let function = Function::new(schedule("f", "* * * * *", None), move |_, _| {
        let count = Arc::clone(&count);
        async move {
            sleep(Duration::from_secs(8)).await;
            count.fetch_add(1, Ordering::SeqCst);
            Outcome::Done(Reply::Empty)
        }
    });
    let container = start(vec![function], Hands::at_ten().clock()).await;
    sleep(Duration::from_secs(61)).await;
    assert_eq!(finished.load(Ordering::SeqCst), 0);
    container.end().await;
    assert_eq!(finished.load(Ordering::SeqCst), 1);
    minutes(5).await;
    assert_eq!(finished.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn what_outlives_the_grace_is_cut_off() {
    let (seen, log) = (Seen::default(), Log::default());
    let _guard = tracing::subscriber::set_default(log.clone());
    let function = noting(schedule("f", "* * * * *", None), &seen, Duration::from_secs(3_600), done);
    let container = start(vec![function], Hands::at_ten().clock()).await;
    minutes(2).await;
    let began = Instant::now();
    container.end().await;
    assert!((10..12).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    assert!(log.lines().iter().any(|line| line.contains("outlived the grace")), "{:?}", log.lines());
}

#[tokio::test(start_paused = true)]
async fn no_try_begins_after_the_end() {
    let seen = Seen::default();
    let function = noting(schedule("f", "1 10 * * *", Some(9)), &seen, Duration::ZERO, fails);
    let container = start(vec![function], Hands::at_ten().clock()).await;
    // Tries at 0, 1 and 3 seconds past the minute; the next would be at 7.
    sleep(Duration::from_secs(65)).await;
    let began = Instant::now();
    container.end().await;
    assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    minutes(5).await;
    assert_eq!(told(&seen).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_jumps_is_noticed() {
    let (seen, hands) = (Seen::default(), Hands::at_ten());
    let function = noting(schedule("f", "0,30 * * * *", None), &seen, Duration::ZERO, done);
    let container = start(vec![function], hands.clock()).await;
    minutes(1).await;
    // 10:01 becomes 10:46, and within moments the tick of 10:30 comes late.
    hands.jump(45);
    sleep(Duration::from_secs(11)).await;
    assert_eq!(told(&seen), ["f/10:30:00Z 1"]);
    // Back to 10:16: that of 10:30 does not come again, that of 11:00 does.
    hands.jump(-30);
    minutes(45).await;
    assert_eq!(told(&seen), ["f/10:30:00Z 1", "f/11:00:00Z 1"]);
    container.end().await;
}

#[tokio::test(start_paused = true)]
async fn without_a_schedule_nothing_looks_at_the_clock() {
    let looks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&looks);
    let clock = Clock::by(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        Time::now()
    });
    let queue = Binding::Resource { kind: Kind::Queue, name: "* * * * *", filter: Filter::default() };
    let queue = noting(Description::new("queue", queue), &Seen::default(), Duration::ZERO, done);
    let container = start(vec![queue], clock).await;
    minutes(60).await;
    container.end().await;
    assert!(looks.load(Ordering::SeqCst) <= 1, "{looks:?}");
}

#[tokio::test]
async fn a_schedule_that_is_no_cron_expression_ends_the_start() {
    let function = noting(schedule("daily", "@daily", None), &Seen::default(), Duration::ZERO, done);
    let container = start(vec![function], Clock::default()).await;
    let error = container.end.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("`daily`") && error.contains("`@daily`"), "{error}");
}

/// Time that passes as the machine's does, and begins half a second before a minute, when it is first asked for.
fn nearly_a_minute() -> Clock {
    let began = OnceLock::new();
    let start = Time::parse("2026-11-26T10:00:59.500Z").unwrap();
    Clock::by(move || start.after(began.get_or_init(std::time::Instant::now).elapsed()).unwrap())
}

async fn post_tick(address: std::net::SocketAddr) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\nce-id: t1\r\nce-source: /s\r\nce-specversion: 1.0\r\n\
        ce-type: polyfn.schedule.tick\r\nce-schedule: f\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn ticks_come_by_the_clock_and_as_cloud_events_side_by_side() {
    for (clock, by_clock) in [(nearly_a_minute(), true), (Clock::off(), false)] {
        let seen = Seen::default();
        let container = start(vec![noting(schedule("f", "* * * * *", None), &seen, Duration::ZERO, done)], clock).await;
        assert!(post_tick(container.address).await.starts_with("HTTP/1.1 204"));
        let count = if by_clock { 2 } else { 1 };
        // A tick by the clock is there within a second or so, on a slow machine later.
        let end = std::time::Instant::now() + Duration::from_millis(if by_clock { 20_000 } else { 1_200 });
        while std::time::Instant::now() < end && seen.lock().unwrap().len() < 2 {
            sleep(Duration::from_millis(20)).await;
        }
        container.end().await;
        let mut ids: Vec<_> = seen.lock().unwrap().iter().map(|event| event.id().to_owned()).collect();
        ids.sort();
        let want = ["f/2026-11-26T10:01:00Z", "t1"];
        assert_eq!(ids, want.get(2 - count..).unwrap());
    }
}

#[tokio::test]
#[ignore = "needs the test beside it, which starts it as a process of its own"]
async fn child() {
    if !child::is_here() {
        return;
    }
    let stop = Stop::on_signals().unwrap();
    let function = Function::blocking(schedule("f", "* * * * *", None), |event, _| {
        println!("begins {}", event.id());
        std::thread::sleep(Duration::from_millis(1_500));
        println!("ends {}", event.id());
        Outcome::Done(Reply::Empty)
    });
    let table = Arc::new(Table::new(Functions::new(vec![function]), None, true).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = Settings { clock: nearly_a_minute(), ..Settings::default() };
    serve_on(vec![listener], table, settings, stop).await.unwrap();
}

/// The process, and what it has printed up to a line that has this in it.
fn ticking(until: &str) -> (Child, BufReader<impl Read + use<>>, String) {
    let mut child = child::start();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut printed = String::new();
    while !printed.contains(until) {
        assert_ne!(out.read_line(&mut printed).unwrap(), 0, "it ended early: {printed}");
    }
    (child, out, printed)
}

#[test]
fn a_signal_lets_a_tick_finish() {
    let (mut child, mut out, printed) = ticking("begins f/");
    let id = printed.rsplit(' ').next().unwrap().trim();
    child::terminate(&child);
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert!(rest.contains(&format!("ends {id}")), "{rest}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// What was logged on this thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!(" {field}={value:?}"));
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}
