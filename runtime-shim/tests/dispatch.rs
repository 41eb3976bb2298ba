//! Events of one delivery: each has an outcome of its own, groups keep their order, and several run at once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use polyfn_shim::{
    Event, Failure, Invocation, Outcome, Provider, Reply, Trigger,
    event::{Action, Kind, Object, Queue, Schedule, Topic},
    function::{Binding, Description, Filter, Function, Functions, Order, Settings, Table},
};

fn binding(kind: Kind, name: &'static str) -> Binding {
    Binding::Resource { kind, name, filter: Filter::default() }
}

fn message(group: Option<&str>, data: &str) -> Event {
    let queue = Queue { name: Some("orders".into()), group: group.map(str::to_owned), sequence: None };
    Event::new(Provider::Aws, Trigger::Queue(queue)).with_id(data.to_owned()).with_data(data.to_owned(), None)
}

fn text(event: &Event) -> String {
    String::from_utf8(event.data().unwrap().to_vec()).unwrap()
}

fn table(functions: Vec<Function>) -> Arc<Table> {
    Arc::new(Table::new(Functions::new(functions), None, true).unwrap())
}

fn invocation() -> Invocation {
    Invocation::new(Provider::Aws, "1")
}

/// What became of each event, in a word.
async fn outcomes(table: &Arc<Table>, events: Vec<Event>, order: Order) -> Vec<String> {
    let outcomes = table.invoke_all(events, invocation(), order).await;
    let word = |outcome: Outcome| match outcome {
        Outcome::Done(_) => "done".to_owned(),
        Outcome::Retry(failure) => failure.name().trim_start_matches("Function.").to_owned(),
        Outcome::Drop(_) => "drop".to_owned(),
    };
    outcomes.into_iter().map(word).collect()
}

/// A function that fails, panics or drops as the message says, and writes down what it began.
fn obedient(settings: Settings, began: Arc<Mutex<Vec<String>>>) -> Function {
    let description = Description { settings, ..Description::new("work", binding(Kind::Queue, "orders")) };
    Function::new(description, move |event, _| {
        let text = text(&event);
        began.lock().unwrap().push(text.clone());
        async move {
            tokio::task::yield_now().await;
            match text.as_str() {
                text if text.contains("fail") => Outcome::Retry(Failure::new("Error", "as told")),
                text if text.contains("panic") => panic!("as told"),
                text if text.contains("drop") => Outcome::Drop(Failure::new("Error", "as told")),
                _ => Outcome::Done(Reply::Empty),
            }
        }
    })
}

#[tokio::test]
async fn a_bad_event_costs_its_neighbours_nothing() {
    let began = Arc::default();
    let table = table(vec![obedient(Settings::default(), Arc::clone(&began))]);
    let events = ["a", "fail", "b", "panic", "drop", "c"].map(|data| message(None, data)).to_vec();
    assert_eq!(outcomes(&table, events, Order::None).await, ["done", "Error", "done", "Panic", "drop", "done"]);
    assert_eq!(began.lock().unwrap().len(), 6);
}

#[tokio::test]
async fn a_group_stops_at_its_failure_and_other_groups_go_on() {
    let began = Arc::default();
    let table = table(vec![obedient(Settings::default(), Arc::clone(&began))]);
    let events = [("x", "x1"), ("y", "y1"), ("x", "x-fail"), ("x", "x3"), ("y", "y-drop"), ("y", "y3")];
    let events = events.map(|(group, data)| message(Some(group), data)).to_vec();
    let want = ["done", "done", "Error", "NotStarted", "drop", "done"];
    assert_eq!(outcomes(&table, events, Order::Groups).await, want);
    let began = began.lock().unwrap();
    assert!(!began.contains(&"x3".to_owned()), "{began:?}");
    let of = |group: &str| began.iter().filter(|data| data.starts_with(group)).cloned().collect::<Vec<_>>();
    assert_eq!((of("x"), of("y")), (vec!["x1".into(), "x-fail".into()], vec!["y1".into(), "y-drop".into(), "y3".into()]));
}

#[tokio::test]
async fn a_standard_queue_has_groups_but_no_order_unless_the_function_asks() {
    let events = || ["fail", "b"].map(|data| message(Some("x"), data)).to_vec();
    let loose = table(vec![obedient(Settings::default(), Arc::default())]);
    assert_eq!(outcomes(&loose, events(), Order::None).await, ["Error", "done"]);
    let strict = table(vec![obedient(Settings { ordered: true, ..Settings::default() }, Arc::default())]);
    assert_eq!(outcomes(&strict, events(), Order::None).await, ["Error", "NotStarted"]);
}

#[tokio::test]
async fn as_many_run_at_once_as_the_function_says() {
    for (concurrency, want) in [(Some(1), 1), (Some(3), 3), (None, 10)] {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let settings = Settings { concurrency, ..Settings::default() };
        let description = Description { settings, ..Description::new("work", binding(Kind::Queue, "orders")) };
        let (counted, highest) = (Arc::clone(&now), Arc::clone(&most));
        let function = Function::new(description, move |_, _| {
            let (now, most) = (Arc::clone(&counted), Arc::clone(&highest));
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                Outcome::Done(Reply::Empty)
            }
        });
        let events = (0..20).map(|index| message(None, &index.to_string())).collect();
        assert_eq!(outcomes(&table(vec![function]), events, Order::None).await.len(), 20);
        assert_eq!(most.load(Ordering::SeqCst), want, "{concurrency:?}");
    }
}

#[tokio::test]
async fn an_event_finds_the_function_of_its_resource() {
    let function = |name: &'static str, binding: Binding| {
        Function::new(Description::new(name, binding), move |_, invocation| async move {
            assert_eq!(invocation.function(), name);
            Outcome::Done(Reply::Direct(name.into()))
        })
    };
    let filter = Filter { on: &[Action::Created], prefix: "in/", suffix: ".png", ..Filter::default() };
    let table = table(vec![
        function("orders", binding(Kind::Queue, "orders")),
        function("returns", binding(Kind::Queue, "returns")),
        function("thumbnail", Binding::Resource { kind: Kind::Object, name: "uploads", filter }),
        function("nightly", binding(Kind::Schedule, "0 5 * * *")),
        function("any", binding(Kind::Event, "shop.*")),
    ]);
    let object = |action, key: &str| {
        Trigger::Object(Box::new(Object { action, bucket: "uploads".into(), key: key.into(), ..Object::default() }))
    };
    let queue = |name: Option<&str>| Trigger::Queue(Queue { name: name.map(str::to_owned), ..Queue::default() });
    let schedule = |name: &str| Trigger::Schedule(Schedule { name: Some(name.into()), scheduled_for: None });
    for (trigger, ty, want) in [
        (queue(Some("returns")), "", Ok("returns")),
        (queue(Some("other")), "", Err("a queue event of `other`")),
        (queue(None), "", Err("several functions take a queue event")),
        (object(Action::Created, "in/a.png"), "", Ok("thumbnail")),
        (object(Action::Deleted, "in/a.png"), "", Err("no function takes an object event of `uploads`")),
        (object(Action::Created, "out/a.png"), "", Err("no function")),
        (schedule("nightly"), "", Ok("nightly")),
        (schedule("any-name"), "", Ok("nightly")),
        (Trigger::Event, "shop.paid", Ok("any")),
        (Trigger::Event, "bank.paid", Err("`bank.paid`")),
        (Trigger::Topic(Topic::default()), "", Err("a topic event")),
    ] {
        let event =
            if ty.is_empty() { Event::new(Provider::Aws, trigger) } else { Event::new(Provider::Aws, trigger).with_type(ty) };
        match (table.invoke_all(vec![event], invocation(), Order::None).await.remove(0), want) {
            (Outcome::Done(Reply::Direct(name)), Ok(want)) => assert_eq!(name, want),
            (Outcome::Retry(failure), Err(part)) => assert!(failure.message().contains(part), "{failure} lacks {part:?}"),
            (outcome, want) => panic!("{outcome:?}, not {want:?}"),
        }
    }
}
