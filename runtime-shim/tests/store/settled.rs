//! What settling does, once.

use std::{sync::Barrier, thread};

use polyfn_shim::{
    Provider, Trigger,
    event::{Kind, Queue, Topic},
    local::store::{Backoff, Channel, Item, Policy, Settlement, Store},
};

use crate::{at, folder::Folder, ids, item, orders};

#[test]
fn an_item_is_settled_once() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    store.send_all([(&channel, &item("1")), (&channel, &item("2"))]).unwrap();
    let taken = store.take(&channel, at(0), 9).unwrap();
    store.done(&taken[0]).unwrap();
    let error = store.dead(&taken[0], "late").unwrap_err();
    assert!(error.is_not_leased());
    assert_eq!(error.to_string(), format!("message {} is leased no more, so it cannot be settled", taken[0].id()));
    // A batch with one that is not leased changes nothing, not even with the same one twice.
    let both = [(&taken[1], Settlement::Done), (&taken[0], Settlement::Done)];
    assert!(store.settle(both).unwrap_err().is_not_leased());
    let twice = [(&taken[1], Settlement::Done), (&taken[1], Settlement::Done)];
    assert!(store.settle(twice).unwrap_err().is_not_leased());
    store.again(&taken[1], at(0), "").unwrap();
    let again = store.take(&channel, at(0), 9).unwrap();
    assert!(store.done(&taken[1]).unwrap_err().is_not_leased(), "an earlier lease of the same item");
    drop(store);
    let store = Store::open(&folder).unwrap();
    assert!(store.done(&again[0]).unwrap_err().is_not_leased(), "a lease of the store before");
    assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), ["2"]);
}

#[test]
fn what_failed_comes_again_with_its_reason_until_its_policy_ends() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    store.send(&channel, &item("1")).unwrap();
    let policy = Policy { retries: 2, backoff: Backoff { first: std::time::Duration::ZERO, ..Backoff::default() } };
    for attempt in 1..=3 {
        let taken = store.take(&channel, polyfn_shim::event::Time::now(), 9).unwrap();
        assert_eq!(taken[0].attempt(), attempt);
        assert_eq!(taken[0].earlier_reason().is_some(), attempt > 1);
        store.fail(&taken[0], policy, format!("failure {attempt}")).unwrap();
    }
    let dead = store.dead_letters(&channel, None, 9).unwrap();
    assert_eq!((dead[0].attempts, dead[0].reason.as_str()), (3, "failure 3"));
}

#[test]
fn a_delivery_that_ended_with_the_process_counts_and_one_given_back_does_not() {
    let folder = Folder::new();
    let channel = orders();
    let mut store = Store::open(&folder).unwrap();
    store.send_all([(&channel, &item("1")), (&channel, &item("2")), (&channel, &item("3"))]).unwrap();
    for attempt in 1..=4 {
        let taken = store.take(&channel, at(0), 9).unwrap();
        assert_eq!(ids(&taken), if attempt == 1 { ["1", "2", "3"] } else { ["1", "3", "2"] });
        let given_back = taken.iter().find(|taken| taken.item().id == "2").unwrap();
        for taken in &taken {
            assert_eq!(taken.attempt(), if taken.item().id == "2" { 1 } else { attempt });
        }
        store.give_back([given_back]).unwrap();
        assert!(store.give_back([given_back]).unwrap_err().is_not_leased());
        assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), ["2"]);
        // It was taken once more, so it is given back once more by nobody: the slot must not count it either.
        drop(store);
        store = Store::open(&folder).unwrap();
        let again = store.take(&channel, at(0), 9).unwrap();
        let second = again.iter().find(|taken| taken.item().id == "2").unwrap();
        assert_eq!((second.attempt(), second.earlier_reason()), (2, Some("the process ended before the message was settled")));
        store.done(second).unwrap();
        store.send(&channel, &item("2")).unwrap();
        let rest: Vec<_> = again.iter().filter(|taken| taken.item().id != "2").collect();
        assert_eq!(rest[0].attempt(), attempt + 1);
        store.give_back(rest).unwrap();
    }
}

#[test]
fn an_old_delivery_is_not_counted_again() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    store.send(&channel, &item("1")).unwrap();
    store.again(&store.take(&channel, at(0), 1).unwrap()[0], at(5), "").unwrap();
    for _ in 0..3 {
        // What the file of begun deliveries holds is of a delivery that was settled.
        drop(Store::open(&folder));
    }
    drop(store);
    for _ in 0..3 {
        drop(Store::open(&folder).unwrap());
    }
    let store = Store::open(&folder).unwrap();
    assert_eq!(store.take(&channel, at(5), 1).unwrap()[0].attempt(), 2);
}

#[test]
fn a_reason_of_any_length_is_kept_as_far_as_it_makes_sense() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    store.send(&channel, &item("1")).unwrap();
    store.dead(&store.take(&channel, at(0), 1).unwrap()[0], "日".repeat(100_000)).unwrap();
    assert_eq!(store.dead_letters(&channel, None, 9).unwrap()[0].reason, "日".repeat(4096 / 3));
}

#[test]
fn many_threads_share_what_there_is_and_each_item_is_handled_once() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    let (threads, each) = (8, 50);
    let start = Barrier::new(threads);
    let mut handled: Vec<String> = thread::scope(|scope| {
        let run = |thread: usize| {
            start.wait();
            for n in 0..each {
                store.send(&channel, &item(&format!("{thread}-{n}"))).unwrap();
            }
            let mut handled = Vec::new();
            for taken in std::iter::repeat_with(|| store.take(&channel, at(0), 3).unwrap()).take_while(|taken| !taken.is_empty())
            {
                for taken in taken {
                    store.done(&taken).unwrap();
                    handled.push(taken.item().id.clone());
                }
            }
            handled
        };
        let threads: Vec<_> = (0..threads).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let count = handled.len();
    handled.sort();
    handled.dedup();
    assert_eq!((count, handled.len()), (threads * each, threads * each));
    assert_eq!(store.next_due(&channel, at(0)).unwrap(), None);
}

#[test]
fn an_event_that_was_sent_is_the_event_that_is_taken() {
    let folder = Folder::new();
    let store = Store::open(&folder).unwrap();
    let queue = Queue { name: Some("orders".into()), group: Some("g".into()), sequence: None };
    let event = polyfn_shim::Event::new(Provider::Local, Trigger::Queue(queue))
        .with_id("7")
        .with_source("//local/orders")
        .with_subject("s")
        .with_time(Some(at(3)))
        .with_attribute("tenant", "a")
        .with_data(r#"{"a":1}"#, Some("application/json"));
    store.send(&orders(), &Item::of(&event)).unwrap();
    let taken = store.take(&orders(), at(3), 1).unwrap();
    let sequence = Some(taken[0].id().to_string());
    let queue = Queue { name: Some("orders".into()), group: Some("g".into()), sequence };
    let expected = polyfn_shim::Event::new(Provider::Local, Trigger::Queue(queue))
        .with_id("7")
        .with_source("//local/orders")
        .with_subject("s")
        .with_time(Some(at(3)))
        .with_attribute("tenant", "a")
        .with_data(r#"{"a":1}"#, Some("application/json"))
        .with_raw(r#"{"a":1}"#);
    assert_eq!(taken[0].event(), expected);

    let topic = Channel::new(Kind::Topic, "news", "read");
    let news = Item { subject: Some("hello".into()), group: Some("k".into()), ..item("8") };
    store.send(&topic, &news).unwrap();
    let event = store.take(&topic, at(0), 1).unwrap()[0].event();
    let expected = Topic { name: Some("news".into()), subject: Some("hello".into()), ordering_key: Some("k".into()) };
    assert_eq!(event.trigger(), &Trigger::Topic(expected));
    assert_eq!(Item::of(&event), news);

    let custom = Channel::new(Kind::Event, "bus", "audit");
    let made = Item { ty: Some("com.example.made".into()), subject: Some("thing".into()), ..item("9") };
    store.send(&custom, &made).unwrap();
    let event = store.take(&custom, at(0), 1).unwrap()[0].event();
    assert_eq!((event.ty(), event.subject()), ("com.example.made", Some("thing")));
    assert_eq!(Item::of(&event), made);
}
