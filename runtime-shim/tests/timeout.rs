//! When time is up: a function's own timeout, and the host's deadline for a delivery of several events.

#![expect(clippy::unwrap_used, reason = "what a test needs and does not find fails the test")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use polyfn_shim::{
    Event, Invocation, Outcome, Provider, Reply, Trigger,
    event::{Kind, Queue, Time},
    function::{Binding, Description, Filter, Function, Functions, Order, Settings, Table},
};
use tokio::time::{Instant, sleep};

fn description(settings: Settings) -> Description {
    let binding = Binding::Resource { kind: Kind::Queue, name: "orders", filter: Filter::default() };
    Description { settings, ..Description::new("work", binding) }
}

fn timeout(millis: u64) -> Settings {
    Settings { timeout: Some(Duration::from_millis(millis)), ..Settings::default() }
}

/// A message of this group whose data is how many milliseconds it takes.
fn message(group: &str, takes: u64) -> Event {
    let queue = Queue { group: Some(group.to_owned()), ..Queue::default() };
    Event::new(Provider::Aws, Trigger::Queue(queue)).with_data(takes.to_string(), None)
}

fn messages(takes: &[u64]) -> Vec<Event> {
    takes.iter().map(|takes| message("g", *takes)).collect()
}

fn takes(event: &Event) -> Duration {
    Duration::from_millis(std::str::from_utf8(event.data().unwrap()).unwrap().parse().unwrap())
}

/// What was begun and what was cut off, each as its milliseconds.
#[derive(Default)]
struct Seen {
    begun: Mutex<Vec<Duration>>,
    cut: Mutex<Vec<Duration>>,
}

struct Running<'a>(&'a Seen, Duration, bool);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if !self.2 {
            self.0.cut.lock().unwrap().push(self.1);
        }
    }
}

/// A function that sleeps as long as the event says.
fn sleeper(settings: Settings, seen: &Arc<Seen>) -> Function {
    let seen = Arc::clone(seen);
    Function::new(description(settings), move |event, _| {
        let seen = Arc::clone(&seen);
        async move {
            let mut running = Running(&seen, takes(&event), false);
            seen.begun.lock().unwrap().push(running.1);
            sleep(running.1).await;
            running.2 = true;
            Outcome::Done(Reply::Empty)
        }
    })
}

fn table(function: Function) -> Arc<Table> {
    Arc::new(Table::new(Functions::new(vec![function]), None, false).unwrap())
}

/// Until the deadline there are so many milliseconds, if there is one.
fn invocation(left: Option<u64>) -> Invocation {
    let deadline = left.and_then(|left| Time::now().after(Duration::from_millis(left)));
    Invocation::new(Provider::Aws, "1").with_deadline(deadline)
}

fn words(outcomes: Vec<Outcome>) -> Vec<String> {
    let word = |outcome: Outcome| match outcome {
        Outcome::Done(_) => "done".to_owned(),
        Outcome::Retry(failure) => failure.name().trim_start_matches("Function.").to_owned(),
        Outcome::Drop(_) => "drop".to_owned(),
    };
    outcomes.into_iter().map(word).collect()
}

fn millis(times: &Mutex<Vec<Duration>>) -> Vec<u128> {
    times.lock().unwrap().iter().map(Duration::as_millis).collect()
}

#[tokio::test(start_paused = true)]
async fn an_event_that_takes_longer_than_the_timeout_is_cut_off_and_comes_again() {
    let seen = Arc::default();
    let table = table(sleeper(timeout(100), &seen));
    let from = Instant::now();
    assert_eq!(
        words(table.invoke_all(messages(&[99, 5000, 0]), invocation(None), Order::None).await),
        ["done", "Timeout", "done"]
    );
    assert_eq!(from.elapsed().as_millis(), 100);
    assert_eq!(millis(&seen.cut), [5000]);
    // The same where one event comes alone.
    let outcome = table.invoke(message("g", 101), invocation(None)).await;
    let Outcome::Retry(failure) = outcome else { panic!("{outcome:?}") };
    assert_eq!(failure.to_string(), "Function.Timeout: the function was not done within its timeout of 100ms");
}

#[tokio::test(start_paused = true)]
async fn what_is_behind_a_timeout_in_its_group_is_not_started() {
    let seen = Arc::default();
    let table = table(sleeper(timeout(100), &seen));
    let events = vec![message("g", 10), message("g", 101), message("g", 11), message("h", 12)];
    let want = ["done", "Timeout", "NotStarted", "done"];
    assert_eq!(words(table.invoke_all(events, invocation(None), Order::Groups).await), want);
    assert!(!millis(&seen.begun).contains(&11));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_is_one_calls_and_of_a_call_with_several_events_that_of_all() {
    let each = table(sleeper(Settings { concurrency: Some(1), ..timeout(100) }, &Arc::default()));
    // Longer than the timeout together.
    assert_eq!(words(each.invoke_all(messages(&[60, 60, 60]), invocation(None), Order::None).await), ["done"; 3]);
    let together = Function::batch(description(timeout(100)), |events, _| async move {
        let mut outcomes = Vec::new();
        for event in events {
            sleep(takes(&event)).await;
            outcomes.push(Outcome::Done(Reply::Empty));
        }
        outcomes
    });
    let together = table(together);
    assert_eq!(words(together.invoke_all(messages(&[60, 30]), invocation(None), Order::None).await), ["done"; 2]);
    assert_eq!(words(together.invoke_all(messages(&[60, 60]), invocation(None), Order::None).await), ["Timeout"; 2]);
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_what_is_cut_off_harms_nobody() {
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("as told");
        }
    }
    let function = Function::new(description(timeout(100)), |_, _| async {
        let panics = Panics;
        std::future::pending::<()>().await;
        drop(panics);
        Outcome::Done(Reply::Empty)
    });
    let outcome = table(function).invoke(message("g", 0), invocation(None)).await;
    assert_eq!(words(vec![outcome]), ["Timeout"]);
}

#[tokio::test(start_paused = true)]
async fn shortly_before_the_deadline_what_is_not_done_comes_again_and_the_rest_is_told() {
    let seen = Arc::default();
    let table = table(sleeper(Settings { concurrency: Some(2), ..Settings::default() }, &seen));
    let events = || messages(&[1000, 20_000, 1000, 50_000, 1]);
    let from = Instant::now();
    // Two at a time: as the time runs out, two are running and the last is waiting.
    let got = table.invoke_all(events(), invocation(Some(19_500)), Order::None).await;
    assert_eq!(words(got), ["done", "Timeout", "done", "Timeout", "NotStarted"]);
    // Half a second is left for the reply.
    assert!((18_900..=19_000).contains(&from.elapsed().as_millis()), "{:?}", from.elapsed());
    assert_eq!((millis(&seen.begun), millis(&seen.cut)), (vec![1000, 20_000, 1000, 50_000], vec![20_000, 50_000]));
    // With more time the last one's turn comes, and one is cut off just before its end.
    let got = table.invoke_all(events(), invocation(Some(52_400)), Order::None).await;
    assert_eq!(words(got), ["done", "done", "done", "Timeout", "done"]);
    let from = Instant::now();
    table.invoke_all(messages(&[900, 5000]), invocation(Some(1000)), Order::None).await;
    assert!((880..=900).contains(&from.elapsed().as_millis()), "of a short time a tenth is left: {:?}", from.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_one_event_is_the_hosts_business_and_one_that_is_over_is_none() {
    let table = table(sleeper(Settings::default(), &Arc::default()));
    assert_eq!(words(table.invoke_all(messages(&[5000]), invocation(Some(1000)), Order::None).await), ["done"]);
    let over = Invocation::new(Provider::Aws, "1").with_deadline(Time::from_millis(0));
    assert_eq!(words(table.invoke_all(messages(&[5000, 1]), over, Order::None).await), ["done", "done"]);
    let direct = Function::new(Description::new("direct", Binding::Direct), |_, _| async {
        sleep(Duration::from_secs(5)).await;
        Outcome::Done(Reply::Empty)
    });
    let direct = Table::new(Functions::new(vec![direct]), None, false).unwrap();
    assert!(direct.invoke(Event::new(Provider::Aws, Trigger::Direct), invocation(Some(1000))).await.is_done());
}

#[tokio::test(start_paused = true)]
async fn the_first_of_timeout_and_deadline_counts() {
    for (own, left, part) in [(500, 10_000, "timeout of 500ms"), (10_000, 1000, "the reply to the delivery was due")] {
        let outcomes = table(sleeper(timeout(own), &Arc::default()))
            .invoke_all(messages(&[1, 60_000]), invocation(Some(left)), Order::None)
            .await;
        let [Outcome::Done(_), Outcome::Retry(failure)] = outcomes.as_slice() else { panic!("{outcomes:?}") };
        assert!(failure.name() == "Function.Timeout" && failure.message().contains(part), "{failure}");
    }
}

#[test]
fn a_plain_function_is_answered_for_at_its_timeout_while_it_goes_on() {
    let done = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&done);
    let function = Function::blocking(description(timeout(50)), move |event, _| {
        thread::sleep(takes(&event));
        counted.fetch_add(1, Ordering::SeqCst);
        Outcome::Done(Reply::Empty)
    });
    let table = table(function);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let from = std::time::Instant::now();
    let outcome = runtime.block_on(table.invoke(message("g", 400), invocation(None)));
    assert!(from.elapsed() < Duration::from_millis(300), "{:?}", from.elapsed());
    assert_eq!((words(vec![outcome]), done.load(Ordering::SeqCst)), (vec!["Timeout".to_owned()], 0));
    // The runtime waits for its threads.
    drop(runtime);
    assert_eq!(done.load(Ordering::SeqCst), 1);
}

#[test]
fn a_plain_function_that_has_not_begun_in_time_never_does() {
    let begun = Arc::new(AtomicBool::new(false));
    let late = Arc::clone(&begun);
    let function = Function::blocking(description(timeout(50)), move |_, _| {
        late.store(true, Ordering::SeqCst);
        Outcome::Done(Reply::Empty)
    });
    let table = table(function);
    let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).enable_all().build().unwrap();
    let outcome = runtime.block_on(async {
        tokio::task::spawn_blocking(|| thread::sleep(Duration::from_millis(300)));
        table.invoke(message("g", 0), invocation(None)).await
    });
    drop(runtime);
    assert_eq!((words(vec![outcome]), begun.load(Ordering::SeqCst)), (vec!["Timeout".to_owned()], false));
}
