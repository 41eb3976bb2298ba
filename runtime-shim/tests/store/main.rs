//! The store of queues and topics on this machine: what was sent stays, whatever ends the process, and in its order.
#![cfg(feature = "local")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what a test needs and does not find fails the test")]

mod dead_letters;
mod folder;
mod killed;
mod load;
mod model;
mod opened;
mod order;
mod settled;
mod waiting;

use polyfn_shim::{
    event::{Kind, Time},
    local::store::{Channel, Item, Taken},
};

fn orders() -> Channel {
    Channel::new(Kind::Queue, "orders", "fulfil")
}

fn item(id: &str) -> Item {
    Item { sent: at(0), ..Item::new(id, format!("data of {id}")) }
}

fn grouped(id: &str, group: &str) -> Item {
    Item { group: Some(group.to_owned()), ..item(id) }
}

/// So many seconds after the tests' own beginning of time, which is in the past.
fn at(seconds: i64) -> Time {
    Time::from_seconds(1_700_000_000 + seconds).unwrap()
}

fn ids(taken: &[Taken]) -> Vec<&str> {
    taken.iter().map(|taken| taken.item().id.as_str()).collect()
}
