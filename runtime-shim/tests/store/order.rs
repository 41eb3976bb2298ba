//! Groups keep their order; everything else is the oldest first.

use std::{thread, time::Duration};

use polyfn_shim::{
    event::Time,
    local::store::{Channel, Item, Store},
};

use crate::{at, folder::Folder, grouped, ids, item, orders};

#[test]
fn the_oldest_goes_first_and_nobody_gets_what_another_has() {
    let folder = Folder::new();
    let store = Store::open(&folder).unwrap();
    let channel = orders();
    for id in ["1", "2", "3", "4"] {
        store.send(&channel, &item(id)).unwrap();
    }
    assert_eq!(ids(&store.take(&channel, at(0), 0).unwrap()), [""; 0]);
    let first = store.take(&channel, at(0), 2).unwrap();
    assert_eq!(ids(&first), ["1", "2"]);
    let second = store.take(&channel, at(0), 9).unwrap();
    assert_eq!(ids(&second), ["3", "4"]);
    assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), [""; 0]);
    store.again(&second[0], at(0), "").unwrap();
    store.send(&channel, &item("5")).unwrap();
    assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), ["3", "5"], "the retry is older");
}

#[test]
fn what_always_fails_holds_nobody_up() {
    let folder = Folder::new();
    let store = Store::open(&folder).unwrap();
    let channel = orders();
    let future = Time::now().after(Duration::from_secs(9_999)).unwrap();
    for id in ["1", "2", "3", "4"] {
        let item = Item { sent: future, ..item(id) };
        store.send(&channel, &item).unwrap();
    }
    // What fails from here on is later than what was sent.
    thread::sleep(Duration::from_millis(2));
    for expected in [["1", "2"], ["3", "4"], ["1", "2"]] {
        let now = Time::now();
        let taken = store.take(&channel, now, 2).unwrap();
        assert_eq!(ids(&taken), expected);
        for taken in &taken {
            store.again(taken, now, "always").unwrap();
        }
    }
}

#[test]
fn a_group_waits_for_its_first_item_and_for_nobody_elses() {
    let folder = Folder::new();
    let store = Store::open(&folder).unwrap();
    let channel = orders();
    for (id, group) in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("b2", "b")] {
        store.send(&channel, &grouped(id, group)).unwrap();
    }
    store.send(&channel, &item("0")).unwrap();
    let taken = store.take(&channel, at(0), 9).unwrap();
    assert_eq!(ids(&taken), ["a1", "b1", "0"]);
    assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), [""; 0], "both groups are leased");

    store.again(&taken[0], at(60), "busy").unwrap();
    store.done(&taken[1]).unwrap();
    let taken = store.take(&channel, at(59), 9).unwrap();
    assert_eq!(ids(&taken), ["b2"], "group a waits for its retry");
    // A new item of a group that waits waits as well, and one of a group that is through does not.
    store.done(&taken[0]).unwrap();
    store.send(&channel, &grouped("a4", "a")).unwrap();
    store.send(&channel, &grouped("b3", "b")).unwrap();
    assert_eq!(ids(&store.take(&channel, at(59), 9).unwrap()), ["b3"]);

    let taken = store.take(&channel, at(60), 9).unwrap();
    assert_eq!((ids(&taken), taken[0].attempt(), taken[0].earlier_reason()), (vec!["a1"], 2, Some("busy")));
    store.dead(&taken[0], "broken").unwrap();
    for id in ["a2", "a3", "a4"] {
        let taken = store.take(&channel, at(60), 9).unwrap();
        assert_eq!(ids(&taken), [id], "a dead letter holds nobody up");
        store.done(&taken[0]).unwrap();
    }
}

#[test]
fn a_group_keeps_its_order_over_a_crash() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    for id in ["1", "2", "3"] {
        store.send(&channel, &grouped(id, "g")).unwrap();
    }
    assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), ["1"]);
    drop(store);
    let store = Store::open(&folder).unwrap();
    for (id, attempt) in [("1", 2), ("2", 1), ("3", 1)] {
        let taken = store.take(&channel, at(0), 9).unwrap();
        assert_eq!((ids(&taken), taken[0].attempt()), (vec![id], attempt));
        store.done(&taken[0]).unwrap();
    }
}

#[test]
fn the_same_group_in_two_channels_is_two_groups() {
    let folder = Folder::new();
    let store = Store::open(&folder).unwrap();
    let other = Channel { consumer: "bill".into(), ..orders() };
    store.send_all([(&orders(), &grouped("1", "g")), (&other, &grouped("1", "g"))]).unwrap();
    assert_eq!(ids(&store.take(&orders(), at(0), 9).unwrap()), ["1"]);
    assert_eq!(ids(&store.take(&other, at(0), 9).unwrap()), ["1"]);
}
