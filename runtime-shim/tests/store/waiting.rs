//! Who waits is woken by whatever makes something due.

use std::time::{Duration, Instant};

use polyfn_shim::{event::Time, local::store::Store};

use crate::{at, folder::Folder, grouped, item, orders};

#[test]
fn the_next_time_is_told() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    let next = |now| store.next_due(&channel, at(now)).unwrap().map(|due| due.since(at(0)).as_secs());
    assert_eq!(next(0), None);
    store.send_all([(&channel, &grouped("1", "g")), (&channel, &grouped("2", "g"))]).unwrap();
    assert_eq!(next(0), Some(0));
    let taken = store.take(&channel, at(0), 9).unwrap();
    assert_eq!(next(0), None, "the group waits for what is leased");
    store.again(&taken[0], at(5), "").unwrap();
    assert_eq!((next(0), next(5), next(6)), (Some(5), Some(5), Some(6)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waiter_is_woken_by_a_message_by_the_end_of_a_lease_and_by_the_time_of_a_retry() {
    let folder = Folder::new();
    let channel = orders();
    let store = Store::open(&folder).unwrap();
    let waiter = |store: &Store| {
        let (store, channel) = (store.clone(), channel.clone());
        tokio::spawn(
            async move { tokio::time::timeout(Duration::from_secs(20), store.until_due(&channel)).await.unwrap().unwrap() },
        )
    };
    let is_idle = |waiter: &tokio::task::JoinHandle<()>| !waiter.is_finished();

    let (first, second) = (waiter(&store), waiter(&store));
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(is_idle(&first) && is_idle(&second), "nothing was sent");
    store.send_all([(&channel, &grouped("1", "g")), (&channel, &grouped("2", "g"))]).unwrap();
    first.await.unwrap();
    second.await.unwrap();

    let taken = store.take(&channel, Time::now(), 9).unwrap();
    let waits = waiter(&store);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(is_idle(&waits), "the group is leased");
    store.done(&taken[0]).unwrap();
    waits.await.unwrap();

    let taken = store.take(&channel, Time::now(), 9).unwrap();
    let waits = waiter(&store);
    let began = Instant::now();
    store.again(&taken[0], Time::now().after(Duration::from_millis(300)).unwrap(), "").unwrap();
    waits.await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(290), "{:?}", began.elapsed());
    let taken = store.take(&channel, Time::now(), 9).unwrap();
    let waits = waiter(&store);
    store.give_back(&taken).unwrap();
    waits.await.unwrap();

    let taken = store.take(&channel, Time::now(), 9).unwrap();
    store.dead(&taken[0], "").unwrap();
    let waits = waiter(&store);
    store.send(&channel, &item("3")).unwrap();
    waits.await.unwrap();
    store.done(&store.take(&channel, Time::now(), 9).unwrap()[0]).unwrap();
    let waits = waiter(&store);
    store.resend(taken[0].id()).unwrap();
    waits.await.unwrap();
}
