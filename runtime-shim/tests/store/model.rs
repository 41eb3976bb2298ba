//! Whatever is done in whatever order, with the store opened anew at any point, a simple list says the same.

use std::collections::BTreeMap;

use polyfn_shim::{
    event::Kind,
    local::store::{Channel, Depth, Id, Item, Settlement, Store, Taken},
};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::{at, folder::Folder};

#[derive(Clone, Debug)]
enum Step {
    Send { channel: usize, groups: Vec<Option<u8>> },
    Take { channel: usize, at_most: usize },
    Done(Vec<Index>),
    Again { which: Index, after: i64 },
    Dead(Index),
    GiveBack(Index),
    Resend(Index),
    ResendAll(usize),
    Discard(Index),
    Wait(i64),
    Open,
}

fn step() -> impl Strategy<Value = Step> {
    let groups = vec(proptest::option::weighted(0.6, 0..2_u8), 1..5);
    prop_oneof![
        4 => (0..2_usize, groups).prop_map(|(channel, groups)| Step::Send { channel, groups }),
        5 => (0..2_usize, 0..4_usize).prop_map(|(channel, at_most)| Step::Take { channel, at_most }),
        4 => vec(any::<Index>(), 1..4).prop_map(Step::Done),
        4 => (any::<Index>(), -5..20_i64).prop_map(|(which, after)| Step::Again { which, after }),
        2 => any::<Index>().prop_map(Step::Dead),
        2 => any::<Index>().prop_map(Step::GiveBack),
        1 => any::<Index>().prop_map(Step::Resend),
        1 => (0..2_usize).prop_map(Step::ResendAll),
        1 => any::<Index>().prop_map(Step::Discard),
        2 => (0..15_i64).prop_map(Step::Wait),
        3 => Just(Step::Open),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Fresh,
    /// In seconds; what a crash interrupted is due at the beginning of time.
    Later(i64),
    Dead,
}

#[derive(Debug)]
struct Entry {
    channel: usize,
    item: Item,
    attempts: u32,
    state: State,
    leased: bool,
}

/// The list, in the order of the ids.
#[derive(Default)]
struct Model(BTreeMap<Id, Entry>);

impl Model {
    fn takeable(&self, channel: usize, now: i64) -> Vec<Id> {
        let alive = |entry: &&Entry| entry.channel == channel && entry.state != State::Dead;
        let (mut later, mut fresh) = (Vec::new(), Vec::new());
        for (id, entry) in self.0.iter().filter(|(_, entry)| alive(entry) && !entry.leased) {
            let mut before = self.0.range(..id).map(|(_, entry)| entry).filter(alive);
            if entry.item.group.is_some() && before.any(|before| before.item.group == entry.item.group) {
                continue;
            }
            match entry.state {
                State::Later(due) if due <= now => later.push((due, *id)),
                State::Fresh => fresh.push((i64::try_from(entry.item.sent.since(at(0)).as_secs()).unwrap(), *id)),
                _ => {}
            }
        }
        later.sort();
        let (mut later, mut fresh) = (later.into_iter().peekable(), fresh.into_iter().peekable());
        let next = || match (later.peek(), fresh.peek()) {
            (Some((due, _)), Some((sent, _))) if due <= sent => later.next(),
            (Some(_), None) => later.next(),
            _ => fresh.next(),
        };
        std::iter::from_fn(next).map(|(_, id)| id).collect()
    }

    fn dead(&self, channel: Option<usize>) -> Vec<Id> {
        let of = |entry: &Entry| channel.is_none_or(|channel| entry.channel == channel);
        self.0.iter().filter(|(_, entry)| entry.state == State::Dead && of(entry)).map(|(id, _)| *id).collect()
    }

    fn depth(&self, number: usize, channel: &Channel, now: i64) -> Depth {
        let count = |is: &dyn Fn(&Entry) -> bool| -> u64 {
            let found = self.0.values().filter(|entry| entry.channel == number && is(entry));
            found.count().try_into().unwrap()
        };
        let delayed = |entry: &Entry| !entry.leased && matches!(entry.state, State::Later(due) if due > now);
        Depth {
            channel: channel.clone(),
            waiting: count(&|entry| entry.state != State::Dead && !entry.leased && !delayed(entry)),
            delayed: count(&delayed),
            leased: count(&|entry| entry.leased),
            dead: count(&|entry| entry.state == State::Dead),
        }
    }

    fn resend(&mut self, old: Id, new: Id) {
        let entry = self.0.remove(&old).unwrap();
        self.0.insert(new, Entry { attempts: 0, state: State::Fresh, ..entry });
    }
}

/// Takes some of the leased ones out, each once.
fn pick(leased: &mut Vec<Taken>, which: &[Index]) -> Vec<Taken> {
    let mut picked = Vec::new();
    for which in which {
        if !leased.is_empty() {
            picked.push(leased.remove(which.index(leased.len())));
        }
    }
    picked
}

fn run(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let folder = Folder::new();
    let channels = [Channel::new(Kind::Queue, "a", "f"), Channel::new(Kind::Queue, "b", "f")];
    let mut store = Store::open(&folder).unwrap();
    // Both are known from the start, so that the depths are of both.
    let mut model = Model::default();
    let mut leased: Vec<Taken> = Vec::new();
    let (mut now, mut sent) = (0, 0);
    for step in steps {
        match step {
            Step::Send { channel, groups } => {
                let items: Vec<_> = groups
                    .into_iter()
                    .map(|group| {
                        sent += 1;
                        Item { sent: at(now), group: group.map(|group| group.to_string()), ..Item::new(sent.to_string(), "x") }
                    })
                    .collect();
                let ids = store.send_all(items.iter().map(|item| (&channels[channel], item))).unwrap();
                for (id, item) in ids.into_iter().zip(items) {
                    prop_assert!(model.0.keys().all(|known| *known < id), "ids grow");
                    model.0.insert(id, Entry { channel, item, attempts: 0, state: State::Fresh, leased: false });
                }
            }
            Step::Take { channel, at_most } => {
                let taken = store.take(&channels[channel], at(now), at_most).unwrap();
                let mut expected = model.takeable(channel, now);
                expected.truncate(at_most);
                prop_assert_eq!(taken.iter().map(Taken::id).collect::<Vec<_>>(), expected);
                for taken in &taken {
                    let entry = model.0.get_mut(&taken.id()).unwrap();
                    prop_assert_eq!((taken.item(), taken.attempt()), (&entry.item, entry.attempts + 1));
                    entry.leased = true;
                }
                leased.extend(taken);
            }
            Step::Done(which) => {
                let done = pick(&mut leased, &which);
                store.settle(done.iter().map(|taken| (taken, Settlement::Done))).unwrap();
                done.iter().for_each(|taken| drop(model.0.remove(&taken.id())));
            }
            Step::Again { which, after } => {
                for taken in pick(&mut leased, &[which]) {
                    store.again(&taken, at(now + after), "again").unwrap();
                    let entry = model.0.get_mut(&taken.id()).unwrap();
                    (entry.attempts, entry.state, entry.leased) = (taken.attempt(), State::Later(now + after), false);
                }
            }
            Step::Dead(which) => {
                for taken in pick(&mut leased, &[which]) {
                    store.dead(&taken, "dead").unwrap();
                    let entry = model.0.get_mut(&taken.id()).unwrap();
                    (entry.attempts, entry.state, entry.leased) = (taken.attempt(), State::Dead, false);
                }
            }
            Step::GiveBack(which) => {
                for taken in pick(&mut leased, &[which]) {
                    store.give_back([&taken]).unwrap();
                    model.0.get_mut(&taken.id()).unwrap().leased = false;
                }
            }
            Step::Resend(which) => {
                let dead = model.dead(None);
                if !dead.is_empty() {
                    let old = *which.get(&dead);
                    model.resend(old, store.resend(old).unwrap());
                }
            }
            Step::ResendAll(channel) => {
                let dead = model.dead(Some(channel));
                prop_assert_eq!(store.resend_all(&channels[channel]).unwrap(), u64::try_from(dead.len()).unwrap());
                // The ids of what is sent again are known by what is sent next only; they follow one another.
                let marker = store.send(&channels[channel], &Item { sent: at(now), ..Item::new("marker", "x") }).unwrap();
                let number: u64 = marker.to_string().parse().unwrap();
                for (new, old) in (number - u64::try_from(dead.len()).unwrap()..).zip(dead) {
                    model.resend(old, new.to_string().parse().unwrap());
                }
                let item = Item { sent: at(now), ..Item::new("marker", "x") };
                model.0.insert(marker, Entry { channel, item, attempts: 0, state: State::Fresh, leased: false });
            }
            Step::Discard(which) => {
                let dead = model.dead(None);
                if !dead.is_empty() {
                    let id = *which.get(&dead);
                    store.discard(id).unwrap();
                    model.0.remove(&id);
                }
            }
            Step::Wait(seconds) => now += seconds,
            Step::Open => {
                drop(store);
                store = Store::open(&folder).unwrap();
                for taken in leased.drain(..) {
                    let entry = model.0.get_mut(&taken.id()).unwrap();
                    (entry.attempts, entry.state, entry.leased) = (taken.attempt(), State::Later(i64::MIN), false);
                }
            }
        }
        let expected: Vec<_> = (0..2).map(|number| model.depth(number, &channels[number], now)).collect();
        for depth in store.depths(at(now)).unwrap() {
            prop_assert!(expected.contains(&depth), "{:?} in {:?}", depth, expected);
        }
        for (number, channel) in channels.iter().enumerate() {
            let dead: Vec<_> = store.dead_letters(channel, None, usize::MAX).unwrap();
            prop_assert_eq!(dead.iter().map(|dead| dead.id).collect::<Vec<_>>(), model.dead(Some(number)));
            prop_assert!(
                dead.iter().all(|dead| dead.item == model.0[&dead.id].item && dead.attempts == model.0[&dead.id].attempts)
            );
            let is_due = store.next_due(channel, at(now)).unwrap() == Some(at(now));
            prop_assert_eq!(is_due, !model.takeable(number, now).is_empty());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_does_what_a_simple_list_does(steps in vec(step(), 1..60)) {
        run(steps)?;
    }
}
