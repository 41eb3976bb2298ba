//! Events of one delivery: each has an outcome of its own, groups keep their order, and several run at once.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use polyfn_shim::{
    Event, Failure, Invocation, Outcome, Provider, Reply, Trigger,
    event::{Action, Kind, Object, Queue, Schedule, Stream, Topic},
    function::{Binding, Description, Filter, Function, Functions, Order, Settings, Table},
};

fn binding(kind: Kind, name: &'static str) -> Binding {
    Binding::Resource { kind, name, filter: Filter::default() }
}

fn message(group: Option<&str>, data: &str) -> Event {
    named("orders", group, data)
}

fn named(queue: &str, group: Option<&str>, data: &str) -> Event {
    let queue = Queue { name: Some(queue.into()), group: group.map(str::to_owned), sequence: None };
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
async fn outcomes(table: &Arc<Table>, events: Vec<Event>, order: Order<'_>) -> Vec<String> {
    let outcomes = table.invoke_all(events, invocation(), order).await;
    outcomes.into_iter().map(word).collect()
}

fn word(outcome: Outcome) -> String {
    match outcome {
        Outcome::Done(_) => "done".to_owned(),
        Outcome::Retry(failure) => failure.name().trim_start_matches("Function.").to_owned(),
        Outcome::Drop(_) => "drop".to_owned(),
    }
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
async fn a_partition_is_handled_one_by_one_and_partitions_side_by_side() {
    let record = |index: usize| {
        let partition = Some(if index.is_multiple_of(2) { "even" } else { "odd" }.to_owned());
        let stream = Stream { name: Some("clicks".into()), partition, ..Stream::default() };
        Event::new(Provider::Aws, Trigger::Stream(stream)).with_data(index.to_string(), None)
    };
    let running: Arc<Mutex<HashSet<usize>>> = Arc::default();
    let seen: Arc<Mutex<Vec<usize>>> = Arc::default();
    let most = Arc::new(Mutex::new(0));
    let (now, all, highest) = (Arc::clone(&running), Arc::clone(&seen), Arc::clone(&most));
    let function = Function::new(Description::new("work", binding(Kind::Stream, "clicks")), move |event, _| {
        let (now, all, highest) = (Arc::clone(&now), Arc::clone(&all), Arc::clone(&highest));
        async move {
            let index: usize = text(&event).parse().unwrap();
            {
                let mut now = now.lock().unwrap();
                assert!(now.insert(index % 2), "two of one partition at once");
                let mut highest = highest.lock().unwrap();
                *highest = now.len().max(*highest);
            }
            all.lock().unwrap().push(index);
            // The earlier one takes longer, so that only waiting keeps the order.
            tokio::time::sleep(Duration::from_millis(20 - 2 * u64::try_from(index).unwrap())).await;
            now.lock().unwrap().remove(&(index % 2));
            Outcome::Done(Reply::Empty)
        }
    });
    let events = (0..8).map(record).collect();
    assert_eq!(outcomes(&table(vec![function]), events, Order::Groups).await, ["done"; 8]);
    assert_eq!(*most.lock().unwrap(), 2);
    let of = |rest| seen.lock().unwrap().iter().copied().filter(|index| index % 2 == rest).collect::<Vec<_>>();
    assert_eq!((of(0), of(1)), (vec![0, 2, 4, 6], vec![1, 3, 5, 7]));
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
async fn each_function_of_a_delivery_has_its_own_width() {
    let most: Arc<Mutex<HashMap<&str, (usize, usize)>>> = Arc::default();
    let function = |name: &'static str, concurrency| {
        let settings = Settings { concurrency: Some(concurrency), ..Settings::default() };
        let description = Description { settings, ..Description::new(name, binding(Kind::Queue, name)) };
        let most = Arc::clone(&most);
        Function::new(description, move |_, _| {
            let most = Arc::clone(&most);
            async move {
                {
                    let mut most = most.lock().unwrap();
                    let (now, highest) = most.entry(name).or_default();
                    *now += 1;
                    *highest = (*highest).max(*now);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
                most.lock().unwrap().get_mut(name).unwrap().0 -= 1;
                Outcome::Done(Reply::Empty)
            }
        })
    };
    let table = table(vec![function("one", 1), function("four", 4)]);
    let events = (0..12).map(|index| named(if index % 2 == 0 { "one" } else { "four" }, None, "x")).collect();
    assert_eq!(outcomes(&table, events, Order::None).await, ["done"; 12]);
    let most = most.lock().unwrap();
    assert_eq!((most["one"].1, most["four"].1), (1, 4));
}

#[tokio::test]
async fn plain_functions_of_a_delivery_run_side_by_side_even_where_deliveries_do_not() {
    let meet = Arc::new(std::sync::Barrier::new(3));
    let function = Function::blocking(Description::new("work", binding(Kind::Queue, "orders")), move |_, _| {
        // Alone, it would wait for ever.
        meet.wait();
        Outcome::Done(Reply::Empty)
    });
    let table = Arc::new(Table::new(Functions::new(vec![function]), None, false).unwrap());
    let events = ["a", "b", "c"].map(|data| message(None, data)).to_vec();
    assert_eq!(outcomes(&table, events, Order::None).await, ["done"; 3]);
}

/// A function of several events at once, which does as each of them says and writes down what it was called with.
fn together(name: &'static str, resource: &'static str, began: Arc<Mutex<Vec<String>>>) -> Function {
    Function::batch(Description::new(name, binding(Kind::Queue, resource)), move |events, _| {
        let texts: Vec<_> = events.iter().map(text).collect();
        began.lock().unwrap().push(texts.join("+"));
        async move {
            let outcome = |text: String| match text {
                text if text.contains("fail") => Outcome::Retry(Failure::new("Error", "as told")),
                text if text.contains("panic") => panic!("as told"),
                _ => Outcome::Done(Reply::Empty),
            };
            texts.into_iter().filter(|text| !text.contains("forgotten")).map(outcome).collect()
        }
    })
}

#[tokio::test]
async fn a_function_of_several_gets_its_own_events_in_their_order() {
    let began = Arc::default();
    // Of one name, as two modules may have them.
    let table = table(vec![together("work", "orders", Arc::clone(&began)), together("work", "returns", Arc::clone(&began))]);
    let events = vec![
        named("orders", None, "o1"),
        named("returns", None, "r1"),
        named("orders", None, "o2-fail"),
        named("orders", None, "o3"),
    ];
    assert_eq!(outcomes(&table, events, Order::None).await, ["done", "done", "Error", "done"]);
    let mut began = began.lock().unwrap().clone();
    began.sort();
    assert_eq!(began, ["o1+o2-fail+o3", "r1"]);
}

#[tokio::test]
async fn a_function_of_several_fails_whole_groups_behind_a_failure() {
    let table = table(vec![together("work", "orders", Arc::default())]);
    let events = [("x", "x1-fail"), ("y", "y1"), ("x", "x2")].map(|(group, data)| message(Some(group), data)).to_vec();
    assert_eq!(outcomes(&table, events, Order::Groups).await, ["Error", "done", "NotStarted"]);
}

#[tokio::test]
async fn a_function_that_gives_too_few_outcomes_has_done_nothing() {
    let table = table(vec![together("work", "orders", Arc::default())]);
    let events = ["a", "b-forgotten", "c"].map(|data| message(None, data)).to_vec();
    assert_eq!(outcomes(&table, events, Order::None).await, ["NoOutcome"; 3]);
    assert_eq!(outcomes(&table, vec![message(None, "forgotten")], Order::None).await, ["NoOutcome"]);
    let panics = ["a", "panic"].map(|data| message(None, data)).to_vec();
    assert_eq!(outcomes(&table, panics, Order::None).await, ["Panic", "Panic"]);
}

#[tokio::test]
async fn one_event_answered_as_several_is_done_if_all_of_it_is() {
    let (done, retry, drop) = (
        || Outcome::Done(Reply::Empty),
        || Outcome::Retry(Failure::new("Error", "as told")),
        || Outcome::Drop(Failure::new("Error", "as told")),
    );
    for (each, want) in [
        (vec![], "done"),
        (vec![done(), done()], "done"),
        (vec![done(), retry(), drop()], "Error"),
        (vec![drop(), done()], "drop"),
    ] {
        let each = Mutex::new(Some(each));
        let function = Function::blocking(Description::new("work", binding(Kind::Queue, "orders")), move |_, _| {
            Outcome::Done(Reply::Each(each.lock().unwrap().take().unwrap()))
        });
        assert_eq!(outcomes(&table(vec![function]), vec![message(None, "x")], Order::None).await, [want]);
    }
}

/// A function of an event of this kind that does as the event says and writes down its own name.
fn scribe(name: &'static str, kind: Kind, resource: &'static str, began: &Arc<Mutex<Vec<String>>>) -> Function {
    let began = Arc::clone(began);
    Function::new(Description::new(name, binding(kind, resource)), move |event, _| {
        let text = text(&event);
        began.lock().unwrap().push(format!("{name} {text}"));
        async move {
            tokio::task::yield_now().await;
            if text.contains("fail") { Outcome::Retry(Failure::new("Error", "as told")) } else { Outcome::Done(Reply::Empty) }
        }
    })
}

#[tokio::test]
async fn a_group_keeps_its_order_over_functions_and_whatever_its_records_hold() {
    let news = |name: &str, data: &str| {
        let topic = Topic { name: Some(name.into()), ordering_key: Some("g".into()), ..Topic::default() };
        Event::new(Provider::Aws, Trigger::Topic(topic)).with_data(data.to_owned(), None)
    };
    let custom = |data: &str| Event::new(Provider::Aws, Trigger::Event).with_type("paid").with_data(data.to_owned(), None);
    let groups = [Some("g"), Some("g"), Some("h"), Some("g"), Some("g"), Some("h")];
    let events = || vec![news("a", "1"), custom("2"), news("b", "3"), news("b", "4-fail"), custom("5"), custom("6")];
    let began = Arc::default();
    let functions = || {
        let of = |name, kind, resource| scribe(name, kind, resource, &began);
        vec![of("on-a", Kind::Topic, "a"), of("on-b", Kind::Topic, "b"), of("paid", Kind::Event, "paid")]
    };
    let want = ["done", "done", "done", "Error", "NotStarted", "done"];
    assert_eq!(outcomes(&table(functions()), events(), Order::By(&groups)).await, want);
    let of = |numbers: &[&str]| -> Vec<String> {
        let began = began.lock().unwrap();
        began.iter().filter(|line| numbers.iter().any(|number| line.contains(number))).cloned().collect()
    };
    assert_eq!(of(&["1", "2", "4", "5"]), ["on-a 1", "paid 2", "on-b 4-fail"]);
    assert_eq!(of(&["3", "6"]), ["on-b 3", "paid 6"]);
    // Without `on-b` the group stops where nobody takes an event of it.
    let two = table(functions().into_iter().filter(|function| function.description().name != "on-b").collect());
    let want = ["done", "done", "NoFunction", "NoFunction", "NotStarted", "NotStarted"];
    assert_eq!(outcomes(&two, events(), Order::By(&groups)).await, want);
}

#[tokio::test]
async fn a_function_of_several_waits_its_turn_in_a_group() {
    let began: Arc<Mutex<Vec<String>>> = Arc::default();
    let functions = vec![together("several", "orders", Arc::clone(&began)), scribe("one", Kind::Queue, "returns", &began)];
    let events = vec![
        named("orders", Some("g"), "1"),
        named("orders", Some("g"), "2"),
        named("returns", Some("g"), "3-fail"),
        named("orders", Some("h"), "4"),
        named("orders", Some("g"), "5"),
    ];
    let groups = [Some("g"), Some("g"), Some("g"), Some("h"), Some("g")];
    let want = ["done", "done", "Error", "done", "NotStarted"];
    assert_eq!(outcomes(&table(functions), events, Order::By(&groups)).await, want);
    assert_eq!(*began.lock().unwrap(), ["1+2", "one 3-fail", "4"]);
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
        // What the function of the resource does not want is done with.
        (object(Action::Deleted, "in/a.png"), "", Ok("")),
        (object(Action::Created, "out/a.png"), "", Ok("")),
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
            (Outcome::Done(Reply::Empty), Ok("")) => {}
            (Outcome::Retry(failure), Err(part)) => assert!(failure.message().contains(part), "{failure} lacks {part:?}"),
            (outcome, want) => panic!("{outcome:?}, not {want:?}"),
        }
    }
}

/// A function that takes new pictures, or the payments of one shop; it says that it was called.
fn particular(kind: Kind) -> Function {
    let filter = Filter { on: &[Action::Created], suffix: ".png", source: "/shop*", ..Filter::default() };
    let name = if kind == Kind::Object { "uploads" } else { "shop.paid" };
    Function::new(Description::new("f", Binding::Resource { kind, name, filter }), |_, _| async {
        Outcome::Retry(Failure::new("Called", ""))
    })
}

fn object(action: Action, key: &str) -> Event {
    let object = Object { action, bucket: "elsewhere".into(), key: key.into(), ..Object::default() };
    Event::new(Provider::Azure, Trigger::Object(Box::new(object)))
}

fn custom(ty: &str, source: &str) -> Event {
    Event::new(Provider::Azure, Trigger::Event).with_type(ty).with_source(source)
}

#[tokio::test]
async fn a_function_gets_only_what_it_wants_of_a_resource_however_it_is_chosen() {
    let other = || Function::new(Description::new("g", binding(Kind::Queue, "q")), |_, _| async { panic!("not its event") });
    for (kind, event, want) in [
        // What the bucket is called is the deployment's to say; what is done to which keys is the function's.
        (Kind::Object, object(Action::Created, "a.png"), "Called"),
        (Kind::Object, object(Action::Deleted, "a.png"), "done"),
        (Kind::Object, object(Action::Created, "a.txt"), "done"),
        (Kind::Event, custom("shop.paid", "/shop/1"), "Called"),
        (Kind::Event, custom("shop.paid", "/elsewhere"), "done"),
        // A type that no function takes is a mistake of the deployment.
        (Kind::Event, custom("shop.refunded", "/shop/1"), "NoFunction"),
    ] {
        let table = table(vec![particular(kind)]);
        assert_eq!(outcomes(&table, vec![event.clone()], Order::None).await, [want], "{event:?}");
        let function = &table.functions()[0];
        let named = table.call_all(function, vec![event.clone()], invocation(), Order::None).await;
        assert_eq!(named.into_iter().map(word).collect::<Vec<_>>(), [want], "{event:?}");
    }
    let table = table(vec![particular(Kind::Object), other()]);
    let of_bucket = |bucket: &str, key: &str| {
        let object = Object { action: Action::Created, bucket: bucket.into(), key: key.into(), ..Object::default() };
        Event::new(Provider::Gcp, Trigger::Object(Box::new(object)))
    };
    let events = vec![of_bucket("uploads", "a.png"), of_bucket("uploads", "a.txt"), of_bucket("elsewhere", "a.txt")];
    assert_eq!(outcomes(&table, events, Order::None).await, ["Called", "done", "NoFunction"]);
}
