//! A delivery takes at most three times its size, itself included, until it is answered.
#![cfg(all(feature = "aws", feature = "azure", feature = "container", feature = "gcp", feature = "local"))]
#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test needs and does not find fails the test")]

mod aws;
mod azure;
mod container;
mod gcp;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use peak_alloc::PeakAlloc;
use polyfn_shim::{
    Event, Invocation, Outcome, Provider, Reply, Trigger,
    event::Kind,
    function::{Binding, Description, Filter, Function, Functions, Order, Table},
};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A quarter of the most that Lambda delivers at once, with a quarter of the events: what counts is how many times as much memory it
/// takes. A list that doubles as it grows is as far from full then as with all of them.
///
/// Source: [Lambda quotas](https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html).
const SIZE: usize = 6 * 1024 * 1024 / 4;

/// One test at a time, with all it makes: the memory is the process's.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Decodes the delivery that `make` makes and has every event of it handled, with no more memory than three deliveries would take.
fn handle<D: AsRef<[u8]>>(binding: &Binding, order: Order<'_>, make: impl FnOnce() -> D, decode: impl Fn(&Bytes) -> Vec<Event>) {
    let delivery: Box<[u8]> = make().as_ref().into();
    let size = delivery.len();
    assert!(size > SIZE * 9 / 10 && size <= SIZE, "{size} bytes");
    let function = Function::new(Description::new("work", binding.clone()), |event, _| async move {
        match event.trigger() {
            Trigger::Change(change) if change.after.as_ref().is_some_and(|after| after.len() > 10) => Outcome::Done(Reply::Empty),
            _ if event.data().is_some_and(|data| data.len() > 10) => Outcome::Done(Reply::Empty),
            trigger => panic!("{trigger:?}"),
        }
    });
    let table = Arc::new(Table::new(Functions::new(vec![function]), None, true).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let before = MEMORY.current_usage() - size;
    MEMORY.reset_peak_usage();

    let delivery = Bytes::from(delivery);
    let events = decode(&delivery);
    let decoded = MEMORY.peak_usage() - before;
    let outcomes = runtime.block_on(table.invoke_all(events, Invocation::new(Provider::Aws, "1"), order));

    let handled = MEMORY.peak_usage() - before;
    let done = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Done(_))).count();
    assert!(done == outcomes.len() && done > 0, "{done} of {} done", outcomes.len());
    let (decoded, handled) = (decoded * 100 / size, handled * 100 / size);
    println!("{done} events: {decoded} % of the delivery to decode, {handled} % to handle");
    assert!(handled <= 300, "{handled} % of the delivery, {decoded} % to decode it");
}

fn binding(kind: Kind, name: &'static str) -> Binding {
    Binding::Resource { kind, name, filter: Filter::default() }
}

/// As many of these items as there is room for beside what stands around them, no more than `most`; the room is used up by text
/// that each one is given.
fn items(most: usize, around: usize, item: impl Fn(usize, &str) -> String) -> String {
    // The text itself has nothing that is escaped.
    let room = (SIZE - around - 100) / most;
    let filler = "x".repeat(room.saturating_sub(item(most, "").len() + 1));
    let items: Vec<_> = (0..most).map(|n| item(n, &filler)).collect();
    items.join(",")
}

/// This text again and again, up to so many bytes.
fn repeated(text: &str, bytes: usize) -> String {
    text.repeat(bytes / text.len())
}
