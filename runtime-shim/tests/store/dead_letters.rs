//! Dead letters are listed, sent again and discarded.

use polyfn_shim::{
    event::Kind,
    local::store::{Channel, Depth, Id, Settlement, Store},
};

use crate::{at, folder::Folder, grouped, ids, item, orders};

fn depth(store: &Store, now: i64) -> Depth {
    let depths = store.depths(at(now)).unwrap();
    depths.into_iter().find(|depth| depth.channel == orders()).unwrap()
}

#[test]
fn they_are_listed_page_by_page_and_survive_a_restart() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    let items: Vec<_> = (0..5).map(|n| item(&n.to_string())).collect();
    store.send_all(items.iter().map(|item| (&channel, item))).unwrap();
    let taken = store.take(&channel, at(0), 9).unwrap();
    store.settle(taken.iter().map(|taken| (taken, Settlement::Dead { reason: format!("no {}", taken.item().id) }))).unwrap();
    drop(store);
    let store = Store::open(&folder).unwrap();
    assert_eq!(ids(&store.take(&channel, at(0), 9).unwrap()), [""; 0]);
    let first = store.dead_letters(&channel, None, 2).unwrap();
    let second = store.dead_letters(&channel, Some(first[1].id), 9).unwrap();
    let listed: Vec<_> =
        first.iter().chain(&second).map(|dead| (dead.item.clone(), dead.attempts, dead.reason.clone())).collect();
    let expected: Vec<_> = items.iter().map(|item| (item.clone(), 1, format!("no {}", item.id))).collect();
    assert_eq!((first.len(), listed), (2, expected));
    assert_eq!(store.dead_letters(&channel, Some(second[2].id), 9).unwrap(), []);
    assert_eq!(store.dead_letters(&Channel::new(Kind::Topic, "orders", "fulfil"), None, 9).unwrap(), []);
}

#[test]
fn one_that_is_sent_again_is_a_new_item_at_the_end_of_its_group() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    for id in ["1", "2"] {
        store.send(&channel, &grouped(id, "g")).unwrap();
    }
    let taken = store.take(&channel, at(0), 9).unwrap();
    store.again(&taken[0], at(0), "").unwrap();
    let taken = store.take(&channel, at(0), 9).unwrap();
    store.dead(&taken[0], "").unwrap();
    let new = store.resend(taken[0].id()).unwrap();
    assert!(new > taken[0].id());
    let error = store.resend(taken[0].id()).unwrap_err();
    assert!(error.is_unknown());
    assert_eq!(error.to_string(), format!("there is no dead letter {}", taken[0].id()));
    let second = store.take(&channel, at(0), 9).unwrap();
    assert_eq!(ids(&second), ["2"]);
    store.done(&second[0]).unwrap();
    let first = store.take(&channel, at(0), 9).unwrap();
    assert_eq!((ids(&first), first[0].attempt(), first[0].id()), (vec!["1"], 1, new));
}

#[test]
fn all_of_a_channel_are_sent_again_in_their_order_and_no_other_channels() {
    let folder = Folder::new();
    let (channel, other) = (orders(), Channel { consumer: "bill".into(), ..orders() });
    let store = Store::open(&folder).unwrap();
    let items: Vec<_> = (0..1_201).map(|n| item(&n.to_string())).collect();
    for channel in [&channel, &other] {
        store.send_all(items.iter().map(|item| (channel, item))).unwrap();
        let taken = store.take(channel, at(0), 2_000).unwrap();
        store.settle(taken.iter().map(|taken| (taken, Settlement::Dead { reason: String::new() }))).unwrap();
    }
    assert_eq!(store.resend_all(&channel).unwrap(), 1_201);
    assert_eq!(store.resend_all(&channel).unwrap(), 0);
    let taken = store.take(&channel, at(0), 2_000).unwrap();
    assert!(taken.iter().map(|taken| taken.item()).eq(&items));
    assert_eq!(store.dead_letters(&other, None, 2_000).unwrap().len(), 1_201);
}

#[test]
fn one_that_is_discarded_is_gone() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    let id = store.send(&channel, &item("1")).unwrap();
    assert!(store.discard(id).unwrap_err().is_unknown(), "it is alive");
    store.dead(&store.take(&channel, at(0), 1).unwrap()[0], "").unwrap();
    store.discard(id).unwrap();
    assert!(store.discard(id).unwrap_err().is_unknown());
    assert!(store.resend("18446744073709551615".parse::<Id>().unwrap()).unwrap_err().is_unknown());
    assert_eq!(store.dead_letters(&channel, None, 9).unwrap(), []);
    assert_eq!(depth(&store, 0), Depth { channel, waiting: 0, delayed: 0, leased: 0, dead: 0 });
}

#[test]
fn depths_tell_what_waits_for_what() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    assert_eq!(store.depths(at(0)).unwrap(), []);
    for id in ["1", "2", "3", "4", "5"] {
        store.send(&channel, &item(id)).unwrap();
    }
    store.send_all([(&channel, &grouped("6", "g")), (&channel, &grouped("7", "g"))]).unwrap();
    let taken = store.take(&channel, at(0), 4).unwrap();
    store.again(&taken[0], at(10), "").unwrap();
    store.dead(&taken[1], "").unwrap();
    store.done(&taken[2]).unwrap();
    let expected = Depth { channel: channel.clone(), waiting: 3, delayed: 1, leased: 1, dead: 1 };
    assert_eq!(depth(&store, 9), expected);
    assert_eq!(depth(&store, 10), Depth { waiting: 4, delayed: 0, ..expected.clone() });
    drop(store);
    let store = Store::open(&folder).unwrap();
    assert_eq!(depth(&store, 9), Depth { waiting: 4, leased: 0, ..expected });
}
